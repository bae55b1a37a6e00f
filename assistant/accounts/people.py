"""Roles, the rights each one gives, and the people who hold them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assistant.wording import Words


class Right(StrEnum):
    """What a person may do."""

    ASK = "ask"  # search, ask, open a source
    COLLECT = "collect"  # excerpts, basket, exports
    CORPUS = "corpus"  # upload, ingest again, withdraw
    AUDIT = "audit"  # everybody's answers, and verdicts on them


class Role(StrEnum):
    """What a person is here; it decides the rights."""

    AGENT = "agent"
    RAPPORTEUR = "rapporteur"
    EVALUATOR = "evaluator"
    ADMIN = "admin"

    @property
    def rights(self) -> frozenset[Right]:
        """What this role may do."""
        return _RIGHTS[self]

    @property
    def label(self) -> Words:
        """The role as a person reads it."""
        return _LABELS[self]


_RIGHTS: Final = {
    Role.AGENT: frozenset({Right.ASK}),
    Role.RAPPORTEUR: frozenset({Right.ASK, Right.COLLECT}),
    Role.EVALUATOR: frozenset({Right.ASK, Right.COLLECT, Right.AUDIT}),
    # no AUDIT: who feeds the corpus does not judge what comes out of it
    Role.ADMIN: frozenset({Right.ASK, Right.COLLECT, Right.CORPUS}),
}
_LABELS: Final = {
    Role.AGENT: Words("agent", "agent"),
    Role.RAPPORTEUR: Words("rapporteur", "rapporteur"),
    Role.EVALUATOR: Words("évaluateur", "evaluator"),
    Role.ADMIN: Words("administrateur", "administrator"),
}
_LOCAL: Final = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with an account, as it was when it was read."""

    user_id: str  # a pseudonym, drawn at random: "u-" and 10 letters or digits
    name: str  # what the person logs in with
    role: Role
    groups: frozenset[str] = frozenset()
    created: str  # UTC, ISO 8601
    active: bool = True  # False: nobody logs in with it

    @property
    def sees_all(self) -> bool:
        """True for the one person of a workspace without accounts: no collection is hidden."""
        return self.user_id == _LOCAL

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do; nothing once disabled."""
        if not self.active:
            return frozenset()
        return frozenset(Right) if self.sees_all else self.role.rights

    def may(self, right: Right) -> bool:
        """Whether this person has a right."""
        return right in self.rights


LOCAL_USER: Final = User(user_id=_LOCAL, name=_LOCAL, role=Role.ADMIN, created="")
"""Whoever sits at a workspace that has no account at all: every right, nothing hidden."""
