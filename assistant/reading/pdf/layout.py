"""The pieces of one page in reading order: paragraphs, tables, footnotes last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from assistant.reading.pdf.lines import Line, joined, merged
from assistant.reading.pdf.order import columns
from assistant.reading.pdf.tables import Table

_SMALL = 0.93  # of the body size: footnotes are set smaller
# A figure that is not raised calls a note only before a word: "4 CARD32" is a table's row.
_NOTE = re.compile(
    r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\*{1,3}|[†‡]|[\[(]\d{1,3}[\])])\s?\S"
    r"|\d{1,2}(?:[.)]\s*|\s+)(?:[A-ZÀ-ÖØ-ÞŒ]?[’'a-zà-öø-ÿœ]{2}|[LDCN]’)"
)
_BULLET = re.compile(r"(?:[•▪■◦●○‣➢✓·\uf0b7\uf0a7]|[-–—]\s)\s*\S")
_NUMBERED = re.compile(r"(?:\d{1,2}[.)]|[a-z]\)|(?:Article|ARTICLE)\s+\d+)\s*")
LEADERS = re.compile(r"(?:(?:\.\s?){4,}|…{2,}|_{4,})\s*\w{1,6}$")
"""The end of a line of a table of contents."""
_ENDS = (".", "!", "?", ":", ";", "…", "»", "”", ")")


@dataclass(frozen=True)
class Paragraph:
    """Lines of one paragraph; ``note`` when it is a footnote."""

    lines: tuple[Line, ...]
    note: bool = False

    @cached_property
    def text(self) -> str:
        """Its lines joined, cut words rejoined."""
        return joined(line.text for line in self.lines)

    @property
    def size(self) -> float:
        """Type size of its first line, in points."""
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        """All its lines are bold."""
        return all(line.bold for line in self.lines)


def lay_out(
    lines: Sequence[Line], tables: Sequence[Table], body_size: float, height: float
) -> list[Paragraph | Table]:
    """Order the pieces of a page and join lines into paragraphs.

    Args:
        lines: Lines that stand in no table, furniture removed.
        tables: Tables of the page.
        body_size: Type size of the document's running text.
        height: Height of the page, in points.

    Returns:
        Body pieces in reading order, then the footnotes.
    """
    pieces: list[Paragraph | Table] = []
    everything: list[Line | Table] = [*lines, *tables]
    for group in _continuous(columns(everything)):
        pieces += _paragraphs(group, body_size)
    notes = _notes(pieces, body_size, height)
    body = [piece for piece in pieces if id(piece) not in notes]
    footnotes = [
        Paragraph(piece.lines, note=True)
        for piece in pieces
        if isinstance(piece, Paragraph) and id(piece) in notes
    ]
    return [*_rejoined(body), *footnotes]


def _continuous(groups: Sequence[Sequence[Line | Table]]) -> list[list[Line | Table]]:
    """Give back to the lines that span a page the short last line that a column took."""
    done: list[list[Line | Table]] = []
    for group in groups:
        above, below = (done[-1][-1] if done else None), group[0]
        if (
            isinstance(above, Line)
            and isinstance(below, Line)
            and abs(above.size - below.size) < 0.6
            and abs(above.x0 - below.x0) < 2 * below.size
            and 0 < above.base - below.base < 1.7 * below.size
        ):
            done[-1] += group
        else:
            done.append(list(group))
    return done


def _paragraphs(group: Sequence[Line | Table], body_size: float) -> list[Paragraph | Table]:
    done: list[Paragraph | Table] = []
    run: list[Line] = []
    for piece in [*group, None]:
        if isinstance(piece, Line):
            run.append(piece)
            continue
        done += _cut(merged(run), body_size)
        run = []
        if piece is not None:
            done.append(piece)
    return done


def _cut(lines: Sequence[Line], body_size: float) -> list[Paragraph]:
    """Cut the lines of one column where a paragraph starts."""
    if not lines:
        return []
    right = max(line.x1 for line in lines)
    leading = _leading(lines)
    done: list[Paragraph] = []
    current: list[Line] = []
    for line in lines:
        if current and _starts(current, line, leading, right, body_size):
            done.append(Paragraph(tuple(current)))
            current = []
        current.append(line)
    done.append(Paragraph(tuple(current)))
    return done


def _leading(lines: Sequence[Line]) -> float:
    """Usual distance between baselines, in em."""
    steps = [
        (above.base - below.base) / below.size
        for above, below in pairwise(lines)
        if abs(above.size - below.size) < 0.5 and 0.8 < (above.base - below.base) / below.size < 2.2
    ]
    return min(median(steps), 1.6) if steps else 1.2


def _starts(
    current: Sequence[Line], line: Line, leading: float, right: float, body_size: float
) -> bool:
    """Whether ``line`` starts a paragraph after the lines of ``current``."""
    last = current[-1]
    ended = last.text.endswith(_ENDS)
    size = max(last.size, line.size)
    step = last.base - line.base
    if step < -0.3 * size or step > 1.3 * leading * size + 0.5:
        return True
    if abs(last.size - line.size) > 0.08 * size and abs(last.size - line.size) > 0.6:
        return True
    if last.bold != line.bold and (ended or not line.text[:1].islower()):
        return True
    if line.size <= _SMALL * body_size and _NOTE.match(line.text):
        return True
    if LEADERS.search(last.text):
        return True
    short = last.x1 < right - 0.18 * (right - min(last.x0, line.x0))
    if _BULLET.match(line.text):
        return ended or short or last.text.endswith(",") or bool(_BULLET.match(current[0].text))
    if _NUMBERED.match(line.text) and (ended or short):
        return True
    indented = line.x0 - last.x0 > 0.8 * size
    outdented = len(current) > 1 and last.x0 - line.x0 > 0.8 * size
    return ended and (short or indented or outdented)


def _notes(pieces: Sequence[Paragraph | Table], body_size: float, height: float) -> set[int]:
    """``id()`` of the footnotes: small, low, called by a mark, with no body text under them."""
    found: set[int] = set()
    note: Paragraph | None = None
    for place, piece in enumerate(pieces):
        if isinstance(piece, Table) or piece.size > _SMALL * body_size:
            note = None
            continue
        first = piece.lines[0]
        starts = (
            first.y1 < 0.6 * height
            and bool(_NOTE.match(first.text))
            and not _body_below(pieces[place:], piece, body_size)
        )
        goes_on = (
            note is not None and 0 < note.lines[-1].base - first.base < 1.7 * note.lines[-1].size
        )
        note = piece if starts or goes_on else None
        if note is not None:
            found.add(id(note))
    return found


def _body_below(pieces: Sequence[Paragraph | Table], note: Paragraph, body_size: float) -> bool:
    bottom = note.lines[-1].y0
    left, right = min(n.x0 for n in note.lines), max(n.x1 for n in note.lines)
    return any(
        isinstance(piece, Paragraph)
        and piece.size > _SMALL * body_size
        and any(n.y1 < bottom and n.x0 < right and n.x1 > left for n in piece.lines)
        for piece in pieces
    )


def _rejoined(pieces: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Join a paragraph that goes on at the top of the next column."""
    done: list[Paragraph | Table] = []
    for piece in pieces:
        before = done[-1] if done else None
        if (
            isinstance(piece, Paragraph)
            and isinstance(before, Paragraph)
            and piece.lines[0].base > before.lines[-1].base
            and abs(piece.size - before.size) < 0.6
            and piece.bold == before.bold
            and piece.text[:1].islower()
            and not before.text.endswith(_ENDS)
        ):
            done[-1] = Paragraph(before.lines + piece.lines)
        else:
            done.append(piece)
    return done
