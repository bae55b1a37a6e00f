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
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from assistant.audit.rows import Payload, PayloadRows

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
CREATE INDEX IF NOT EXISTS by_type ON payloads (type, seq);
CREATE INDEX IF NOT EXISTS to_erase ON payloads (forgotten_by)
    WHERE forgotten_by IS NOT NULL AND body IS NOT NULL;
CREATE INDEX IF NOT EXISTS kept ON payloads (substr(type, 1, 7) = 'review.', time)
    WHERE body IS NOT NULL AND length(body) > 2;
"""


class PayloadStore:
    """``payloads.sqlite3``. Writing methods are called under the chain's lock only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: int | None = None  # inode of the file that has the schema

    @contextmanager
    def connect(self) -> Iterator[sqlite3.Connection]:
        """A connection for one operation: none is shared between threads or processes."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        inode = os.fstat(descriptor).st_ino
        os.close(descriptor)
        with closing(sqlite3.connect(self.path, timeout=30.0, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = FULL")
            base.execute("PRAGMA secure_delete = ON")
            if self._known != inode:
                base.executescript(_SCHEMA)
                self._known = inode
            yield base

    @contextmanager
    def rows(self) -> Iterator[PayloadRows]:
        """What is there to read; nothing before the first record, and no file is made of it."""
        if self.path.exists():
            with self.connect() as base:
                yield PayloadRows(base)
        else:
            with closing(sqlite3.connect(":memory:")) as base:
                base.executescript(_SCHEMA)
                yield PayloadRows(base)

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
