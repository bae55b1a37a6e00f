"""Finds the words of a page that a stretch of canonical text was made of.

The reader made one text of columns, tables, cut words and footnotes, knowing the
whole document; here one page is known. So its order is a hint and no more: the
text is tiled with the words of the page, a word at a time, and of all tilings the
one that jumps least is taken. What the page says twice is told apart by what
stands around it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import Protocol, TypeVar

_OTHER_ORDER = 0.2  # to the next word of an order that is less likely
_JUMP = 1.0
_MID_LINE = 2.0  # more, when a line is left or entered in its middle
_FAR = 0.5  # more, across the whole page
_UPWARD = 0.2
_CUT = 1.0  # more, when that cuts a word that has no hyphen there
_OTHERWISE = 0.1  # a word with other capitals, accents or marks
_SPACE = 2.0  # a word where the text has a space in the middle
_PART = 2.5  # a word of which only an end stands in the text
_LOST = 4.0  # a letter that no word gives
_KEPT = 4  # tilings from which any word may be jumped to
_WORD = 40  # letters of a word that may stand in the text in part
_MOST = 300  # words that may follow at one place


class Placed(Protocol):
    """A word with its box; y grows upward."""

    @property
    def text(self) -> str:
        """What it reads."""
        ...

    @property
    def x0(self) -> float:
        """Left edge."""
        ...

    @property
    def y0(self) -> float:
        """Lower edge."""
        ...

    @property
    def x1(self) -> float:
        """Right edge."""
        ...

    @property
    def y1(self) -> float:
        """Upper edge."""
        ...


Piece = TypeVar("Piece", bound=Placed)


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A text, its letters and figures without case or accents, and where each stands in it."""

    text: str
    bare: str
    places: tuple[int, ...]


def letters(text: str) -> str:
    """Letters and figures only, without case or accents; a raised figure is a figure."""
    return "".join(map(_bare, text))


def _spelling(text: str) -> _Spelling:
    bare = [(letter, place) for place, c in enumerate(text) for letter in _bare(c)]
    return _Spelling(text, "".join(c for c, _ in bare), tuple(place for _, place in bare))


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())


def tile(orders: Sequence[Sequence[Piece]], text: str, start: int, end: int) -> list[Piece]:
    """The words of ``text[start:end]``, as it says them.

    Args:
        orders: All words of the page in the orders in which they may be read, likeliest first;
            every order holds the same words.
        text: Canonical text of the page, or only what is looked for.
        start: Where in it (code points).
        end: End, exclusive.

    Returns:
        The words that hold its letters; none when one of the letters has no word.
    """
    lettered = [[word for word in order if letters(word.text)] for order in orders]
    first, last = len(letters(text[:start])), len(letters(text[:end]))
    if first == last or not lettered or not lettered[0]:
        return []
    steps = _Tiling(lettered).best(_spelling(text))
    found = [step for step in steps if step.start < last and step.end > first]
    if any(step.word is None for step in found):
        return []
    return [lettered[0][step.word] for step in found if step.word is not None]


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """Letters ``start:end`` of the text, from one word or lost; ``cost`` is of all until here."""

    word: int | None
    start: int
    end: int
    cost: float
    before: _Step | None


