"""Shows a page and where a quotation stands on it.

Both answers speak of the page as it is shown: turned as the file says, cut to
its visible box. A box times the scale of the image, y counted from its lower
edge, falls on the words.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import pypdfium2 as pdfium

from assistant.reading.pdf import ocr
from assistant.reading.pdf import refusals as refuse
from assistant.reading.pdf.facts import read_facts
from assistant.reading.pdf.frame import Frame
from assistant.reading.pdf.layout import Paragraph, lay_out
from assistant.reading.pdf.lines import into_lines
from assistant.reading.pdf.opening import PDFIUM, load_page, opened, read_bytes, shown_name
from assistant.reading.pdf.refusals import PdfLimits
from assistant.reading.pdf.scan import is_scanned, read_scan
from assistant.reading.pdf.words import PageWords, Word, page_words

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]
"""left, bottom, right, top in PDF points, origin at the bottom left of the page."""


class _Placed(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def x0(self) -> float: ...
    @property
    def y0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y1(self) -> float: ...


_Piece = TypeVar("_Piece", bound=_Placed)


def page_image(path: Path, page: int, scale: float) -> Image:
    """Render one page.

    Args:
        path: The file.
        page: From 1.
        scale: Pixels per point; lowered when the image would be beyond the limits.

    Raises:
        UnreadableDocument: The file or the page cannot be shown.
    """
    limits = PdfLimits()
    name = shown_name(path)
    data = read_bytes(path, limits)
    facts = read_facts(data, name, limits)
    _check_number(page, facts.page_count, name)
    if facts.image_pixels[page - 1] > limits.image_pixels:
        raise refuse.beyond(name, f"image de la page {page}", f"image of page {page}")
    with opened(data, name) as document, PDFIUM:
        shown = load_page(document, page, name, limits)
        try:
            width, height = shown.get_size()
            most = math.sqrt(limits.render_pixels / (width * height))
            bitmap = shown.render(scale=min(max(scale, 0.05), most))
            image: Image = bitmap.to_pil().copy()
            bitmap.close()
        finally:
            shown.close()
    return image


def quote_boxes(path: Path, page: int, quote: str) -> list[Box]:
    """Find the words of a quotation on its page.

    Args:
        path: The file.
        page: From 1.
        quote: A slice of the canonical text of one block of that page.

    Returns:
        A box for each line of the quotation, in its order; none when it is not
        there. A scanned page is recognised anew, which takes seconds.

    Raises:
        UnreadableDocument: The file or the page cannot be read.
    """
    wanted = _letters(quote)
    limits = PdfLimits()
    name = shown_name(path)
    data = read_bytes(path, limits)
    facts = read_facts(data, name, limits)
    _check_number(page, facts.page_count, name)
    if not wanted:
        return []
    with opened(data, name) as document:
        with PDFIUM:
            seen = load_page(document, page, name, limits)
            try:
                words, turn, scanned = _words(seen, limits)
            finally:
                seen.close()
        if not scanned:
            for order in _orders(words):
                found = _find(order, wanted)
                if found:
                    return [_shown(words.frame, turn, box) for box in _by_line(found)]
            return []
        program = ocr.tesseract()
        if program is None:
            return []
        pixels = facts.image_pixels[page - 1]
        paragraphs = read_scan(document, page, name, limits, image_pixels=pixels, program=program)
    recognised = [word for lines in paragraphs for line in lines for word in line.words]
    return _by_line(_find(recognised, wanted))


def _check_number(page: int, count: int, name: str) -> None:
    if not 1 <= page <= count:
        raise refuse.damaged(name, f"pas de page {page}", f"no page {page}")


def _words(page: pdfium.PdfPage, limits: PdfLimits) -> tuple[PageWords, int, bool]:
    text_page = page.get_textpage()
    words = page_words(page, text_page, min(text_page.count_chars(), limits.page_chars))
    return words, page.get_rotation() // 90 % 4, is_scanned(page, words)


def _orders(words: PageWords) -> Iterable[Sequence[Word]]:
    """Orders in which the quotation may run: as laid out, by rows (tables), as in the file."""
    lines = into_lines(words.words)
    pieces = lay_out(lines, [], 0.0, words.frame.height)
    yield [
        word
        for piece in pieces
        if isinstance(piece, Paragraph)
        for line in piece.lines
        for word in line.words
    ]
    yield sorted(words.words, key=lambda word: (-round(word.base / 3), word.x0))
    yield words.words


def _letters(text: str) -> str:
    """Letters and figures only: spaces, cut words and raised figures no longer matter."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _find(words: Sequence[_Piece], wanted: str) -> list[_Piece]:
    """The successive words whose letters hold the wanted ones, best where a word starts."""
    starts: list[int] = []
    parts: list[str] = []
    length = 0
    for word in words:
        starts.append(length)
        parts.append(_letters(word.text))
        length += len(parts[-1])
    text = "".join(parts)
    borders = set(starts)
    place = first = text.find(wanted)
    while place >= 0 and place not in borders:
        place = text.find(wanted, place + 1)
    place = first if place < 0 else place
    if place < 0:
        return []
    end = place + len(wanted)
    return [
        word
        for word, start, part in zip(words, starts, parts, strict=True)
        if start < end and start + len(part) > place
    ]


def _by_line(words: Sequence[_Placed]) -> list[Box]:
    boxes: list[Box] = []
    for word in words:
        box = (word.x0, word.y0, word.x1, word.y1)
        last = boxes[-1] if boxes else None
        if last is not None and _same_row(last, box) and box[0] >= last[0]:
            boxes[-1] = (
                min(last[0], box[0]),
                min(last[1], box[1]),
                max(last[2], box[2]),
                max(last[3], box[3]),
            )
        else:
            boxes.append(box)
    return boxes


def _same_row(a: Box, b: Box) -> bool:
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    return overlap > 0.5 * min(a[3] - a[1], b[3] - b[1])


def _shown(frame: Frame, turn: int, box: Box) -> Box:
    """From the reading direction of the words to the page as it is shown."""
    shown = Frame(turn, frame.left, frame.bottom, frame.right, frame.top)
    return shown.box(frame.back(box))
