"""Sets a source text as a PDF: columns, tables, running heads, footnotes, page labels.

A small typesetter of our own rather than platypus templates, because notes must
stand at the foot of the column that calls them and the table of contents must
show the labels that are printed. Standard Type 1 fonts only, so that the bytes
depend on nothing installed.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape

from page_layouts import GREY, LAYOUTS, Layout, styles
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle
from source_text import NBSP, NOTICE, Block, Source, footnotes

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def marked_up(text: str, first_note: int = 1) -> str:
    """Source marks to reportlab's paragraph markup, note calls numbered from ``first_note``."""
    text = escape(text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text)
    number = first_note
    while "\x01" in text:
        text = text.replace("\x01", f'<super size="7.5">{number}</super>', 1)
        number += 1
    return text


@dataclass
class Typesetter:
    """Places flowables one under another, column after column, notes at the foot."""

    source: Source
    layout: Layout
    contents: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.buffer = io.BytesIO()
        self.canvas: Any = Canvas(self.buffer, pagesize=self.layout.page, invariant=1)
        self.outline: list[tuple[int, str, str]] = []
        self.depth = -1
        self.page = 0
        self.front_pages = 0
        self.in_front = "front" in self.source.meta
        self.note_number = 0
        self.notes: list[Any] = []
        self.column = 0
        self.y = 0.0
        self.styles = styles(self.layout)
        inner = self.layout.page[0] - 2 * self.layout.margin
        self.width = (inner - 18 * (self.layout.columns - 1)) / self.layout.columns

    @property
    def label(self) -> str:
        """What is printed on the current page."""
        if self.in_front:
            return _ROMAN[self.page - 1]
        return str(self.page - self.front_pages)

    @property
    def top(self) -> float:
        return self.layout.page[1] - self.layout.top

    @property
    def room(self) -> float:
        """Height left in this column above its notes."""
        notes: float = sum(note.height + 2 for note in self.notes)
        return self.y - self.layout.bottom - notes

    def start_page(self) -> None:
        self.page += 1
        self.column, self.y = 0, self.top
        canvas, (width, height) = self.canvas, self.layout.page
        canvas.setFillColor(GREY)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(self.layout.margin, height - 46, self.source.meta["running"])
        canvas.drawRightString(width - self.layout.margin, height - 46, "Région Aubrelande")
        canvas.setStrokeColor(GREY)
        canvas.setLineWidth(0.4)
        canvas.line(self.layout.margin, height - 52, width - self.layout.margin, height - 52)
        canvas.drawString(self.layout.margin, 36, NOTICE)
        canvas.drawRightString(width - self.layout.margin, 36, self.label)

    def end_column(self) -> None:
        x = self.layout.margin + self.column * (self.width + 18)
        if self.notes:
            y = self.layout.bottom + sum(note.height + 2 for note in self.notes)
            self.canvas.line(x, y, x + 90, y)
            for note in self.notes:
                y -= note.height + 2
                note.drawOn(self.canvas, x, y)
            self.notes = []

    def next_column(self) -> None:
        self.end_column()
        if self.column + 1 < self.layout.columns:
            self.column, self.y = self.column + 1, self.top
        else:
            self.canvas.showPage()
            self.start_page()

    def next_page(self) -> None:
        self.end_column()
        self.canvas.showPage()
        self.start_page()

    def place(self, flowable: Any, notes: list[Any] | None = None, keep: float = 0) -> None:
        """Draw one flowable with its notes; ``keep`` is room wanted under it."""
        notes = notes or []
        before = flowable.getSpaceBefore() if self.y < self.top else 0
        extra = before + sum(note.wrap(self.width, 999)[1] + 2 for note in notes)
        height = flowable.wrap(self.width, self.room)[1]
        if height + extra + keep <= self.room:
            self.y -= before + height
            x = self.layout.margin + self.column * (self.width + 18)
            flowable.drawOn(self.canvas, x, self.y)
            self.y -= flowable.getSpaceAfter()
            self.notes += notes
            return
        parts = [] if notes or keep else flowable.split(self.width, self.room - before)
        if len(parts) < 2:
            if self.y == self.top:
                raise ValueError(f"{self.source.name}: a block is taller than its page")
            self.next_column()
            self.place(flowable, notes, keep)
            return
        self.place(parts[0])
        self.next_column()
        for part in parts[1:]:
            self.place(part)

    def heading(self, block: Block) -> None:
        level = int(block.kind[1])
        if level == 1 and self.layout.chapter_break and self.y < self.top:
            self.next_page()
        flowable = Paragraph(marked_up(block.text), self.styles[block.kind])
        flowable.wrap(self.width, 999)
        self.place(flowable, keep=0 if self.y == self.top else 3 * self.layout.leading)
        key = f"h{len(self.outline)}"
        self.canvas.bookmarkPage(key)
        self.depth = min(level - 1, self.depth + 1)  # an outline may not skip a level
        self.canvas.addOutlineEntry(block.text.replace(NBSP, " "), key, self.depth, closed=False)
        self.outline.append((level, block.text, self.label))

    def paragraph(self, text: str, style: str, bullet: str | None = None, keep: float = 0) -> None:
        bare, notes = footnotes(text)
        made = []
        first = self.note_number + 1
        for note in notes:
            self.note_number += 1
            made.append(Paragraph(f"{self.note_number}. {marked_up(note)}", self.styles["note"]))
        flowable = Paragraph(marked_up(bare, first), self.styles[style], bulletText=bullet)
        self.place(flowable, made, keep)

    def table(self, rows: tuple[tuple[str, ...], ...]) -> Any:
        """A ruled table; its head is repeated when it goes over a page."""
        head, cell = self.styles["th"], self.styles["td"]
        cells = [
            [Paragraph(marked_up(c), cell if i else head) for c in row]
            for i, row in enumerate(rows)
        ]
        columns = len(rows[0])
        first = self.width * (0.4 if 2 < columns < 6 else 0.5 if columns == 2 else 0.2)
        widths = [first] + [(self.width - first) / (columns - 1)] * (columns - 1)
        table = Table(cells, colWidths=widths, repeatRows=1, spaceBefore=6, spaceAfter=10)
        table.setStyle(
            TableStyle(
                [
                    ("GRID", (0, 0), (-1, -1), 0.4, GREY),
                    ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e4ebf3")),
                    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ]
            )
        )
        return table

    def cover(self) -> None:
        """The title block; a page of its own when there is front matter."""
        meta = self.source.meta
        if self.in_front:
            self.y -= 150
        for key, style in (("title", "title"), ("subtitle", "subtitle")):
            if key in meta:
                self.place(Paragraph(marked_up(meta[key]), self.styles[style]))
        if "byline" in meta:
            self.place(Paragraph(marked_up(meta["byline"]), self.styles["byline"]))
        self.place(
            Paragraph(f"{NOTICE}. Région, personnes et chiffres inventés.", self.styles["byline"])
        )
        if self.in_front:
            self.next_page()

    def directive(self, name: str) -> None:
        if name == "toc":
            for level, text, label in self.contents:
                if level < 3 and not label.startswith(_ROMAN[:8]):
                    line = f"{marked_up(text)}{NBSP}{'.' * 6}{NBSP}{label}"
                    self.place(Paragraph(line, self.styles[f"toc{level}"]))
        elif name == "page":
            self.next_page()
        elif name == "main":
            self.end_column()
            self.canvas.showPage()
            self.front_pages, self.in_front = self.page, False
            self.start_page()
        else:
            raise ValueError(f"{self.source.name}: unknown directive {name!r}")

    def run(self) -> bytes:
        """Set every block and give the file's bytes."""
        self.start_page()
        self.cover()
        for block, following in zip_longest(self.source.blocks, self.source.blocks[1:]):
            if block.kind == "directive":
                self.directive(block.text)
            elif block.kind == "table":
                # A short table is not cut in two.
                self.place(self.table(block.rows), keep=1 if len(block.rows) < 8 else 0)
            elif block.kind in ("ul", "ol"):
                for number, item in enumerate(block.items, 1):
                    self.paragraph(item, "item", "•" if block.kind == "ul" else f"{number}.")
            elif block.kind == "p" and following is not None and following.kind == "table":
                _, height = self.table(following.rows).wrap(self.width, 999)
                self.paragraph(block.text, _paragraph_style(block), keep=min(height + 20, 200))
            elif block.kind == "p":
                self.paragraph(block.text, _paragraph_style(block))
            else:
                self.heading(block)
        self.end_column()
        self._finish()
        self.canvas.save()
        return self.buffer.getvalue()

    def _finish(self) -> None:
        meta, canvas = self.source.meta, self.canvas
        for silence in (canvas.setTitle, canvas.setAuthor, canvas.setSubject):
            silence("")  # else reportlab writes "untitled", "anonymous"
        if meta.get("file_metadata") == "full":
            canvas.setTitle(meta["title"].replace(NBSP, " "))
            canvas.setAuthor(meta["author"])
            canvas.setSubject(meta["kind"])
        if self.front_pages:
            canvas.addPageLabel(0, "ROMAN_LOWER", 1)
            canvas.addPageLabel(self.front_pages, "ARABIC", 1)


def _paragraph_style(block: Block) -> str:
    return "caption" if block.text.startswith("Tableau ") else "p"


def build_pdf(source: Source) -> bytes:
    """The PDF of a source; set twice when it shows a table of contents."""
    layout = LAYOUTS[source.meta["layout"]]
    moment = datetime(source.day.year, source.day.month, source.day.day, 9, tzinfo=UTC)
    # reportlab takes the file's dates from here; the document's own date repeats.
    with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}):
        contents: list[tuple[int, str, str]] = []
        while True:
            setter = Typesetter(source, layout, contents)
            built = setter.run()
            if setter.outline == contents or not any(b.text == "toc" for b in source.blocks):
                return built
            contents = setter.outline
