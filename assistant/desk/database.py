"""The file of the desks: for its owner only, one connection a thread."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.desk.refusals import DeskUnreadable
from assistant.desk.schema import migrate


class Database:
    """SQLite with a write-ahead log; several threads and processes use it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, outside any transaction unless one is open.

        Raises:
            DeskUnreadable: It is not such a file, or cannot be opened.
        """
        db: sqlite3.Connection | None = getattr(self._connections, "db", None)
        if db is None:
            db = self._connections.db = self._open()
        return db

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        db: sqlite3.Connection | None = getattr(self._connections, "db", None)
        if db is not None:
            db.close()
            del self._connections.db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Read and write as one step that no other connection can come between."""
        db = self.connection
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        try:
            _make_private(self._path)
            db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise DeskUnreadable(str(self._path)) from error
        try:
            db.row_factory = sqlite3.Row
            migrate(db)
        except sqlite3.DatabaseError as error:
            db.close()
            raise DeskUnreadable(str(self._path)) from error
        return db


def _make_private(path: Path) -> None:
    """Create the file for its owner alone; SQLite gives its log files the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Made elsewhere, then linked: a descriptor of the database that this process closes
        # would drop the locks that SQLite holds for the other threads.
        empty = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        os.close(os.open(empty, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with suppress(FileExistsError):
            os.link(empty, path)
        empty.unlink()
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
