"""The desk: each person's basket of excerpts and history, in SQLite.

Everything is kept under the person's id and reached through it only: an excerpt id that is
somebody else's, or a guess, is simply not in the basket. The texts of questions and answers
stay in the audit log; a history holds the ids of its records.
"""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from assistant.desk.excerpt import Excerpt, excerpt_of, snapshot
from assistant.desk.refusals import (
    BasketFull,
    DeskUnreadable,
    NothingToRestore,
    NotInBasket,
    TextTooLong,
)
from assistant.desk.schema import STEPS
from assistant.errors import QuoteMismatch
from assistant.records import Citation, Evidence, Hit
from assistant.sqlite_file import SqliteFile
from assistant.wording import Words, safe

MOST_EXCERPTS = 500
NOTE_CHARS = 5_000

_QUOTE_CHARS = 50_000
_UNDOABLE = 10  # removals
_MOST_REMEMBERED = 1_000  # answers
_PRESENT = "user_id = :user AND removal IS NULL"


class Desk:
    """Every person's desk, in one file that its owner alone may read; opening creates it.

    Several threads and processes may use it. Everything here raises ``DeskUnreadable`` when the
    file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, STEPS, private=True, unreadable=DeskUnreadable)

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        self._file.close()

    def forget(self, user_id: str) -> None:
        """Delete all that a person kept, for good: excerpts, notes, history."""
        with self._file.transaction() as db:
            for table in ("excerpts", "history"):
                db.execute(f"DELETE FROM {table} WHERE user_id = ?", (user_id,))

    # --- the basket --------------------------------------------------------------

    def basket(self, user_id: str) -> tuple[Excerpt, ...]:
        """The person's excerpts, in the person's order."""
        rows = self._file.connection.execute(
            f"SELECT * FROM excerpts WHERE {_PRESENT} ORDER BY place", {"user": user_id}
        )
        return tuple(excerpt_of(row) for row in rows)

    def take(self, user_id: str, found: Hit | Evidence | Citation) -> Excerpt:
        """Put a quotation at the end of the basket; one that is there already stays as it is.

        Raises:
            QuoteMismatch: The quotation cannot be the text between its offsets.
            TextTooLong: It is longer than a basket keeps.
            BasketFull: The basket holds ``MOST_EXCERPTS``.
        """
        values = _values(found)
        with self._file.transaction() as db:
            same = db.execute(
                f"SELECT * FROM excerpts WHERE {_PRESENT} AND document_id = :document_id "
                "AND sha256 = :sha256 AND start = :start AND end = :end",
                {"user": user_id, **values},
            ).fetchone()
            if same is not None:
                return excerpt_of(same)
            _check_room(db, user_id, 1)
            values |= {
                "user": user_id,
                "excerpt_id": secrets.token_hex(8),
                "added": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            row = db.execute(
                "INSERT INTO excerpts (user_id, excerpt_id, place, document_id, sha256, start, "
                "end, quote, added, document, locator, passage_id) VALUES (:user, :excerpt_id, "
                "(SELECT ifnull(max(place), 0) + 1 FROM excerpts WHERE user_id = :user), "
                ":document_id, :sha256, :start, :end, :quote, :added, :document, :locator, "
                ":passage_id) RETURNING *",
                values,
            ).fetchone()
            return excerpt_of(row)

    def put_back(self, user_id: str, excerpt_id: str) -> None:
        """Take one excerpt out of the basket; ``restore`` undoes it.

        Raises:
            NotInBasket: It is not in this person's basket.
        """
        with self._file.transaction() as db:
            if _remove(db, user_id, "excerpt_id = :excerpt", excerpt_id) == 0:
                raise NotInBasket

    def clear(self, user_id: str) -> int:
        """Take every excerpt out of the basket; how many. ``restore`` undoes it."""
        with self._file.transaction() as db:
            return _remove(db, user_id, "TRUE")

    def restore(self, user_id: str) -> tuple[Excerpt, ...]:
        """Undo the last removal that is not undone; what came back, each in its place.

        Excerpts that were taken anew meanwhile stay as they are.

        Raises:
            NothingToRestore: There is none.
            BasketFull: The basket has no room for all of them.
        """
        with self._file.transaction() as db:
            last = db.execute(
                "SELECT max(removal) FROM excerpts WHERE user_id = ?", (user_id,)
            ).fetchone()[0]
            if last is None:
                raise NothingToRestore
            of_it = {"user": user_id, "last": last}
            db.execute(
                "DELETE FROM excerpts AS gone WHERE user_id = :user AND removal = :last AND EXISTS "
                "(SELECT 1 FROM excerpts AS here WHERE here.user_id = :user AND here.removal IS "
                "NULL AND here.document_id = gone.document_id AND here.sha256 = gone.sha256 AND "
                "here.start = gone.start AND here.end = gone.end)",
                of_it,
            )
            which = "user_id = :user AND removal = :last"
            rows = db.execute(
                f"SELECT * FROM excerpts WHERE {which} ORDER BY place", of_it
            ).fetchall()
            _check_room(db, user_id, len(rows))
            db.execute(f"UPDATE excerpts SET removal = NULL WHERE {which}", of_it)
            return tuple(excerpt_of(row) for row in rows)

    def note(self, user_id: str, excerpt_id: str, text: str) -> Excerpt:
        """Write the person's note under an excerpt, in place of the former one.

        Raises:
            TextTooLong: It exceeds ``NOTE_CHARS`` code points.
            NotInBasket: The excerpt is not in this person's basket.
        """
        kept = safe(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()
        if len(kept) > NOTE_CHARS:
            raise TextTooLong(Words("Note trop longue", "Note too long"), len(kept), NOTE_CHARS)
        row = self._file.connection.execute(
            f"UPDATE excerpts SET note = :note WHERE {_PRESENT} AND excerpt_id = :excerpt "
            "RETURNING *",
            {"user": user_id, "excerpt": excerpt_id, "note": kept},
        ).fetchall()
        if not row:
            raise NotInBasket
        return excerpt_of(row[0])

    def move(self, user_id: str, excerpt_id: str, places: int) -> None:
        """Move an excerpt towards the end (positive) or the beginning; it stops at either.

        Raises:
            NotInBasket: The excerpt is not in this person's basket.
        """
        with self._file.transaction() as db:
            rows = db.execute(
                f"SELECT id, excerpt_id, place FROM excerpts WHERE {_PRESENT} ORDER BY place",
                {"user": user_id},
            ).fetchall()
            order = [row["id"] for row in rows]
            here = next((i for i, row in enumerate(rows) if row["excerpt_id"] == excerpt_id), None)
            if here is None:
                raise NotInBasket
            there = min(max(here + places, 0), len(order) - 1)
            order.insert(there, order.pop(here))
            # The same places change hands: those of removed excerpts stay theirs.
            db.executemany(
                "UPDATE excerpts SET place = ? WHERE id = ?",
                ((row["place"], moved) for row, moved in zip(rows, order, strict=True)),
            )

    # --- the history -------------------------------------------------------------

    def remember(self, user_id: str, record_id: str, opened: datetime | None = None) -> None:
        """Note that an answer of the audit log is this person's; twice is once.

        Args:
            user_id: Whose.
            record_id: Of the audit log.
            opened: When the question was asked, with its time zone; now unless told.
        """
        when = (opened or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
        with self._file.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO history (user_id, record_id, opened) VALUES (?, ?, ?)",
                (user_id, record_id, when),
            )
            db.execute(
                "DELETE FROM history WHERE user_id = :user AND id NOT IN (SELECT id FROM history "
                "WHERE user_id = :user ORDER BY opened DESC, id DESC LIMIT :most)",
                {"user": user_id, "most": _MOST_REMEMBERED},
            )

    def history(self, user_id: str, limit: int = 100) -> tuple[tuple[str, datetime], ...]:
        """(record id, time in UTC) of the person's answers, newest first."""
        rows = self._file.connection.execute(
            "SELECT record_id, opened FROM history WHERE user_id = ? "
            "ORDER BY opened DESC, id DESC LIMIT ?",
            (user_id, max(0, limit)),
        )
        return tuple((row["record_id"], datetime.fromisoformat(row["opened"])) for row in rows)

    def forget_history(self, user_id: str) -> int:
        """Forget which answers were this person's; how many. The audit log keeps its records."""
        return self._file.connection.execute(
            "DELETE FROM history WHERE user_id = ?", (user_id,)
        ).rowcount


