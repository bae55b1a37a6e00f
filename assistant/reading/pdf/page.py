"""Shows a page and where a quotation stands on it.

Both answers speak of the page as it is shown: turned as the file says, cut to
its visible box. A box times the scale of the image, y counted from its lower
edge, falls on the words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reading.pdf import ocr
from assistant.reading.pdf import refusals as refuse
from assistant.reading.pdf.facts import PdfFacts, read_facts
from assistant.reading.pdf.frame import Frame
from assistant.reading.pdf.layout import Paragraph, lay_out
from assistant.reading.pdf.lines import into_lines
from assistant.reading.pdf.opening import PDFIUM, load_page, opened, read_bytes, shown_name
from assistant.reading.pdf.refusals import PdfLimits
from assistant.reading.pdf.rules import Rule, grids, page_rules
from assistant.reading.pdf.scan import is_scanned, read_scan
from assistant.reading.pdf.tables import aligned_tables, ruled_tables
from assistant.reading.pdf.tiling import Placed, tile
from assistant.reading.pdf.words import PageWords, Word, page_words

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]
"""left, bottom, right, top in PDF points, origin at the bottom left of the page."""

_AROUND_CHARS = 1_000  # canonical text around a quotation that says which one is meant
_GAP = 2.0  # in heights of a line: farther words get a box of their own


@dataclass(frozen=True, slots=True)
class SeenPage:
    """The words of one page; ``width`` and ``height`` are those of the page as it is shown."""

    width: float
    height: float
    orders: tuple[Sequence[Placed], ...]
    """All of its words, in the orders in which they may be read."""
    frame: Frame | None
    """Turns the reading direction of the words; ``None`` when they are as the page is shown."""
    turn: int

    def boxes(self, text: str, start: int, end: int) -> list[Box]:
        """Where ``text[start:end]`` stands: a box for each stretch of a line, in its order.

        Args:
            text: Canonical text of the page; a sentence that the page says twice is told apart
                by what stands around it.
            start: In code points.
            end: Exclusive.

        Returns:
            None at all when a letter of it is not on the page.
        """
        first = max(0, start - _AROUND_CHARS)
        around = text[first : end + _AROUND_CHARS]
        words = tile(self.orders, around, start - first, end - first)
        return [self._shown(box) for box in _by_line(words)]

    def size_px(self, width_px: int, limits: PdfLimits) -> tuple[int, int]:
        """Width and height of its image when it is to be ``width_px`` wide, within the limits."""
        scale = _bounded(_scale(self.width, width_px), self.width, self.height, limits)
        return math.ceil(self.width * scale), math.ceil(self.height * scale)

    def _shown(self, box: Box) -> Box:
        """From the reading direction of the words to the page as it is shown."""
        if self.frame is None:
            return box
        frame = self.frame
        shown = Frame(self.turn, frame.left, frame.bottom, frame.right, frame.top)
        return shown.box(frame.back(box))


def page_image(path: Path, page: int, scale: float) -> Image:
    """Render one page of a file.

    Args:
        path: The file.
        page: From 1.
        scale: Pixels per point; lowered when the image would be beyond the limits.

    Raises:
        UnreadableDocument: The file or the page cannot be shown.
    """
    limits = PdfLimits()
    return _image(read_bytes(path, limits), shown_name(path), page, lambda *_: scale, limits)


def page_of_width(data: bytes, name: str, page: int, width_px: int, limits: PdfLimits) -> Image:
    """Render one page of a file's bytes ``width_px`` wide: :meth:`SeenPage.size_px`."""
    return _image(data, name, page, lambda width, _: _scale(width, width_px), limits)


def quote_boxes(
    path: Path, page: int, quote: str, *, page_text: str = "", at: int = 0
) -> list[Box]:
    """Find the words of a quotation on its page.

    Args:
        path: The file.
        page: From 1.
        quote: A slice of the canonical text of that page.
        page_text: All of that text, where the page may say the same thing twice.
        at: Where the quotation begins in it.

    Returns:
        A box for each stretch of a line, in its order; none when it is not there.
        A scanned page is recognised anew, which takes seconds.

    Raises:
        UnreadableDocument: The file or the page cannot be read.
    """
    limits = PdfLimits()
    seen = see_page(read_bytes(path, limits), shown_name(path), page, limits)
    text, start = (page_text, at) if page_text else (quote, 0)
    return seen.boxes(text, start, start + len(quote))


