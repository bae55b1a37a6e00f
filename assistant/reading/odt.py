"""Reads ODT with odfdo: headings, paragraphs, lists, tables and notes in body order.

Tracked deletions, annotations, and the table of contents (it repeats the headings)
are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from odfdo import Document, Element

from assistant.reading.pieces import Piece, row_of
from assistant.records import Role

_GONE = frozenset(
    {
        "text:tracked-changes",
        "text:table-of-content",
        "text:alphabetical-index",
        "text:illustration-index",
        "text:table-index",
        "text:note",
        "text:hidden-text",
        "office:annotation",
        "office:annotation-end",
        "office:forms",
        "svg:title",
        "svg:desc",
    }
)
_SPACES = {"text:tab": " ", "text:line-break": "\n", "text:s": " "}
_PARAGRAPHS = frozenset({"text:p", "text:h"})
_LEVELS = 10
_REPEATED_CELLS = 64


def read_odt(data: bytes) -> tuple[list[Piece], dict[str, str]]:
    """Pieces in body order, and what ``meta.xml`` says.

    Args:
        data: A package that ``archive`` has checked.
    """
    document = Document(BytesIO(data))
    pieces: list[Piece] = []
    for element in _blocks(document.body):
        if element.tag == "table:table":
            pieces.append(Piece(_table(element), Role.TABLE))
        elif element.tag == "text:h":
            level = element.get_attribute("text:outline-level")
            at = int(level) if isinstance(level, str) and level.isdigit() else 1
            pieces.append(Piece(_text(element), Role.HEADING, min(max(at, 1), _LEVELS)))
        elif _is_title(element):
            pieces.append(Piece(_text(element), Role.HEADING, 0))
        else:
            pieces.append(Piece(_text(element)))
        pieces.extend(Piece(note, Role.FOOTNOTE) for note in _notes(element))
    return pieces, _properties(document)


def _blocks(body: Element) -> Iterator[Element]:
    """Paragraphs, headings and tables in order, through lists, sections and frames."""
    waiting = list(reversed(body.children))
    while waiting:
        element = waiting.pop()
        if element.tag in _PARAGRAPHS:
            yield element
            # A text box is anchored inside a paragraph, but is read after it.
            waiting.extend(reversed(_boxes(element)))
        elif element.tag == "table:table":
            yield element
        elif element.tag not in _GONE:
            waiting.extend(reversed(element.children))


def _boxes(paragraph: Element) -> list[Element]:
    found: list[Element] = []
    waiting = list(reversed(paragraph.children))
    while waiting:
        element = waiting.pop()
        if element.tag == "draw:text-box":
            found.append(element)
        elif element.tag not in _GONE:
            waiting.extend(reversed(element.children))
    return found


def _text(element: Element, *, apart: frozenset[str] = frozenset({"draw:text-box"})) -> str:
    """The words that a reader of the page sees in one element."""
    parts: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        if node.tag in _SPACES:
            parts.append(_SPACES[node.tag])
        elif node.tag not in _GONE and node.tag not in apart:
            if node.tag in _PARAGRAPHS and node is not element:
                parts.append("\n")
            waiting.extend(_unread(node))
    return "".join(parts)


def _unread(node: Element) -> list[Element | str]:
    """What is inside a node, last first."""
    inside: list[Element | str] = [node.text or ""]
    for child in node.children:
        inside += [child, child.tail or ""]
    return inside[::-1]


def _table(table: Element) -> str:
    rows = []
    waiting = list(reversed(table.children))
    while waiting:
        element = waiting.pop()
        if element.tag == "table:table-row":
            rows.append(row_of(_cells(element)))
        elif element.tag.startswith("table:table-") and "column" not in element.tag:
            waiting.extend(reversed(element.children))
    return "\n".join(row for row in rows if row)


def _cells(row: Element) -> Iterator[str]:
    for cell in row.children:
        if cell.tag == "table:table-cell":
            times = cell.get_attribute("table:number-columns-repeated")
            count = int(times) if isinstance(times, str) and times.isdigit() else 1
            text = _text(cell, apart=frozenset())
            yield from [text] * (min(count, _REPEATED_CELLS) if text.strip() else 1)


def _notes(element: Element) -> Iterator[str]:
    for note in element.get_elements("descendant::text:note"):
        for body in note.get_elements("text:note-body"):
            yield _text(body)


def _is_title(element: Element) -> bool:
    style = element.get_attribute("text:style-name")
    return isinstance(style, str) and style in ("Title", "Titre")


def _properties(document: Document) -> dict[str, str]:
    meta = document.meta
    author = meta.creator or meta.initial_creator
    found = {"title": meta.title or "", "author": author or ""}
    moment = meta.creation_date or meta.date
    if isinstance(moment, datetime):
        found["date"] = moment.date().isoformat()
    return {key: value for key, value in found.items() if value}
