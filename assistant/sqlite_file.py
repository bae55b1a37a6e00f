"""A store in one SQLite file: named steps bring it up to date, each thread has its connection.

Write-ahead log, so readers never wait for the writer; ``synchronous = FULL``, so what was reported
as done survives a power cut. Several threads and processes use one file at once.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_PATIENCE_S = 30.0

Steps = Sequence[tuple[str, str]]
"""(name, statements parted by ``;``), applied in order: each runs once, ever. Only appended to."""


class SqliteFile:
    """One file and its connections, a thread each.

    Args:
        path: Made at the first use.
        steps: Its tables.
        private: For its owner only (mode 0600), and what is deleted is overwritten.
        unreadable: The error to raise when it is no such file or cannot be opened; without one,
            SQLite's own passes.
    """

    def __init__(
        self,
        path: Path,
        steps: Steps,
        *,
        private: bool = False,
        unreadable: Callable[[str], Exception] | None = None,
    ) -> None:
        self._path = path
        self._steps = steps
        self._private = private
        self._unreadable = unreadable
        self._connections = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, outside any transaction unless one is open."""
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

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Have several reads see one state of the file, whatever is written meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")  # nothing was written

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._private:
                _make_private(self._path)
            db = sqlite3.connect(self._path, timeout=_PATIENCE_S, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._refused(error) from error
        try:
            db.row_factory = sqlite3.Row
            self._bring_up_to_date(db)
        except sqlite3.DatabaseError as error:
            db.close()
            raise self._refused(error) from error
        return db

    def _refused(self, error: Exception) -> Exception:
        return error if self._unreadable is None else self._unreadable(str(self._path))

    def _bring_up_to_date(self, db: sqlite3.Connection) -> None:
        """Apply the steps that are missing; two processes may do so at once."""
        _use_write_ahead_log(db)
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        if self._private:
            db.execute("PRAGMA secure_delete = ON")
        if _steps_done(db) >= len(self._steps):
            return  # more than we know: a newer program was here, and its count must stay
        db.execute("BEGIN IMMEDIATE")
        try:
            done = _steps_done(db)
            for _, step in self._steps[done:]:
                for statement in step.split(";"):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {max(done, len(self._steps))}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _steps_done(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _make_private(path: Path) -> None:
    """Have the file there for its owner alone; SQLite gives its log files the same rights.

    It is made elsewhere, then linked: a descriptor of the database that this process closes would
    drop the locks that SQLite holds for the other threads.
    """
    if not path.exists():
        empty = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        os.close(os.open(empty, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with suppress(FileExistsError):
            os.link(empty, path)
        empty.unlink()
    if path.stat().st_mode & 0o077:  # restored from a backup, for instance
        path.chmod(0o600)


def _use_write_ahead_log(db: sqlite3.Connection) -> None:
    """Turn the log on, once for ever; SQLite's own waiting does not cover this step.

    Two processes that open a new file at the same moment would otherwise see one of them fail with
    "database is locked".
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.01)
