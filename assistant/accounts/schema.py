"""The tables of the accounts, as named steps applied in order: each runs once, ever."""

from __future__ import annotations

import sqlite3
import time

_PATIENCE_S = 30.0

_STEPS: tuple[tuple[str, str], ...] = (
    (
        "0001 users, sessions, attempts",
        """
        CREATE TABLE users (
            user_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            folded TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            member_of TEXT NOT NULL,
            password TEXT NOT NULL,
            created TEXT NOT NULL,
            active INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE sessions (
            digest BLOB PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
            opened REAL NOT NULL,
            seen REAL NOT NULL,
            ends REAL NOT NULL,
            idle_s REAL NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX sessions_by_user ON sessions (user_id, opened);
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            subject BLOB NOT NULL,  -- hash of a name or of an address
            at REAL NOT NULL,
            wait_s REAL NOT NULL    -- what it makes the next attempts wait, if it fails
        );
        CREATE INDEX attempts_by_subject ON attempts (subject, at)
        """,
    ),
)


def migrate(db: sqlite3.Connection) -> None:
    """Bring a connection's database up to date; two processes may do so at once."""
    _use_write_ahead_log(db)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    # a former hash or the hash of an ended session does not linger in free pages
    db.execute("PRAGMA secure_delete = ON")
    if db.execute("PRAGMA user_version").fetchone()[0] >= len(_STEPS):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        done = db.execute("PRAGMA user_version").fetchone()[0]
        for _, step in _STEPS[done:]:
            for statement in step.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(_STEPS)}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _use_write_ahead_log(db: sqlite3.Connection) -> None:
    """Turn the log on, once for ever; SQLite's own waiting does not cover this step.

    Two processes that open a new file at the same moment would otherwise see one of
    them fail with "database is locked".
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
