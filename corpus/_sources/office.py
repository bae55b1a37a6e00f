"""Writes DOCX and ODT files whose bytes repeat: fixed dates, fixed ZIP order."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.shared import Pt
from odf import dc, meta
from odf.element import Element
from odf.opendocument import OpenDocumentText
from odf.style import ParagraphProperties, Style, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import H, List, ListItem, P, Span
from source_text import NBSP, NOTICE, Block, Source, plain
from transcripts import turn_lines

_PIECES = re.compile(r"(\*\*.+?\*\*|\*[^*]+\*)")


def _moment(source: Source) -> datetime:
    return datetime(source.day.year, source.day.month, source.day.day, 9, tzinfo=UTC)


def _fixed_zip(raw: bytes, first: str) -> bytes:
    """Write the archive again with one date and one order; ``first`` is stored, not deflated."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != first, n)):
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            stored = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            new.writestr(entry, old.read(name))
    return out.getvalue()


def _texts(source: Source) -> list[Block]:
    """The blocks to write; a hearing's turns become paragraphs."""
    spoken = turn_lines(source, source.meta.get("turn_mark", " :"))
    return [b for b in source.blocks if b.kind != "turn"] + [Block("p", t) for t in spoken]


def build_docx(source: Source) -> bytes:
    """A Word document with real heading styles and core properties."""
    document: Any = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    properties = document.core_properties
    properties.created = properties.modified = _moment(source).replace(tzinfo=None)
    properties.title = properties.author = properties.subject = properties.comments = ""
    if source.meta.get("file_metadata") == "full":
        properties.title = source.meta["title"].replace(NBSP, " ")
        properties.author = source.meta["author"]
        properties.subject = source.meta["kind"]
        properties.language = "fr-FR"
    document.add_heading(source.meta["title"], 0)
    if "subtitle" in source.meta:
        document.add_paragraph(source.meta["subtitle"])
    document.add_paragraph(f"{NOTICE}. Région, personnes et chiffres inventés.")
    for block in _texts(source):
        _docx_block(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return _fixed_zip(buffer.getvalue(), "[Content_Types].xml")


def _docx_block(document: Any, block: Block) -> None:
    if block.kind.startswith("h"):
        document.add_heading(block.text, int(block.kind[1]))
    elif block.kind == "table":
        table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = plain(text)
    elif block.kind in ("ul", "ol"):
        style = "List Bullet" if block.kind == "ul" else "List Number"
        for item in block.items:
            _docx_runs(document.add_paragraph(style=style), item)
    elif block.kind == "p":
        _docx_runs(document.add_paragraph(), block.text)


def _docx_runs(paragraph: Any, text: str) -> None:
    for piece in _PIECES.split(text):
        run = paragraph.add_run(plain(piece))
        run.bold = piece.startswith("**") or None
        run.italic = (piece.startswith("*") and not piece.startswith("**")) or None


def build_odt(source: Source) -> bytes:
    """An OpenDocument text with outline levels and, when asked, metadata."""
    # odfpy remembers for ever which namespaces any document of the process used.
    Element.namespaces.clear()
    document: Any = OpenDocumentText()
    bold = Style(name="Gras", family="text")
    bold.addElement(TextProperties(fontweight="bold"))
    spaced = Style(name="Corps", family="paragraph")
    spaced.addElement(ParagraphProperties(marginbottom="0.3cm"))
    document.styles.addElement(bold)
    document.styles.addElement(spaced)
    if source.meta.get("file_metadata") == "full":
        document.meta.addElement(dc.Title(text=source.meta["title"].replace(NBSP, " ")))
        document.meta.addElement(meta.InitialCreator(text=source.meta["author"]))
        document.meta.addElement(dc.Subject(text=source.meta["kind"]))
        document.meta.addElement(
            meta.CreationDate(text=_moment(source).strftime("%Y-%m-%dT%H:%M:%S"))
        )
    document.text.addElement(H(outlinelevel=1, text=source.meta["title"]))
    if "subtitle" in source.meta:
        document.text.addElement(P(stylename=spaced, text=source.meta["subtitle"]))
    notice = f"{NOTICE}. Région, personnes et chiffres inventés."
    document.text.addElement(P(stylename=spaced, text=notice))
    for block in _texts(source):
        _odt_block(document.text, block, spaced, bold)
    buffer = io.BytesIO()
    document.write(buffer)
    return _fixed_zip(buffer.getvalue(), "mimetype")


def _odt_block(body: Any, block: Block, spaced: Any, bold: Any) -> None:
    if block.kind.startswith("h"):
        body.addElement(H(outlinelevel=int(block.kind[1]) + 1, text=block.text))
    elif block.kind == "table":
        table = Table()
        table.addElement(TableColumn(numbercolumnsrepeated=len(block.rows[0])))
        for row in block.rows:
            line = TableRow()
            for text in row:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=plain(text)))
                line.addElement(cell)
            table.addElement(line)
        body.addElement(table)
    elif block.kind in ("ul", "ol"):
        items = List()
        for item in block.items:
            entry = ListItem()
            entry.addElement(_odt_paragraph(item, spaced, bold))
            items.addElement(entry)
        body.addElement(items)
    elif block.kind == "p":
        body.addElement(_odt_paragraph(block.text, spaced, bold))


def _odt_paragraph(text: str, spaced: Any, bold: Any) -> Any:
    paragraph = P(stylename=spaced)
    for piece in _PIECES.split(text):
        if piece.startswith("**"):
            paragraph.addElement(Span(stylename=bold, text=plain(piece)))
        else:
            paragraph.addText(plain(piece))
    return paragraph
