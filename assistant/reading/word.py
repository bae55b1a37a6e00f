"""Reads DOCX with python-docx: headings, paragraphs, tables and footnotes in body order.

Text that is struck by a tracked deletion or hidden is not there for a reader, so it
is not there here; text of tracked insertions is. The table of contents repeats the
headings and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from assistant.reading.pieces import Piece, row_of
from assistant.records import Role

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}sdtPr", _FALLBACK})
_APART = frozenset({f"{_W}txbxContent"})
_SPACES = {
    f"{_W}tab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}ptab": " ",
}
_HEADING = re.compile(r"(?:heading|titre)\s*(\d)", re.IGNORECASE)
_TITLE = frozenset({"title", "titre"})
_CONTENTS = re.compile(r"(?:toc|tm|table of figures)\b\s*(?:\d|heading)?", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})
_STYLE_CHAIN = 12
# What python-docx's own template says of itself: not facts about this document.
_TEMPLATE_AUTHOR = "python-docx"
_TEMPLATE_DAY = date(2013, 12, 23)


def read_word(data: bytes) -> tuple[list[Piece], dict[str, str]]:
    """Pieces in body order, and what the core properties say.

    Args:
        data: A package that ``archive`` has checked.
    """
    import docx

    document: WordDocument = docx.Document(BytesIO(data))
    footnotes = _footnotes(document)
    levels = _heading_levels(document)
    pieces: list[Piece] = []
    for element in _blocks(document.element.body):
        if element.tag == f"{_W}tbl":
            pieces.append(Piece(_table(element), Role.TABLE))
        else:
            pieces.extend(_paragraph(element, levels))
        pieces.extend(
            Piece(footnotes.pop(reference), Role.FOOTNOTE)
            for found in element.iter(f"{_W}footnoteReference", f"{_W}endnoteReference")
            if (reference := _reference(found)) in footnotes
        )
    return pieces, _properties(document)


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls included."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag not in _GONE and isinstance(element.tag, str):
            waiting.extend(reversed(element))


def _paragraph(element: Any, levels: dict[str, int | None]) -> Iterator[Piece]:
    text = _text(element)
    style = element.find(f"{_W}pPr/{_W}pStyle")
    level = levels.get(style.get(f"{_W}val", "")) if style is not None else None
    outline = element.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None and outline.get(f"{_W}val", "9").isdigit():
        at = int(outline.get(f"{_W}val", "9"))
        level = at + 1 if at < 9 else level
    if level is None:
        yield Piece(text)
    elif level >= 0:
        yield Piece(text, Role.HEADING, level)
    for box in element.iter(f"{_W}txbxContent"):
        if not any(parent.tag in (_FALLBACK, f"{_W}del") for parent in box.iterancestors()):
            yield from (Piece(_text(inner)) for inner in box.iter(f"{_W}p"))


def _text(element: Any) -> str:
    """The words that a reader of the page sees in one element."""
    parts: list[str] = []
    waiting = [element]
    while waiting:
        node = waiting.pop()
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in _SPACES:
            parts.append(_SPACES[node.tag])
        elif node.tag == f"{_W}p" and node is not element:
            parts.append("\n")
            waiting.extend(reversed(node))
        elif node.tag not in _GONE and node.tag not in _APART and not _hidden(node):
            waiting.extend(reversed(node))
    return "".join(parts)


def _hidden(node: Any) -> bool:
    if node.tag != f"{_W}r":
        return False
    vanish = node.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "1") not in _OFF


def _table(table: Any) -> str:
    """Rows as lines; a cell that continues the one above is empty, as it looks."""
    rows = []
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue  # the row of a table inside a cell: its words are the cell's
        cells = [_text(cell) for cell in _cells(row)]
        rows.append(row_of(cells))
    return "\n".join(row for row in rows if row)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag == f"{_W}sdt":
            yield from child.findall(f"{_W}sdtContent/{_W}tc")


def _heading_levels(document: WordDocument) -> dict[str, int | None]:
    """Style id → level of heading; -1 for the lines of a table of contents."""
    levels: dict[str, int | None] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        identity = style.get(f"{_W}styleId", "")
        levels[identity] = _level(style)
    based = {
        style.get(f"{_W}styleId", ""): base.get(f"{_W}val", "")
        for style in document.styles.element.iter(f"{_W}style")
        if (base := style.find(f"{_W}basedOn")) is not None
    }
    for identity in list(levels):
        ancestor = identity
        for _ in range(_STYLE_CHAIN):
            if levels.get(ancestor) is not None or ancestor not in based:
                break
            ancestor = based[ancestor]
        levels[identity] = levels.get(ancestor)
    return levels


def _level(style: Any) -> int | None:
    named = style.find(f"{_W}name")
    name = named.get(f"{_W}val", "") if named is not None else ""
    if _CONTENTS.match(name):
        return -1
    if found := _HEADING.fullmatch(name.strip()):
        return int(found[1])
    if name.strip().casefold() in _TITLE:
        return 0
    outline = style.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None and outline.get(f"{_W}val", "").isdigit():
        at = int(outline.get(f"{_W}val"))
        return at + 1 if at < 9 else None
    return None


def _reference(element: Any) -> str:
    kind = "footnote" if element.tag == f"{_W}footnoteReference" else "endnote"
    return f"{kind}:{element.get(f'{_W}id', '')}"


def _footnotes(document: WordDocument) -> dict[str, str]:
    """Notes by reference; python-docx keeps the part but does not interpret it."""
    from docx.oxml import parse_xml

    notes: dict[str, str] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1].removesuffix("s")
        if relation.is_external or kind not in ("footnote", "endnote"):
            continue
        for note in parse_xml(relation.target_part.blob).iter(f"{_W}{kind}"):
            if note.get(f"{_W}type") not in ("separator", "continuationSeparator"):
                notes[f"{kind}:{note.get(f'{_W}id', '')}"] = _text(note)
    return notes


def _properties(document: WordDocument) -> dict[str, str]:
    core = document.core_properties
    found = {"title": core.title, "author": core.author}
    day = _day(core.created)
    if core.author == _TEMPLATE_AUTHOR:
        del found["author"]
    if day is None or day == _TEMPLATE_DAY:
        day = _day(core.modified)
    if day is not None and day != _TEMPLATE_DAY:
        found["date"] = day.isoformat()
    return {key: value for key, value in found.items() if value}


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