def _values(found: Hit | Evidence | Citation) -> dict[str, object]:
    """The columns of what is taken, checked as far as they can be without the catalogue."""
    if isinstance(found, Hit):
        quote, start, end = found.passage.text, found.passage.start, found.passage.end
    else:
        quote = found.quote if isinstance(found, Citation) else found.text
        start, end = found.start, found.end
    document = found.document
    if start < 0 or not quote or len(quote) != end - start or safe(quote) != quote:
        raise QuoteMismatch(document.title, start, end)
    if len(quote) > _QUOTE_CHARS:
        raise TextTooLong(
            Words("Citation trop longue", "Quotation too long"), len(quote), _QUOTE_CHARS
        )
    return {
        "document_id": document.document_id,
        "sha256": document.sha256,
        "start": start,
        "end": end,
        "quote": quote,
        "document": snapshot(document),
        "locator": snapshot(found.passage.locator),
        "passage_id": found.passage.passage_id,
    }


def _check_room(db: sqlite3.Connection, user_id: str, wanted: int) -> None:
    held = db.execute(
        f"SELECT count(*) FROM excerpts WHERE {_PRESENT}", {"user": user_id}
    ).fetchone()[0]
    if held + wanted > MOST_EXCERPTS:
        raise BasketFull(MOST_EXCERPTS)


def _remove(db: sqlite3.Connection, user_id: str, which: str, excerpt_id: str = "") -> int:
    """Mark excerpts as removed together, and let go of what can be undone no more."""
    values = {"user": user_id, "excerpt": excerpt_id, "undoable": _UNDOABLE}
    removed = db.execute(
        "UPDATE excerpts SET removal = (SELECT ifnull(max(removal), 0) + 1 FROM excerpts "
        f"WHERE user_id = :user) WHERE {_PRESENT} AND {which}",
        values,
    ).rowcount
    db.execute(
        "DELETE FROM excerpts WHERE user_id = :user AND removal <= "
        "(SELECT max(removal) FROM excerpts WHERE user_id = :user) - :undoable",
        values,
    )
    return removed
