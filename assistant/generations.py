"""One writer, many readers, never a mixture: the derived indexes, a folder per generation.

A generation's folder is complete before it gets its name and is never changed
after. The writer makes the next one beside it and then publishes it in one
catalogue transaction; a reader pins the generation it began with by a shared
lock on its folder, and takes the new one at its next question. A folder that
nobody pins and that is not the published one is deleted.

This is why Chroma's limit to one process does no harm here: nobody writes where
somebody reads. With a vector server, whose collection all generations share, the
folder says which rows are the generation's, and a row that a pinned folder lists
is not deleted there.
"""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from assistant import vector_index
from assistant.catalogue import Belonging, Catalogue
from assistant.errors import EmptyIndex, IndexDamaged, IndexModelMismatch, SearchIndexError
from assistant.generation_folders import (
    delete_unpinned,
    flush,
    listed_rows,
    vectors_of,
)
from assistant.lexical_index import LexicalIndex
from assistant.records import Filters
from assistant.scratch import sync_folder
from assistant.vector_index import EmbeddedChroma, GraphKeeper, VectorIndex


@dataclass(eq=False, slots=True)
class Generation:
    """A pinned state of the corpus: its number, the catalogue, and its two indexes."""

    number: int
    catalogue: Catalogue
    lexical: LexicalIndex
    vectors: VectorIndex
    lease: IO[bytes]
    users: int = 0
    _belonging: Belonging | None = None

    def read(self, document_id: str, start: int, end: int) -> str:
        """The stored text of a slice, as this generation holds it."""
        return self.catalogue.read(document_id, start, end, self.number)

    def passages_of(self, filters: Filters) -> tuple[list[int], NDArray[np.int64]]:
        """Document rows, and passage rows, ascending, that pass a filter."""
        documents = self.catalogue.document_rows(self.number, filters)
        if self._belonging is None:  # two threads may both read it: they read the same
            self._belonging = self.catalogue.belonging(self.number)
        return documents, self._belonging.of(documents, filters.speaker)

    def close(self) -> None:
        """Free the files and let the folder go."""
        self.vectors.close()
        self.lease.close()


