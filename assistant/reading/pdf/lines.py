"""Words into lines: which words follow each other, where a space stands, what is raised.

A ``Line`` is first a run of words without a wide gap (a line of one column, or
one cell of a table row); runs of one column on one baseline are merged later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from assistant.reading.canonical import join_lines
from assistant.reading.pdf.words import Word

_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
# In em. A wider gap separates columns or cells, or is a justified line's: the page decides.
_WIDE_GAP = 1.0
_JUSTIFIED_GAP = 3.0
_DRAWN_GAP = 4.5
_ENOUGH_GAPS = 3
_WORD_GAP = 0.16
# "Auvergne-\nRhône", "2025-\n2026", "peut-\nêtre", "propose-\nt-il": the hyphen is the word's own.
_CUT_COMPOUND = re.compile(
    r"(?<=\w)[-\u2010]\n(?=[A-ZÀ-ÖØ-ÞŒ\d]|"
    r"(?:t-)?(?:il|elle|on|ils|elles|je|tu|nous|vous|ce|ci|là|même|mêmes|être|delà)\b|à-)"
)


@dataclass(frozen=True)
class Line:
    """Words on one baseline, left to right; the box holds them all."""

    words: tuple[Word, ...]

    @cached_property
    def x0(self) -> float:
        """Left edge."""
        return min(word.x0 for word in self.words)

    @cached_property
    def x1(self) -> float:
        """Right edge."""
        return max(word.x1 for word in self.words)

    @cached_property
    def size(self) -> float:
        """Type size of most of its letters, in points, to a tenth."""
        return _commonest((round(w.size, 1), len(w.text)) for w in self.words)

    @cached_property
    def bold(self) -> bool:
        """Nearly all its letters are bold."""
        letters = sum(len(word.text) for word in self.words)
        return sum(len(word.text) for word in self.words if word.bold) > 0.8 * letters

    @cached_property
    def base(self) -> float:
        """Baseline of its words of the common size."""
        return _commonest(
            (round(w.base, 1), len(w.text)) for w in self.words if round(w.size, 1) == self.size
        )

    @cached_property
    def y0(self) -> float:
        """Lower edge."""
        return min(word.y0 for word in self.words)

    @cached_property
    def y1(self) -> float:
        """Upper edge."""
        return max(word.y1 for word in self.words)

    @cached_property
    def text(self) -> str:
        """Its words with their spaces; raised figures become ``¹²³``, not figures of a number."""
        parts: list[str] = []
        last: Word | None = None
        for word in self.words:
            if last is not None and (word.spaced or word.x0 - last.x1 > _WORD_GAP * self.size):
                parts.append(" ")
            parts.append(word.text.translate(_RAISED) if self._raised(word) else word.text)
            last = word
        return "".join(parts)

    def _raised(self, word: Word) -> bool:
        return word.size < 0.85 * self.size and word.base - self.base > 0.12 * self.size


def _commonest(weighed: Iterable[tuple[float, int]]) -> float:
    counts: Counter[float] = Counter()
    for value, weight in weighed:
        counts[value] += weight
    return max(counts, key=lambda value: (counts[value], value))


def into_lines(words: Sequence[Word]) -> list[Line]:
    """Cut the words, in file order, at each new baseline, step back or wide gap."""
    lines: list[Line] = []
    run: list[Word] = []
    for word in words:
        if run and not _follows(run[-1], word):
            lines += _parted(run)
            run = []
        run.append(word)
    return _meet(lines + _parted(run))


def _follows(last: Word, word: Word) -> bool:
    return _same_line(last, word) and word.x0 - last.x1 > -0.35 * max(last.size, word.size)


def _parted(run: Sequence[Word]) -> list[Line]:
    """Cut a row of words at the gaps that are no spaces between words.

    A justified line has gaps as wide as those between columns; but all its gaps
    are wide, or the file draws a space in them.
    """
    if not run:
        return []
    gaps = [(b.x0 - a.x1) / max(a.size, b.size) for a, b in pairwise(run)]
    usual = median(gaps) if len(gaps) >= _ENOUGH_GAPS else 0.0
    parts: list[list[Word]] = [[run[0]]]
    for word, gap in zip(run[1:], gaps, strict=True):
        justified = min(_JUSTIFIED_GAP, 1.6 * usual)
        allowed = _DRAWN_GAP if word.drawn_space else max(_WIDE_GAP, justified)
        if gap < allowed:
            parts[-1].append(word)
        else:
            parts.append([word])
    return [Line(tuple(part)) for part in parts]


def _same_line(a: Word, b: Word) -> bool:
    """Same baseline, or a small raised or lowered figure against its word."""
    apart = abs(a.base - b.base)
    larger, smaller = max(a.size, b.size), min(a.size, b.size)
    return apart < (0.2 if smaller > 0.85 * larger else 0.65) * larger


def _meet(lines: list[Line]) -> list[Line]:
    """Join runs that touch on one baseline but are apart in the file (bold, links, accents)."""
    by_base: dict[int, list[Line]] = {}
    met: list[Line] = []
    for line in sorted(lines, key=lambda item: item.x0):
        key = round(line.base)
        before = next(
            (
                other
                for near in (key, key - 1, key + 1)
                for other in by_base.get(near, ())
                if _touches(other, line)
            ),
            None,
        )
        if before is not None:
            by_base[round(before.base)].remove(before)
            met.remove(before)
            line = Line(before.words + line.words)
        by_base.setdefault(round(line.base), []).append(line)
        met.append(line)
    order = {id(word): place for place, line in enumerate(lines) for word in line.words}
    return sorted(met, key=lambda item: order[id(item.words[0])])


def _touches(left: Line, right: Line) -> bool:
    size = max(left.size, right.size)
    gap = right.x0 - left.x1
    return -0.2 * size < gap < 0.45 * size and abs(left.base - right.base) < 0.2 * size


def merged(lines: Sequence[Line]) -> list[Line]:
    """Merge successive runs that stand on one baseline, left to right (a justified line)."""
    done: list[Line] = []
    for line in lines:
        last = done[-1] if done else None
        if (
            last is not None
            and abs(last.base - line.base) < 0.2 * max(last.size, line.size)
            and line.x0 >= last.x1 - 0.2 * line.size
        ):
            done[-1] = Line(last.words + line.words)
        else:
            done.append(line)
    return done


def joined(texts: Iterable[str]) -> str:
    """Make one paragraph of the texts of lines: cut words and cut compounds are rejoined."""
    return join_lines(_CUT_COMPOUND.sub("-", "\n".join(texts)))
