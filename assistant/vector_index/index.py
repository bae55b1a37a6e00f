"""One generation's vectors: searched through a graph where they are many, else exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from assistant.vector_index.embedded import EmbeddedChroma
from assistant.vector_index.flat import FlatVectors, FlatWriter, Rows, Vectors, places
from assistant.vector_index.graphs import GraphKeeper

EXACT_LIMIT: Final = 20_000
_SCARCE: Final = 2  # a filter that leaves one passage in so many, or fewer, is scanned exactly
_MARGIN: Final = 1.5  # those that pass a filter do not lie evenly among the nearest
_WIDER: Final = 4  # how many times more is asked when others take the places


class VectorIndex:
    """The vectors of one published generation, read only.

    Args:
        folder: Holds the flat file, and what the keeper put beside it.
        keeper: Who has its graph.
        exact_limit: Up to so many passages the graph is not asked, filter or not.

    Raises:
        IndexElsewhere: Another keeper has its graph.
        OSError: The folder is not complete.
        ValueError: Its files are not whole.
    """

    def __init__(
        self,
        folder: Path,
        *,
        keeper: GraphKeeper | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        self._exact_limit = exact_limit
        self._flat = FlatVectors(folder)
        self._graph = (keeper or EmbeddedChroma()).graph(folder)

    @property
    def rows(self) -> Rows:
        """Its passage rows, ascending."""
        return self._flat.rows

    def search(
        self, query: Vectors, k: int, *, among: Rows | None = None
    ) -> list[tuple[int, float]]:
        """The k nearest passages by cosine similarity.

        Args:
            query: float32[d], L2-normalised.
            k: At most so many.
            among: Restrict to these passage rows, ascending; ``None`` restricts nothing.

        Returns:
            (passage row, cosine), best first; ties by row.

        Raises:
            SearchIndexError: The graph is needed and cannot be read.
        """
        allowed = None if among is None else self._flat.positions(among)
        many = len(self.rows) if allowed is None else len(allowed)
        k = min(k, many)
        if k and len(self.rows) > self._exact_limit and many * _SCARCE > len(self.rows):
            share = many / len(self.rows)
            for wider in (1 if allowed is None else _MARGIN, _WIDER):
                asked = min(math.ceil(wider * k / share), len(self.rows))
                proposed = np.array(self._graph.nearest(query, asked), dtype=np.int64)
                own = self._flat.positions(proposed)
                if allowed is not None:
                    own = allowed[places(allowed, own)]
                if len(own) >= k:
                    return self._flat.scan(query, k, own)
        return self._flat.scan(query, k, allowed)

    def close(self) -> None:
        """Free the graph; the index can be used again and reopens it."""
        self._graph.close()


def build(
    former: Path | None,
    folder: Path,
    *,
    adds: Iterable[tuple[Sequence[int], Vectors]],
    removes: Rows,
    keeper: GraphKeeper | None = None,
    number: int = 1,
) -> None:
    """Make the vector index of the next generation in an empty folder.

    Args:
        former: Folder of the present generation, left untouched; ``None`` to start anew.
        folder: Where the next one is made.
        adds: Batches of (passage rows, float32[n, d]), rows ascending over all batches and
            above every row of the former generation.
        removes: Passage rows that leave, ascending.
        keeper: Who has the graphs.
        number: The next generation.

    Raises:
        SearchIndexError: The keeper cannot take it.
    """
    folder.mkdir(parents=True)
    with (
        (keeper or EmbeddedChroma()).writing(former, folder, number) as graph,
        FlatWriter(folder) as flat,
    ):
        if former is not None:
            for kept in FlatVectors(former).kept(removes):
                flat.append(*kept)
            graph.remove(removes)
        for some, vectors in adds:
            flat.append(some, vectors)
            graph.add(some, vectors)
