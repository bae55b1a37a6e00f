"""The vectors of one generation in a flat file, mapped into memory and scanned exactly.

``rows.i64`` has the passage rows, ascending; ``vectors.f32`` their vectors, float32[n, d] in C
order, L2-normalised, one line a row. Every interface on this machine shares the same pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.row_sets import among

_ROWS, _VECTORS = "rows.i64", "vectors.f32"
_SCAN_ROWS = 65_536
_PICKED_ROWS = 1_024  # 1.5 MB, so that a copy is still in the processor's cache when it is used
_FEW = 50  # numbers in a list so many times as long
_MANY = 2  # beyond one line in so many, reading all in order is faster than picking some

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Positions = NDArray[np.intp]


class FlatVectors:
    """The flat file of a folder, read only.

    Raises:
        OSError: It is not there.
        ValueError: It is not whole.
    """

    def __init__(self, folder: Path) -> None:
        self.rows = rows_of(folder)
        self._vectors: Vectors = (
            np.memmap(folder / _VECTORS, dtype=np.float32, mode="r").reshape(len(self.rows), -1)
            if len(self.rows)
            else np.empty((0, 0), dtype=np.float32)
        )

    @property
    def dimension(self) -> int:
        """Numbers in a vector; 0 where there is no vector."""
        return int(self._vectors.shape[1])

    def positions(self, rows: Rows) -> Positions:
        """Where those of these passage rows lie that are here, each once, ascending."""
        return places(self.rows, rows)

    def kept(self, removes: Rows) -> Iterator[tuple[Rows, Vectors]]:
        """Batches of (rows, vectors) of what stays when some passage rows leave."""
        stays = ~np.isin(self.rows, removes, assume_unique=True)
        for first in range(0, len(self.rows), _SCAN_ROWS):
            part = slice(first, first + _SCAN_ROWS)
            yield self.rows[part][stays[part]], self._vectors[part][stays[part]]

    def picked(self, rows: Rows) -> tuple[Rows, Vectors]:
        """(rows, vectors) of those of these passage rows that are here."""
        positions = self.positions(rows)
        return self.rows[positions], self._vectors[positions]

    def scan(
        self, query: Vectors, k: int, positions: Positions | None = None
    ) -> list[tuple[int, float]]:
        """The k best of some lines, or of all.

        Args:
            query: float32[d], L2-normalised.
            k: At most so many.
            positions: Which lines, ascending; ``None``: all.

        Returns:
            (passage row, cosine), best first; ties by row.
        """
        if positions is None:
            rows, scores = self.rows, self._cosines(query)
        elif _MANY * len(positions) > len(self.rows):
            rows, scores = self.rows[positions], self._cosines(query)[positions]
        else:
            rows, scores = self.rows[positions], self._picked_cosines(query, positions)
        k = min(k, len(rows))
        if k == 0:
            return []
        best = np.argpartition(scores, -k)[-k:]
        order = best[np.lexsort((rows[best], -scores[best]))]
        return [(int(rows[i]), float(scores[i])) for i in order]

    def _cosines(self, query: Vectors) -> Vectors:
        """float32[n], a part at a time.

        In one go BLAS would share it among threads, which then wait actively and slow the
        embedding of the next question (measured at 10,000 passages on two cores: four times).
        """
        cosines = np.empty(len(self.rows), dtype=np.float32)
        for first in range(0, len(cosines), _PICKED_ROWS):
            part = slice(first, first + _PICKED_ROWS)
            cosines[part] = self._vectors[part] @ query
        return cosines

    def _picked_cosines(self, query: Vectors, positions: Positions) -> Vectors:
        """float32[len(positions)], through one copy that every part reuses."""
        cosines = np.empty(len(positions), dtype=np.float32)
        copy = np.empty((min(_PICKED_ROWS, len(positions)), self.dimension), dtype=np.float32)
        for first in range(0, len(cosines), _PICKED_ROWS):
            some = positions[first : first + _PICKED_ROWS]
            # "clip": the default mode copies once more, to leave `copy` untouched on an error
            picked = self._vectors.take(some, axis=0, out=copy[: len(some)], mode="clip")
            cosines[first : first + _PICKED_ROWS] = picked @ query
        return cosines


class FlatWriter:
    """Writes the flat file of a folder; rows ascend over all that is appended."""

    def __init__(self, folder: Path) -> None:
        self._rows = (folder / _ROWS).open("wb")
        self._data = (folder / _VECTORS).open("wb")

    def append(self, rows: Sequence[int] | Rows, vectors: Vectors) -> None:
        """Write n passage rows and their float32[n, d]."""
        self._rows.write(np.asarray(rows, dtype=np.int64).tobytes())
        self._data.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.close()
        self._data.close()


def places(ascending: NDArray[np.int64], wanted: NDArray[np.int64]) -> Positions:
    """Where those of some numbers lie that are in an ascending list, each once, ascending.

    A hundred are found in a million by bisection in microseconds; of many, one pass over the
    list is quicker.
    """
    if _FEW * len(wanted) > len(ascending):
        return np.flatnonzero(among(ascending, wanted))
    numbers = np.unique(wanted)
    found = np.searchsorted(ascending, numbers)
    inside = found < len(ascending)
    found, numbers = found[inside], numbers[inside]
    exact: Positions = found[ascending[found] == numbers]
    return exact


def rows_of(folder: Path) -> Rows:
    """The passage rows that a folder lists, ascending.

    Raises:
        OSError: There is no such list.
    """
    return np.fromfile(folder / _ROWS, dtype=np.int64)
