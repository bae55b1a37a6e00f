"""Vectors to passages: Chroma's graph for the whole corpus, an exact scan for a part. Derived.

Chroma's HNSW search over 100,000 vectors takes a few milliseconds, but under a
metadata filter it is slow and misses one neighbour in eight (DESIGN.md). So the
vectors also lie in one flat file, mapped into memory and scanned exactly under a
filter, and whenever the corpus is small enough that the scan is the faster way.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

EXACT_LIMIT = 20_000
_COLLECTION = "passages"
_DATABASE = "chroma.sqlite3"
_SCAN_ROWS = 65_536
_MANY = 4  # beyond one row in so many, reading all in order is faster than picking some

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


class VectorIndex:
    """The vectors of one published generation, read only.

    Args:
        folder: Holds ``rows.i64`` (ascending passage rows), ``vectors.f32``
            (C order, L2-normalised, one line a row) and ``chroma/``.
        exact_limit: Up to so many candidates the exact scan is used, filter or not.
    """

    def __init__(self, folder: Path, *, exact_limit: int = EXACT_LIMIT) -> None:
        self._folder = folder
        self._exact_limit = exact_limit
        self.rows: Rows = np.fromfile(folder / "rows.i64", dtype=np.int64)
        self._vectors: Vectors = (
            np.memmap(folder / "vectors.f32", dtype=np.float32, mode="r").reshape(
                len(self.rows), -1
            )
            if len(self.rows)
            else np.empty((0, 0), dtype=np.float32)
        )
        self._client: Any = None

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
        """
        if among is not None:
            positions = np.flatnonzero(np.isin(self.rows, among, assume_unique=True))
            return self._scan(query, k, positions)
        if len(self.rows) <= self._exact_limit:
            return self._scan(query, k, None)
        return self._graph(query, k)

    def kept(self, removes: Rows) -> Iterator[tuple[Rows, Vectors]]:
        """Batches of (rows, vectors) of what stays when some passage rows leave."""
        stays = ~np.isin(self.rows, removes, assume_unique=True)
        for first in range(0, len(self.rows), _SCAN_ROWS):
            part = slice(first, first + _SCAN_ROWS)
            yield self.rows[part][stays[part]], self._vectors[part][stays[part]]

    def _scan(
        self, query: Vectors, k: int, positions: NDArray[np.intp] | None
    ) -> list[tuple[int, float]]:
        if positions is None:
            rows, scores = self.rows, self._vectors @ query
        elif _MANY * len(positions) > len(self.rows):
            rows, scores = self.rows[positions], (self._vectors @ query)[positions]
        else:
            rows = self.rows[positions]
            scores = np.empty(len(rows), dtype=np.float32)
            for first in range(0, len(rows), _SCAN_ROWS):
                part = slice(first, first + _SCAN_ROWS)
                scores[part] = self._vectors[positions[part]] @ query
        k = min(k, len(rows))
        if k == 0:
            return []
        best = np.argpartition(-scores, k - 1)[:k]
        order = best[np.lexsort((rows[best], -scores[best]))]
        return [(int(rows[i]), float(scores[i])) for i in order]

    def _graph(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        if self._client is None:
            self._client = _open(self._folder / "chroma")
        found = _collection(self._client).query(
            query_embeddings=[query], n_results=min(k, len(self.rows)), include=["distances"]
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        hits = [(int(name), 1.0 - float(distance)) for name, distance in pairs]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def close(self) -> None:
        """Free Chroma's files; the index can be used again and reopens them."""
        if self._client is not None:
            self._client.close()
            self._client = None


def build(
    former: Path | None,
    folder: Path,
    *,
    adds: Iterable[tuple[Sequence[int], Vectors]],
    removes: Rows,
) -> None:
    """Make the vector index of the next generation in an empty folder.

    Args:
        former: Folder of the present generation, left untouched; ``None`` to start anew.
        folder: Where the next one is made.
        adds: Batches of (passage rows, float32[n, d]), rows ascending over all batches and
            above every row of the former generation.
        removes: Passage rows that leave, ascending.
    """
    folder.mkdir(parents=True)
    if former is not None:
        _copy_chroma(former / "chroma", folder / "chroma")
    client = _open(folder / "chroma")
    try:
        collection = _collection(client)
        at_once = client.get_max_batch_size()
        with (folder / "rows.i64").open("wb") as rows, (folder / "vectors.f32").open("wb") as data:

            def append(some: Sequence[int] | Rows, vectors: Vectors) -> None:
                rows.write(np.asarray(some, dtype=np.int64).tobytes())
                data.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())

            if former is not None:
                with closing(VectorIndex(former)) as index:
                    for kept in index.kept(removes):
                        append(*kept)
                for first in range(0, len(removes), at_once):
                    collection.delete(ids=[str(row) for row in removes[first : first + at_once]])
            for some, vectors in adds:
                append(some, vectors)
                for first in range(0, len(some), at_once):
                    part = slice(first, first + at_once)
                    collection.add(ids=[str(row) for row in some[part]], embeddings=vectors[part])
    finally:
        client.close()


def _copy_chroma(former: Path, folder: Path) -> None:
    """Copy a generation's Chroma folder while readers have it open.

    Readers change no vector, but Chroma writes to its SQLite file whenever a client
    opens it; SQLite's own backup waits for such a moment to pass, a plain copy of the
    file would not.
    """
    shutil.copytree(former, folder, ignore=shutil.ignore_patterns(f"{_DATABASE}*"))
    with (
        closing(sqlite3.connect(former / _DATABASE, timeout=30)) as source,
        closing(sqlite3.connect(folder / _DATABASE)) as copy,
    ):
        source.backup(copy)


def _open(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )


def _collection(client: Any) -> Collection:
    collection: Collection = client.get_or_create_collection(
        _COLLECTION,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200}},
    )
    return collection
