"""Parts, remainders and exceptions: a figure of some is not a figure of the others."""

from __future__ import annotations

import re

from assistant.french.letters import fold
from assistant.french.numbers import Quantity, QuantityKind
from assistant.french.senses import same_root
from assistant.french.words import STOP_WORDS, stem
from assistant.verification.denials import denials
from assistant.verification.equivalences import alike, ratio_of, ratios
from assistant.verification.light import LIGHT
from assistant.verification.parts import relations
from assistant.verification.statement import PART_OF, Segment, Statement, matches
from assistant.verification.surroundings import own_words, rivals_of, segment_of

_FROM = re.compile(
    r"\b(?:pass|port|evolu|augment|hauss|baiss|diminu|recul|releve|ramen|progress|redui|descend"
    r"|mont|tomb|grimp)\w*"
    r"(?: \w+){0,3}? (?:de|d'|des) ?\Z"
)
_TO = re.compile(r"\A[^;.]{0,40}(?<!\w)a (?:pres de |environ |plus de )?\Z")
_PLACES = tuple(
    re.compile(rf"\b{word}\b") for word in ("dans l(?:es|[ae'])", "pour l(?:es|[ae'])", "chez")
)
_COMPARES = re.compile(
    r"\b(?:inferieure?s?|superieure?s?) a|\b(?:plus|moins) (?!de |qu)[^.;,]{1,40}?\bqu[e']"
    r"|\bau-dess(?:us|ous) d|\ben (?:dessous|deca) d|\bpar rapport a"
)
_CONTRAST = re.compile(r"[\s,]*(?:mais|tandis que|alors que|quand|cependant)\b")
_OUT_OF = re.compile(r"\b(?:sur|des|parmi) (?:les )?\Z")
_OTHERS = re.compile(r"\b(?:autres?|reste)\b")
_REST = re.compile(r"[\s,;]*(?:le reste|le solde|le surplus|les autres|l'autre|d'autres)\b")


def is_former(quote: Statement, found: Quantity) -> bool:
    """« passe de 3 M€ à 5 M€ »: the first is what it was."""
    if _FROM.search(quote.level[: found.start]) is None:
        return False
    following = [q for q in quote.quantities if q.start > found.start and q.kind is found.kind]
    return bool(following) and _TO.search(quote.level[found.end : following[0].start]) is not None


def is_total(quote: Statement, found: Quantity) -> bool:
    """« 12 des 58 communes »: the second is the whole."""
    earlier = [q for q in quote.quantities if q.end <= found.start and q.kind is found.kind]
    return bool(earlier) and bool(PART_OF.fullmatch(quote.level[earlier[-1].end : found.start]))


def has_part(claim: Statement, quantity: Quantity) -> bool:
    """The claim has another figure of that kind."""
    return any(q.kind is quantity.kind and q is not quantity for q in claim.quantities)


def says_more(mine: Segment, quote: Statement) -> bool:
    """More than the name of what is counted."""
    return len(matches(own_words(mine), quote.stems)) > 1


def takes_the_part_of(claim: Statement, mine: Segment, quote: Statement, found: Quantity) -> bool:
    """« Parmi les 412 élèves, 37 % … »: what is said of 37 % is not said of 412."""
    for whole, part in relations(quote):
        if whole is not found or any(alike(part, q) for q in claim.quantities):
            continue
        if ratio_of(quote, part) in ratios(claim):
            continue
        theirs = own_words(segment_of(quote, part)) - own_words(segment_of(quote, whole))
        if segment_of(quote, part) is not segment_of(quote, whole) and matches(
            own_words(mine), theirs
        ):
            return True
    return False


def said_of_a_whole(
    claim: Statement, quantity: Quantity, quote: Statement
) -> frozenset[str] | None:
    """« 1,1 M€ sur les 3,26 M€ » for « 3,26 M€, y compris 1,1 M€ ».

    Returns:
        The words said with the whole, which a part may take; ``None`` for the whole
        itself, whose subject is that of the sentence.
    """
    for whole, part in relations(claim):
        if quantity not in (whole, part):
            continue
        for w, p in relations(quote):
            if alike(w, whole) and alike(p, part):
                return None if quantity is whole else own_words(segment_of(quote, w))
    return frozenset()


def is_only_a_part(claim: Statement, mine: Segment, quote: Statement, found: Quantity) -> bool:
    """« 214 réclamations, dont 160 sur les délais »: 160 are not all that came in."""
    for whole, part in relations(quote):
        if part is not found or any(alike(whole, q) for q in claim.quantities):
            continue
        one, other = segment_of(quote, whole), segment_of(quote, part)
        own = own_words(other) - own_words(one)
        if one is other or not own or ratio_of(quote, whole) in ratios(claim):
            continue
        said = claim.stems - LIGHT
        if not matches(said, own) and len(matches(own_words(mine), own_words(one))) > 1:
            return True
    return False


