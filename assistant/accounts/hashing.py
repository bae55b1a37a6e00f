"""Passwords kept as argon2id, and checked at the same cost whoever is named.

The parameters are argon2-cffi's defaults: the low-memory profile of RFC 9106 (64 MiB,
3 passes, 4 lanes). Each hash carries its own, so they can be raised later.
"""

from __future__ import annotations

import base64
import secrets
import threading
from typing import TYPE_CHECKING, Final

from assistant.accounts.password_rules import MAX_CHARS, normalised

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# One hash of 64 MiB at a time: forty logins at once must not take gigabytes from the model.
_TURN: Final = threading.Lock()


class Hashing:
    """How passwords become what is stored, and are compared with it."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        from argon2 import PasswordHasher

        self._hasher = hasher or PasswordHasher()
        self._decoy = _decoy(self._hasher)

    def hash(self, password: str) -> str:
        """The password as it is stored: argon2id with its salt, about 0.1 s."""
        with _TURN:
            return self._hasher.hash(normalised(password))

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether this is the password; without a stored one, False at the same cost."""
        from argon2.exceptions import VerifyMismatchError

        if len(password) > MAX_CHARS:  # no stored password is that long
            password, stored = "", None
        typed = normalised(password).encode("utf-8", "surrogatepass")
        with _TURN:
            try:
                self._hasher.verify(stored or self._decoy, typed)
            except VerifyMismatchError:
                return False
        return stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)


def _decoy(hasher: PasswordHasher) -> str:
    """A hash that no known password has, with the same parameters: made without hashing."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
