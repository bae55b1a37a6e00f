"""Direction: rising is not falling, more is not less, the beginning is not the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from assistant.french.numbers import supports
from assistant.verification.bounds import bound
from assistant.verification.denials import is_denied
from assistant.verification.equivalences import says
from assistant.verification.opposites import PAIRS, RISING, Opposites
from assistant.verification.statement import Segment, Source, Statement, matches

_COMPARES = re.compile(
    r"\b(?:depass\w+|superieure?s?|inferieure?s?|exced\w+|de (?:plus|moins)(?! de)|contre"
    r"|prolong\w+"
    r"|supplement\w+|ajout\w+|rallong\w+)\b"
)
_GAINS = re.compile(r"\b(?:gagn\w+|cre(?:e|ent|er|era)|ouvr\w+)\b")
_LOSES = re.compile(r"\b(?:perd\w*|supprim\w+|ferm(?:e|ent|era)|disparu\w*)\b")
_FORMERLY = re.compile(r"\betai(?:t|ent)\b.* (?:plus tot|auparavant|avant)\b")


def check_direction(claim: Statement, sources: Sequence[Source]) -> str | None:
    """No word of the claim says the opposite of the quotes about the same thing."""
    for pair in PAIRS:
        if pair is not RISING and _names_both(pair, claim, sources):
            continue
        for asked, opposite in ((pair.one, pair.other), (pair.other, pair.one)):
            for segment in claim.segments:
                word = asked.search(segment.level)
                if word is None or opposite.search(segment.level):
                    continue
                start = segment.start + word.start()
                turned = is_denied(claim, start) or _looks_back(segment)
                if against := _contradiction(claim, segment, asked, opposite, sources, turned):
                    mine = claim.text[start : start + len(word.group())]
                    return f"La phrase dit « {mine.strip()} », la source citée « {against} »."
            if pair.needed and asked.search(claim.level) and not _implied(asked, pair, sources):
                return f"La source citée ne dit pas « {_word(asked, claim)} »."
    return None


def _names_both(pair: Opposites, claim: Statement, sources: Sequence[Source]) -> bool:
    """Both sides speak of the two, as in a comparison: which has what is judged elsewhere."""
    wholes = [claim, *(source.quote for source in sources)]
    return all(pair.one.search(w.level) and pair.other.search(w.level) for w in wholes)


def _looks_back(segment: Segment) -> bool:
    """« ils étaient six de plus un an plus tôt »: six fewer now."""
    return _FORMERLY.search(segment.level) is not None


def _contradiction(
    claim: Statement,
    segment: Segment,
    asked: re.Pattern[str],
    opposite: re.Pattern[str],
    sources: Sequence[Source],
    turned: bool,
) -> str | None:
    """The opposite word of the quotes, in the closest stretch of each that takes a side."""
    found: str | None = None
    for source in sources:
        for start, end in _closest(claim, segment, source):
            quote = source.quote
            same = [start + m.start() for m in asked.finditer(quote.level[start:end])]
            other = [
                (start + m.start(), m.group()) for m in opposite.finditer(quote.level[start:end])
            ]
            against = [(at, word) for at, word in other if is_denied(quote, at) == turned]
            agrees = any(is_denied(quote, at) == turned for at in same)
            if agrees or len(against) < len(other):
                return None
            if against:
                place, word = against[0]
                found = quote.text[place : place + len(word)].strip()
                break
            if same:
                return None
    return found


def _closest(claim: Statement, segment: Segment, source: Source) -> list[tuple[int, int]]:
    """The segment of a quote most like one of the claim, then its clause, then the sentence."""
    quote = source.quote
    whole = (0, len(quote.text))
    clause_words = frozenset().union(
        *(each.stems for each in claim.segments if each.clause == segment.clause)
    )

    def score(other: Segment) -> float:
        return likeness(segment, other) + len(matches(clause_words, other.stems)) / 2

    best = max(quote.segments, key=score, default=None)
    if best is None or likeness(segment, best) == 0:
        return [whole]
    held = _with_figures(claim, segment, source)
    if held:
        best = max(held, key=score)
    clause = [other for other in quote.segments if other.clause == best.clause]
    return [(best.start, best.end), (clause[0].start, clause[-1].end), whole]


def _with_figures(claim: Statement, segment: Segment, source: Source) -> list[Segment]:
    """The segments of a quote that hold a figure of one of the claim: it is about these."""
    said = [found for mine in segment.quantities for found in says(source, claim, mine)]
    return [
        other for other in source.quote.segments if any(found in other.quantities for found in said)
    ]


def likeness(one: Segment, other: Segment) -> int:
    """Shared stems, and shared figures twice."""
    figures = sum(any(supports(q, mine) for q in other.quantities) for mine in one.quantities)
    return len(matches(one.stems, other.stems)) + 2 * figures


def _implied(asked: re.Pattern[str], pair: Opposites, sources: Sequence[Source]) -> bool:
    """The word, one like it, its denied opposite, or figures that go that way."""
    quotes = [source.quote for source in sources]
    if any(asked.search(quote.level) for quote in quotes):
        return True
    for quote in quotes:
        against = (pair.other if asked is pair.one else pair.one).search(quote.level)
        if against and is_denied(quote, against.start()):
            return True
        if pair is RISING and _COMPARES.search(quote.level):
            return True
        if pair is RISING and (_GAINS if asked is pair.one else _LOSES).search(quote.level):
            return True
        signs = {">", "<"} & {bound(quote, q) for q in quote.quantities}
        if pair is not RISING and ("<" if asked is pair.one else ">") in signs:
            return True
        if pair is RISING and (moved := _moved(quote)):
            return moved == (">" if asked is pair.one else "<")
    return False


def _moved(quote: Statement) -> str:
    """Which way « de 1,62 en 2019 à 1,41 en 2024 » goes: ``">"``, ``"<"`` or empty."""
    values = [q for q in quote.quantities if isinstance(q.value, Decimal)]
    for one, other in pairwise(values):
        if one.kind is not other.kind or not isinstance(one.value, Decimal):
            continue
        between = quote.level[one.end : other.start]
        if re.search(r"(?<!\w)(?:a|contre|puis|\|)(?!\w)", between) and isinstance(
            other.value, Decimal
        ):
            later = other.value > one.value
            if "contre" in between:
                later = not later
            return ">" if later else "<"
    return ""


def _word(pattern: re.Pattern[str], whole: Statement) -> str:
    match = pattern.search(whole.level)
    return whole.text[match.start() : match.end()].strip() if match else ""
