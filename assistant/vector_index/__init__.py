"""Vectors to passages: Chroma's graph for the whole corpus, an exact scan for a part. Derived.

Chroma's HNSW search over 100,000 vectors takes a few milliseconds, but under a
metadata filter it is slow and misses one neighbour in eight (DESIGN.md). So the
vectors also lie in one flat file, mapped into memory and scanned exactly under a
filter, and whenever the corpus is small enough that the scan is the faster way.

`index` searches and builds, `flat` is that file, `graphs` says what a keeper of
graphs does; there are two: `embedded`, a Chroma folder in each generation, and
`server`, one Chroma server for all (`connection` speaks to it, `identity` names the
workspace there).
"""

from __future__ import annotations

from pathlib import Path

from assistant.hosts import server_address
from assistant.vector_index.embedded import EmbeddedChroma
from assistant.vector_index.flat import Rows, Vectors, rows_of
from assistant.vector_index.graphs import GraphKeeper
from assistant.vector_index.index import EXACT_LIMIT, VectorIndex, build

__all__ = [
    "EXACT_LIMIT",
    "EmbeddedChroma",
    "GraphKeeper",
    "Rows",
    "VectorIndex",
    "Vectors",
    "build",
    "keeper_of",
    "rows_of",
]


def keeper_of(vector_store: str, index_folder: Path) -> GraphKeeper:
    """Who keeps the graphs.

    Args:
        vector_store: ``http://host:port`` of a Chroma server; ``""``: this process.
        index_folder: Where a server's client keeps the name of this workspace.
    """
    if not vector_store:
        return EmbeddedChroma()
    from assistant.vector_index.server import ChromaServer  # brings an HTTP client: 80 ms

    address, _ = server_address(vector_store)
    return ChromaServer(address, index_folder / "vector_store.json")
