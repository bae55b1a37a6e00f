"""A Chroma server (``chroma run``) keeps the graphs: for several machines, or a large corpus.

One collection has the passages of *all* generations that somebody may still read, not one
collection each. Measured with chromadb 1.5.9: filling one takes 1.5 s for each 1,000 vectors, and
deleting one gives back neither disk, nor memory, nor open files (chroma issues 3296 and 5259), so
that taking one document out of 100,000 passages would cost minutes and 170 MB for ever. It is safe
because a passage row has one vector and always will: a reader that pins a generation has the list
of its rows, and leaves aside whatever else the server proposes. So the writer adds what enters,
counts, publishes, and deletes what left only when no reader pins a generation that has it.

A collection is made anew for the first generation and for a rebuild. Its name, ``assistant-``, the
workspace's name and the generation that began it, is in each generation's folder.

What stays local is the flat file, 1.5 kB a passage: an exact scan finds what Chroma misses under a
filter (one neighbour in eight), is faster than asking a server for a corpus of up to 20,000
passages, says which rows are a generation's, and gives the scores; and what a server loses is sent
again from it. The server gets row numbers and vectors, never a word of a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from assistant.errors import CollectionUnusable, IndexElsewhere, VectorServerRefused
from assistant.vector_index.connection import GONE, Connection
from assistant.vector_index.flat import FlatVectors, Rows, Vectors, rows_of
from assistant.vector_index.graphs import MARKER, Graph
from assistant.vector_index.identity import workspace_id
from assistant.wording import Words

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

# Longest wait for one answer, in seconds: to a question, to a count after a restart, to a batch.
_READ_S: Final = 20.0
_COUNT_S: Final = 60.0
_WRITE_S: Final = 180.0
_SENT: Final = 1_000  # vectors in one request, where the server takes so many


class ChromaServer:
    """Keeps the graphs of a workspace in a collection on a server.

    Args:
        address: ``http://host:port``.
        identity: File that names this workspace; made by the first writer.
    """

    def __init__(self, address: str, identity: Path) -> None:
        self.address = address
        self._identity = identity

    def version(self) -> str:
        """The version the server gives.

        Raises:
            VectorServerError: It does not answer, or not as Chroma does.
        """
        with closing(Connection(self.address, patience_s=_READ_S)) as connection:
            return connection.version()

    def graph(self, folder: Path) -> Graph:
        """See `GraphKeeper.graph`; the server is not asked yet."""
        return _ServerGraph(self.address, _collection_of(folder), FlatVectors(folder))

    @contextmanager
    def writing(self, former: Path | None, folder: Path, number: int) -> Iterator[_ServerWriter]:
        """See `GraphKeeper.writing`; adds to the former collection, or makes one.

        A collection that was begun for this number and never published is deleted first.

        Raises:
            VectorServerError: The server does not take it. Nothing that readers see has changed.
        """
        with closing(Connection(self.address, patience_s=_WRITE_S)) as connection:
            collection = None if former is None else self._own(connection, former)
            if collection is None:
                name = f"{self._prefix()}{number:08d}"
                connection.drop(name)
                collection = connection.create(name)
            (folder / MARKER).write_text(collection.name, encoding="utf-8")
            yield _ServerWriter(connection, collection)

    def settle(self, folder: Path, others: Sequence[Path], left: Rows) -> None:
        """See `GraphKeeper.settle`.

        The collection is brought to exactly the rows that living folders list. Where the count
        is right, nothing is listed. Collections of this workspace that no folder names, of a
        rebuild that was killed or that a later one replaced, are deleted. A collection of another
        workspace, which a copy of it reads, is left as it is.
        """
        name = _collection_of(folder)
        if not name.startswith(self._prefix()):
            return
        flats = [FlatVectors(living) for living in (folder, *others) if _names(living) == name]
        wanted = _union(flat.rows for flat in flats)
        with closing(Connection(self.address, patience_s=_WRITE_S)) as connection:
            collection = connection.collection(name, flats[0].dimension)
            writer = _ServerWriter(connection, collection)
            writer.delete([str(row) for row in np.setdiff1d(left, wanted)])
            if writer.count() != len(wanted):
                _mend(writer, wanted, flats)
            named = {_names(living) for living in (folder, *others)}
            for stray in connection.names(self._prefix()):
                if stray not in named:
                    connection.drop(stray)

    def holds(self, folder: Path, others: Sequence[Path]) -> bool:
        """See `GraphKeeper.holds`."""
        try:
            name, flat = _collection_of(folder), FlatVectors(folder)
            with closing(Connection(self.address, patience_s=_COUNT_S)) as connection:
                writer = _ServerWriter(connection, connection.collection(name, flat.dimension))
                same = [_rows(living) for living in others if _names(living) == name]
                if writer.count() == len(_union([flat.rows, *same])):
                    return True
                return not {str(row) for row in flat.rows}.difference(writer.ids())
        except (CollectionUnusable, IndexElsewhere):
            return False

    def _prefix(self) -> str:
        return f"assistant-{workspace_id(self._identity)}-"

    def _own(self, connection: Connection, former: Path) -> Collection | None:
        """The present generation's collection, if this workspace may add to it.

        A copied workspace may read the collection of the first one, and gets its own as soon
        as it writes: `settle` then sends it what it lacks.
        """
        name = _names(former)
        if name is None or not name.startswith(self._prefix()):
            return None
        try:
            return connection.collection(name, FlatVectors(former).dimension)
        except CollectionUnusable:
            return None


class _ServerGraph:
    def __init__(self, address: str, name: str, flat: FlatVectors) -> None:
        self._connection = Connection(address, patience_s=_READ_S)
        self._name = name
        self._flat = flat
        self._collection: Collection | None = None

    def nearest(self, query: Vectors, k: int) -> list[int]:
        from chromadb.errors import NotFoundError

        collection = self._collection or self._opened()
        with self._connection.asking():
            try:
                found = collection.query(query_embeddings=[query], n_results=k, include=[])
            except NotFoundError:  # deleted since it was opened; the next question looks again
                self._collection = None
                raise CollectionUnusable(self._connection.address, self._name, GONE) from None
            return [int(name) for name in found["ids"][0]]

    def _opened(self) -> Collection:
        """A collection that lacks some passages would not say so: it is counted once."""
        collection = self._connection.collection(self._name, self._flat.dimension)
        with self._connection.asking():
            held = int(collection.count())
        if held < len(self._flat.rows):
            raise CollectionUnusable(
                self._connection.address,
                self._name,
                Words(
                    f"elle n’a que {held} vecteurs sur {len(self._flat.rows)}",
                    f"it has only {held} of {len(self._flat.rows)} vectors",
                ),
            )
        self._collection = collection
        return collection

    def close(self) -> None:
        self._collection = None
        self._connection.close()


class _ServerWriter:
    def __init__(self, connection: Connection, collection: Collection) -> None:
        self._connection = connection
        self._collection = collection
        self._at_once = min(_SENT, connection.at_once())

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        for first in range(0, len(rows), self._at_once):
            part = slice(first, first + self._at_once)
            with self._connection.asking():
                # a killed ingestion may have added some of them already
                self._collection.upsert(
                    ids=[str(row) for row in rows[part]], embeddings=vectors[part]
                )

    def remove(self, rows: Rows) -> None:
        """Nothing yet: readers of the present generation may need them (`settle` deletes them)."""

    def delete(self, names: Sequence[str]) -> None:
        for first in range(0, len(names), self._at_once):
            with self._connection.asking():
                self._collection.delete(ids=list(names[first : first + self._at_once]))

    def count(self) -> int:
        with self._connection.asking():
            return int(self._collection.count())

    def ids(self) -> set[str]:
        with self._connection.asking():
            return set(self._collection.get(include=[])["ids"])

    def incomplete(self, wanted: int) -> VectorServerRefused:
        found = self.count()
        return VectorServerRefused(
            self._connection.address,
            Words(
                f"il garde {found} vecteurs au lieu de {wanted}",
                f"it keeps {found} vectors instead of {wanted}",
            ),
        )


def _mend(writer: _ServerWriter, wanted: Rows, flats: Sequence[FlatVectors]) -> None:
    """Delete what no generation has, and send what is missing."""
    held = writer.ids()
    writer.delete(sorted(held.difference(str(row) for row in wanted)))
    missing = np.array([row for row in wanted if str(row) not in held], dtype=np.int64)
    for flat in flats:
        rows, vectors = flat.picked(missing)
        writer.add(rows.tolist(), vectors)
        missing = np.setdiff1d(missing, rows)
    if writer.count() != len(wanted):
        raise writer.incomplete(len(wanted))


def _names(folder: Path) -> str | None:
    """The collection that a folder of vectors names."""
    try:
        return (folder / MARKER).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _rows(folder: Path) -> Rows:
    """What a folder lists; nothing when a writer deletes it meanwhile."""
    try:
        return rows_of(folder)
    except FileNotFoundError:
        return np.empty(0, dtype=np.int64)


def _collection_of(folder: Path) -> str:
    name = _names(folder)
    if name is None:
        raise IndexElsewhere(folder.parent.name, "chroma/")
    return name


def _union(parts: Iterable[Rows]) -> Rows:
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *parts]))
