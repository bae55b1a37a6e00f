"""The file of the accounts: for its owner only, one connection a thread."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from assistant.accounts.schema import migrate
from assistant.errors import AccountsUnreadable

_OWNER_ONLY: Final = 0o600
# Closing any descriptor of a file drops the locks that SQLite holds on it in this process,
# so no thread connects while another is making the file.
_MAKING: Final = threading.Lock()


class Database:
    """SQLite with a write-ahead log; several threads and processes use it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, outside any transaction unless one is open.

        Raises:
            AccountsUnreadable: It is not such a file, or cannot be opened.
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
            self._make()
            db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise AccountsUnreadable(str(self._path)) from error
        try:
            db.row_factory = sqlite3.Row
            migrate(db)
        except sqlite3.DatabaseError as error:
            db.close()
            raise AccountsUnreadable(str(self._path)) from error
        return db

    def _make(self) -> None:
        """Have the file there, its mode right before the first byte; SQLite's own follow it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with _MAKING:
            try:
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))
            except FileExistsError:
                if self._path.stat().st_mode & 0o077:  # restored from a backup, for instance
                    self._path.chmod(_OWNER_ONLY)
