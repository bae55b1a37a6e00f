"""Failed logins slow the next ones down, by name and by address, across processes.

An attempt is counted as failed before its password is looked at, in the transaction
that decides whether it may be looked at: a hundred attempts at the same moment are
five and ninety-five refusals. Its row goes again when the password was right.

After 5 failures of a name, or from an address, within 15 minutes, each failure makes
the next attempt wait: 30 s, 60 s, 120 s... 15 min at most. Refused attempts are not
counted, so that nobody is kept out for longer by trying too soon. A name or an address
is forgotten 15 minutes after the end of its last wait.
"""

from __future__ import annotations

import hashlib
import math
import sqlite3
from dataclasses import dataclass
from typing import Final

from assistant.accounts.names import folded
from assistant.errors import TooManyAttempts
from assistant.hosts import as_address

FAILURES: Final = 5
WINDOW_S: Final = 900.0
FIRST_WAIT_S: Final = 30.0
LONGEST_WAIT_S: Final = 900.0
MAX_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login being looked at; it counts as failed until it is forgiven."""

    of_name: bytes
    row_of_origin: int


def begin(db: sqlite3.Connection, name: str, origin: str, now: float) -> Attempt:
    """Count an attempt, within the caller's transaction.

    Args:
        db: A connection in a transaction that writes.
        name: What was typed; no such account need exist.
        origin: The client's address; an IPv6 one counts with all of its /64.
        now: Seconds since 1970.

    Raises:
        TooManyAttempts: It must wait; nothing was counted.
    """
    subjects = (_subject("name", folded(name)), _subject("origin", _network(origin)))
    wait_s = max(_left_to_wait(db, subject, now) for subject in subjects)
    if wait_s > 0:
        raise TooManyAttempts(math.ceil(wait_s))
    _sweep(db, now)
    _count(db, subjects[0], now)
    return Attempt(subjects[0], _count(db, subjects[1], now))


def forgive(db: sqlite3.Connection, attempt: Attempt) -> None:
    """The password was right: the name starts afresh, the address without this attempt."""
    db.execute("DELETE FROM attempts WHERE subject = ?", (attempt.of_name,))
    # only this one: an account of one's own must not wash guesses at the others
    db.execute("DELETE FROM attempts WHERE id = ?", (attempt.row_of_origin,))


def forget_name(db: sqlite3.Connection, name: str) -> None:
    """Let a name be tried afresh: its password was changed by somebody who may."""
    db.execute("DELETE FROM attempts WHERE subject = ?", (_subject("name", folded(name)),))


def _left_to_wait(db: sqlite3.Connection, subject: bytes, now: float) -> float:
    """Seconds before the next attempt, 0 or less when it may come now."""
    found = db.execute(
        "SELECT max(at + wait_s) FROM attempts WHERE subject = ? AND wait_s > 0 AND at <= ?",
        (subject, now + LONGEST_WAIT_S),  # later than that: the clock was set back
    ).fetchone()[0]
    return 0.0 if found is None else min(float(found) - now, LONGEST_WAIT_S)


def _count(db: sqlite3.Connection, subject: bytes, now: float) -> int:
    recent, longest = db.execute(
        "SELECT count(*) FILTER (WHERE at > ?), max(wait_s) FROM attempts WHERE subject = ?",
        (now - WINDOW_S, subject),
    ).fetchone()
    wait_s = 0.0
    if longest:
        wait_s = min(2 * float(longest), LONGEST_WAIT_S)
    elif recent + 1 >= FAILURES:
        wait_s = FIRST_WAIT_S
    made = db.execute(
        "INSERT INTO attempts (subject, at, wait_s) VALUES (?, ?, ?)", (subject, now, wait_s)
    )
    return int(made.lastrowid or 0)


def _sweep(db: sqlite3.Connection, now: float) -> None:
    """Drop what counts no more, and the oldest of a flood: this table stays small."""
    db.execute(
        "DELETE FROM attempts WHERE at + wait_s <= ? OR at > ?",
        (now - WINDOW_S, now + LONGEST_WAIT_S),
    )
    db.execute(
        "DELETE FROM attempts WHERE id IN (SELECT id FROM attempts "
        "ORDER BY wait_s DESC, at DESC LIMIT -1 OFFSET ?)",
        (MAX_ROWS - 2,),
    )


def _subject(kind: str, what: str) -> bytes:
    """A name or an address as it is counted: hashed, for people type passwords as names."""
    return hashlib.sha256(f"{kind} {what}".encode("utf-8", "replace")).digest()


def _network(origin: str) -> str:
    """Who stands behind an address: one IPv6 host has 2**64 of them."""
    address = as_address(origin[:100].strip().split("%")[0])
    if address is None:
        return origin[:100]
    return str(address) if address.version == 4 else f"{address.exploded[:19]}::/64"
