"""The journal: which documents came, changed or left, when, and in which generation.

It is written in the transaction that publishes a generation, so that a change that
readers see is always in it, and nothing else is. A document that is read again without
being another one (``--rebuild``) has not changed. A catalogue from before the journal
begins with an empty one: of what it held then, nobody knows when it came.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

from assistant.catalogue.visibility import is_hidden

_COLUMNS = "moment, generation, what, path, title, collection"

# A path whose last word is that it was withdrawn comes back; one that is not another document
# than before (read again by ``--rebuild``) has not changed.
_CAME = f"""
    INSERT INTO journal ({_COLUMNS})
    SELECT :moment, :generation,
        CASE
            WHEN former.id IS NOT NULL THEN 'updated'
            WHEN (SELECT what FROM journal WHERE path = fresh.path ORDER BY id DESC LIMIT 1)
                = 'withdrawn' THEN 'readmitted'
            ELSE 'added'
        END,
        fresh.path, fresh.title, fresh.collection
    FROM documents AS fresh
    LEFT JOIN documents AS former
        ON former.path = fresh.path AND former.id IN (SELECT value FROM json_each(:retires))
    WHERE fresh.id IN (SELECT value FROM json_each(:adds)) AND (
        former.id IS NULL
        OR (former.sha256, former.title, former.date, former.kind, former.collection,
            former.commission, former.status, former.superseded_by)
        IS NOT (fresh.sha256, fresh.title, fresh.date, fresh.kind, fresh.collection,
            fresh.commission, fresh.status, fresh.superseded_by)
    )
    ORDER BY fresh.path
"""
_LEFT = f"""
    INSERT INTO journal ({_COLUMNS})
    SELECT :moment, :generation,
        CASE WHEN path IN (SELECT path FROM withdrawn) THEN 'withdrawn' ELSE 'removed' END,
        path, title, collection
    FROM documents
    WHERE id IN (SELECT value FROM json_each(:retires)) AND path NOT IN (
        SELECT path FROM documents WHERE id IN (SELECT value FROM json_each(:adds))
    )
    ORDER BY path
"""
# A document that has moved into a hidden collection takes its past with it.
_SINCE = f"""
    SELECT {_COLUMNS}, (
        SELECT collection FROM documents
        WHERE path = journal.path AND since IS NOT NULL AND until IS NULL LIMIT 1
    ) AS present
    FROM journal WHERE moment > :after ORDER BY id DESC
"""


class Happening(StrEnum):
    """What happened to a document."""

    ADDED = "added"
    UPDATED = "updated"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    READMITTED = "readmitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One document that came, changed or left; ``when`` is UTC, title and collection of then."""

    when: datetime
    generation: int
    what: Happening
    path: str
    title: str
    collection: str


def append(
    db: sqlite3.Connection, generation: int, *, adds: Sequence[int], retires: Sequence[int]
) -> None:
    """Write down what a generation changes, within the transaction that publishes it."""
    values = {
        "moment": datetime.now(UTC).isoformat(timespec="microseconds"),
        "generation": generation,
        "adds": json.dumps(list(adds)),
        "retires": json.dumps(list(retires)),
    }
    db.execute(_CAME, values)
    db.execute(_LEFT, values)


def changes(
    db: sqlite3.Connection, since: datetime | None, limit: int, hidden: frozenset[str]
) -> list[Change]:
    """What happened after ``since``, newest first, ``limit`` at most, without what is hidden."""
    after = "" if since is None else since.astimezone(UTC).isoformat(timespec="microseconds")
    found = db.execute(_SINCE, {"after": after})
    with closing(found):
        seen = (
            _change_of(row)
            for row in found
            if not is_hidden(hidden, row["path"], row["collection"], row["present"])
        )
        return list(islice(seen, max(0, limit)))


def last_changes(db: sqlite3.Connection) -> dict[str, Change]:
    """The last thing that happened to each path."""
    newest = "SELECT max(id) FROM journal GROUP BY path"
    return {
        row["path"]: _change_of(row)
        for row in db.execute(f"SELECT {_COLUMNS} FROM journal WHERE id IN ({newest})")
    }


def _change_of(row: sqlite3.Row) -> Change:
    return Change(
        when=datetime.fromisoformat(row["moment"]),
        generation=row["generation"],
        what=Happening(row["what"]),
        path=row["path"],
        title=row["title"],
        collection=row["collection"],
    )
