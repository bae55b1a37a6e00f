"""Accounts: people added, changed, removed; logging in and out. One SQLite file.

Whatever lessens what a person may do takes effect at once: a session names a person,
whose role and groups are read again each time, and any change of them ends it.
"""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.accounts import sessions, throttle
from assistant.accounts.hashing import Hashing
from assistant.accounts.names import accepted_groups, accepted_name, folded
from assistant.accounts.password_rules import check_password
from assistant.accounts.people import Role, User
from assistant.accounts.schema import STEPS
from assistant.errors import AccountsUnreadable, LoginRefused, NameRefused, UserNotFound
from assistant.settings_access import AccessSettings
from assistant.sqlite_file import SqliteFile
from assistant.wording import Words

if TYPE_CHECKING:
    from argon2 import PasswordHasher


class Accounts:
    """The accounts of a workspace; threads and processes may share the file.

    Args:
        path: The SQLite file; made at the first use, readable by its owner only.
        clock: Seconds since 1970.
        hasher: How passwords are hashed; argon2id with the library's defaults unless given.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._file = SqliteFile(path, STEPS, private=True, unreadable=AccountsUnreadable)
        self._clock = clock
        self._hasher = hasher

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        self._file.close()

    # --- people ------------------------------------------------------------------

    def any(self) -> bool:
        """Whether there is an account, even a disabled one; if not, nobody is asked who they are.

        Raises:
            AccountsUnreadable: The file is damaged: to be taken as a yes.
        """
        return bool(
            self._file.connection.execute("SELECT EXISTS (SELECT 1 FROM users)").fetchone()[0]
        )

    def users(self) -> list[User]:
        """Everybody, by name."""
        rows = self._file.connection.execute("SELECT * FROM users ORDER BY folded")
        return [_user_of(row) for row in rows]

    def named(self, name: str) -> User:
        """One person; case and accents do not matter.

        Raises:
            UserNotFound: No account has that name.
        """
        return _user_of(_row(self._file.connection, name))

    def check_free(self, name: str) -> None:
        """Refuse a name that `add` would refuse, before a password is asked for.

        Raises:
            NameRefused: It cannot be a name, or an account has it or one that looks like it.
        """
        key = folded(accepted_name(name))
        taken = self._file.connection.execute(
            "SELECT name FROM users WHERE folded = ?", (key,)
        ).fetchone()
        if taken is not None:
            raise _taken(str(taken["name"]))

    def add(self, name: str, role: Role, groups: Iterable[str], password: str) -> User:
        """Make an account.

        Raises:
            NameRefused: The name or a group cannot be used, or the name is taken.
            PasswordRefused: The password is too easy to find.
        """
        name, member_of = accepted_name(name), accepted_groups(groups)
        self.check_free(name)
        check_password(password, name)
        user = User(
            user_id=f"u-{base64.b32encode(secrets.token_bytes(10)).decode().lower()[:10]}",
            name=name,
            role=Role(role),
            groups=member_of,
            created=datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds"),
        )
        stored = self._hashing.hash(password)
        try:
            with self._file.transaction() as db:
                db.execute(
                    "INSERT INTO users (user_id, name, folded, role, member_of, password, "
                    "created, active) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                    (
                        user.user_id,
                        name,
                        folded(name),
                        user.role,
                        _listed(member_of),
                        stored,
                        user.created,
                    ),
                )
        except sqlite3.IntegrityError as error:  # taken since it was checked
            raise _taken(name) from error
        return user

    def remove(self, name: str) -> None:
        """Remove an account and end its sessions.

        Raises:
            UserNotFound: No account has that name.
        """
        with self._file.transaction() as db:
            row = _row(db, name)
            db.execute("DELETE FROM users WHERE user_id = ?", (row["user_id"],))
            throttle.forget_name(db, row["folded"])

    def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        groups: Iterable[str] | None = None,
        active: bool | None = None,
    ) -> User:
        """Change what is given; the person is logged out everywhere if anything did change.

        Raises:
            UserNotFound: No account has that name.
            NameRefused: A group's name cannot be used.
        """
        member_of = None if groups is None else accepted_groups(groups)
        with self._file.transaction() as db:
            before = _user_of(_row(db, name))
            after = User(
                user_id=before.user_id,
                name=before.name,
                role=before.role if role is None else Role(role),
                groups=before.groups if member_of is None else member_of,
                created=before.created,
                active=before.active if active is None else active,
            )
            if after != before:
                db.execute(
                    "UPDATE users SET role = ?, member_of = ?, active = ? WHERE user_id = ?",
                    (after.role, _listed(after.groups), after.active, after.user_id),
                )
                sessions.end_sessions_of(db, after.user_id)
        return after

    def change_password(self, name: str, password: str) -> None:
        """Give a new password; the person is logged out everywhere, and may try at once.

        Raises:
            UserNotFound: No account has that name.
            PasswordRefused: The password is too easy to find.
        """
        user = self.named(name)
        check_password(password, user.name)
        stored = self._hashing.hash(password)
        with self._file.transaction() as db:
            row = _row(db, name)
            db.execute("UPDATE users SET password = ? WHERE user_id = ?", (stored, row["user_id"]))
            sessions.end_sessions_of(db, row["user_id"])
            throttle.forget_name(db, name)

    # --- logging in and out ------------------------------------------------------

    def log_in(self, name: str, password: str, origin: str, *, lasts: AccessSettings) -> str:
        """Check a password and open a session; its token is returned.

        Args:
            name: What the person typed.
            password: What the person typed.
            origin: The address the person comes from.
            lasts: How long the session lasts, used and unused.

        Raises:
            TooManyAttempts: This name or this address failed too often; wait.
            LoginRefused: Wrong name or password, or a disabled account: never said which.
        """
        with self._file.transaction() as db:
            attempt = throttle.begin(db, name, origin, self._clock())
            row = _find(db, name)
        stored = None if row is None else str(row["password"])
        if not self._hashing.matches(password, stored) or row is None:
            raise LoginRefused
        fresh = self._hashing.hash(password) if self._hashing.outdated(row["password"]) else stored
        with self._file.transaction() as db:
            now = db.execute(
                "UPDATE users SET password = ? WHERE user_id = ? AND password = ? AND active",
                (fresh, row["user_id"], stored),
            )
            if now.rowcount != 1:  # disabled, or removed or changed while we were hashing
                raise LoginRefused
            throttle.forgive(db, attempt)
            return sessions.open_session(db, row["user_id"], self._clock(), lasts)

    def session(self, token: str) -> User | None:
        """Who holds this token, as the account is now; None when the session has ended."""
        db = self._file.connection
        user_id = sessions.person_of(db, token, self._clock())
        row = db.execute("SELECT * FROM users WHERE user_id = ? AND active", (user_id,)).fetchone()
        return None if row is None else _user_of(row)

    def log_out(self, token: str) -> None:
        """End one session; nothing happens when it has ended already."""
        sessions.end_session(self._file.connection, token)

    def log_out_everywhere(self, name: str) -> None:
        """End every session of a person.

        Raises:
            UserNotFound: No account has that name.
        """
        with self._file.transaction() as db:
            sessions.end_sessions_of(db, _row(db, name)["user_id"])

    @cached_property
    def _hashing(self) -> Hashing:
        return Hashing(self._hasher)


def _find(db: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM users WHERE folded = ?", (folded(name),)
    ).fetchone()
    return row


def _row(db: sqlite3.Connection, name: str) -> sqlite3.Row:
    row = _find(db, name)
    if row is None:
        raise UserNotFound(name[:60])
    return row


def _user_of(row: sqlite3.Row) -> User:
    return User(
        user_id=row["user_id"],
        name=row["name"],
        role=Role(row["role"]),
        groups=frozenset(json.loads(row["member_of"])),
        created=row["created"],
        active=bool(row["active"]),
    )


def _listed(groups: frozenset[str]) -> str:
    return json.dumps(sorted(groups), ensure_ascii=False)


def _taken(name: str) -> NameRefused:
    return NameRefused(
        Words(f"Le compte « {name} » existe déjà.", f"The account {name!r} exists already."),
        remedy=Words(
            "Choisissez un autre nom (accents et majuscules ne comptent pas), ou changez ce "
            "compte avec « assistant users change ».",
            "Choose another name (accents and case do not count), or change this account "
            "with `assistant users change`.",
        ),
    )
