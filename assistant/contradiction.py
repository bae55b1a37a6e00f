"""Do two sentences give different figures for the same thing?

Both are then evidence and both are shown, with their dates and status: the
reader, not the program, decides which one holds.
"""

from __future__ import annotations

from itertools import product

from assistant.french.numbers import Quantity, QuantityKind
from assistant.verification.statement import LIGHT, Segment, Statement, matches, statement

_FIGURES = frozenset({QuantityKind.NUMBER, QuantityKind.AMOUNT, QuantityKind.PERCENTAGE})
_LEAST_SHARED = 4  # content words that the two sentences share
_LEAST_SHARE = 0.6  # of the content words of the one that has fewer
_LEAST_BESIDE = 2  # words that the two figures share in their own segments


def contradicts(one: str, other: str) -> bool:
    """True when two sentences give different figures of one kind for one subject and one time."""
    return disagreement(one, other) is not None


def disagreement(one: str, other: str) -> tuple[Quantity, Quantity] | None:
    """The two figures that differ, or ``None``.

    The sentences must share most of their content words, the figures the words right around
    them; sentences that speak of other years, or that have a figure in common where they
    differ, do not contradict each other.
    """
    left, right = statement(one), statement(other)
    if not left.quantities or not right.quantities:
        return None
    differing = [
        ((near, a), (far, b))
        for (near, a), (far, b) in product(_figures(left), _figures(right))
        if a.kind is b.kind and a.unit == b.unit and a.value != b.value
    ]
    if not differing or not _same_time(left, right):  # cheaper to see than what they share
        return None
    mine, theirs = left.stems - LIGHT, right.stems - LIGHT
    shared = matches(mine, theirs)
    if len(shared) < _LEAST_SHARED or len(shared) < _LEAST_SHARE * min(len(mine), len(theirs)):
        return None
    for (near, a), (far, b) in differing:
        if len(matches(near.stems - LIGHT, far.stems - LIGHT)) < _LEAST_BESIDE:
            continue
        if _said_too(a, right) or _said_too(b, left):
            continue
        return a, b
    return None


def _figures(whole: Statement) -> list[tuple[Segment, Quantity]]:
    return [(s, q) for s in whole.segments for q in s.quantities if q.kind in _FIGURES]


def _said_too(quantity: Quantity, whole: Statement) -> bool:
    return any(q.value == quantity.value and q.unit == quantity.unit for q in whole.quantities)


def _same_time(left: Statement, right: Statement) -> bool:
    """The years they speak of are the same, or one of them names none."""
    years = [frozenset(y for s in whole.segments for y in s.years) for whole in (left, right)]
    return not years[0] or not years[1] or years[0] == years[1]
