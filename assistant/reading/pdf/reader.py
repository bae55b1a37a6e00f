"""Reads a PDF: canonical text whose every block says its page, label and section.

The file is opened twice. pypdf goes first: it reads what the file says of
itself and weighs each page. Then pdfium gives words with their places, from
which columns, tables, footnotes and headings are made out. Pages without text
are given to tesseract.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from assistant.errors import NeedsOcr
from assistant.reading.canonical import CanonicalText
from assistant.reading.pdf import ocr
from assistant.reading.pdf import refusals as refuse
from assistant.reading.pdf.facts import PdfFacts, read_facts
from assistant.reading.pdf.furniture import EdgePage, furniture
from assistant.reading.pdf.headings import Headings, PagedParagraph, SectionPath
from assistant.reading.pdf.layout import Paragraph, lay_out
from assistant.reading.pdf.lines import Line, into_lines, joined
from assistant.reading.pdf.opening import PDFIUM, load_page, opened, read_bytes, shown_name
from assistant.reading.pdf.refusals import PdfLimits
from assistant.reading.pdf.rules import grids, page_rules
from assistant.reading.pdf.scan import ScannedLine, is_scanned, pages_shown, read_scan
from assistant.reading.pdf.tables import Table, aligned_tables, ruled_tables
from assistant.reading.pdf.words import PageWords, page_words
from assistant.records import Locator, Reading, Role


@dataclass(frozen=True, slots=True)
class _Page:
    """What was seen on one page, before anything is known of the others."""

    number: int
    label: str | None
    height: float
    lines: Sequence[Line] = ()
    tables: Sequence[Table] = ()
    strays: Sequence[str] = ()
    scan: Sequence[tuple[ScannedLine, ...]] = ()
    ocr: bool = False

    def edges(self) -> EdgePage:
        """Its pieces, to look for running heads in."""
        scanned = [line for paragraph in self.scan for line in paragraph]
        return EdgePage(self.number, self.label, self.height, [*self.lines, *self.tables, *scanned])


def read_pdf(path: Path) -> Reading:
    """Read one PDF file.

    Args:
        path: The file; nothing else is read or written.

    Raises:
        NeedsOcr: Pages are scanned, and tesseract or its French data is missing.
        UnreadableDocument: Damaged, locked, without pages or text, or beyond the limits.
    """
    return read_within(path, PdfLimits())


def read_within(path: Path, limits: PdfLimits) -> Reading:
    """:func:`read_pdf` with other bounds."""
    name = shown_name(path)
    data = read_bytes(path, limits)
    facts = read_facts(data, name, limits)
    with opened(data, name) as document:
        with PDFIUM:
            count = len(document)
        if count != facts.page_count:
            raise refuse.damaged(name, "nombre de pages incohérent", "inconsistent page count")
        pages = _see_pages(document, facts, name, limits)
    text, blocks = _compose(pages, facts).build()
    if not text:
        raise refuse.textless(name)
    return Reading(
        format="pdf",
        text=text,
        blocks=blocks,
        metadata=dict(facts.metadata),
        page_count=facts.page_count,
    )


def _see_pages(
    document: pdfium.PdfDocument, facts: PdfFacts, name: str, limits: PdfLimits
) -> list[_Page]:
    pages: list[_Page] = []
    scanned: list[int] = []
    chars = 0
    for number in range(1, facts.page_count + 1):
        label = (facts.labels[number - 1] or None) if facts.labels else None
        with PDFIUM:
            page = load_page(document, number, name, limits)
            try:
                words = _words(page, number, name, limits)
                if is_scanned(page, words):
                    scanned.append(number)
                seen = _look(page, words, number, label)
            finally:
                page.close()
        chars += words.chars
        if chars > limits.document_chars:
            raise _too_many_chars(name, number, limits.document_chars)
        pages.append(seen)
    _recognise(document, pages, scanned, facts, name, limits)
    return pages


def _words(page: pdfium.PdfPage, number: int, name: str, limits: PdfLimits) -> PageWords:
    try:
        text_page = page.get_textpage()
        chars = text_page.count_chars()
    except pdfium.PdfiumError as error:
        raise refuse.damaged(
            name, f"texte de la page {number} illisible", f"unreadable text on page {number}"
        ) from error
    if chars > limits.page_chars:
        raise _too_many_chars(name, number, limits.page_chars)
    return page_words(page, text_page, chars)


def _too_many_chars(name: str, page: int, limit: int) -> Exception:
    return refuse.beyond(
        name,
        f"page {page} : plus de {limit} caractères",
        f"page {page}: more than {limit} characters",
    )


def _look(page: pdfium.PdfPage, words: PageWords, number: int, label: str | None) -> _Page:
    tables, loose = ruled_tables(words.words, grids(page_rules(page, words.frame)))
    aligned, lines = aligned_tables(into_lines(loose))
    return _Page(
        number,
        label,
        words.frame.height,
        lines,
        [*tables, *aligned],
        words.strays,
        ocr=words.hidden_chars > words.chars / 2,
    )


def _recognise(
    document: pdfium.PdfDocument,
    pages: list[_Page],
    scanned: Sequence[int],
    facts: PdfFacts,
    name: str,
    limits: PdfLimits,
) -> None:
    """Replace each scanned page by what tesseract reads on it."""
    if not scanned:
        return
    program = ocr.tesseract()
    if program is None:
        raise NeedsOcr(name, pages_shown(scanned))
    for number in scanned:
        paragraphs = read_scan(
            document,
            number,
            name,
            limits,
            image_pixels=facts.image_pixels[number - 1],
            program=program,
        )
        seen = pages[number - 1]
        pages[number - 1] = _Page(number, seen.label, seen.height, scan=paragraphs, ocr=True)


def _compose(pages: Sequence[_Page], facts: PdfFacts) -> CanonicalText:
    """Drop the furniture, lay each page out, and write its blocks with their sections."""
    body_size = _body_size(pages)
    dropped = furniture([page.edges() for page in pages], body_size)
    laid = [_lay_out(page, dropped, body_size) for page in pages]
    headings = Headings(
        [
            PagedParagraph(page.number, piece)
            for page, pieces in zip(pages, laid, strict=True)
            for piece in pieces
            if isinstance(piece, Paragraph) and not piece.note
        ],
        facts.outline,
        body_size,
    )
    canonical = CanonicalText()
    path = SectionPath()
    for page, pieces in zip(pages, laid, strict=True):
        for piece in pieces:
            level = headings.level(piece) if isinstance(piece, Paragraph) else None
            if isinstance(piece, Paragraph) and level is not None and not headings.is_title(piece):
                path.enter(level, piece.text)
            canonical.add(piece.text, _role(piece, level), _locator(page, path))
        for text in _loose_texts(page, dropped):
            canonical.add(text, Role.BODY, _locator(page, path))
    return canonical


def _body_size(pages: Iterable[_Page]) -> float:
    """Type size of most letters of the document; 0 when all of it is scanned."""
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            letters[round(line.size * 2) / 2] += len(line.text)
    return max(letters, key=lambda size: (letters[size], size)) if letters else 0.0


def _lay_out(page: _Page, dropped: set[int], body_size: float) -> list[Paragraph | Table]:
    lines = [line for line in page.lines if id(line) not in dropped]
    tables = [table for table in page.tables if id(table) not in dropped]
    return lay_out(lines, tables, body_size, page.height)


def _loose_texts(page: _Page, dropped: set[int]) -> Iterable[str]:
    """Recognised paragraphs, and text that reads in another direction."""
    for paragraph in page.scan:
        yield joined(line.text for line in paragraph if id(line) not in dropped)
    yield from page.strays


def _role(piece: Paragraph | Table, level: int | None) -> Role:
    if isinstance(piece, Table):
        return Role.TABLE
    if piece.note:
        return Role.FOOTNOTE
    return Role.BODY if level is None else Role.HEADING


def _locator(page: _Page, path: SectionPath) -> Locator:
    return Locator(page=page.number, page_label=page.label, section=path.section, ocr=page.ocr)
