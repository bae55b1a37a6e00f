"""French figures and spaces, for a page that is read in French whatever the terminal speaks."""

from __future__ import annotations

import re

from assistant.evaluation.measures import Share, Spread

NO_BREAK, THIN = "\u00a0", "\u202f"
NONE = "—"

_BEFORE_WIDE = re.compile(r" (?=[:%»])")
_BEFORE_THIN = re.compile(r" (?=[;?!])")
_AFTER_QUOTE = re.compile(r"(?<=«) ")


def typeset(text: str) -> str:
    """Our own French, its spaces before and after marks made no-break; never for quoted text."""
    wide = _BEFORE_WIDE.sub(NO_BREAK, _AFTER_QUOTE.sub(NO_BREAK, text))
    return _BEFORE_THIN.sub(THIN, wide)


def number(value: float, decimals: int = 0) -> str:
    """``12 345,6``: a decimal comma, thin no-break spaces between thousands."""
    return f"{value:,.{decimals}f}".replace(",", THIN).replace(".", ",")


def percent(share: float | None) -> str:
    """A share from 0 to 1 as a percentage with one decimal; a dash for none."""
    return NONE if share is None else f"{number(100 * share, 1)}{NO_BREAK}%"


def bounds(interval: tuple[float, float] | None) -> str:
    """An interval of shares as percentages; a dash for none."""
    if interval is None:
        return NONE
    low, high = interval
    return f"{number(100 * low, 1)} à {percent(high)}"


def ratio(share: Share) -> str:
    """``31 / 52``."""
    return f"{number(share.count)}{NO_BREAK}/{NO_BREAK}{number(share.of)}"


def seconds(value: float | None) -> str:
    """``12,3 s``, or ``0,041 s`` below one second; a dash for none."""
    if value is None:
        return NONE
    return f"{number(value, 1 if value >= 1 else 3)}{NO_BREAK}s"


def median(found: Spread | None) -> float | None:
    """The median of a spread, where there is one."""
    return None if found is None else found.median
