"""Lists: « respectivement » gives each item its figure, « de A à B » gives each name its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.french.numbers import Quantity, QuantityKind
from assistant.verification.equivalences import alike
from assistant.verification.light import LIGHT
from assistant.verification.statement import Source, Statement, matches

_MARK = re.compile(r"\brespectivement\b")
_BETWEEN_ITEMS = re.compile(r", | et | puis ")
_TOWARDS = re.compile(r" (?:a|au|aux|vers|jusqu'a) (?:la |l'|les )?")
_FROM = re.compile(r"\b(?:de|du|des|depuis) (?:la |l'|les )?\Z|\bd'\Z")


def check_lists(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each figure goes to the item of its rank; a way is gone in the direction that is said."""
    for source in sources:
        for item, figure, others in _ranked(source.quote):
            for segment in claim.segments:
                if not any(alike(figure, q) for q in segment.quantities):
                    continue
                if not matches(item, segment.stems) and matches(others, segment.stems):
                    return f"Dans la source citée, « {figure.text} » se rapporte à autre chose."
        said = set(_ways(source.quote))
        if any((to, start) in said and (start, to) not in said for start, to in _ways(claim)):
            return "La source citée dit le trajet ou le passage dans l’autre sens."
    return None


def _ranked(quote: Statement) -> Iterator[tuple[frozenset[str], Quantity, frozenset[str]]]:
    """The words of each item before « respectivement », its figure, the words of the others."""
    mark = _MARK.search(quote.level)
    if mark is None:
        return
    counted = [q for q in quote.quantities if q.kind is not QuantityKind.DATE]
    figures = [q for q in counted if q.start > mark.end()] or counted
    named = (
        _BETWEEN_ITEMS.split(quote.level[: min(mark.start(), figures[0].start)]) if figures else []
    )
    if len(named) != len(figures) or len(figures) < 2:
        return
    words = [Statement(chunk).stems - LIGHT for chunk in named]
    for rank, figure in enumerate(figures):
        others = frozenset().union(*(w for at, w in enumerate(words) if at != rank))
        yield words[rank] - others, figure, others - words[rank]


def _ways(whole: Statement) -> Iterator[tuple[str, str]]:
    """« de Saint-Ervan à Lormeuil »: the last words of both names."""
    for one, other in pairwise(whole.names):
        between = whole.level[one.end : other.start]
        if _TOWARDS.fullmatch(between) and _FROM.search(whole.level[: one.start]):
            yield one.words[-1], other.words[-1]
