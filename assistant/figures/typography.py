"""Figures and spaces as each language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assistant.figures.shares import Share
from assistant.wording import Language, Words

NO_BREAK, THIN = "\u00a0", "\u202f"
NONE = "—"

_BEFORE_WIDE = re.compile(r" (?=[:%»])")
_BEFORE_THIN = re.compile(r" (?=[;?!])")
_LINE_ENDS = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]\s*")
_AFTER_QUOTE = re.compile(r"(?<=«) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typography:
    """How one language writes figures: its decimal mark, what parts thousands, what precedes %."""

    language: Language
    decimal: str
    thousands: str
    before_percent: str
    to: str

    def say(self, words: Words) -> str:
        """Our own sentence in this language, its spaces before and after marks made no-break."""
        return self.typeset(words.fr if self.language == "fr" else words.en)

    def typeset(self, text: str) -> str:
        """Our own text with no-break spaces where French has any; never for quoted text."""
        if self.language != "fr":
            return text
        wide = _BEFORE_WIDE.sub(NO_BREAK, _AFTER_QUOTE.sub(NO_BREAK, text))
        return _BEFORE_THIN.sub(THIN, wide)

    def number(self, value: float, decimals: int = 0) -> str:
        """``12 345,6`` or ``12,345.6``; no line is broken within."""
        plain = f"{value:_.{decimals}f}"
        return plain.replace(".", self.decimal).replace("_", self.thousands)

    def percent(self, share: float | None) -> str:
        """A share from 0 to 1 as a percentage with one decimal; a dash for none."""
        return NONE if share is None else f"{self.number(100 * share, 1)}{self.before_percent}%"

    def whole_percent(self, share: float) -> str:
        """A share from 0 to 1 as a percentage without decimals."""
        return f"{self.number(100 * share)}{self.before_percent}%"

    def bounds(self, interval: tuple[float, float] | None) -> str:
        """An interval of shares as percentages; a dash for none."""
        if interval is None:
            return NONE
        low, high = interval
        return f"{self.number(100 * low, 1)} {self.to} {self.percent(high)}"

    def ratio(self, share: Share) -> str:
        """``31 / 52``."""
        return f"{self.number(share.count)}{NO_BREAK}/{NO_BREAK}{self.number(share.of)}"

    def seconds(self, value: float | None) -> str:
        """``12,3 s``, or ``0,041 s`` below one second; a dash for none."""
        if value is None:
            return NONE
        return f"{self.number(value, 1 if value >= 1 else 3)}{NO_BREAK}s"

    def watt_hours(self, value: float | None, decimals: int = 3) -> str:
        """``0,412 Wh``; a dash for none."""
        return NONE if value is None else f"{self.number(value, decimals)}{NO_BREAK}Wh"

    def day(self, day: str) -> str:
        """An ISO day: ``03/02/2026`` in French, as it is in English."""
        return "/".join(reversed(day.split("-"))) if self.language == "fr" else day

    def moment(self, time: str) -> str:
        """An ISO time to the minute, as it is said: ``03/02/2026 10:11``."""
        return f"{self.day(time[:10])} {time[11:16]}"


FRENCH: Final = Typography(
    language="fr", decimal=",", thousands=THIN, before_percent=NO_BREAK, to="à"
)
ENGLISH: Final = Typography(language="en", decimal=".", thousands=",", before_percent="", to="to")


def shortened(text: str, most: int) -> str:
    """A text as one line of at most ``most`` characters; "…" says where it is cut."""
    line = _LINE_ENDS.sub(" ", text[: 2 * most])
    return line if len(line) <= most and len(text) <= 2 * most else f"{line[: most - 1]}…"


def typography_of(language: Language) -> Typography:
    """The typography of a language."""
    return FRENCH if language == "fr" else ENGLISH
