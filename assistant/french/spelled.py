"""Numbers spelled out in French: « mille deux cents », « quatre-vingt-dix-sept »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_TEENS = ("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize")
_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_VALUES = {
    "zero": 0, "une": 1, "cent": 100, "cents": 100, "mille": 1000, "vingts": 20,
    **{word: rank for rank, word in enumerate(_UNITS, 1)},
    **{word: rank for rank, word in enumerate(_TEENS, 10)},
    **_TENS,
}  # fmt: skip
_ALTERNATIVES = "|".join(sorted(_VALUES, key=len, reverse=True))
_WORD = re.compile(rf"(?<!\w)(?:{_ALTERNATIVES})(?!\w)")
_GLUE = re.compile(r"(?:[ -]et)?[ -]\Z")
# « neuf » is also « new »: it counts nine of something in the plural, or a measure.
_NINE_OF = re.compile(r" (?:\w+[sx]\b|mille|cent|pour cent|fois|%|€|[kM]€|m?illions?)")


@dataclass(frozen=True, slots=True)
class Spelled:
    """One number in words; ``lone_one`` for « un » or « une » by itself."""

    value: int
    start: int
    end: int
    lone_one: bool = False


def spelled_numbers(level_text: str) -> Iterator[Spelled]:
    """Read the numbers in words of a text already put through ``letters.level``."""
    number = _Growing()
    for word in _WORD.finditer(level_text):
        value = _VALUES[word.group()]
        glue = level_text[number.end : word.start()] if number.words else ""
        joined = len(glue) <= 4 and _GLUE.match(glue) and number.takes(value)
        if not joined or ("et" in glue and value not in (1, 11)):
            yield from number.finished(level_text)
            number = _Growing()
            number.start = word.start()
        number.add(value, word.end())
    yield from number.finished(level_text)


class _Growing:
    """A number being read, word after word."""

    def __init__(self) -> None:
        self.thousands = 0
        self.below = 0
        self.last = -1
        self.words = 0
        self.start = 0
        self.end = 0

    def takes(self, value: int) -> bool:
        """True when the grammar of numbers lets this word follow those already read."""
        if self.last == 0 or value == 0:
            return False
        if value == 1000:
            return self.thousands == 0 and self.last != 1000
        if value == 100:
            return self.below == 0 or 2 <= self.below <= 9
        rest = self.below % 100
        if value == 20 and rest == 4 and self.last == 4:
            return True
        if value >= 20:
            return rest == 0
        if value >= 10:
            return rest in (0, 60, 80)
        if rest in (10, 70, 90) and self.last == 10:
            return value >= 7
        return rest == 0 or (rest >= 20 and rest % 10 == 0)

    def add(self, value: int, end: int) -> None:
        """Take one more word."""
        if value == 1000:
            self.thousands = 1000 * (self.below or 1)
            self.below = 0
        elif value == 100:
            self.below = 100 * (self.below or 1)
        elif value == 20 and self.last == 4 and self.below % 100 == 4:
            self.below += 76
        else:
            self.below += value
        self.last = value
        self.words += 1
        self.end = end

    def finished(self, level_text: str) -> Iterator[Spelled]:
        """Give the number read, unless it is the adjective « neuf »."""
        if not self.words:
            return
        value = self.thousands + self.below
        if value == 9 and self.words == 1 and not _NINE_OF.match(level_text, self.end):
            return
        lone = value == 1 and self.words == 1
        yield Spelled(value, self.start, self.end, lone_one=lone)
