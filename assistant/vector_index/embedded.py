"""Chroma inside this process: a folder of its own for each generation.

Its persistent client is for one process, and a second one reads stale or corrupt data. That does
no harm here: nobody writes where somebody reads, the next generation is made in a copy.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import IndexElsewhere
from assistant.vector_index.flat import Rows, Vectors
from assistant.vector_index.graphs import CONFIGURATION, MARKER, Graph

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_DATABASE = "chroma.sqlite3"
_FOLDER = "chroma"


class EmbeddedChroma:
    """Keeps a graph in each generation's folder, under ``chroma/``."""

    def graph(self, folder: Path) -> Graph:
        """See `GraphKeeper.graph`.

        Raises:
            FileNotFoundError: The folder has no graph.
        """
        if (folder / MARKER).is_file():
            raise IndexElsewhere(folder.parent.name, (folder / MARKER).read_text(encoding="utf-8"))
        if not (folder / _FOLDER).is_dir():
            raise FileNotFoundError(folder / _FOLDER)
        return _FolderGraph(folder / _FOLDER)

    @contextmanager
    def writing(self, former: Path | None, folder: Path, number: int) -> Iterator[_FolderWriter]:
        """See `GraphKeeper.writing`; takes a copy of the former graph."""
        if former is not None:
            _copy(former / _FOLDER, folder / _FOLDER)
        client = _open(folder / _FOLDER)
        try:
            yield _FolderWriter(_collection(client), client.get_max_batch_size())
        finally:
            client.close()

    def settle(self, folder: Path, others: Sequence[Path], left: Rows) -> None:
        """Nothing to do: a graph is complete before its folder has a name, and leaves with it."""

    def holds(self, folder: Path, others: Sequence[Path]) -> bool:
        """A folder that has its name has a complete graph."""
        return (folder / _FOLDER / _DATABASE).is_file()


class _FolderGraph:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: Any = None
        self._collection: Collection | None = None

    def nearest(self, query: Vectors, k: int) -> list[int]:
        collection = self._collection or self._opened()
        found = collection.query(query_embeddings=[query], n_results=k, include=[])
        return [int(name) for name in found["ids"][0]]

    def _opened(self) -> Collection:
        """Kept: asking for it anew takes half as long as a search."""
        self._client = self._client or _open(self._folder)
        self._collection = _collection(self._client)
        return self._collection

    def close(self) -> None:
        self._collection = None
        if self._client is not None:
            self._client.close()
            self._client = None


class _FolderWriter:
    def __init__(self, collection: Collection, at_once: int) -> None:
        self._collection = collection
        self._at_once = at_once

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        for first in range(0, len(rows), self._at_once):
            part = slice(first, first + self._at_once)
            self._collection.add(ids=[str(row) for row in rows[part]], embeddings=vectors[part])

    def remove(self, rows: Rows) -> None:
        for first in range(0, len(rows), self._at_once):
            part = rows[first : first + self._at_once]
            self._collection.delete(ids=[str(row) for row in part])


def _copy(former: Path, folder: Path) -> None:
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
        _COLLECTION, embedding_function=None, configuration=CONFIGURATION
    )
    return collection
