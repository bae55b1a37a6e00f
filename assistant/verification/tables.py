"""Rows of a table: a cell is read under the head of its column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.french.numbers import Quantity
from assistant.verification.statement import Source, Statement, statement

_MARK = " | "


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row at ``start:end`` of the quote, under the head of its column."""

    start: int
    end: int
    head: Statement


def cells(source: Source) -> tuple[Cell, ...]:
    """The cells of a quote that is one row of a table whose heads stand above it; else none."""
    row = source.quote.text
    if _MARK not in row or "\n" in row:
        return ()
    heads = _heads_above(source)
    found = list(_cut(row))
    if heads is None or len(heads) != len(found) or heads == [row[a:b] for a, b in found]:
        return ()
    return tuple(
        Cell(start, end, statement(head)) for (start, end), head in zip(found, heads, strict=True)
    )


def head_of(quantity: Quantity, row: tuple[Cell, ...]) -> Statement | None:
    """The head over a figure of the row."""
    return next((c.head for c in row if c.start <= quantity.start < c.end), None)


def _heads_above(source: Source) -> list[str] | None:
    """The first row of the run of rows that the quote belongs to, in its passage."""
    passage = source.evidence.passage
    place = source.evidence.start - passage.start
    if passage.text[place : place + len(source.quote.text)] != source.quote.text:
        place = passage.text.find(source.quote.text)
    if place < 0:
        return None
    head: str | None = None
    for line in reversed(passage.text[:place].splitlines()):
        if _MARK not in line:
            break
        head = line
    return None if head is None else [head[a:b] for a, b in _cut(head)]


def _cut(row: str) -> Iterator[tuple[int, int]]:
    start = 0
    while (mark := row.find(_MARK, start)) >= 0:
        yield start, mark
        start = mark + len(_MARK)
    yield start, len(row)
