"""The catalogue: documents, canonical texts, passages and vectors, in SQLite. The truth.

Every published state of the corpus has a *generation* number. A document version
carries the generation it entered with (``since``) and the one it left with
(``until``): a reader that holds generation 7 keeps seeing exactly generation 7
while a writer prepares and publishes generation 8. A version with no ``since``
is *pending*: read, cut and perhaps embedded, but seen by nobody; a killed
ingestion finds it again and goes on from there.

One row of ``passages`` is one passage of one version, so its row number names it
in the derived indexes without any doubt about which version is meant.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import belonging, failures, journal, outlines
from assistant.catalogue.belonging import Belonging
from assistant.catalogue.failures import FailedFile
from assistant.catalogue.journal import Change
from assistant.catalogue.outlines import Outline
from assistant.catalogue.rows import (
    StoredDocument,
    StoredPassage,
    document_of,
    document_values,
    locator_values,
    passage_of,
    stored_document_of,
)
from assistant.catalogue.schema import STEPS
from assistant.catalogue.visibility import is_hidden
from assistant.errors import DocumentNotFound
from assistant.french.words import fold
from assistant.records import Block, Document, Filters, Locator, Passage, Role
from assistant.sqlite_file import SqliteFile
from assistant.wording import Words

_SEEN = "since <= :generation AND (until IS NULL OR until > :generation)"
_WITH_COUNT = (
    "SELECT *, (SELECT count(*) FROM passages WHERE document_row = documents.id) AS passages "
    "FROM documents"
)
_BATCH = 2000


class Catalogue:
    """The catalogue in one file; opening creates or migrates it.

    Each thread has a connection of its own, so that one thread's transaction is
    never another's. Readers never wait for the writer (write-ahead log).
    """

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, STEPS)

    @property
    def _db(self) -> sqlite3.Connection:
        return self._file.connection

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        self._file.close()

    def at_one_moment(self) -> AbstractContextManager[None]:
        """Several readings of one and the same state, whatever is written meanwhile."""
        return self._file.at_one_moment()

    # --- facts about the whole -------------------------------------------------

    def fact(self, name: str) -> str | None:
        """A named fact: ``generation``, ``embedding`` (name and hash of the model)..."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row["value"])

    @property
    def generation(self) -> int:
        """The published generation; 0 before the first."""
        return int(self.fact("generation") or 0)

    # --- reading what a generation holds ---------------------------------------

    def documents(self, generation: int) -> list[StoredDocument]:
        """The documents of a generation, by collection, then path."""
        rows = self._db.execute(
            f"{_WITH_COUNT} WHERE {_SEEN} ORDER BY collection, path",
            {"generation": generation},
        )
        return [stored_document_of(row) for row in rows]

    def find(self, name: str, generation: int) -> StoredDocument:
        """One document by its id, path or title (accents and case ignored; a part is enough).

        Raises:
            DocumentNotFound: No document has that name, or several do.
        """
        known = self.documents(generation)
        wanted = fold(name)
        for matches in (
            [s for s in known if name in (s.document.document_id, s.document.path)],
            [s for s in known if fold(s.document.title) == wanted],
            [s for s in known if wanted in fold(f"{s.document.path} {s.document.title}")],
        ):
            if len(matches) == 1:
                return matches[0]
            if matches:
                raise _ambiguous(name, matches)
        raise DocumentNotFound(
            Words(f"Aucun document « {name} ».", f"No document {name!r}."),
            remedy=Words(
                "« assistant documents » donne la liste.", "`assistant documents` lists them."
            ),
        )

    def text(self, row: int) -> str:
        """The canonical text of a document version."""
        return str(self._db.execute("SELECT text FROM texts WHERE id = ?", (row,)).fetchone()[0])

    def read(self, document_id: str, start: int, end: int, generation: int) -> str:
        """``text[start:end]`` of a document as a generation holds it; ``""`` if it is not there."""
        found = self._db.execute(
            f"SELECT substr(text, :first, :length) FROM texts JOIN documents USING (id) "
            f"WHERE document_id = :document AND {_SEEN}",
            {
                "first": start + 1,
                "length": max(0, end - start),
                "document": document_id,
                "generation": generation,
            },
        ).fetchone()
        return "" if found is None else str(found[0])

    def blocks(self, row: int) -> tuple[Block, ...]:
        """The blocks of a document version, in text order."""
        found = self._db.execute("SELECT blocks FROM texts WHERE id = ?", (row,)).fetchone()
        return tuple(
            Block(start=start, end=end, role=Role(role), locator=Locator(**locator))
            for start, end, role, locator in json.loads(found[0])
        )

    def passages(self, rows: Sequence[int]) -> dict[int, tuple[Passage, Document]]:
        """Passages by row, with their documents; rows that are gone are left out."""
        marks = ",".join("?" * len(rows))
        found = self._db.execute(
            f"SELECT p.id AS passage_row, p.start, p.end, p.locator, p.context, "
            f"substr(t.text, p.start + 1, p.end - p.start) AS slice, d.* FROM passages p "
            f"JOIN documents d ON d.id = p.document_row JOIN texts t ON t.id = d.id "
            f"WHERE p.id IN ({marks})",
            tuple(rows),
        )
        return {row["passage_row"]: (passage_of(row), document_of(row)) for row in found}

    def outlines(self, rows: Sequence[int]) -> dict[int, Outline]:
        """Title and length of some passages by row; rows that are gone are left out."""
        return outlines.read(self._db, rows)

    def document_rows(self, generation: int, filters: Filters) -> list[int]:
        """Rows of the documents of a generation that pass the document filters."""
        wanted = {
            "collection = :collection": filters.collection,
            "kind = :kind": filters.kind,
            "status = :status": filters.status,
            "date >= :since_date": filters.since and filters.since.isoformat(),
            "date <= :until_date": filters.until and filters.until.isoformat(),
        }
        clauses = [_SEEN, *(clause for clause, value in wanted.items() if value is not None)]
        values = {c.rsplit(":", 1)[1]: v for c, v in wanted.items() if v is not None}
        clauses.append("collection NOT IN (SELECT value FROM json_each(:hidden))")
        rows = self._db.execute(
            f"SELECT id FROM documents WHERE {' AND '.join(clauses)}",
            {"generation": generation, "hidden": json.dumps(sorted(filters.hidden)), **values},
        )
        return [row["id"] for row in rows]

    def passage_rows(self, documents: Sequence[int]) -> NDArray[np.int64]:
        """Rows of the passages of these documents, ascending."""
        rows = self._db.execute(
            "SELECT id FROM passages WHERE document_row IN (SELECT value FROM json_each(?)) "
            "ORDER BY id",
            (json.dumps(list(documents)),),
        )
        return np.fromiter((row["id"] for row in rows), dtype=np.int64)

    def belonging(self, generation: int) -> Belonging:
        """Which document and speaker each passage of a generation is of."""
        return belonging.read(self._db, self.document_rows(generation, Filters()))

    def failures(self) -> list[FailedFile]:
        """The files that could not be taken in, by path."""
        return failures.standing(self._db)

    def changes(
        self, since: datetime | None = None, limit: int = 100, hidden: frozenset[str] = frozenset()
    ) -> list[Change]:
        """Which documents came, changed or left, newest first.

        Args:
            since: Only what happened after this moment (aware); ``None``: all that is known.
            limit: How many at most.
            hidden: Collections of which nothing may be told.

        Returns:
            An empty list also where the documents are older than the journal.
        """
        return journal.changes(self._db, since, limit, hidden)

    def hides(self, document: Document, hidden: frozenset[str]) -> bool:
        """Whether nothing of a document may be shown to somebody.

        Its folder counts, the collection it was cited in, and every one it is or was known in.
        """
        if not hidden:
            return False
        known = self._db.execute(
            "SELECT collection FROM documents WHERE path = :path AND since IS NOT NULL "
            "UNION SELECT collection FROM journal WHERE path = :path",
            {"path": document.path},
        )
        ever = [str(row["collection"]) for row in known]
        return is_hidden(hidden, document.path, document.collection, *ever)

    def last_changes(self) -> dict[str, Change]:
        """The last thing that happened to each path of which something did."""
        return journal.last_changes(self._db)

    # --- writing: one writer at a time, held by the workspace's lock -------------

    def pending(self) -> list[StoredDocument]:
        """Document versions that are read but not published."""
        rows = self._db.execute(f"{_WITH_COUNT} WHERE since IS NULL ORDER BY path")
        return [stored_document_of(row) for row in rows]

    def add(
        self,
        document: Document,
        text: str,
        blocks: Sequence[Block],
        passages: Sequence[Passage],
        recipe: str,
    ) -> int:
        """Keep a new version, pending, in one transaction; its row is returned.

        Its file does not fail any more.
        """
        with self._file.transaction() as db:
            row = db.execute(
                "INSERT INTO documents (document_id, path, sha256, format, title, date, kind, "
                "collection, commission, status, superseded_by, page_count, origins, recipe) "
                "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (*document_values(document), recipe),
            ).lastrowid
            assert row is not None
            failures.clear(db, [document.path])
            packed = [(b.start, b.end, b.role, locator_values(b.locator)) for b in blocks]
            db.execute(
                "INSERT INTO texts VALUES (?,?,?)",
                (row, text, json.dumps(packed, ensure_ascii=False)),
            )
            db.executemany(
                "INSERT INTO passages (document_row, start, end, locator, context, speaker) "
                "VALUES (?,?,?,?,?,?)",
                (
                    (
                        row,
                        p.start,
                        p.end,
                        json.dumps(locator_values(p.locator), ensure_ascii=False),
                        p.context,
                        p.locator.speaker or "",
                    )
                    for p in passages
                ),
            )
        return row

    def drop(self, rows: Iterable[int]) -> None:
        """Delete document versions wholly (pending ones, or retired ones nobody reads)."""
        with self._file.transaction() as db:
            db.executemany("DELETE FROM documents WHERE id = ?", ((row,) for row in rows))

    def without_vector(self, limit: int) -> list[StoredPassage]:
        """Passages of pending versions that have no vector yet, in row order."""
        return self._stored_passages(
            "d.since IS NULL AND p.vector IS NULL ORDER BY p.id LIMIT ?", (limit,)
        )

    def unembedded(self) -> int:
        """How many passages of pending versions have no vector yet."""
        row = self._db.execute("SELECT count(*) FROM passages WHERE vector IS NULL").fetchone()
        return int(row[0])

    def keep_vectors(
        self,
        rows: Sequence[int],
        vectors: Sequence[NDArray[np.float32]],
        sentences: Sequence[NDArray[np.float32]],
    ) -> None:
        """Keep the vectors of n passages, L2-normalised.

        Args:
            rows: The passages.
            vectors: float32[d] of each.
            sentences: float32[s, d] of each: one line a sentence, or none at all; they are
                kept in half precision, which moves a cosine by less than .001.
        """
        with self._file.transaction() as db:
            db.executemany(
                "UPDATE passages SET vector = ?, sentences = ? WHERE id = ?",
                (
                    (vector.tobytes(), parts.astype(np.float16).tobytes(), row)
                    for row, vector, parts in zip(rows, vectors, sentences, strict=True)
                ),
            )

    def sentence_vectors(self, rows: Sequence[int]) -> dict[int, NDArray[np.float16]]:
        """float16[s, d] of the sentences of these passages, in text order; s may be 0."""
        marks = ",".join("?" * len(rows))
        found = self._db.execute(
            f"SELECT id, sentences, length(vector) / 4 AS d FROM passages WHERE id IN ({marks})",
            tuple(rows),
        )
        return {
            row["id"]: np.frombuffer(row["sentences"] or b"", dtype=np.float16).reshape(
                -1, row["d"] or 1
            )
            for row in found
        }

    def stored(self, documents: Sequence[int]) -> Iterator[list[StoredPassage]]:
        """The passages of some document versions, in row order, a batch at a time."""
        # all rows once: with a LIMIT, each batch would look through the rows of all documents again
        rows = self.passage_rows(documents).tolist()
        for first in range(0, len(rows), _BATCH):
            yield self._stored_passages(
                "p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id",
                (json.dumps(rows[first : first + _BATCH]),),
            )

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of these passages, float32[n, d], in the order of ``rows``."""
        marks = ",".join("?" * len(rows))
        found = self._db.execute(f"SELECT id, vector FROM passages WHERE id IN ({marks})", rows)
        known = {row["id"]: np.frombuffer(row["vector"], dtype=np.float32) for row in found}
        return np.stack([known[row] for row in rows])

    def publish(
        self,
        generation: int,
        *,
        adds: Sequence[int],
        retires: Sequence[int],
        embedding: str = "",
    ) -> None:
        """Make a generation the published one: the single moment at which readers see a change.

        What it changes for them is written in the journal at that same moment.
        """
        with self._file.transaction() as db:
            journal.append(db, generation, adds=adds, retires=retires)
            db.executemany(
                "UPDATE documents SET since = ? WHERE id = ?", ((generation, r) for r in adds)
            )
            db.executemany(
                "UPDATE documents SET until = ? WHERE id = ?", ((generation, r) for r in retires)
            )
            facts = {"generation": str(generation), "embedding": embedding}
            db.executemany(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)",
                [fact for fact in facts.items() if fact[1]],
            )

    def forget_before(self, generation: int) -> int:
        """Delete the versions that left before a generation; how many is returned."""
        return self._db.execute("DELETE FROM documents WHERE until <= ?", (generation,)).rowcount

    def known_hash(self, path: str, size: int, mtime_ns: int) -> str | None:
        """The sha256 of a file that has not been touched since it was hashed."""
        row = self._db.execute(
            "SELECT sha256 FROM hashes WHERE path = ? AND size = ? AND mtime_ns = ?",
            (path, size, mtime_ns),
        ).fetchone()
        return None if row is None else str(row["sha256"])

    def keep_hash(self, path: str, size: int, mtime_ns: int, sha256: str) -> None:
        """Remember a file's hash with the size and time it had then."""
        self._db.execute(
            "INSERT OR REPLACE INTO hashes VALUES (?,?,?,?)", (path, size, mtime_ns, sha256)
        )

    def known_hashes(self) -> dict[str, tuple[int, int, str]]:
        """(size, mtime_ns, sha256) of every file when it was last hashed, by path."""
        rows = self._db.execute("SELECT path, size, mtime_ns, sha256 FROM hashes")
        return {row["path"]: (row["size"], row["mtime_ns"], row["sha256"]) for row in rows}

    def keep_failure(self, failed: FailedFile) -> None:
        """Keep a file that could not be taken in; no generation is made of that."""
        failures.keep(self._db, failed)

    def clear_failures(self, paths: Iterable[str]) -> None:
        """These files fail no more, or are not there any more."""
        with self._file.transaction() as db:
            failures.clear(db, paths)

    def withdrawn(self) -> set[str]:
        """Paths that an administrator withdrew: an ingestion of the whole corpus skips them."""
        return {row["path"] for row in self._db.execute("SELECT path FROM withdrawn")}

    def withdraw(self, path: str, *, withdrawn: bool) -> None:
        """Mark a path as withdrawn, or not any more; a withdrawn file fails no more."""
        with self._file.transaction() as db:
            if withdrawn:
                db.execute("INSERT OR IGNORE INTO withdrawn VALUES (?)", (path,))
                failures.clear(db, [path])
            else:
                db.execute("DELETE FROM withdrawn WHERE path = ?", (path,))

    def _stored_passages(self, where: str, values: tuple[object, ...]) -> list[StoredPassage]:
        rows = self._db.execute(
            "SELECT p.id AS passage_row, p.start, p.end, p.locator, p.context, d.document_id, "
            "substr(t.text, p.start + 1, p.end - p.start) AS slice FROM passages p "
            "JOIN documents d ON d.id = p.document_row JOIN texts t ON t.id = d.id "
            f"WHERE {where}",
            values,
        )
        return [StoredPassage(row=row["passage_row"], passage=passage_of(row)) for row in rows]


def _ambiguous(name: str, matches: Sequence[StoredDocument]) -> DocumentNotFound:
    few = ", ".join(f"« {s.document.path} »" for s in matches[:5])
    return DocumentNotFound(
        Words(
            f"« {name} » désigne {len(matches)} documents : {few}.",
            f"{name!r} names {len(matches)} documents: {few}.",
        ),
        remedy=Words("Donnez le chemin entier ou l’identifiant.", "Give the whole path or the id."),
    )
