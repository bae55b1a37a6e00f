"""Makes the paper copy: pages drawn, tilted a little, reduced to black and white."""

from __future__ import annotations

import io
from time import struct_time

import pypdfium2
from pdf_pages import build_pdf
from PIL import Image
from source_text import Source

_DPI = 200
_TILTS = (0.5, -0.4, 0.3, -0.6)  # degrees, page after page, as a feeder would


def build_scanned_pdf(source: Source) -> bytes:
    """An image-only PDF (200 dpi, bilevel, fax compression) without any text layer."""
    document = pypdfium2.PdfDocument(build_pdf(source))
    try:
        pages = [_scan(document[i], _TILTS[i % len(_TILTS)]) for i in range(len(document))]
    finally:
        document.close()
    moment = struct_time((*source.day.timetuple()[:3], 9, 0, 0, 0, 1, 0))
    buffer = io.BytesIO()
    pages[0].save(
        buffer, "PDF", resolution=_DPI, save_all=True, append_images=pages[1:],
        creationDate=moment, modDate=moment,
    )  # fmt: skip
    return buffer.getvalue()


def _scan(page: pypdfium2.PdfPage, tilt: float) -> Image.Image:
    grey: Image.Image = page.render(scale=_DPI / 72, grayscale=True).to_pil().convert("L")
    tilted = grey.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return tilted.point([0] * 150 + [255] * 106).convert("1")
