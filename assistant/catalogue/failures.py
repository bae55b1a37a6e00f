"""Files that could not be taken in: kept until they are taken in, withdrawn or gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.wording import Words, safe


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFile:
    """A file of the corpus that cannot be read, why, and what to do about it.

    ``since`` is the moment (UTC) at which this error was first met on it; ``size`` (bytes)
    and ``mtime_ns`` are those of the file that failed, ``None`` when it could not be looked
    at: a file that has others now was touched since.
    """

    path: str
    error: Words
    remedy: Words
    since: datetime
    size: int | None = None
    mtime_ns: int | None = None


def keep(db: sqlite3.Connection, failed: FailedFile) -> None:
    """Keep a failure; the same error met again keeps its first moment."""
    db.execute(
        "INSERT INTO failures VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (path) DO UPDATE SET "
        "since = CASE WHEN error_fr = excluded.error_fr THEN since ELSE excluded.since END, "
        "error_fr = excluded.error_fr, error_en = excluded.error_en, "
        "remedy_fr = excluded.remedy_fr, remedy_en = excluded.remedy_en, "
        "size = excluded.size, mtime_ns = excluded.mtime_ns",
        (
            failed.path,
            # an error quotes file names and the like: a lone surrogate could not be stored
            safe(failed.error.fr),
            safe(failed.error.en),
            safe(failed.remedy.fr),
            safe(failed.remedy.en),
            failed.since.astimezone(UTC).isoformat(timespec="microseconds"),
            failed.size,
            failed.mtime_ns,
        ),
    )


def clear(db: sqlite3.Connection, paths: Iterable[str]) -> None:
    """These files do not fail any more, or are no business of the corpus any more."""
    db.executemany("DELETE FROM failures WHERE path = ?", ((path,) for path in paths))


def standing(db: sqlite3.Connection) -> list[FailedFile]:
    """All that still fails, by path."""
    return [
        FailedFile(
            path=row["path"],
            error=Words(row["error_fr"], row["error_en"]),
            remedy=Words(row["remedy_fr"], row["remedy_en"]),
            since=datetime.fromisoformat(row["since"]),
            size=row["size"],
            mtime_ns=row["mtime_ns"],
        )
        for row in db.execute("SELECT * FROM failures ORDER BY path")
    ]
