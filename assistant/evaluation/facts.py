"""Does a text state a gold fact? Spelling aside, and quantities by their value."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.french.letters import fold
from assistant.french.numbers import Quantity, quantities, supports

_SIGNS = str.maketrans({"«": "", "»": "", "“": "", "”": "", '"': "", "–": "-", "—": "-"})
# A figure is not part of a longer one: « 12 » stands in neither « 12,4 » nor « 12 000 ».
_NO_FIGURE_BEFORE = r"(?<!\d)(?<!\d[.,])(?<!\d )"
_NO_FIGURE_AFTER = r"(?!\d|[.,]\d| \d{3}(?!\d))"
_NO_UNIT_AFTER = r"(?! ?(?:[%‰€]|(?:k|m|md)€|millions?\b|milliards?\b))"


def stands_in(fact: str, text: str) -> bool:
    """True when a text states a fact.

    Either the fact stands in it word for word (accents, case, spaces, quotation marks
    and apostrophes aside; no word or figure is cut), or the fact is one quantity and
    the text has one of the same value and unit: « 12,4 M€ » in « 12 400 000 euros ».
    A bare number is found before any noun: what is counted is not compared.
    """
    return _stands_whole(fact, text) or _same_quantity(fact, text)


def _stands_whole(fact: str, text: str) -> bool:
    wanted, spoken = _comparable(fact), _comparable(text)
    if not wanted:
        return False
    before = _NO_FIGURE_BEFORE if wanted[0].isdigit() else ""
    after = _NO_FIGURE_AFTER + _NO_UNIT_AFTER if wanted[-1].isdigit() else ""
    whole = rf"(?<!\w){re.escape(wanted)}" if wanted[0].isalnum() else re.escape(wanted)
    edge = r"(?!\w)" if wanted[-1].isalnum() else ""
    return re.search(f"{before}{whole}{edge}{after}", spoken) is not None


def _same_quantity(fact: str, text: str) -> bool:
    asked = _quantities(fact)
    if len(asked) != 1 or asked[0].text.strip() != fact.strip():
        return False
    return any(supports(found, asked[0]) for found in _quantities(text))


@lru_cache(maxsize=4096)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(quantities(text))


@lru_cache(maxsize=4096)
def _comparable(text: str) -> str:
    return " ".join(fold(text.translate(_SIGNS)).split())
