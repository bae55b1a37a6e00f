"""What stands around a figure: the words that go with it, and those that go with another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind
from assistant.french.words import stem
from assistant.verification.light import LIGHT
from assistant.verification.statement import VERB, Segment, Statement, is_label

# These name something rather than count it.
_NOT_COUNTS = {QuantityKind.DATE, QuantityKind.ARTICLE, QuantityKind.REFERENCE, QuantityKind.TIME}
_COUNTS = {QuantityKind.NUMBER, QuantityKind.FRACTION, QuantityKind.PERCENTAGE}
TELLING = frozenset(["mont", "montant", "nombr", "total", "moyen"])  # « 46 % du montant »
_THAT_OF = re.compile(r"\b(?:celui|celle|ceux|celles) (?:d[eu']|des|sur)")
_PARTICIPLE = re.compile(r"[^\W\d_]{3,}(?:é|ée|és|ées|ie?s?|ue?s?|ites?|ises?) (?:\w+ ){0,2}\Z")
_FOLLOWS = re.compile(r"[\s,:(]*\b(?:soit|dont|y compris|parmi|c'est-a-dire|au total)\b")


def own_words(segment: Segment) -> frozenset[str]:
    """The words of a segment that tell something."""
    return segment.stems - (LIGHT - TELLING)


def segment_of(whole: Statement, quantity: Quantity) -> Segment:
    """The segment that a quantity stands in."""
    return next(s for s in whole.segments if quantity in s.quantities)


def counts(segment: Segment) -> bool:
    """True for a segment with a figure that counts."""
    return any(
        q.kind not in _NOT_COUNTS and not is_label(segment.level, q, segment.start)
        for q in segment.quantities
    )


def is_lone(whole: Statement, quantity: Quantity) -> bool:
    """The only figure of the sentence, or its only date."""
    dated = quantity.kind is QuantityKind.DATE
    alike = [
        q
        for q in whole.quantities
        if (q.kind is QuantityKind.DATE) == dated and not is_label(whole.level, q)
    ]
    return len(alike) == 1


def near_words(whole: Statement, segment: Segment) -> frozenset[str]:
    """A segment's words and those of its neighbours without a figure of their own."""
    return own_words(segment) | _attached(whole, segment)


def _attached(whole: Statement, segment: Segment) -> frozenset[str]:
    """Words of the neighbours of a segment that hold no figure, in the same clause."""
    position = whole.segments.index(segment)
    words: frozenset[str] = frozenset()
    for step in (-1, 1):
        place = position + step
        while 0 <= place < len(whole.segments):
            neighbour = whole.segments[place]
            if neighbour.clause != segment.clause or counts(neighbour):
                break
            words |= neighbour.stems
            place += step
    return words - LIGHT


def near_years(whole: Statement, segment: Segment) -> frozenset[str]:
    """The years said with a figure: in its segment, else beside it, else alone in the sentence."""
    position = whole.segments.index(segment)
    if segment.years:
        following = whole.segments[position + 1 : position + 2]
        goes_on = following and VERB.match(following[0].level)
        return segment.years | (following[0].years if goes_on else frozenset())
    beside: frozenset[str] = frozenset()
    for place in (position - 1, position + 1):
        if 0 <= place < len(whole.segments):
            neighbour = whole.segments[place]
            if neighbour.clause == segment.clause and not counts(neighbour):
                beside |= neighbour.years
    return beside


def _dated(quote: Statement) -> list[Quantity]:
    return [q for q in quote.quantities if q.kind is QuantityKind.DATE]


def rivals_of(quote: Statement, found: Quantity) -> list[Segment]:
    """Segments with another figure of the same kind and another value."""
    home = segment_of(quote, found)
    return [
        segment
        for segment in quote.segments
        if segment is not home
        and any(
            (
                q.kind is found.kind
                or (segment.clause != home.clause and {q.kind, found.kind} <= _COUNTS)
            )
            and (q.value, q.unit) != (found.value, found.unit)
            and not is_label(quote.level, q)
            for q in segment.quantities
        )
    ]


def rival_words(quote: Statement, rival: Segment) -> frozenset[str]:
    """The words that go with another figure."""
    return own_words(rival) | _inherited(quote, rival, rival.quantities[0])


def home_words(quote: Statement, home: Segment, found: Quantity) -> frozenset[str]:
    """The words that go with a figure of a quote."""
    inherited = _inherited(quote, home, found)
    if found.kind is QuantityKind.DATE and len(_dated(quote)) > 1:
        return own_words(home) | inherited
    return own_words(home) | (inherited or _attached(quote, home))


def _inherited(quote: Statement, home: Segment, found: Quantity) -> frozenset[str]:
    """« …, soit 9 800 » and « …, dont 120 » are said of what stands before them."""
    position = quote.segments.index(home)
    follows = _FOLLOWS.match(home.level) or _FOLLOWS.search(
        quote.level[max(0, found.start - 30) : found.start]
    )
    if position == 0 or not follows:
        return frozenset()
    words: frozenset[str] = frozenset()
    for place in range(position - 1, -1, -1):
        words |= own_words(quote.segments[place])
        if any(
            (q.kind, q.unit) == (found.kind, found.unit) for q in quote.segments[place].quantities
        ):
            break
    return words


def complements(
    quote: Statement, home: Segment, rivals: Sequence[Segment], kind: tuple[QuantityKind, str]
) -> frozenset[str]:
    """« couvre 35 % du montant des travaux et est portée à 50 % »: said once for both."""
    words: frozenset[str] = frozenset()
    for rival in rivals:
        if rival.start > home.start:
            continue
        last = next((q for q in rival.quantities if (q.kind, q.unit) == kind), rival.quantities[-1])
        place = quote.segments.index(rival)
        until = next((s.start for s in quote.segments[place + 1 :] if counts(s)), home.start)
        words |= Statement(quote.text[last.end : until]).stems
    return words - (LIGHT - TELLING)


def shared_words(quote: Statement, found: Quantity) -> frozenset[str]:
    """Words before the first figure of a kind: they may be the subject of all of them.

    Those of « les bâtiments, soit 9 800 » are not; nor is a name where another figure
    has its own.
    """
    first = next(
        q for q in quote.quantities if q.kind is found.kind and not is_label(quote.level, q)
    )
    if _FOLLOWS.match(segment_of(quote, first).level):
        return frozenset()
    clause = segment_of(quote, found).clause
    start = min(s.start for s in quote.segments if s.clause == clause)
    own = clause != segment_of(quote, first).clause
    if own and _THAT_OF.search(quote.level, start, found.start):
        return frozenset()  # « celui des résidences est porté à … »: a subject of its own
    opening = segment_of(quote, first)
    dated = found.kind is QuantityKind.DATE and opening is not quote.segments[0]
    cut = opening.start if dated else first.start
    if found.kind is QuantityKind.DATE and (said := _PARTICIPLE.search(quote.plain, 0, cut)):
        cut = said.start()  # « installées en 2019 seront … »: only then
    words = Statement(quote.text[:cut]).stems - (LIGHT - TELLING)
    home = segment_of(quote, found)
    if any(home.start <= name.start < home.end for name in quote.names):
        words -= {stem(word) for name in quote.names for word in name.words}
    return words
