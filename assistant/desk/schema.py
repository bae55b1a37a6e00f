"""The desk's tables, as named steps applied in order: each runs once, ever."""

from __future__ import annotations

import sqlite3
import time

_PATIENCE_S = 30.0

_STEPS: tuple[tuple[str, str], ...] = (
    (
        "0001 baskets and histories",
        """
        CREATE TABLE excerpts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id TEXT NOT NULL,
            excerpt_id TEXT NOT NULL,
            place INTEGER NOT NULL,  -- order in the person's basket, with gaps
            document_id TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            quote TEXT NOT NULL,
            note TEXT NOT NULL DEFAULT '',
            added TEXT NOT NULL,
            document TEXT NOT NULL,  -- JSON: as it was when the excerpt was taken
            locator TEXT NOT NULL,
            passage_id TEXT NOT NULL,
            removal INTEGER  -- which removal took it out, NULL while it is in the basket
        );
        CREATE UNIQUE INDEX excerpts_by_user ON excerpts (user_id, excerpt_id);
        CREATE UNIQUE INDEX excerpts_once ON excerpts (user_id, document_id, sha256, start, end)
            WHERE removal IS NULL;
        CREATE TABLE history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id TEXT NOT NULL,
            record_id TEXT NOT NULL,
            opened TEXT NOT NULL
        );
        CREATE UNIQUE INDEX history_by_user ON history (user_id, record_id)
        """,
    ),
)


def migrate(db: sqlite3.Connection) -> None:
    """Bring a connection's database up to date; two processes may do so at once."""
    _use_write_ahead_log(db)
    # FULL: what a person has kept survives a power cut.
    db.execute("PRAGMA synchronous = FULL")
    # What a person removes or forgets is overwritten, not only unlinked.
    db.execute("PRAGMA secure_delete = ON")
    if db.execute("PRAGMA user_version").fetchone()[0] == len(_STEPS):
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
    """Turn the log on, once for ever; SQLite's own waiting does not cover this step."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.01)
