"""Parts and wholes: « 340 places, dont 120 pour … »: 120 of 340, and not the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

from assistant.french.numbers import Quantity, QuantityKind, supports
from assistant.french.senses import same_root
from assistant.french.words import stem
from assistant.verification.equivalences import alike, ratio_of, ratios, says
from assistant.verification.statement import Source, Statement

_COUNTED = {
    QuantityKind.NUMBER,
    QuantityKind.AMOUNT,
    QuantityKind.PERCENTAGE,
    QuantityKind.FRACTION,
}
_WITHIN = re.compile(
    r"[^.;]{0,60}?,? ?\(?(?:dont|y compris|parmi l\w+|parmi eux|parmi elles|desquel\w+"
    r"|au sein d\w+)\b"
    r"[^.;,]{0,40}\Z"
)
_OF = re.compile(r" (?:[\w'-]+ ){0,6}?(?:des|sur|sur les|sur l[ea]|sur un total de|parmi les"
                 r"|d'entre les"
                 r"|sur une [\w ]{1,30} de) ?\Z")  # fmt: skip
_ON_FIRST = re.compile(r"(?:\A|[,;.] )\s*(?:sur|parmi) (?:les |l[ea] |un total de )?\Z")
_AND = re.compile(
    r"\b(?:en plus d[eu]s?|outre|en sus d[eu]s?|s'ajout\w+ (?:a|aux?)|auxquel\w+ s'ajout\w+|plus)"
    r" (?:les |le |la |l')?\Z"
)
_REST = re.compile(r"\b(?:parmi eux|parmi elles|parmi ceux-ci|parmi celles-ci|d'entre eux"
                   r"|d'entre elles"
                   r"|de ceux-ci|dont)\b[^.;]{0,30}\Z")  # fmt: skip
_SIDE = re.compile(r" (?:voix |votes? |elus? )?(pour|contre|absten\w*|abstention\w*)(?!\w)(?! \d)")
_ALL_OF = re.compile(r"\b(?:tous|toutes|aucune?|chacune?|pas un|l'ensemble) (?:des|les) \Z")
_EQUATES = re.compile(
    r"\b(?:represent\w+|equiva\w+|correspond\w+|soit|c'est-a-dire|autrement dit)\b"
)
_WHOLE = re.compile(
    r"\b(?:l'ensemble d[eu]s?|tous les|toutes les|au total|en tout|la totalite d[eu]s?)\b"
)


def check_parts(claim: Statement, sources: Sequence[Source]) -> str | None:
    """A part of a whole in the claim is not the whole in its quotes, nor beside it."""
    for source in sources:
        theirs = list(_relations(source.quote))
        for whole, part in _relations(claim):
            reversed_there = any(
                alike(w, part) and alike(p, whole) and not alike(w, whole) for w, p in theirs
            )
            of_another = any(alike(p, whole) for _, p in theirs) and not any(
                alike(w, whole) for w, _ in theirs
            )
            if reversed_there or (of_another and not _found(whole, part, theirs)):
                return _said(whole)
        if reason := _all_of_a_whole(claim, theirs):
            return reason
        for whole, part in theirs:
            if reason := _put_apart(claim, whole, part):
                return reason
        if reason := _share_of_all(claim, source.quote):
            return reason
    return None


def check_base(claim: Statement, sources: Sequence[Source]) -> str | None:
    """« 71 % des résidences » is not « 71 % des logements sont des résidences »."""
    for quantity in claim.quantities:
        if quantity.kind is not QuantityKind.PERCENTAGE:
            continue
        mine = _base(claim, quantity)
        bases = [
            base
            for source in sources
            for found in says(source, claim, quantity)
            if (base := _base(source.quote, found))
        ]
        if not mine or not bases or any(same_root(mine, base) for base in bases):
            continue
        others = claim.stems - {mine}
        if any(any(same_root(base, word) for word in others) for base in bases):
            return f"Dans la source citée, « {quantity.text} » ne se rapporte pas au même ensemble."
    return None


def _base(whole: Statement, quantity: Quantity) -> str:
    """The stem of X in « 71 % des X »."""
    match = re.match(r" (?:de tous les |de son |de sa |de ses |de leurs? |des |de l'ensemble des "
                     r"|de la |du |de l'|de )([\w-]+)",
                     whole.plain[quantity.end :])  # fmt: skip
    source = whole.level[: quantity.start].endswith("pour ")  # « provient pour 62 % des … »
    return stem(match[1]) if match and not source else ""


def check_votes(claim: Statement, sources: Sequence[Source]) -> str | None:
    """« 34 voix contre 21 » is not « 21 voix contre 34 »."""
    mine = _votes(claim)
    theirs = [pair for source in sources for pair in _votes(source.quote)]
    for one, other in mine:
        if (other, one) in theirs and (one, other) not in theirs:
            return "Dans la source citée, les voix pour et contre sont inversées."
    sides = {(key, side) for source in sources for key, side in _sides(source.quote)}
    for key, side in _sides(claim):
        if (key, side) not in sides and any(other == key for other, _ in sides):
            return "Dans la source citée, ces voix ne sont pas de ce côté."
    return None


def _sides(text: Statement) -> list[tuple[str, str]]:
    """« 41 voix pour, 12 contre et 6 abstentions »: each count with its side."""
    found: list[tuple[str, str]] = []
    if not re.search(r"\b(?:voix|abstention\w*|vot\w+|suffrage\w*)\b", text.level):
        return found
    for quantity in text.quantities:
        side = _SIDE.match(text.level[quantity.end :])
        if quantity.kind is QuantityKind.NUMBER and side:
            found.append((quantity.key, side[1][:4]))
    return found


def _votes(text: Statement) -> list[tuple[str, str]]:
    counted = [q for q in text.quantities if q.kind is QuantityKind.NUMBER]
    return [
        (one.key, other.key)
        for one, other in pairwise(counted)
        if re.fullmatch(
            r" ?(?:voix )?(?:pour )?(?:et |, )?contre ", text.level[one.end : other.start]
        )
    ]


def relations(whole: Statement) -> list[tuple[Quantity, Quantity]]:
    """The (whole, part) pairs that a text says."""
    return list(_relations(whole))


def _relations(text: Statement) -> Iterator[tuple[Quantity, Quantity]]:
    counted = [q for q in text.quantities if q.kind in _COUNTED]
    for one, other in permutations(counted, 2):
        if one.start > other.start:
            continue
        between = text.level[one.end : other.start]
        if _WITHIN.fullmatch(between):
            yield one, other
        elif _OF.fullmatch(between):
            yield other, one
        elif _ON_FIRST.search(text.level[: one.start]) and not re.search(r"[.;]", between):
            yield one, other


def _found(whole: Quantity, part: Quantity, pairs: Sequence[tuple[Quantity, Quantity]]) -> bool:
    return any(alike(w, whole) and alike(p, part) for w, p in pairs)


def _all_of_a_whole(claim: Statement, theirs: Sequence[tuple[Quantity, Quantity]]) -> str | None:
    """« aucun des 38 marchés » where the quote counts 14 of them."""
    for quantity in claim.quantities:
        if not _ALL_OF.search(claim.level[: quantity.start]):
            continue
        parts = [part for whole, part in theirs if alike(whole, quantity)]
        if parts and all(not alike(part, quantity) for part in parts):
            return f"Dans la source citée, il est dit « {parts[0].text} » sur « {quantity.text} »."
    return None


def check_equal(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Two figures that the claim equates (« 19 refus représentent une demande sur six »)."""
    for one, other in pairwise(claim.quantities):
        if not {one.kind, other.kind} <= _COUNTED:
            continue
        if not _EQUATES.search(claim.level[one.end : other.start]):
            continue
        if not any(_says_both(source, claim, one, other) for source in sources):
            return f"La source citée ne rapproche pas « {one.text} » et « {other.text} »."
    return None


