"""The cited pages with their quotation marked; runs in a process apart, on hostile bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Highlight
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    RectangleObject,
    TextStringObject,
)

from assistant.excerpts.bare_pages import copy_pages
from assistant.excerpts.exported import AUTHOR
from assistant.excerpts.refusals import PageUnusable
from assistant.reading.pdf.facts import PYPDF_FAILURES
from assistant.reading.pdf.frame import Frame
from assistant.reading.pdf.opening import PDFIUM
from assistant.reading.pdf.page import Box, quote_boxes

_COLOR = "ffe14d"


@dataclass(frozen=True, slots=True)
class CitedPage:
    """A page (from 1), its canonical text, and the spans of it that are quoted, one a block."""

    page: int
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Highlighted:
    """The new file, and the pages on which nothing or not all was found (none: all was)."""

    content: bytes
    marked: tuple[int, ...]
    incomplete: tuple[int, ...]


def highlight(file: Path, pages: Sequence[CitedPage], reference: str, title: str) -> Highlighted:
    """Copy pages and mark the quotation on each.

    Args:
        file: A PDF.
        pages: In their order; each becomes a page of the new file.
        reference: Said by each annotation.
        title: Of the document, for the new file and for errors.

    Raises:
        UnreadableDocument: The file or a page cannot be read.
        PageUnusable: A page cannot be copied.
    """
    found = [_boxes(file, cited) for cited in pages]
    frames = _frames(file, [cited.page for cited in pages])
    try:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted:
            reader.decrypt("")
        writer = copy_pages(reader, [cited.page for cited in pages])
        for index, ((boxes, _), frame) in enumerate(zip(found, frames, strict=True)):
            if boxes:
                _annotate(writer, index, [_corners(frame, box) for box in boxes], reference)
        writer.metadata = {
            "/Title": f"{title} — {reference}"[:500],
            "/Author": AUTHOR,
            "/Producer": AUTHOR,
        }
        content = io.BytesIO()
        writer.write(content)
    except PYPDF_FAILURES as error:
        raise PageUnusable(title, pages[0].page) from error
    numbered = list(zip(pages, found, strict=True))
    return Highlighted(
        content=content.getvalue(),
        marked=tuple(cited.page for cited, (boxes, _) in numbered if boxes),
        incomplete=tuple(cited.page for cited, (_, whole) in numbered if not whole),
    )


def _boxes(file: Path, cited: CitedPage) -> tuple[list[Box], bool]:
    """The boxes on one page, and whether they hold all that is quoted of it.

    Neighbouring blocks are mostly found at once; a table or a footnote between them parts them.
    """
    whole = _box_each_line(file, cited, cited.spans[0][0], cited.spans[-1][1])
    if whole or len(cited.spans) == 1:
        return whole, bool(whole)
    parts = [_box_each_line(file, cited, *span) for span in cited.spans]
    return [box for part in parts for box in part], all(parts)


def _box_each_line(file: Path, cited: CitedPage, start: int, end: int) -> list[Box]:
    quote = cited.text[start:end]
    return quote_boxes(file, cited.page, quote, page_text=cited.text, at=start)


def _frames(file: Path, pages: Sequence[int]) -> list[Frame]:
    """How each page is shown: its turn and its visible box."""
    with PDFIUM, pdfium.PdfDocument(file) as document:
        frames = []
        for number in pages:
            page = document[number - 1]
            frames.append(Frame(page.get_rotation() // 90 % 4, *page.get_bbox()))
            page.close()
        return frames


Corners = tuple[tuple[float, float], ...]


def _corners(frame: Frame, box: Box) -> Corners:
    """Upper left, upper right, lower left, lower right as shown, in the page's own points."""
    x0, y0, x1, y1 = box
    return tuple(frame.back((x, y, x, y))[:2] for x, y in ((x0, y1), (x1, y1), (x0, y0), (x1, y0)))


def _annotate(writer: PdfWriter, index: int, quads: Sequence[Corners], reference: str) -> None:
    points = [point for quad in quads for point in quad]
    rect = (
        min(x for x, _ in points),
        min(y for _, y in points),
        max(x for x, _ in points),
        max(y for _, y in points),
    )
    mark = Highlight(
        rect=RectangleObject(rect),
        quad_points=ArrayObject(FloatObject(value) for point in points for value in point),
        highlight_color=_COLOR,
        printing=True,
    )
    mark[NameObject("/Contents")] = TextStringObject(reference)
    mark[NameObject("/T")] = TextStringObject(AUTHOR)
    appearance = writer._add_object(_appearance(rect, quads))
    mark[NameObject("/AP")] = DictionaryObject({NameObject("/N"): appearance})
    writer.add_annotation(index, mark)


def _appearance(rect: Box, quads: Sequence[Corners]) -> DecodedStreamObject:
    """What to draw, for programs that do not draw highlights by themselves: ink stays black."""
    red, green, blue = (int(_COLOR[at : at + 2], 16) / 255 for at in (0, 2, 4))
    drawn = [f"/Ink gs {red:.3f} {green:.3f} {blue:.3f} rg"]
    for quad in quads:
        left, right = min(x for x, _ in quad), max(x for x, _ in quad)
        low, high = min(y for _, y in quad), max(y for _, y in quad)
        drawn.append(f"{left:.2f} {low:.2f} {right - left:.2f} {high - low:.2f} re f")
    ink = DictionaryObject({NameObject("/BM"): NameObject("/Multiply")})
    states = DictionaryObject({NameObject("/Ink"): ink})
    stream = DecodedStreamObject()
    stream.set_data("\n".join(drawn).encode("ascii"))
    stream[NameObject("/Type")] = NameObject("/XObject")
    stream[NameObject("/Subtype")] = NameObject("/Form")
    stream[NameObject("/BBox")] = RectangleObject(rect)
    stream[NameObject("/Resources")] = DictionaryObject({NameObject("/ExtGState"): states})
    return stream