class Generations:
    """The generations in a folder; opened by the workspace only.

    Args:
        folder: ``index/generations``.
        catalogue: Says which generation is published.
        embedding: The model that questions are embedded with; ``""`` asks no agreement.
        keeper: Who has the graphs of the vectors; ``None``: each folder its own.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        embedding: str = "",
        keeper: GraphKeeper | None = None,
    ) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._embedding = embedding
        self._keeper = keeper or EmbeddedChroma()
        self._open: Generation | None = None
        self._guard = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """Pin the published generation for one question.

        Raises:
            EmptyIndex: Nothing was published yet.
            IndexDamaged: The published folder is not there or not readable.
            IndexElsewhere: Another keeper has its graph.
            IndexModelMismatch: It was published with another embedding model.
        """
        with self._guard:
            if self._open is None or self._open.number != self._catalogue.generation:
                fresh = self._pin()
                if self._open is not None and self._open.users == 0:
                    self._open.close()
                self._open = fresh
            generation = self._open
            generation.users += 1
        try:
            yield generation
        finally:
            with self._guard:
                generation.users -= 1
                if generation.users == 0 and generation is not self._open:
                    generation.close()

    def close(self) -> None:
        """Let the pinned generation go."""
        with self._guard:
            if self._open is not None and self._open.users == 0:
                self._open.close()
            self._open = None

    def folder_of(self, number: int) -> Path:
        """Where a generation lies."""
        return self._folder / f"{number:08d}"

    def sound(self, number: int) -> bool:
        """True when a generation's folder opens and holds the passages the catalogue says.

        Raises:
            VectorServerError: The server that should hold their vectors cannot say.
        """
        try:
            generation = self._opened(number)
        except IndexDamaged:
            return False
        try:
            documents = self._catalogue.document_rows(number, Filters())
            expected = self._catalogue.passage_rows(documents)
            return (
                np.array_equal(generation.vectors.rows, expected)
                and len(generation.lexical) == len(expected)
                and self._keeper.holds(vectors_of(self.folder_of(number)), self._vector_folders())
            )
        finally:
            generation.close()

    def publish(
        self,
        *,
        adds: Sequence[int],
        retires: Sequence[int],
        embedding: str = "",
        anew: bool = False,
    ) -> int:
        """Make and publish the next generation; its number is returned.

        Killed before the catalogue's transaction, it leaves the published
        generation as it was, and a folder that the next call removes.

        Args:
            adds: Document rows that enter; all their passages have vectors.
            retires: Document rows that leave.
            embedding: The model that made the vectors; readers of another one are refused.
            anew: Build from the catalogue alone, without the former folder.

        Raises:
            VectorServerError: The server does not take the vectors; nothing is published.
        """
        present = self._catalogue.generation
        number = present + 1
        former = self.folder_of(present) if present and not anew else None
        building = self._folder / "building"
        for leftover in (building, self.folder_of(number)):
            shutil.rmtree(leftover, ignore_errors=True)
        building.mkdir(parents=True)
        entering = list(adds)
        if anew and present:
            seen = set(self._catalogue.document_rows(present, Filters()))
            entering = sorted(seen.difference(retires)) + entering
        self._build_vectors(former, building, number, entering, retires)
        self._build_lexical(former, building / "lexical", entering, retires)
        (building / "lease").touch()
        flush(building)
        building.rename(self.folder_of(number))
        sync_folder(self._folder)
        self._catalogue.publish(number, adds=adds, retires=retires, embedding=embedding)
        self.clean()
        return number

    def clean(self) -> None:
        """Delete the folders, then the document versions, that no reader pins any more.

        What a vector server then keeps for nobody is deleted there too. If it cannot be now,
        that is no error: the next call finds it.
        """
        published = self._catalogue.generation
        kept = [published]
        left = [np.empty(0, dtype=np.int64)]
        for folder in self._folder.glob("[0-9]" * 8):
            number = int(folder.name)
            if number != published:
                rows = listed_rows(folder)
                if delete_unpinned(folder):
                    left.append(rows)
                else:
                    kept.append(number)
        self._catalogue.forget_before(min(kept))
        present = vectors_of(self.folder_of(published))
        if present.is_dir():
            others = [folder for folder in self._vector_folders() if folder != present]
            with suppress(SearchIndexError):
                self._keeper.settle(present, others, np.concatenate(left))

    def _vector_folders(self) -> list[Path]:
        """Of all generations whose folders are still there."""
        return [vectors_of(folder) for folder in sorted(self._folder.glob("[0-9]" * 8))]

    def _build_vectors(
        self,
        former: Path | None,
        building: Path,
        number: int,
        adds: Sequence[int],
        retires: Sequence[int],
    ) -> None:
        batches = (
            (rows, self._catalogue.vectors(rows))
            for batch in self._catalogue.stored(adds)
            if (rows := [stored.row for stored in batch])
        )
        vector_index.build(
            former and vectors_of(former),
            vectors_of(building),
            adds=batches,
            removes=self._catalogue.passage_rows(retires),
            keeper=self._keeper,
            number=number,
        )
        nothing = np.empty(0, dtype=np.int64)
        self._keeper.settle(vectors_of(building), self._vector_folders(), nothing)

    def _build_lexical(
        self, former: Path | None, folder: Path, adds: Sequence[int], retires: Sequence[int]
    ) -> None:
        if former is not None:
            shutil.copytree(former / "lexical", folder, ignore=shutil.ignore_patterns("*.lock"))
        LexicalIndex(folder).change(
            adds=(
                (stored.row, document, stored.passage)
                for document in adds
                for batch in self._catalogue.stored([document])
                for stored in batch
            ),
            removes=retires,
        )

    def _pin(self) -> Generation:
        """Open the published generation; a writer may delete it meanwhile, so look again."""
        while True:
            number = self._catalogue.generation
            if number == 0:
                raise EmptyIndex
            built_with = self._catalogue.fact("embedding")
            if self._embedding and built_with and built_with != self._embedding:
                raise IndexModelMismatch(built_with, self._embedding)
            try:
                return self._opened(number)
            except IndexDamaged:
                if number == self._catalogue.generation:
                    raise

    def _opened(self, number: int) -> Generation:
        folder = self.folder_of(number)
        with ExitStack() as on_failure:
            try:
                lease = on_failure.enter_context((folder / "lease").open("rb"))
                fcntl.flock(lease, fcntl.LOCK_SH)
                if not (folder / "lexical" / "meta.json").is_file():
                    raise FileNotFoundError(folder)  # tantivy would make an empty index here
                opened = Generation(
                    number=number,
                    catalogue=self._catalogue,
                    lexical=LexicalIndex(folder / "lexical"),
                    vectors=VectorIndex(vectors_of(folder), keeper=self._keeper),
                    lease=lease,
                )
            except (OSError, ValueError) as error:  # tantivy reports damage as ValueError
                raise IndexDamaged(folder.name) from error
            on_failure.pop_all()
        return opened
