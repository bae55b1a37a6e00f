"""What every screen shares: the workspace, the language, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.accounts import Right, User
from assistant.records import Filters
from assistant.settings_access import AccessSettings
from assistant.wording import Language
from assistant.workspace import Workspace
from ui.background import Background


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and the collections that are kept from them."""

    user: User
    hidden: frozenset[str]

    def may(self, right: Right) -> bool:
        """Whether their role has this right."""
        return self.user.may(right)

    def within(self, filters: Filters) -> Filters:
        """The same filters, with what this person may not read left out."""
        return replace(filters, hidden=self.hidden)


@dataclass(frozen=True, slots=True)
class Site:
    """One language of the interface over one workspace."""

    workspace: Workspace
    language: Language
    background: Background


def person_of(user: User, access: AccessSettings) -> Person:
    """A user with what the settings keep from them."""
    hidden = frozenset() if user.sees_all else access.hidden_from(user.groups)
    return Person(user=user, hidden=hidden)
