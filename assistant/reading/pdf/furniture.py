"""Running heads, running feet and page numbers: found because they come back.

Nothing is dropped for its place alone: a line at the edge of a page goes only
when other pages show it at the same height, page number aside.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

_EDGE = 0.12  # of the height, at the top and at the bottom
_SAME_HEIGHT_PT = 10.0
_NUMBER = re.compile(r"\d{1,5}")
_MOST_NUMBERS = 3
_NOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡]|[\[(]\d{1,3}[\])]\s*\S")


class Piece(Protocol):
    """A line or a table, with its place and its type size."""

    @property
    def text(self) -> str:
        """What it reads."""
        ...

    @property
    def y0(self) -> float:
        """Lower edge."""
        ...

    @property
    def y1(self) -> float:
        """Upper edge."""
        ...

    @property
    def size(self) -> float:
        """Type size in points; 0 when unknown."""
        ...


@dataclass(frozen=True, slots=True)
class EdgePage:
    """What furniture is looked for in: one page, its height, its index and label, its pieces."""

    number: int
    label: str | None
    height: float
    pieces: Sequence[Piece]


def furniture(pages: Sequence[EdgePage], body_size: float) -> set[int]:
    """Find what repeats at the edges of pages.

    Args:
        pages: All pages of the document.
        body_size: Type size of the running text: larger lines that follow the
            page number ("Chapitre 3" on page 3) are headings, and stay.

    Returns:
        ``id()`` of every piece that is furniture.
    """
    seen: dict[str, list[tuple[int, float, Piece]]] = {}
    for page in pages:
        for piece, height in _at_the_edges(page):
            for key in _keys(piece, page, body_size):
                seen.setdefault(key, []).append((page.number, height, piece))
    needed = max(2, min(3, (len(pages) + 1) // 2))
    found: set[int] = set()
    for places in seen.values():
        if len(places) < needed:
            continue
        for _, height, piece in places:
            near = {page for page, other, _ in places if abs(other - height) < _SAME_HEIGHT_PT}
            if len(near) >= needed:
                found.add(id(piece))
    return found | _beside(pages, found)


def _beside(pages: Sequence[EdgePage], found: set[int]) -> set[int]:
    """Chapter names that stand on the outermost row of a page, beside its number."""
    more: set[int] = set()
    for page in pages:
        edges = list(_at_the_edges(page))
        for number, height in edges:
            if id(number) not in found or not any(c.isdigit() for c in number.text):
                continue
            row = [p for p, _ in edges if abs(p.y0 - number.y0) < 0.3 * (number.y1 - number.y0)]
            bottom, top = min(p.y0 for p in row), max(p.y1 for p in row)
            beyond = [p for p in page.pieces if (p.y0 >= top if height > 0 else p.y1 <= bottom)]
            if all(id(piece) in found for piece in beyond):
                more |= {id(piece) for piece in row if not _NOTE.match(piece.text)}
    return more


def _at_the_edges(page: EdgePage) -> Iterable[tuple[Piece, float]]:
    """Pieces wholly in the upper or lower edge, with their distance from that edge (signed)."""
    for piece in page.pieces:
        if piece.y0 > (1 - _EDGE) * page.height:
            yield piece, page.height - piece.y0
        elif piece.y1 < _EDGE * page.height:
            yield piece, -piece.y0


def _keys(piece: Piece, page: EdgePage, body_size: float) -> Iterable[str]:
    """What the piece may have in common with those of other pages.

    Each number is either itself or its distance from the page number, so that
    "Page 3 sur 12" meets "Page 4 sur 12".
    """
    text = " ".join(piece.text.casefold().split())
    if len(text) > 300 or _NOTE.match(text):
        return  # a footnote may come back on each page: it is still a footnote
    if page.label and text.strip("-–— .|/") == page.label.casefold():
        yield "label"
    yield text
    numbers = list(_NUMBER.finditer(text))
    letters = sum(c.isalpha() for c in text)
    if not 1 <= len(numbers) <= _MOST_NUMBERS or (piece.size > 1.1 * body_size and letters > 4):
        return
    for tracked in itertools.product((False, True), repeat=len(numbers)):
        if any(tracked):
            yield _with_distances(text, numbers, tracked, page.number)


def _with_distances(
    text: str, numbers: Sequence[re.Match[str]], tracked: Sequence[bool], page: int
) -> str:
    parts: list[str] = []
    end = 0
    for match, moves in zip(numbers, tracked, strict=True):
        parts.append(text[end : match.start()])
        parts.append(f"#{int(match[0]) - page}#" if moves else match[0])
        end = match.end()
    return "".join([*parts, text[end:]])
