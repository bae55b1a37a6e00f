"""The subject of a figure: a number goes with the words that it goes with in the quote."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind, supports
from assistant.verification.statement import LIGHT, Segment, Source, Statement, matches

# These name something rather than count it.
_NOT_COUNTS = {QuantityKind.DATE, QuantityKind.ARTICLE, QuantityKind.REFERENCE, QuantityKind.TIME}


def check_subjects(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each figure stands, in one of the quotes, with the subject and the year the claim gives it."""
    for segment in claim.segments:
        for quantity in segment.quantities:
            if quantity.kind in _NOT_COUNTS:
                continue
            reasons = [
                _misplaced(claim, segment, quantity, source.quote, found)
                for source in sources
                for found in source.quote.quantities
                if supports(found, quantity)
            ]
            if reasons and all(reasons):
                return reasons[0]
    return None


def _misplaced(
    claim: Statement, mine: Segment, quantity: Quantity, quote: Statement, found: Quantity
) -> str | None:
    """Compare the words around a figure in the claim and around one occurrence in the quote."""
    home = _segment_of(quote, found)
    asked = _near(claim, mine) if _lone_count(claim) else _own(mine)
    years = _near_years(claim, mine)
    own_years = _near_years(quote, home)
    if years and own_years and not (years & own_years):
        return f"Dans la source citée, « {quantity.text} » n’est pas donné pour la même date."
    rivals = _rivals(quote, found)
    if not rivals:
        return None
    shared = _before_first_count(quote)
    here = _near(quote, home)
    there = frozenset().union(*(_own(rival) for rival in rivals))
    elsewhere = matches(asked - matches(asked, here | shared), there)
    if elsewhere:
        return _wrong(quantity)
    most = max(len(matches(asked, _own(rival))) for rival in rivals)
    if most > 0 and _own(home) and not matches(asked, _own(home)):
        return _wrong(quantity)
    return None


def _wrong(quantity: Quantity) -> str:
    return f"Dans la source citée, « {quantity.text} » se rapporte à autre chose."


def _segment_of(whole: Statement, quantity: Quantity) -> Segment:
    return next(s for s in whole.segments if quantity in s.quantities)


def _rivals(quote: Statement, found: Quantity) -> list[Segment]:
    """Segments with another figure of the same kind and another value."""
    home = _segment_of(quote, found)
    return [
        segment
        for segment in quote.segments
        if segment is not home
        and any(
            q.kind is found.kind and (q.value, q.unit) != (found.value, found.unit)
            for q in segment.quantities
        )
    ]


def _lone_count(whole: Statement) -> bool:
    return sum(q.kind not in _NOT_COUNTS for q in whole.quantities) == 1


def _own(segment: Segment) -> frozenset[str]:
    return segment.stems - LIGHT


def _attached(whole: Statement, segment: Segment) -> frozenset[str]:
    """Words of the neighbours of a segment that hold no figure, in the same clause."""
    position = whole.segments.index(segment)
    words: frozenset[str] = frozenset()
    for step in (-1, 1):
        place = position + step
        while 0 <= place < len(whole.segments):
            neighbour = whole.segments[place]
            if neighbour.clause != segment.clause or _counts(neighbour):
                break
            words |= neighbour.stems
            place += step
    return words - LIGHT


def _near(whole: Statement, segment: Segment) -> frozenset[str]:
    """A segment's words and those of its neighbours without a figure of their own."""
    return _own(segment) | _attached(whole, segment)


def _near_years(whole: Statement, segment: Segment) -> frozenset[str]:
    """The years said with a figure: in its segment, else beside it, else alone in the sentence."""
    if segment.years:
        return segment.years
    position = whole.segments.index(segment)
    beside: frozenset[str] = frozenset()
    for place in (position - 1, position + 1):
        if 0 <= place < len(whole.segments):
            neighbour = whole.segments[place]
            if neighbour.clause == segment.clause and not _counts(neighbour):
                beside |= neighbour.years
    return beside


def _before_first_count(whole: Statement) -> frozenset[str]:
    """Words before the first figure of a sentence: they may be the subject of all of them."""
    for segment in whole.segments:
        counts = [q for q in segment.quantities if q.kind not in _NOT_COUNTS]
        if counts:
            cut = counts[0].start
            break
    else:
        return frozenset()
    from_start = Statement(whole.text[:cut])
    return from_start.stems - LIGHT


def _counts(segment: Segment) -> bool:
    return any(q.kind not in _NOT_COUNTS for q in segment.quantities)
