"""Reads plain text: paragraphs between blank lines, lists, and the few headings texts have.

A heading is what typists make of one: underlined with signs, in capitals, or opened by
« TITRE », « CHAPITRE », « ARTICLE » and the like; the first line alone is the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.reading.pieces import Piece
from assistant.records import Role

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_UNDERLINE = re.compile(r"\s*([=\-~*_#])\1{2,}\s*$")
_UNDERLINE_LEVELS = {"=": 1, "#": 1, "*": 1, "-": 2, "_": 2, "~": 3}
_NAMED = re.compile(
    r"(?P<kind>titre|partie|annexe|chapitre|section|article)\s+"
    r"(?:[ivxlc]+|\d+|1er|ier|premi[eè]re?|unique|[a-z])\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_NAMED_LEVELS = {"titre": 1, "partie": 1, "annexe": 1, "chapitre": 2, "section": 3, "article": 4}
_ITEM = re.compile(r"\s*(?:[-•*–—▪]\s+|\d{1,2}[.)]\s+|[a-z]\)\s+)\S")
_ENDED = re.compile(r"[.;:,!?…]\s*$")
_HEADING_CHARS = 160
_HEADING_WORDS_CAPITALS = 2


def read_plain(text: str) -> list[Piece]:
    """Pieces in order; the line ends of a paragraph are kept for those who read turns."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\x1a", "")
    paragraphs = [part.strip("\n") for part in _BLANK.split(text) if part.strip()]
    pieces: list[Piece] = []
    for position, paragraph in enumerate(paragraphs):
        title = position == 0 and len(paragraphs) > 1
        pieces.extend(_paragraph(paragraph.split("\n"), title=title))
    return pieces


def _paragraph(lines: list[str], *, title: bool) -> Iterator[Piece]:
    if len(lines) > 1 and (rule := _UNDERLINE.match(lines[1])) and _may_head(lines[0]):
        yield Piece(lines[0], Role.HEADING, 0 if title else _UNDERLINE_LEVELS[rule[1]])
        lines = lines[2:]
    elif len(lines) == 1 and (level := _level(lines[0])) is not None:
        yield Piece(lines[0], Role.HEADING, 0 if title else level)
        return
    elif title and len(lines) == 1 and _may_head(lines[0]):
        yield Piece(lines[0], Role.HEADING, 0)
        return
    held: list[str] = []
    for line in lines:
        if _UNDERLINE.match(line):
            continue
        if held and _ITEM.match(line):
            yield Piece("\n".join(held))
            held = []
        held.append(line)
    if held:
        yield Piece("\n".join(held))


def _level(line: str) -> int | None:
    if not _may_head(line):
        return None
    if (named := _NAMED.match(line.strip())) and (
        named["rest"][:1] in ("", " ") and len(named["rest"]) < _HEADING_CHARS // 2
    ):
        return _NAMED_LEVELS[named["kind"].casefold()]
    words = [word for word in line.split() if any(c.isalpha() for c in word)]
    if line.isupper() and len(words) >= _HEADING_WORDS_CAPITALS:
        return 1
    return None


def _may_head(line: str) -> bool:
    return (
        len(line.strip()) <= _HEADING_CHARS
        and not _ENDED.search(line)
        and not _ITEM.match(line)
        and any(c.isalpha() for c in line)
        and line.strip()[:1] not in "[("
    )
