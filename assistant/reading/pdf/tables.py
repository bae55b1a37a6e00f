"""Tables of a page: those that rules draw, and those that alignment alone shows.

A table must be found before columns are, or it would be read down each column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from assistant.reading.pdf.lines import Line, into_lines, joined, merged
from assistant.reading.pdf.rules import Grid
from assistant.reading.pdf.words import Word

_LEAST_ROWS = 3
_CELL_WORDS = 4
_LABEL_WORDS = 9  # in the first column
_CELL_CHARS = 32
_MOST_CELLS = 4_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cell texts, top to bottom, with the box they stand in."""

    x0: float
    y0: float
    x1: float
    y1: float
    rows: tuple[tuple[str, ...], ...]
    size: float = 0.0

    @property
    def text(self) -> str:
        """One line a row, its cells parted by ``|``."""
        return "\n".join(" | ".join(row) for row in self.rows)


def ruled_tables(words: Sequence[Word], grids: Sequence[Grid]) -> tuple[list[Table], list[Word]]:
    """Read the grids; return the tables and the words that stand in none."""
    tables: list[Table] = []
    left = list(words)
    for grid in grids:
        if (len(grid.xs) - 1) * (len(grid.ys) - 1) > _MOST_CELLS:
            continue
        inside = [word for word in left if _holds(grid, word)]
        table = _read_grid(grid, inside)
        if table is not None:
            taken = {id(word) for word in inside}
            tables.append(table)
            left = [word for word in left if id(word) not in taken]
    return tables, left


def _holds(grid: Grid, word: Word) -> bool:
    x, y = _centre(word)
    return grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]


def _centre(word: Word) -> tuple[float, float]:
    return (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2


def _read_grid(grid: Grid, words: Sequence[Word]) -> Table | None:
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        cells.setdefault(_cell(grid, word), []).append(word)
    used = {row for row, _ in cells}
    if len(used) < 2 or len({column for _, column in cells}) < 2:
        return None
    if max(sum(1 for r, _ in cells if r == row) for row in used) < 2:
        return None
    rows = tuple(
        tuple(_paragraph(cells.get((row, column), [])) for column in range(len(grid.xs) - 1))
        for row in sorted(used)
    )
    return Table(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1], _without_empty_columns(rows))


def _cell(grid: Grid, word: Word) -> tuple[int, int]:
    """(row from the top, column) of the cell; a merged cell is its first row and column."""
    x, y = _centre(word)
    column = max(i for i, at in enumerate(grid.xs[:-1]) if i == 0 or at <= x)
    row = min(i for i, at in enumerate(grid.ys[1:]) if i == len(grid.ys) - 2 or at >= y)
    while column > 0 and not grid.parts_columns(grid.xs[column], y):
        column -= 1
    while row < len(grid.ys) - 2 and not grid.parts_rows(grid.ys[row + 1], x):
        row += 1
    return len(grid.ys) - 2 - row, column


def _paragraph(words: Sequence[Word]) -> str:
    lines = sorted(into_lines(words), key=lambda line: (-round(line.base), line.x0))
    return _clean(line.text for line in merged(lines))


def _clean(lines: Iterable[str]) -> str:
    """One line of a cell's lines; a bar of the cell's own would pass for a separator."""
    return joined(lines).replace("|", "¦")


def _without_empty_columns(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    kept = [i for i in range(len(rows[0])) if any(row[i] for row in rows)]
    return tuple(tuple(row[i] for i in kept) for row in rows)


def aligned_tables(lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Find rows of short cells that stand under each other; return what is no table too."""
    tables: list[Table] = []
    taken: set[int] = set()
    block: list[list[Line]] = []
    for row in [*_rows(lines), []]:
        if block and not _continues(block, row):
            table = _aligned(block)
            if table is not None:
                tables.append(table)
                taken |= {id(line) for some in block for line in some}
            block = []
        if block or len(row) >= 2:
            block.append(row)
    return tables, [line for line in lines if id(line) not in taken]


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that share a baseline, top to bottom, each row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: -item.base):
        if rows and abs(rows[-1][0].base - line.base) < 0.25 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.x0) for row in rows]


def _continues(block: list[list[Line]], row: list[Line]) -> bool:
    """The row goes on with the block: close under it, and aligned with it or wrapped in it."""
    if not row:
        return False
    above = block[-1]
    size = max(line.size for line in row)
    if min(line.base for line in above) - row[0].base > 3.2 * size:
        return False
    widest = max(block, key=len)
    aligned = sum(any(_share_edge(cell, line) for cell in widest) for line in row)
    if len(row) >= 2:
        return aligned >= 2 and all(_short(line) for line in row[1:])
    # A lone piece is the rest of a cell: under one other than the first, and close.
    return (
        bool(aligned)
        and row[0].x0 > widest[0].x0 + size
        and min(line.base for line in above) - row[0].base < 1.5 * size
    )


def _share_edge(a: Line, b: Line) -> bool:
    middle = abs((a.x0 + a.x1) / 2 - (b.x0 + b.x1) / 2)
    return min(abs(a.x0 - b.x0), abs(a.x1 - b.x1), middle) < 4.0


def _short(line: Line) -> bool:
    return len(line.words) <= 2 * _CELL_WORDS and len(line.text) <= 2 * _CELL_CHARS


def _aligned(block: list[list[Line]]) -> Table | None:
    full = [row for row in block if len(row) >= 2]
    if len(full) < _LEAST_ROWS:
        return None
    later = [line for row in full for line in row[1:]]
    if (
        median(len(line.words) for line in later) > _CELL_WORDS
        or median(len(line.text) for line in later) > _CELL_CHARS
    ):
        return None  # columns of prose
    if median(len(row[0].words) for row in full) > _LABEL_WORDS:
        return None
    lines = [line for row in block for line in row]
    edges = _column_edges(lines)
    if len(edges) < 2:
        return None
    rows: list[list[str]] = []
    for row in block:
        cells = [""] * len(edges)
        for line in row:
            column = max(i for i, edge in enumerate(edges) if i == 0 or edge <= line.x0 + 0.5)
            cells[column] = f"{cells[column]} {line.text}".strip()
        if rows and len(row) == 1 and not cells[0]:
            rows[-1] = [_clean([a, b]) for a, b in zip(rows[-1], cells, strict=True)]
        else:
            rows.append([_clean([cell]) for cell in cells])
    return Table(
        min(line.x0 for line in lines),
        min(line.y0 for line in lines),
        max(line.x1 for line in lines),
        max(line.y1 for line in lines),
        tuple(tuple(row) for row in rows),
    )


def _column_edges(lines: Sequence[Line]) -> list[float]:
    """Left edges of the columns: where the boxes of all rows leave a white strip."""
    edges: list[float] = []
    reach = float("-inf")
    for line in sorted(lines, key=lambda item: item.x0):
        if line.x0 > reach + 1.0:
            edges.append(line.x0)
        reach = max(reach, line.x1)
    return edges