def see_page(data: bytes, name: str, page: int, limits: PdfLimits) -> SeenPage:
    """The words of one page of a file's bytes; a scanned page is recognised, which takes seconds.

    Raises:
        UnreadableDocument: The file or the page cannot be read.
    """
    facts = _facts(data, name, page, limits)
    with opened(data, name) as document:
        with PDFIUM:
            shown = load_page(document, page, name, limits)
            try:
                width, height = shown.get_size()
                turn = shown.get_rotation() // 90 % 4
                text_page = shown.get_textpage()
                words = page_words(
                    shown, text_page, min(text_page.count_chars(), limits.page_chars)
                )
                scanned = is_scanned(shown, words)
                orders = _orders(words, page_rules(shown, words.frame))
            finally:
                shown.close()
        if not scanned:
            return SeenPage(width, height, orders, words.frame, turn)
        program = ocr.tesseract()
        if program is None:
            return SeenPage(width, height, (), None, 0)
        pixels = facts.image_pixels[page - 1]
        paragraphs = read_scan(document, page, name, limits, image_pixels=pixels, program=program)
    recognised = tuple(word for lines in paragraphs for line in lines for word in line.words)
    return SeenPage(width, height, (recognised,), None, 0)


def _image(
    data: bytes, name: str, page: int, scale: Callable[[float, float], float], limits: PdfLimits
) -> Image:
    facts = _facts(data, name, page, limits)
    if facts.image_pixels[page - 1] > limits.image_pixels:
        raise refuse.beyond(name, f"image de la page {page}", f"image of page {page}")
    with opened(data, name) as document, PDFIUM:
        shown = load_page(document, page, name, limits)
        try:
            width, height = shown.get_size()
            bitmap = shown.render(scale=_bounded(scale(width, height), width, height, limits))
            image: Image = bitmap.to_pil().copy()
            bitmap.close()
        finally:
            shown.close()
    return image


def _scale(width: float, width_px: int) -> float:
    """Pixels per point; pdfium rounds up, so a little less."""
    return (width_px - 0.01) / width


def _bounded(scale: float, width: float, height: float, limits: PdfLimits) -> float:
    return min(max(scale, 0.05), math.sqrt(limits.render_pixels / (width * height)))


def _facts(data: bytes, name: str, page: int, limits: PdfLimits) -> PdfFacts:
    facts = read_facts(data, name, limits)
    if not 1 <= page <= facts.page_count:
        raise refuse.damaged(name, f"pas de page {page}", f"no page {page}")
    return facts


def _orders(words: PageWords, rules: list[Rule]) -> tuple[Sequence[Word], ...]:
    """About as the reader takes them (paragraphs, then tables by rows); as drawn; by rows."""
    tables, loose = ruled_tables(words.words, grids(rules))
    aligned, lines = aligned_tables(into_lines(loose))
    sizes = Counter(round(word.size * 2) / 2 for word in loose)
    body_size = sizes.most_common(1)[0][0] if sizes else 0.0
    paragraphs = [
        word
        for piece in lay_out(lines, [*tables, *aligned], body_size, words.frame.height)
        if isinstance(piece, Paragraph)
        for line in piece.lines
        for word in line.words
    ]
    taken = {id(word) for word in paragraphs}
    by_rows = _by_rows(words.words)
    return [*paragraphs, *(w for w in by_rows if id(w) not in taken)], words.words, by_rows


def _by_rows(words: Sequence[Word]) -> list[Word]:
    """Rows from the top, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: -w.y0 - w.y1):
        row = rows[-1][0] if rows else None
        if row is not None and row.y0 < (word.y0 + word.y1) / 2 < row.y1:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [word for row in rows for word in sorted(row, key=lambda w: w.x0)]


def _by_line(words: Sequence[Placed]) -> list[Box]:
    boxes: list[Box] = []
    for word in words:
        box = (word.x0, word.y0, word.x1, word.y1)
        last = boxes[-1] if boxes else None
        if last is not None and _goes_on(last, box):
            boxes[-1] = (
                min(last[0], box[0]),
                min(last[1], box[1]),
                max(last[2], box[2]),
                max(last[3], box[3]),
            )
        else:
            boxes.append(box)
    return boxes


def _goes_on(a: Box, b: Box) -> bool:
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    same_row = overlap > 0.5 * min(a[3] - a[1], b[3] - b[1])
    return same_row and b[0] >= a[0] and b[0] - a[2] < _GAP * (a[3] - a[1])
