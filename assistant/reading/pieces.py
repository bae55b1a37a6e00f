"""What the readers of flowing text hand over: pieces in order, then one text of them.

A reader only says what each stretch is (heading, paragraph, table, footnote); the
path of sections is derived here, once, for every format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.canonical import CanonicalText, join_lines, normalise
from assistant.records import Locator, Role

SECTION_MARK = " › "
_HEADING_CHARS = 200
_WRAP_CHARS = 50
_TAIL_CHARS = 8
_ENDED = re.compile(r"[.;:!?…»)]\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that one rule of a reader produced.

    ``level`` counts for headings only: 0 is the title of the whole document, which
    opens no section; 1 is the highest section. Rows of a table are lines.
    """

    text: str
    role: Role = Role.BODY
    level: int = 0


class Sections:
    """The path of headings that stand above the place where reading has come to."""

    def __init__(self) -> None:
        self._path: list[tuple[int, str]] = []

    def enter(self, heading: str, level: int) -> None:
        """A heading closes the sections of its level and below, and opens its own."""
        self._path = [(depth, name) for depth, name in self._path if depth < level]
        if level > 0:
            self._path.append((level, heading[:_HEADING_CHARS]))

    @property
    def path(self) -> str | None:
        """``"Titre 1 › Titre 2"``; None above the first heading."""
        return SECTION_MARK.join(name for _, name in self._path) or None


def unwrap(text: str) -> str:
    """Rejoin the lines of a paragraph that an editor broke at a width.

    A paragraph counts as broken at a width when no line but the last had room for
    the first word of the next one; a line that goes on in lower case is rejoined in
    any case. Other line ends are meant (addresses, verse, columns) and are kept.
    """
    lines = normalise(text).split("\n")
    width = max(map(len, lines))
    wrapped = width >= _WRAP_CHARS and all(
        len(line) + 1 + len(after.split(" ", 1)[0]) > width for line, after in pairwise(lines)
    )
    runs = [lines[:1]]
    for line, after in pairwise(lines):
        if wrapped or (after[:1].islower() and not _ENDED.search(line[-_TAIL_CHARS:])):
            runs[-1].append(after)
        else:
            runs.append([after])
    return "\n".join(join_lines("\n".join(run)) for run in runs)


def row_of(cells: Iterable[str]) -> str:
    """One row of a table: ``cell | cell``; empty cells keep their place."""
    row = " | ".join(normalise(cell).replace("\n", " ") for cell in cells)
    return row if row.strip("| ") else ""


def add_piece(text: CanonicalText, piece: Piece, sections: Sections) -> None:
    """Append one piece that is not speech, under the sections it stands in."""
    if piece.role is Role.HEADING:
        heading = normalise(piece.text).replace("\n", " ")
        if heading:
            sections.enter(heading, piece.level)
        text.add(heading, Role.HEADING, Locator(section=sections.path))
        return
    body = unwrap(piece.text) if piece.role is Role.BODY else piece.text
    text.add(body, piece.role, Locator(section=sections.path))


def compose(pieces: Sequence[Piece]) -> CanonicalText:
    """The canonical text of pieces of which none is a turn of speech."""
    text, sections = CanonicalText(), Sections()
    for piece in pieces:
        add_piece(text, piece, sections)
    return text