def _says_both(source: Source, claim: Statement, one: Quantity, other: Quantity) -> bool:
    ratio = ratio_of(claim, other)
    return bool(says(source, claim, one)) and (
        bool(says(source, claim, other)) or (ratio is not None and ratio in ratios(source.quote))
    )


def _put_apart(claim: Statement, whole: Quantity, part: Quantity) -> str | None:
    """« en plus des 3,26 M€ » where the quote says « 3,26 M€, y compris … »."""
    for quantity in claim.quantities:
        if not supports(whole, quantity) or not _AND.search(claim.level[: quantity.start]):
            continue
        if any(supports(part, other) for other in claim.quantities):
            return f"Dans la source citée, « {part.text} » est compris dans « {whole.text} »."
    return None


def _share_of_all(claim: Statement, quote: Statement) -> str | None:
    """« parmi eux, 40 % » is not 40 % of all."""
    if not _WHOLE.search(claim.level):
        return None
    for quantity in claim.quantities:
        if quantity.kind not in {QuantityKind.PERCENTAGE, QuantityKind.FRACTION}:
            continue
        found = [q for q in quote.quantities if supports(q, quantity)]
        if found and all(_REST.search(quote.level[: q.start]) for q in found):
            return f"Dans la source citée, « {quantity.text} » ne porte que sur une partie."
    return None


def _said(whole: Quantity) -> str:
    return f"Dans la source citée, « {whole.text} » n’est pas le total dont il est dit une part."
