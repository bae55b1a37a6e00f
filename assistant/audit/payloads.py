"""The texts behind the chain's hashes: what can be read again, and what can be forgotten.

One SQLite row for each record. Forgetting empties the row and keeps it as a
tombstone that names the chain record which ordered it; overwritten pages are
zeroed (``secure_delete``) and the write-ahead log is emptied. What a file system
or a backup keeps of deleted blocks is beyond this program.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.audit.chain import Place
from assistant.audit.record import payload_digest

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS payloads (
    seq INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL,
    type TEXT NOT NULL,
    time TEXT NOT NULL,
    file TEXT NOT NULL,
    offset INTEGER NOT NULL,
    salt BLOB,
    body BLOB,
    forgotten_by INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS by_record ON payloads (record_id, seq);
CREATE INDEX IF NOT EXISTS to_erase ON payloads (forgotten_by)
    WHERE forgotten_by IS NOT NULL AND body IS NOT NULL;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One row; ``salt`` and ``body`` are None once forgotten, by record ``forgotten_by``."""

    seq: int
    record_id: str
    type: str
    time: str
    place: Place
    salt: bytes | None
    body: bytes | None
    forgotten_by: int | None

    @property
    def digest(self) -> str | None:
        """What the chain must say of this payload; None once forgotten."""
        if self.salt is None or self.body is None:
            return None
        return payload_digest(self.salt, self.body)


class PayloadStore:
    """``payloads.sqlite3``. Writing methods are called under the chain's lock only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """False before the first record."""
        return self.path.exists()

    @contextmanager
    def connect(self) -> Iterator[sqlite3.Connection]:
        """A connection for one operation: none is shared between threads or processes."""
        if not self.exists:
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self.path, timeout=30.0, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = FULL")
            base.execute("PRAGMA secure_delete = ON")
            base.executescript(_SCHEMA)
            yield base

    def add(self, payload: Payload, *, marks: Sequence[int] = ()) -> None:
        """Commit a row and, with it, the intention to forget the rows ``marks``."""
        with self.connect() as base, _transaction(base):
            base.execute(
                "INSERT INTO payloads VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    payload.seq,
                    payload.record_id,
                    payload.type,
                    payload.time,
                    payload.place.file,
                    payload.place.offset,
                    payload.salt,
                    payload.body,
                ),
            )
            base.executemany(
                "UPDATE payloads SET forgotten_by = ? WHERE seq = ?",
                [(payload.seq, seq) for seq in marks],
            )

    def prune(self, records: int) -> None:
        """Drop what belongs to records after the given number: they were never written."""
        with self.connect() as base, _transaction(base):
            base.execute("DELETE FROM payloads WHERE seq > ?", (records,))
            base.execute(
                "UPDATE payloads SET forgotten_by = NULL WHERE forgotten_by > ?", (records,)
            )

    def erase_marked(self) -> None:
        """Carry out every forgetting that the chain has recorded."""
        with self.connect() as base:
            marked = "forgotten_by IS NOT NULL AND body IS NOT NULL"
            if base.execute(f"SELECT 1 FROM payloads WHERE {marked} LIMIT 1").fetchone() is None:
                return
            with _transaction(base):
                base.execute(f"UPDATE payloads SET salt = NULL, body = NULL WHERE {marked}")
            # a reader holds it back at most until its connection closes, which empties it too
            base.execute("PRAGMA busy_timeout = 1000")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def of(self, record_id: str) -> list[Payload]:
        """The rows of one record, oldest first."""
        if not self.exists:
            return []
        query = "SELECT * FROM payloads WHERE record_id = ? ORDER BY seq"
        with self.connect() as base:
            return [_payload(row) for row in base.execute(query, (record_id,))]

    def at(self, seq: int) -> Payload | None:
        """The row of one chain record."""
        with self.connect() as base:
            row = base.execute("SELECT * FROM payloads WHERE seq = ?", (seq,)).fetchone()
            return None if row is None else _payload(row)

    def identifiers(self, prefix: str) -> list[str]:
        """At most two record identifiers that begin so: enough to know whether it is unique."""
        if not self.exists:
            return []
        query = (
            "SELECT DISTINCT record_id FROM payloads WHERE record_id >= ? AND record_id < ? LIMIT 2"
        )
        with self.connect() as base:
            return [str(row[0]) for row in base.execute(query, (prefix, prefix + "{"))]

    def newest_answers(self, limit: int, skip: int = 0) -> list[tuple[str, str, str | None, bool]]:
        """(identifier, opened, closed or None, forgotten) of answers, newest first."""
        if not self.exists:
            return []
        query = """
            SELECT record_id, min(time), max(CASE type WHEN 'answer.closed' THEN time END),
                   sum(body IS NOT NULL) = 0
            FROM payloads WHERE record_id IN (
                SELECT record_id FROM payloads WHERE type = 'answer.opened'
                ORDER BY seq DESC LIMIT ? OFFSET ?)
            GROUP BY record_id ORDER BY min(seq) DESC
        """
        with self.connect() as base:
            rows = base.execute(query, (limit, skip)).fetchall()
        return [(str(i), str(o), None if c is None else str(c), bool(f)) for i, o, c, f in rows]


class PayloadWitness:
    """A fixed view of every row, read beside the chain in bounded memory."""

    def __init__(self, base: sqlite3.Connection) -> None:
        base.execute("BEGIN")
        self._base = base
        self._rows = map(_payload, base.execute("SELECT * FROM payloads ORDER BY seq"))
        self._row = next(self._rows, None)
        self.tombstones = 0
        self.ordered = 0

    def of(self, seq: int) -> Payload | None:
        """The row of one record; records must be asked for in ascending order."""
        while self._row is not None and self._row.seq < seq:
            self._row = next(self._rows, None)
        found = self._row if self._row is not None and self._row.seq == seq else None
        if found is not None and found.body is None:
            self.tombstones += 1
        return found

    def count_order(self, seq: int, forgotten: Iterable[int]) -> None:
        """Note that chain record ``seq`` orders these rows forgotten."""
        query = "SELECT count(*) FROM payloads WHERE seq = ? AND forgotten_by = ? AND body IS NULL"
        for row in set(forgotten):
            self.ordered += self._base.execute(query, (row, seq)).fetchone()[0]

    def beyond(self, records: int) -> int:
        """How many rows belong to records after the given number."""
        query = "SELECT count(*) FROM payloads WHERE seq > ?"
        return int(self._base.execute(query, (records,)).fetchone()[0])

    def tombstone_orders(self) -> Iterator[tuple[int, int | None]]:
        """(row, the record that is said to have ordered it forgotten), ascending."""
        query = "SELECT seq, forgotten_by FROM payloads WHERE body IS NULL ORDER BY seq"
        yield from self._base.execute(query)


def new_salt() -> bytes:
    """32 random bytes: a hash keyed by them says nothing once they are gone."""
    return secrets.token_bytes(32)


@contextmanager
def _transaction(base: sqlite3.Connection) -> Iterator[None]:
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")


def _payload(
    row: tuple[int, str, str, str, str, int, bytes | None, bytes | None, int | None],
) -> Payload:
    return Payload(
        seq=row[0],
        record_id=row[1],
        type=row[2],
        time=row[3],
        place=Place(file=row[4], offset=row[5]),
        salt=row[6],
        body=row[7],
        forgotten_by=row[8],
    )
