"""Who is logged in: a random token in the browser, its hash here.

A session ends at a fixed time whatever happens, and sooner when it is not used. The
last use is written once a minute at most, so an idle end may come a minute early.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from typing import Final

from assistant.settings_access import AccessSettings

_TOKEN_BYTES: Final = 32
_TOKEN_CHARS: Final = 43  # of 32 bytes in base64
_SEEN_EVERY_S: Final = 60.0
_MAX_PER_USER: Final = 20  # browsers of one person; the oldest is logged out


def open_session(db: sqlite3.Connection, user_id: str, now: float, lasts: AccessSettings) -> str:
    """Log a person in, within the caller's transaction; the token is returned, and kept nowhere."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.execute("DELETE FROM sessions WHERE ends <= ? OR seen + idle_s <= ?", (now, now))
    db.execute(
        "DELETE FROM sessions WHERE digest IN (SELECT digest FROM sessions WHERE user_id = ? "
        "ORDER BY opened DESC LIMIT -1 OFFSET ?)",
        (user_id, _MAX_PER_USER - 1),
    )
    db.execute(
        "INSERT INTO sessions (digest, user_id, opened, seen, ends, idle_s) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            _digest(token),
            user_id,
            now,
            now,
            now + 60.0 * lasts.session_minutes,
            60.0 * lasts.idle_minutes,
        ),
    )
    return token


def person_of(db: sqlite3.Connection, token: str, now: float) -> str | None:
    """The user id of a session that has not ended; its last use is now."""
    if len(token) != _TOKEN_CHARS:  # what a browser sends may be anything
        return None
    digest = _digest(token)
    row = db.execute(
        "SELECT user_id, seen, ends, idle_s FROM sessions WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        return None
    if row["ends"] <= now or row["seen"] + row["idle_s"] <= now:
        db.execute("DELETE FROM sessions WHERE digest = ?", (digest,))
        return None
    if now - row["seen"] >= _SEEN_EVERY_S:
        db.execute("UPDATE sessions SET seen = ? WHERE digest = ? AND seen < ?", (now, digest, now))
    return str(row["user_id"])


def end_session(db: sqlite3.Connection, token: str) -> None:
    """Log out of one browser."""
    db.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))


def end_sessions_of(db: sqlite3.Connection, user_id: str) -> None:
    """Log a person out everywhere."""
    db.execute("DELETE FROM sessions WHERE user_id = ?", (user_id,))


def end_all_sessions(db: sqlite3.Connection) -> None:
    """Log everybody out: a copy of the file that comes back later lets nobody in by itself."""
    db.execute("DELETE FROM sessions")


def _digest(token: str) -> bytes:
    # no salt, no slow hash: 256 random bits cannot be guessed back
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
