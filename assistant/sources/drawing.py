"""What runs apart: one page of a PDF, drawn, and the place of a quotation on it.

Every function takes the version that is meant (its sha256) and gives ``None`` when
the bytes it reads are another's: a picture is never of something else.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reading.pdf.opening import read_bytes, shown_name
from assistant.reading.pdf.page import SeenPage, page_of_width, see_page
from assistant.reading.pdf.refusals import PdfLimits
from assistant.sources.records import Highlight

if TYPE_CHECKING:
    from PIL.Image import Image

OCR_TIMEOUT_S = 45.0
_LIMITS = PdfLimits(ocr_timeout_s=OCR_TIMEOUT_S)
_PAGES_SEEN = 16  # their words: a scanned page is recognised once for all its quotations
_MOST_COLOURS = 8192  # text in a few colours has about 800; a page with a photograph, many more


class _AnotherVersion(Exception):
    """The bytes on disk are not those that are meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands on a page, and the size of the page's picture."""

    width_px: int
    height_px: int
    boxes: tuple[Highlight, ...]


def draw(path: Path, sha256: str, page: int, width_px: int) -> bytes | None:
    """One page as a PNG of at most 256 colours, or as a JPEG when it holds a photograph.

    Raises:
        UnreadableDocument: The page cannot be shown.
    """
    try:
        data = _version(path, sha256)
    except _AnotherVersion:
        return None
    return _encoded(page_of_width(data, shown_name(path), page, width_px, _LIMITS))


def locate(
    path: Path, sha256: str, page: int, width_px: int, text: str, start: int, end: int
) -> Place | None:
    """Where ``text[start:end]`` stands; ``text`` is the canonical text of the page.

    Raises:
        UnreadableDocument: The page cannot be read.
    """
    try:
        seen = _seen(path, sha256, page)
    except _AnotherVersion:
        return None
    boxes = [
        Highlight(
            left=_share(left, seen.width),
            top=_share(seen.height - top, seen.height),
            width=_share(right, seen.width) - _share(left, seen.width),
            height=_share(seen.height - bottom, seen.height)
            - _share(seen.height - top, seen.height),
        )
        for left, bottom, right, top in seen.boxes(text, start, end)
    ]
    return Place(*seen.size_px(width_px, _LIMITS), tuple(boxes))


@lru_cache(maxsize=_PAGES_SEEN)
def _seen(path: Path, sha256: str, page: int) -> SeenPage:
    return see_page(_version(path, sha256), shown_name(path), page, _LIMITS)


def _version(path: Path, sha256: str) -> bytes:
    data = read_bytes(path, _LIMITS)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _AnotherVersion
    return data


def _share(place: float, whole: float) -> float:
    return min(1.0, max(0.0, place / whole))


def _encoded(image: Image) -> bytes:
    from PIL.Image import Dither, Quantize

    encoded = io.BytesIO()
    if image.getcolors(_MOST_COLOURS) is None:
        image.save(encoded, "JPEG", quality=85)
        return encoded.getvalue()
    # A palette makes a third of the bytes of a full PNG of text, and less than a JPEG.
    few = image.quantize(256, method=Quantize.FASTOCTREE, dither=Dither.NONE)
    palette = few.getpalette() or []
    few.putpalette([255 if value == 254 else value for value in palette])  # white stays white
    few.save(encoded, "PNG")
    return encoded.getvalue()
