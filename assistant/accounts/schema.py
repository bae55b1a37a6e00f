"""The tables of the accounts, as named steps applied in order: each runs once, ever."""

from __future__ import annotations

from assistant.sqlite_file import Steps

STEPS: Steps = (
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
