"""What keeps the graphs of the generations: Chroma in each folder, or one Chroma server.

A graph only proposes passages. Which of them a generation has, and how near each one is, its own
flat file says: so both keepers give the same results, whatever else a graph holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Protocol

from assistant.vector_index.flat import Rows, Vectors

# Cosine, and twice Chroma's own care: at 100,000 vectors the top 50 have a recall of .99.
CONFIGURATION: Final[Any] = {"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200}}


MARKER: Final = "collection.txt"
"""In a generation's folder whose graph a server keeps: the name of its collection there."""


class Graph(Protocol):
    """The graph that one generation is searched with; opened at its first use."""

    def nearest(self, query: Vectors, k: int) -> list[int]:
        """Passage rows near float32[d], at most k, in no order.

        Some may belong to other generations, and some of the k nearest may be missing.

        Raises:
            SearchIndexError: The graph cannot be read.
        """

    def close(self) -> None:
        """Free it; the next use opens it again."""


class GraphWriter(Protocol):
    """The graph of the next generation while it is made."""

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Add n passage rows and their float32[n, d]."""

    def remove(self, rows: Rows) -> None:
        """These passage rows are not of the next generation."""


class GraphKeeper(Protocol):
    """Where the graphs live. Every ``folder`` is a generation's folder of vectors."""

    def graph(self, folder: Path) -> Graph:
        """The graph of a published generation; nothing is opened yet.

        Raises:
            IndexElsewhere: That generation has its graph with another keeper.
        """

    def writing(
        self, former: Path | None, folder: Path, number: int
    ) -> AbstractContextManager[GraphWriter]:
        """Make the graph of a generation.

        Args:
            former: The present generation's; untouched for its readers. ``None``: start anew.
            folder: The next one's; its flat file is written beside.
            number: The next generation.
        """

    def settle(self, folder: Path, others: Sequence[Path], left: Rows) -> None:
        """See that a generation's graph is whole, and let go of what no generation needs.

        Args:
            folder: The generation that must be whole; its flat file is.
            others: All other folders that still exist.
            left: Passage rows of folders that do not exist any more, as far as known.

        Raises:
            SearchIndexError: It cannot be made whole.
        """

    def holds(self, folder: Path, others: Sequence[Path]) -> bool:
        """True when a generation's graph has every passage of its flat file.

        Raises:
            VectorServerError: That cannot be known now.
        """
