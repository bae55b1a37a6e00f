"""Who may reach the interface, for how long, and which collections only some groups may read."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from assistant.hosts import as_address, host_name
from assistant.settings_errors import bad_value
from assistant.settings_sections import Section
from assistant.wording import UNSAFE, Words

_GROUP_NAME: Final = re.compile(r"[\w.-]{1,40}")
_MAX_COLLECTION_CHARS: Final = 300


def group_name(value: str) -> str:
    """The one spelling of a group of people: NFKC, lower case.

    Raises:
        ValueError: Not 1 to 40 letters, digits, ``.``, ``-`` or ``_``.
    """
    name = unicodedata.normalize("NFKC", value[:100]).strip().casefold()
    if len(value) > 100 or not _GROUP_NAME.fullmatch(name):
        raise ValueError(value)
    return name


def _restricted(value: object) -> dict[str, tuple[str, ...]]:
    """Collections and their groups as TOML gives them, in one spelling.

    Raises:
        SettingsError: Not a table of lists of names: what is meant to be kept from
            some people must never be read as nothing.
    """
    key = "access.restricted"
    if not isinstance(value, dict):
        raise bad_value(
            key, value, Words("{ collection = [groupes] }", "{ collection = [groups] }")
        )
    found: dict[str, tuple[str, ...]] = {}
    for collection, groups in value.items():
        name = _collection_name(collection)
        if name is None or name in found:
            raise bad_value(
                key, collection, Words("le nom d’une collection, une fois", "a collection, once")
            )
        try:
            if not isinstance(groups, list | tuple) or not all(isinstance(g, str) for g in groups):
                raise ValueError(groups)
            found[name] = tuple(group_name(group) for group in groups)
        except ValueError:
            raise bad_value(
                f"{key}.{name}",
                groups,
                Words(
                    "une liste de groupes (lettres, chiffres, « . », « - », « _ »)",
                    "a list of groups (letters, digits, `.`, `-`, `_`)",
                ),
            ) from None
    return found


def _collection_name(value: object) -> str | None:
    """A collection as the catalogue spells it: one composed line; None when it cannot be one."""
    if not isinstance(value, str) or any(unicodedata.category(c) in UNSAFE for c in value):
        return None
    name = " ".join(unicodedata.normalize("NFC", value).split())
    return name if 0 < len(name) <= _MAX_COLLECTION_CHARS else None


def _address_or_nothing(value: str) -> str:
    if value and as_address(value) is None:
        raise ValueError(value)
    return value


class AccessSettings(Section):
    """How long people stay logged in, and collections that only some groups may read."""

    session_minutes: int = Field(
        default=480, ge=5, le=43_200, description="durée d’une connexion, en minutes"
    )
    idle_minutes: int = Field(
        default=60, ge=5, le=43_200, description="sans rien faire, fin de connexion, en minutes"
    )
    host_names: tuple[Annotated[str, AfterValidator(host_name)], ...] = Field(
        default=(),
        strict=False,
        description="noms de l’interface pour les navigateurs, derrière un mandataire",
    )
    trusted_proxy: Annotated[str, AfterValidator(_address_or_nothing)] = Field(
        default="",
        description="adresse du mandataire TLS dont on croit X-Forwarded-For et -Proto",
    )
    restricted: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_restricted)] = Field(
        default={},
        description='collections réservées à des groupes, par exemple { rh = ["drh"] }',
    )

    def hidden_from(self, groups: frozenset[str]) -> frozenset[str]:
        """The restricted collections that none of these groups may read."""
        return frozenset(
            collection
            for collection, readers in self.restricted.items()
            if groups.isdisjoint(readers)
        )
