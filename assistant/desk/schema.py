"""The desk's tables, as named steps applied in order: each runs once, ever."""

from __future__ import annotations

from assistant.sqlite_file import Steps

STEPS: Steps = (
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
