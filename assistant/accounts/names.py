"""Names of people: what one may be, and which two are the same.

Two names are the same when they differ by case, accents, ligatures or width only:
"Zoé", "zoe" and "ＺＯＥ" are one account, and no letter of another alphabet can pass
for one of these. A name is shown as it was given, in its composed form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from assistant.errors import NameRefused
from assistant.french.letters import fold, plain
from assistant.settings_access import group_name
from assistant.wording import Words, safe

MIN_CHARS: Final = 2
MAX_CHARS: Final = 40
_LONGEST_READ: Final = 200  # one character may stand for 18 once normalised
_FOLDED: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")


def accepted_name(text: str) -> str:
    """The name as it is kept and shown: NFKC, without spaces around it.

    Raises:
        NameRefused: Not 2 to 40 letters, digits, ``.``, ``-`` or ``_``, the first of
            them a letter or a digit.
    """
    name = unicodedata.normalize("NFKC", plain(text[:_LONGEST_READ])).strip()
    shown_whole = all(c.isalnum() or c in "._-" for c in name)
    if (
        len(text) > _LONGEST_READ
        or not MIN_CHARS <= len(name) <= MAX_CHARS
        or not shown_whole
        or not _FOLDED.fullmatch(folded(name))
    ):
        raise NameRefused(
            Words(
                f"« {safe(text)[:60]} » ne peut pas être un nom de compte.",
                f"{safe(text)[:60]!r} cannot be the name of an account.",
            ),
            remedy=Words(
                f"Choisissez {MIN_CHARS} à {MAX_CHARS} lettres latines (accents compris), "
                "chiffres, « . », « - » ou « _ », en commençant par une lettre ou un chiffre.",
                f"Choose {MIN_CHARS} to {MAX_CHARS} Latin letters (accents included), digits, "
                "`.`, `-` or `_`, with a letter or a digit first.",
            ),
        )
    return name


def folded(text: str) -> str:
    """The key under which two names are the same account.

    Any text has one, in ASCII: what a stranger types as a name need not be acceptable.
    """
    bare = unicodedata.normalize("NFKC", fold(text[:_LONGEST_READ])).casefold().strip()
    return bare.encode("ascii", "replace").decode("ascii")  # "?" is in no accepted name


def accepted_groups(texts: Iterable[str]) -> frozenset[str]:
    """The groups in the spelling of ``[access] restricted``.

    Raises:
        NameRefused: One is not a group's name.
    """
    return frozenset(_accepted_group(text) for text in texts)


def _accepted_group(text: str) -> str:
    try:
        return group_name(text)
    except ValueError as error:
        raise NameRefused(
            Words(
                f"« {safe(text)[:60]} » ne peut pas être un nom de groupe.",
                f"{safe(text)[:60]!r} cannot be the name of a group.",
            ),
            remedy=Words(
                "Choisissez 1 à 40 lettres, chiffres, « . », « - » ou « _ ».",
                "Choose 1 to 40 letters, digits, `.`, `-` or `_`.",
            ),
        ) from error
