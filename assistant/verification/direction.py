"""Direction: rising is not falling, more is not less, the beginning is not the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.french.numbers import supports
from assistant.verification.statement import Segment, Source, Statement, matches

UP = (
    r"augment\w*|hauss\w*|rehauss\w*|progress(?!iv)\w*|croissan\w*|croit|croitr\w*|accro\w+|accru\w*"
    r"|grimp\w*|doubl\w*|tripl\w*|essor|de plus(?= que| qu'|[.,;]|$)|(?<![\w\d])\+ ?(?=\d)"
)
DOWN = (
    r"baiss\w*|diminu\w*|recul\w*|redui\w*|reduct\w*|chut\w*|regress\w*|decroi\w*|decru\w*"
    r"|repli|abaiss\w*|amoindri\w*|de moins(?= que| qu'|[.,;]|$)|(?:(?<=[\s(|])|^)-(?=\d)"
)


@dataclass(frozen=True, slots=True)
class _Opposites:
    one: re.Pattern[str]
    other: re.Pattern[str]
    needed: bool = False  # the claim may not use either where the quote uses none


def _opposites(one: str, other: str, *, needed: bool = False) -> _Opposites:
    def word(alternatives: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")

    return _Opposites(word(one), word(other), needed)


_RISING = _Opposites(re.compile(rf"(?<!\w)(?:{UP})"), re.compile(rf"(?<!\w)(?:{DOWN})"), True)
_PAIRS = (
    _RISING,
    _opposites(
        r"superieure?s?|plus (?!de |tard|d')\w+|davantage", r"inferieure?s?|moins (?!de |d')\w+"
    ),
    _opposites(r"plus d[e']", r"moins d[e']"),
    _opposites(r"maxim\w+|plafond\w*", r"minim\w+|plancher\w*", needed=True),
    _opposites(r"favorable\w*", r"defavorable\w*|oppose\w*|hostile\w*"),
    _opposites(r"obligatoire\w*", r"facultati\w+|optionnel\w*"),
    _opposites(r"autoris\w+|permis\w*", r"interdi\w+|prohib\w+"),
    _opposites(r"adopt\w+|approuv\w+|accept\w+|valid\w+", r"rejet\w+|repouss\w+|refus\w+"),
    _opposites(r"ouver\w+|ouvr\w+", r"ferm\w+|clos|cloture\w*"),
    _opposites(r"total\w*|totaux|globa\w+", r"moyen\w*"),
    _opposites(r"gratuit\w*", r"payant\w*"),
    _opposites(r"inclu\w+|compris\w*", r"exclu\w+"),
    _opposites(r"debut", r"fin"),
    _opposites(r"debut(?:e|ent|era)|commenc\w+|lanc\w+", r"finit|termin\w+|achev\w+"),
    _opposites(r"premier\w*", r"dernier\w*"),
    _opposites(r"recettes?", r"depenses?"),
    _opposites(r"fonctionnement", r"investissements?"),
    _opposites(r"cree\w*|creation\w*", r"supprim\w+|suppression\w*"),
    _opposites(r"public|publique?s?", r"privee?s?"),
    _opposites(r"rura\w+", r"urbain\w*"),
    _opposites(r"avant", r"apres"),
    _opposites(r"excedent\w*", r"deficit\w*"),
    _opposites(r"present\w*", r"absent\w*"),
    _opposites(r"hommes?", r"femmes?"),
    _opposites(r"nord", r"sud"),
    _opposites(r"ht|hors taxes?", r"ttc|toutes taxes"),
)  # fmt: skip


def check_direction(claim: Statement, sources: Sequence[Source]) -> str | None:
    """No word of the claim says the opposite of the quotes about the same thing."""
    for pair in _PAIRS:
        for asked, opposite in ((pair.one, pair.other), (pair.other, pair.one)):
            for segment in claim.segments:
                word = asked.search(segment.level)
                if word is None or opposite.search(segment.level):
                    continue
                if against := _contradiction(asked, opposite, segment, sources):
                    start = segment.start + word.start()
                    mine = claim.text[start : start + len(word.group())]
                    return f"La phrase dit « {mine.strip()} », la source citée « {against} »."
            if pair.needed and asked.search(claim.level) and not _anywhere(asked, sources):
                return f"La source citée ne dit pas « {_word(asked, claim)} »."
    return None


def _contradiction(
    asked: re.Pattern[str],
    opposite: re.Pattern[str],
    segment: Segment,
    sources: Sequence[Source],
) -> str | None:
    """The opposite word of the quotes, in the closest stretch of each that takes a side."""
    found: str | None = None
    for source in sources:
        for start, end in _closest(segment, source.quote):
            if asked.search(source.quote.level[start:end]):
                return None
            if against := opposite.search(source.quote.level[start:end]):
                place = start + against.start()
                found = source.quote.text[place : place + len(against.group())].strip()
                break
    return found


def _closest(segment: Segment, quote: Statement) -> list[tuple[int, int]]:
    """The segment of a quote most like one of the claim, then its clause, then the sentence."""
    whole = (0, len(quote.text))
    best = max(quote.segments, key=lambda other: likeness(segment, other), default=None)
    if best is None or likeness(segment, best) == 0:
        return [whole]
    clause = [other for other in quote.segments if other.clause == best.clause]
    return [(best.start, best.end), (clause[0].start, clause[-1].end), whole]


def likeness(one: Segment, other: Segment) -> int:
    """Shared stems, and shared figures twice."""
    figures = sum(any(supports(q, mine) for q in other.quantities) for mine in one.quantities)
    return len(matches(one.stems, other.stems)) + 2 * figures


def _anywhere(pattern: re.Pattern[str], sources: Sequence[Source]) -> bool:
    return any(pattern.search(source.quote.level) for source in sources)


def _word(pattern: re.Pattern[str], whole: Statement) -> str:
    match = pattern.search(whole.level)
    return whole.text[match.start() : match.end()].strip() if match else ""
