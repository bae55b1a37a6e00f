"""The catalogue's tables, as named steps applied in order: each runs once, ever."""

from __future__ import annotations

from assistant.sqlite_file import Steps

STEPS: Steps = (
    (
        "0001 documents, texts, passages",
        """
        CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id TEXT NOT NULL,
            path TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            format TEXT NOT NULL,
            title TEXT NOT NULL,
            date TEXT,
            kind TEXT NOT NULL,
            collection TEXT NOT NULL,
            commission TEXT,
            status TEXT NOT NULL,
            superseded_by TEXT,
            page_count INTEGER NOT NULL,
            origins TEXT NOT NULL,
            recipe TEXT NOT NULL,
            since INTEGER,  -- generation it entered with, NULL while pending
            until INTEGER   -- generation it left with, NULL while it stays
        );
        CREATE INDEX documents_by_path ON documents (path);
        CREATE INDEX documents_by_id ON documents (document_id);
        CREATE TABLE texts (
            id INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            blocks TEXT NOT NULL
        );
        CREATE TABLE passages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_row INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            start INTEGER NOT NULL,
            end INTEGER NOT NULL,
            locator TEXT NOT NULL,
            context TEXT NOT NULL,
            speaker TEXT NOT NULL,
            vector BLOB
        );
        CREATE INDEX passages_by_document ON passages (document_row);
        CREATE INDEX passages_by_speaker ON passages (speaker) WHERE speaker <> '';
        CREATE INDEX passages_unembedded ON passages (id) WHERE vector IS NULL;
        CREATE TABLE withdrawn (path TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE hashes (
            path TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            sha256 TEXT NOT NULL
        ) WITHOUT ROWID;
        """,
    ),
    (
        "0002 vectors of a passage's sentences",
        "ALTER TABLE passages ADD COLUMN sentences BLOB",
    ),
    (
        "0003 failures and the journal of changes",
        """
        CREATE TABLE failures (
            path TEXT PRIMARY KEY,
            error_fr TEXT NOT NULL,
            error_en TEXT NOT NULL,
            remedy_fr TEXT NOT NULL,
            remedy_en TEXT NOT NULL,
            since TEXT NOT NULL,  -- UTC, ISO 8601 with microseconds
            size INTEGER,         -- of the file that failed, NULL when it could not be looked at
            mtime_ns INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE journal (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            moment TEXT NOT NULL,  -- UTC, ISO 8601 with microseconds
            generation INTEGER NOT NULL,
            what TEXT NOT NULL,
            path TEXT NOT NULL,
            title TEXT NOT NULL,
            collection TEXT NOT NULL
        );
        CREATE INDEX journal_by_moment ON journal (moment);
        CREATE INDEX journal_by_path ON journal (path)
        """,
    ),
)