def counts_another(claim: Statement, quantity: Quantity, quote: Statement, found: Quantity) -> bool:
    """« quatorze personnes en six auditions »: six are not people."""
    mine, theirs = _counted_noun(claim, quantity), _counted_noun(quote, found)
    if not mine or not theirs or same_root(mine, theirs):
        return False
    others = [q for q in quote.quantities if q is not found and not alike(q, found)]
    return any(same_root(mine, noun) for q in others if (noun := _counted_noun(quote, q)))


def _counted_noun(whole: Statement, quantity: Quantity) -> str:
    """The stem of the word after a bare number."""
    if quantity.kind is not QuantityKind.NUMBER or quantity.unit:
        return ""
    match = re.match(r" (?:de |d'|des )?([^\W\d_][\w-]{2,})", whole.plain[quantity.end :])
    return stem(match[1]) if match and fold(match[1]) not in STOP_WORDS else ""


def is_of_a_contrast(asked: frozenset[str], quote: Statement, home: Segment) -> bool:
    """« les ventes ont diminué de 7 %, mais la fréquentation s'est maintenue »."""
    here = frozenset().union(*(own_words(s) for s in quote.segments if s.clause == home.clause))
    for segment in quote.segments:
        if segment.clause <= home.clause or not _CONTRAST.match(segment.level):
            continue
        if matches(asked, own_words(segment)) - matches(asked, here):
            return True
    return False


def is_of_another_place(mine: Segment, claim: Statement, quote: Statement, home: Segment) -> bool:
    """« reste stable dans la construction et augmente de 0,5 % dans les services »."""
    for preposition in _PLACES:
        asked = _complement(claim, mine, preposition)
        own = _complement(quote, home, preposition)
        if not asked or not own or matches(asked, own):
            continue
        for segment in quote.segments:
            if segment is not home and matches(asked, _complement(quote, segment, preposition)):
                return True
    return False


def _complement(whole: Statement, segment: Segment, preposition: re.Pattern[str]) -> frozenset[str]:
    """The telling words after a preposition of a segment."""
    mark = preposition.search(segment.level)
    if mark is None:
        return frozenset()
    return Statement(whole.text[segment.start + mark.end() : segment.end]).stems - LIGHT


def compared_with(claim: Statement) -> frozenset[str]:
    """« inférieur à la moyenne nationale »: what the claim compares with is another's."""
    mark = _COMPARES.search(claim.level)
    return Statement(claim.text[mark.end() :]).stems if mark else frozenset()


def denied_elsewhere(
    claim: Statement, mine: Segment, quantity: Quantity, quote: Statement, found: Quantity
) -> bool:
    """« 31 partiellement et 11 ne l'ont pas été »: what is denied of 11 is not denied of 31."""
    home = segment_of(quote, found)
    if found.kind is QuantityKind.DATE or _OUT_OF.search(claim.level[: quantity.start]):
        return False
    rivals = [s for s in rivals_of(quote, found) if any(q.kind is found.kind for q in s.quantities)]
    said, there = _denies(claim, mine), _denies(quote, home)
    return said != there and any(_denies(quote, rival) == said for rival in rivals)


def _denies(whole: Statement, segment: Segment) -> bool:
    return any(
        segment.start <= denial.start < segment.end and not (denial.bounds or denial.by)
        for denial in denials(whole)
    )


def is_of_the_others(
    asked: frozenset[str], claim: Statement, quote: Statement, home: Segment
) -> bool:
    """« inchangés pour les abonnés ; ils augmentent de 5 % pour les autres usagers »."""
    if not _OTHERS.search(_clause_text(quote, home)) or _OTHERS.search(claim.level):
        return False
    clauses = {s.clause for s in quote.segments} - {home.clause}
    here = frozenset().union(*(own_words(s) for s in quote.segments if s.clause == home.clause))
    for clause in clauses:
        there = frozenset().union(
            *(_after_preposition(quote, s) for s in quote.segments if s.clause == clause)
        )
        if matches(asked, there) - matches(asked, here):
            return True
    return False


def _clause_text(quote: Statement, home: Segment) -> str:
    inside = [s for s in quote.segments if s.clause == home.clause]
    return quote.level[inside[0].start : inside[-1].end]


def _after_preposition(quote: Statement, segment: Segment) -> frozenset[str]:
    """The words after « pour », « dans », « chez »: for whom or where it holds."""
    mark = re.search(r"\b(?:pour|dans|chez|parmi|aux?)\b", segment.level)
    if mark is None:
        return frozenset()
    return Statement(quote.text[segment.start + mark.end() : segment.end]).stems - LIGHT


def is_of_the_rest(asked: frozenset[str], quote: Statement, home: Segment, found: Quantity) -> bool:
    """« 62 % des abonnements, le reste des billets »: 62 % are not of the tickets."""
    for segment in quote.segments:
        if segment is home or not _REST.match(segment.level):
            continue
        if any(q.kind is found.kind for q in segment.quantities):
            continue
        counted = Statement(quote.text[found.end : home.end]).stems - LIGHT
        others = frozenset().union(*(s.stems for s in quote.segments if s is not segment))
        subject = Statement(quote.text[home.start : found.start]).stems - LIGHT
        kept = matches(asked, counted) and (matches(asked, subject - counted) or not subject)
        if matches(asked, own_words(segment) - others) and not kept:
            return True
    return False
