"""Scanned pages: telling them from printed ones, rendering them, having them read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.reading.pdf import refusals as refuse
from assistant.reading.pdf.ocr import OcrFailed, OcrParagraph, recognise
from assistant.reading.pdf.opening import PDFIUM, load_page
from assistant.reading.pdf.refusals import PdfLimits
from assistant.reading.pdf.words import PageWords

_STAMP_CHARS = 250
"""A scanned page may carry printed text: the stamp of its transmission, a file number."""
_MOSTLY_IMAGE = 0.5
_SOME_IMAGE = 0.03
_MANY_SHAPES = 100
_MOST_OBJECTS = 20_000
_GARBLED = 0.3


@dataclass(frozen=True, slots=True)
class ScannedWord:
    """A recognised word in points, origin at the bottom left of the page as it is shown."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A recognised line."""

    words: tuple[ScannedWord, ...]
    size: float = 0.0

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)

    @property
    def y0(self) -> float:
        """Lower edge."""
        return min(word.y0 for word in self.words)

    @property
    def y1(self) -> float:
        """Upper edge."""
        return max(word.y1 for word in self.words)


def is_scanned(page: pdfium.PdfPage, words: PageWords) -> bool:
    """Whether what a reader sees on the page is an image, or letters without their names."""
    if words.chars and words.unmapped_chars > _GARBLED * words.chars:
        return True
    if words.chars > _STAMP_CHARS:
        return False
    image, shapes = _drawn(page)
    if words.chars:
        return image > _MOSTLY_IMAGE
    return image > _SOME_IMAGE or shapes > _MANY_SHAPES


def _drawn(page: pdfium.PdfPage) -> tuple[float, int]:
    """Share of the page that its largest image covers, and how many shapes it has."""
    left, bottom, right, top = page.get_bbox()
    area = max(1.0, (right - left) * (top - bottom))
    largest, shapes = 0.0, 0
    for count, item in enumerate(page.get_objects(max_depth=4)):
        if count == _MOST_OBJECTS:
            break
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            try:
                x0, y0, x1, y1 = item.get_bounds()
            except pdfium.PdfiumError:
                continue
            if item.container is not None:  # bounds within a form are not the page's
                return 1.0, shapes
            width = min(x1, right) - max(x0, left)
            height = min(y1, top) - max(y0, bottom)
            largest = max(largest, max(0.0, width) * max(0.0, height) / area)
        elif item.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING):
            shapes += 1
    return largest, shapes


def read_scan(
    document: pdfium.PdfDocument,
    number: int,
    name: str,
    limits: PdfLimits,
    *,
    image_pixels: int,
    program: str,
) -> list[tuple[ScannedLine, ...]]:
    """Render one page (1-based) and have it read.

    Args:
        document: The open file.
        number: The page, from 1.
        name: The file's name, for messages.
        limits: Bounds on pixels, resolution and time.
        image_pixels: Pixels of the page's largest image, which rendering decodes.
        program: The tesseract program.

    Returns:
        Paragraphs of lines, in reading order.

    Raises:
        UnreadableDocument: Too many pixels, or the recognition failed.
    """
    if image_pixels > limits.image_pixels:
        raise _too_many_pixels(name, number, image_pixels)
    with PDFIUM:
        page = load_page(document, number, name, limits)
        width, height = page.get_size()
        dpi = _resolution(width, height, limits)
        if dpi < limits.ocr_dpi_least:
            page.close()
            raise _too_many_pixels(name, number, int(width * height * (limits.ocr_dpi / 72) ** 2))
        bitmap = page.render(scale=dpi / 72, grayscale=True)
        image = bitmap.to_pil().copy()
        bitmap.close()
        page.close()
    try:
        paragraphs = recognise(image, dpi=dpi, timeout_s=limits.ocr_timeout_s, program=program)
    except OcrFailed as error:
        reason = ("trop longue", "too long") if error.timed_out else ("erreur", "error")
        raise refuse.unrecognised(name, number, *reason) from error
    return _rejoined([_in_points(paragraph, dpi, height) for paragraph in paragraphs])


def _rejoined(paragraphs: Sequence[tuple[ScannedLine, ...]]) -> list[tuple[ScannedLine, ...]]:
    """Join what tesseract parted within a sentence: it takes a short last line for a paragraph."""
    done: list[tuple[ScannedLine, ...]] = []
    for paragraph in paragraphs:
        if (
            done
            and paragraph[0].text[:1].islower()
            and not done[-1][-1].text.endswith((".", "!", "?", ";", ":"))
        ):
            done[-1] += paragraph
        else:
            done.append(paragraph)
    return done


def _resolution(width: float, height: float, limits: PdfLimits) -> int:
    """The wanted dots per inch, or fewer for a poster."""
    most = math.sqrt(limits.render_pixels / (width * height)) * 72
    return min(limits.ocr_dpi, int(most))


def _too_many_pixels(name: str, page: int, pixels: int) -> Exception:
    millions = pixels // 1_000_000
    return refuse.beyond(
        name,
        f"image de la page {page} : {millions} millions de points",
        f"image of page {page}: {millions} million pixels",
    )


def _in_points(paragraph: OcrParagraph, dpi: int, height: float) -> tuple[ScannedLine, ...]:
    scale = 72 / dpi
    return tuple(
        ScannedLine(
            tuple(
                ScannedWord(
                    word.text,
                    word.left * scale,
                    height - word.bottom * scale,
                    word.right * scale,
                    height - word.top * scale,
                )
                for word in line
            )
        )
        for line in paragraph.lines
    )


def pages_shown(pages: Sequence[int]) -> str:
    """Page numbers for a message: ``"1-3, 7"``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    shown = [f"{first}-{last}" if last > first else str(first) for first, last in runs[:10]]
    return ", ".join(shown) + (", …" if len(runs) > 10 else "")
