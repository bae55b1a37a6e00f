"""The order in which a person reads the pieces of a page: columns, and what spans them.

Where enough pieces stand side by side there is a gutter; the pieces that cross
it (titles, wide tables) cut the page into bands; each band is read column after
column, and each column is looked at again in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

_LEAST_GUTTER = 5.0  # points
_LEAST_ROWS = 3
_DEEPEST = 6


class Boxed(Protocol):
    """Anything that has a place on the page: a line or a table."""

    @property
    def x0(self) -> float:
        """Left edge."""
        ...

    @property
    def x1(self) -> float:
        """Right edge."""
        ...

    @property
    def y0(self) -> float:
        """Lower edge."""
        ...

    @property
    def y1(self) -> float:
        """Upper edge."""
        ...


Piece = TypeVar("Piece", bound=Boxed)


def columns(pieces: Sequence[Piece], depth: int = 0) -> list[list[Piece]]:
    """Group pieces by column, in reading order; within a group, from top to bottom.

    Args:
        pieces: Pieces of one page, any order.
        depth: How many gutters were already found around them.

    Returns:
        Groups that hold every piece once.
    """
    gutter = _gutter(pieces) if depth < _DEEPEST else None
    if gutter is None:
        return [_from_top(pieces)] if pieces else []
    crossing = _from_top([p for p in pieces if p.x0 < gutter < p.x1])
    rest = [p for p in pieces if not p.x0 < gutter < p.x1]
    groups: list[list[Piece]] = []
    span: list[Piece] = []
    for piece in crossing:
        above = [p for p in rest if _middle(p) > _middle(piece)]
        if above:
            rest = [p for p in rest if _middle(p) <= _middle(piece)]
            if span:
                groups.append(span)
                span = []
            groups += _band(above, gutter, depth)
        span.append(piece)
    if span:
        groups.append(span)
    return groups + _band(rest, gutter, depth)


def _band(pieces: list[Piece], gutter: float, depth: int) -> list[list[Piece]]:
    left = [p for p in pieces if p.x1 <= gutter]
    right = [p for p in pieces if p.x1 > gutter]
    return columns(left, depth + 1) + columns(right, depth + 1)


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """The x where most gaps between side-by-side pieces overlap, if enough do."""
    gaps: list[tuple[float, float]] = []
    by_left = sorted(pieces, key=lambda p: p.x0)
    for place, piece in enumerate(by_left):
        for other in by_left[place + 1 :]:
            if other.x0 >= piece.x1 and _beside(piece, other):
                if other.x0 - piece.x1 >= _LEAST_GUTTER:
                    gaps.append((piece.x1, other.x0))
                break
    if len(gaps) < _LEAST_ROWS:
        return None
    edges = sorted([(start, 1) for start, _ in gaps] + [(end, -1) for _, end in gaps])
    best = depth = 0
    best_start = best_end = 0.0
    for place, (x, step) in enumerate(edges):
        depth += step
        if depth > best:
            best, best_start, best_end = depth, x, edges[place + 1][0]
    return (best_start + best_end) / 2 if best >= _LEAST_ROWS else None


def _beside(a: Boxed, b: Boxed) -> bool:
    """They overlap in height by half of the lower one."""
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    return overlap > 0.5 * min(a.y1 - a.y0, b.y1 - b.y0)


def _middle(piece: Boxed) -> float:
    return (piece.y0 + piece.y1) / 2


def _from_top(pieces: Sequence[Piece]) -> list[Piece]:
    """Top to bottom; pieces of one row from left to right."""
    ordered: list[Piece] = []
    row: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: -_middle(p)):
        if row and not _beside(row[0], piece):
            ordered += sorted(row, key=lambda p: p.x0)
            row = []
        row.append(piece)
    return ordered + sorted(row, key=lambda p: p.x0)