class _Tiling:
    """The words of one page, and what it costs to read one after the other."""

    def __init__(self, orders: Sequence[Sequence[Placed]]) -> None:
        self._words = words = orders[0]
        self._spelled = [_spelling(word.text) for word in words]
        number = {id(word): place for place, word in enumerate(words)}
        self._before = [
            {number[id(b)]: number[id(a)] for a, b in pairwise(order)} for order in orders
        ]
        self._height = max(1.0, max(w.y1 for w in words) - min(w.y0 for w in words))
        self._begins = [True, *(not _touch(a, b) for a, b in pairwise(words)), True]
        self._starting: dict[str, list[int]] = defaultdict(list)
        for place, spelled in enumerate(self._spelled):
            self._starting[spelled.bare[:2]].append(place)

    def best(self, text: _Spelling) -> list[_Step]:
        """The cheapest tiling of a text."""
        length = len(text.bare)
        reached: list[dict[int | None, _Step]] = [{} for _ in range(length + 1)]
        reached[0][None] = _Step(None, 0, 0, 0.0, None)
        for place in range(length):
            here, reached[place] = reached[place], {}
            cheapest = sorted(here.values(), key=lambda step: step.cost)[:_KEPT]
            for word, taken, extra in self._following(text, place, here):
                near = (here.get(before.get(word)) for before in self._before)
                ways = [*cheapest, *(step for step in near if step is not None)]
                cost, at = min(
                    (s.cost + self._jump(s, word, text), at) for at, s in enumerate(ways)
                )
                step = _Step(word, place, place + taken, cost + extra, ways[at])
                _keep(reached[step.end], step)
            lost = _Step(None, place, place + 1, cheapest[0].cost + _LOST, cheapest[0])
            _keep(reached[place + 1], lost)
        steps = [min(reached[-1].values(), key=lambda s: s.cost)]
        while (before := steps[-1].before) is not None:
            steps.append(before)
        return steps[-2::-1]

    def _following(
        self, text: _Spelling, place: int, here: Iterable[int | None]
    ) -> Iterable[tuple[int, int, float]]:
        """Words that give the next letters: (word, how many letters, extra cost)."""
        bare, rest = text.bare, len(text.bare) - place
        natural = [w + 1 for w in here if w is not None and w + 1 < len(self._words)]
        known = self._starting.get(bare[place : place + 2], ())
        single = self._starting.get(bare[place], ()) if rest > 1 else ()
        for word in dict.fromkeys([*natural, *known[:_MOST], *single[:_MOST]]):
            spelled = self._spelled[word]
            if bare.startswith(spelled.bare, place):
                yield word, len(spelled.bare), _difference(spelled, text, place)
        if place == 0:
            yield from self._entering(bare)
        if rest < _WORD:  # the last word may go on beyond the text
            end = bare[place:]
            for word, spelled in enumerate(self._spelled):
                if len(spelled.bare) > rest and spelled.bare.startswith(end):
                    yield word, rest, _PART

    def _entering(self, text: str) -> Iterable[tuple[int, int, float]]:
        """Words that have begun before the text, and perhaps go on beyond it."""
        for word, spelled in enumerate(self._spelled):
            for cut in range(1, min(len(spelled.bare), _WORD)):
                if text.startswith(spelled.bare[cut:]) or spelled.bare.startswith(text, cut):
                    yield word, min(len(spelled.bare) - cut, len(text)), _PART

    def _jump(self, step: _Step, to: int, text: _Spelling) -> float:
        """What it costs to go on with a word after a step; 0 for the next in order."""
        if step.word is None:
            return 0.0
        if step.word == to:
            return inf
        for rank, before in enumerate(self._before):
            if before.get(to) == step.word:
                return _OTHER_ORDER if rank else 0.0
        a, b = self._words[step.word], self._words[to]
        between = text.text[text.places[step.end - 1] + 1 : text.places[step.end]]
        cut = 0.0 if between or a.text.endswith("-") else _CUT
        distance = (abs(a.y0 - b.y0) + abs(a.x1 - b.x0) / 4) / self._height
        cost = _JUMP + cut + _FAR * min(1.0, distance)
        cost += _MID_LINE * (not self._begins[to]) + _MID_LINE * (not self._begins[step.word + 1])
        return cost + (_UPWARD if b.y0 > a.y1 else 0.0)


def _difference(word: _Spelling, text: _Spelling, place: int) -> float:
    """What tells a word from the same letters of the text: a capital, a mark, a space in it."""
    first, last = text.places[place], text.places[place + len(word.bare) - 1]
    cost = 0.0 if text.text.startswith(word.text, first - word.places[0], last + 40) else _OTHERWISE
    return cost + _SPACE * any(c.isspace() for c in text.text[first:last])


def _keep(steps: dict[int | None, _Step], step: _Step) -> None:
    known = steps.get(step.word)
    if known is None or step.cost < known.cost:
        steps[step.word] = step


def _touch(a: Placed, b: Placed) -> bool:
    """The second goes on with the line of the first."""
    height = min(a.y1 - a.y0, b.y1 - b.y0)
    return min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5 * height and (
        -0.5 * height < b.x0 - a.x1 < height
    )
