"""The subject of a figure: a number goes with the words that it goes with in the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind, supports
from assistant.verification.statement import LIGHT, PART_OF, Segment, Source, Statement, matches

# These name something rather than count it.
_NOT_COUNTS = {QuantityKind.DATE, QuantityKind.ARTICLE, QuantityKind.REFERENCE, QuantityKind.TIME}
_NAMES_SOMETHING = _NOT_COUNTS - {QuantityKind.DATE}
_FROM = re.compile(
    r"\b(?:pass|port|evolu|augment|hauss|baiss|diminu|recul|releve|ramen|progress|redui)\w*"
    r"(?: \w+){0,3}? (?:de|d'|des) ?\Z"
)
_TO = re.compile(r"\A[^;.]{0,40}(?<!\w)a (?:pres de |environ |plus de )?\Z")
_PAST = re.compile(
    r"\b(?:etai(?:t|ent)|avai(?:t|ent)|initial\w*|auparavant|precede\w*|ancien\w*|depart|avant"
    r"|pass(?:e|ent|er|era)|port(?:e|es|ee|ees))\b"
)


def check_subjects(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each figure stands, in one of the quotes, with the subject and the year of the claim."""
    for segment in claim.segments:
        for quantity in segment.quantities:
            if quantity.kind in _NAMES_SOMETHING:
                continue
            reason = _misplaced_everywhere(claim, segment, quantity, sources)
            if reason is not None:
                return reason
    return None


def _misplaced_everywhere(
    claim: Statement, mine: Segment, quantity: Quantity, sources: Sequence[Source]
) -> str | None:
    """The first reason, when each occurrence of a figure in the quotes has one."""
    first: str | None = None
    for source in sources:
        for found in source.quote.quantities:
            if not supports(found, quantity):
                continue
            reason = _misplaced(claim, mine, quantity, source.quote, found)
            reason = reason or _subject_elsewhere(mine, quantity, source, sources)
            if reason is None:
                return None
            first = first or reason
    return first


def _misplaced(
    claim: Statement, mine: Segment, quantity: Quantity, quote: Statement, found: Quantity
) -> str | None:
    """Compare the words around a figure in the claim and around one occurrence in the quote."""
    home = _segment_of(quote, found)
    asked = _near(claim, mine) if _lone(claim, quantity) else _own(mine)
    years = _near_years(claim, mine)
    own_years = _near_years(quote, home)
    dated = quantity.kind is QuantityKind.DATE
    if not dated and years and own_years and not (years & own_years):
        return f"Dans la source citée, « {quantity.text} » n’est pas donné pour la même date."
    if _is_former(quote, found) and not (years & own_years) and not _PAST.search(claim.level):
        return f"Dans la source citée, « {quantity.text} » est la valeur de départ."
    if _is_total(quote, found) and not _has_part(claim, quantity) and _says_more(mine, quote):
        return (
            f"Dans la source citée, « {quantity.text} » est le total dont il n’est dit qu’une part."
        )
    rivals = _rivals(quote, found)
    if not rivals:
        return None
    shared = _before_first(quote, found.kind)
    here = _near(quote, home)
    there = frozenset().union(*(_own(rival) for rival in rivals))
    elsewhere = matches(asked - matches(asked, here | shared), there)
    if elsewhere:
        return _wrong(quantity)
    most = max(len(matches(asked, _own(rival))) for rival in rivals)
    if most > 0 and _own(home) and not matches(asked, _own(home)):
        return _wrong(quantity)
    return None


def _is_former(quote: Statement, found: Quantity) -> bool:
    """« passe de 3 M€ à 5 M€ »: the first is what it was."""
    if _FROM.search(quote.level[: found.start]) is None:
        return False
    following = [q for q in quote.quantities if q.start > found.start and q.kind is found.kind]
    return bool(following) and _TO.search(quote.level[found.end : following[0].start]) is not None


def _is_total(quote: Statement, found: Quantity) -> bool:
    """« 12 des 58 communes »: the second is the whole."""
    earlier = [q for q in quote.quantities if q.end <= found.start and q.kind is found.kind]
    return bool(earlier) and bool(PART_OF.fullmatch(quote.level[earlier[-1].end : found.start]))


def _has_part(claim: Statement, quantity: Quantity) -> bool:
    return any(q.kind is quantity.kind and q is not quantity for q in claim.quantities)


def _says_more(mine: Segment, quote: Statement) -> bool:
    """More than the name of what is counted."""
    return len(matches(_own(mine), quote.stems)) > 1


def _subject_elsewhere(
    mine: Segment, quantity: Quantity, source: Source, sources: Sequence[Source]
) -> str | None:
    """The subject stands in another cited quote, beside a figure of the same kind."""
    missing = _own(mine) - matches(_own(mine), source.quote.stems | source.context.stems)
    for other in sources:
        if other is source or not matches(missing, other.quote.stems):
            continue
        if any(
            q.kind is quantity.kind and q.value != quantity.value for q in other.quote.quantities
        ):
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


def _lone(whole: Statement, quantity: Quantity) -> bool:
    """The only figure of the sentence, or its only date."""
    dated = quantity.kind is QuantityKind.DATE
    alike = [q for q in whole.quantities if (q.kind is QuantityKind.DATE) == dated]
    return len(alike) == 1


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


def _before_first(whole: Statement, kind: QuantityKind) -> frozenset[str]:
    """Words before the first figure of a kind: they may be the subject of all of them."""
    cut = next(q.start for q in whole.quantities if q.kind is kind)
    return Statement(whole.text[:cut]).stems - LIGHT


def _counts(segment: Segment) -> bool:
    return any(q.kind not in _NOT_COUNTS for q in segment.quantities)
