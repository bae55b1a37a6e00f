"""Figures: every quantity of the claim occurs in its quotes, with its unit and its bound."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind, supports
from assistant.verification.statement import Source, Statement

_KINDS = {
    QuantityKind.NUMBER: ("Le nombre", ""),
    QuantityKind.AMOUNT: ("Le montant", ""),
    QuantityKind.PERCENTAGE: ("Le nombre", ""),
    QuantityKind.FRACTION: ("La fraction", "e"),
    QuantityKind.ORDINAL: ("Le rang", ""),
    QuantityKind.DATE: ("La date", "e"),
    QuantityKind.TIME: ("L’heure", "e"),
    QuantityKind.ARTICLE: ("L’article", ""),
    QuantityKind.REFERENCE: ("Le numéro", ""),
}
# A date beside one of these names the document, so the document's own date supports it.
_NAMES_A_DOCUMENT = re.compile(
    r"\b(?:rapport|deliberation|avis|note|audition|compte rendu|strategie|courrier|contribution"
    r"|reunion|pleniere|seance|document|version|proces-verbal|saisine|lettre)s?\b[^.;]{0,40}\Z"
)
_DIGITS = re.compile(r"\w*\d\w*")

_OVER = r"plus d[e']|au moins|au minimum|superieure?s? a|depass\w+|exced\w+|au-dela d[eu']+"
_UNDER = r"moins d[e']|au plus|au maximum|inferieure?s? a|jusqu'a|en dessous d[eu']+|plafonn\w+ a"
_NEARLY = r"environ|pres d[e']|autour d[eu']+|quelque|de l'ordre de|approximativement"
_BEFORE = r"avant(?: le| la| fin)?|au plus tard(?: le| en)?|d'ici(?: a| le| la)?|jusqu'(?:au|en|a)"
_AFTER = r"apres(?: le)?|a partir d[eu']+|a compter d[eu']+|des(?: le)?|depuis(?: le)?"
_AFTERWORDS = {">": re.compile(r" (?:au moins|au minimum)\b"),
               "<": re.compile(r" (?:au plus|au maximum)\b")}  # fmt: skip
_NUMBER_BOUNDS = {
    ">": re.compile(rf"\b(?:{_OVER}) ?(?:les |la |le |l')?\Z"),
    "<": re.compile(rf"\b(?:{_UNDER}) ?(?:les |la |le |l')?\Z"),
    "~": re.compile(rf"\b(?:{_NEARLY}) ?\Z"),
}
_DATE_BOUNDS = {
    "<": re.compile(rf"\b(?:{_BEFORE}) ?\Z"),
    ">": re.compile(rf"\b(?:{_AFTER}) ?\Z"),
}
_BOUND_WORDS = {">": "au-dessus", "<": "en dessous", "": "exactement", "~": "environ"}


def check_quantities(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each number, amount, percentage, date, article and reference is in one of the quotes."""
    for quantity in claim.quantities:
        if any(supports(q, quantity) for source in sources for q in source.quote.quantities):
            continue
        if _dates_the_document(claim, quantity, sources):
            continue
        return _absent(quantity, sources)
    return _check_loose_digits(claim, sources)


def check_bounds(claim: Statement, sources: Sequence[Source]) -> str | None:
    """« plus de 300 » is not « 300 » nor « moins de 300 »; « avant juin » is not « en juin »."""
    for quantity in claim.quantities:
        asked = bound(claim, quantity)
        said = {
            bound(source.quote, found)
            for source in sources
            for found in source.quote.quantities
            if supports(found, quantity) and _as_precise(found, quantity)
        }
        if not said or asked in said:
            continue
        if asked in {"", "~"} and said & {"", "~"}:
            continue  # « environ 300 » for 300, or the reverse, misleads nobody
        return (
            f"« {quantity.text} » n’est pas entendu de la même façon dans la source "
            "(avant, après, plus de, moins de)."
        )
    return None


def bound(whole: Statement, quantity: Quantity) -> str:
    """``">"``, ``"<"``, ``"~"`` or empty: how the words around a quantity bound it."""
    before = whole.level[max(0, quantity.start - 40) : quantity.start]
    bounds = _DATE_BOUNDS if quantity.kind is QuantityKind.DATE else _NUMBER_BOUNDS
    for sign, pattern in bounds.items():
        if pattern.search(before):
            return _unless_denied(sign, before)
    after = whole.level[quantity.end : quantity.end + 40]
    for sign, pattern in _AFTERWORDS.items():
        if pattern.match(after):
            return sign
    return ""


def _unless_denied(sign: str, before: str) -> str:
    """« n’excède pas 300 » bounds from above."""
    if sign == ">" and re.search(r"\bn(?:e |')\w+ pas (?:\w+ )?\Z", before):
        return "<"
    return sign


def _as_precise(found: Quantity, asked: Quantity) -> bool:
    return found.value == asked.value or asked.kind is not QuantityKind.DATE


def _dates_the_document(claim: Statement, quantity: Quantity, sources: Sequence[Source]) -> bool:
    """True when a date names the cited document (« le rapport de 2025 ») and is its own."""
    if quantity.kind is not QuantityKind.DATE:
        return False
    before = claim.level[max(0, quantity.start - 60) : quantity.start]
    if _NAMES_A_DOCUMENT.search(before) is None:
        return False
    return any(supports(q, quantity) for s in sources for q in s.context.quantities)


def _check_loose_digits(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Digits that are no quantity (``5G``, ``1,2,3``) stand in a quote as they are."""
    covered = [(q.start, q.end) for q in claim.quantities]
    for match in _DIGITS.finditer(claim.level):
        if any(start <= match.start() < end for start, end in covered):
            continue
        known = {word for source in sources for word in _DIGITS.findall(source.quote.level)}
        known |= {word for source in sources for word in _DIGITS.findall(source.context.level)}
        if match.group() not in known:
            written = claim.text[match.start() : match.end()]
            return f"Le nombre « {written} » ne figure pas dans la source citée."
    return None


def _absent(quantity: Quantity, sources: Sequence[Source]) -> str:
    """Say which quantity is missing, and what the quote has instead when only the unit differs."""
    figure = _figure(quantity)
    for source in sources:
        for found in source.quote.quantities:
            twin = figure and _figure(found) == figure and found.kind is not QuantityKind.DATE
            if twin and quantity.kind is not QuantityKind.DATE:
                return (
                    f"L’unité de « {quantity.text} » n’est pas celle de la source citée "
                    f"(« {found.text} »)."
                )
    noun, _ = _KINDS[quantity.kind]
    return f"{noun} « {quantity.text} » ne figure pas dans la source citée."


def _figure(quantity: Quantity) -> str:
    """The digits as written before any scale or unit, spaces out."""
    match = re.match(r"[\d .,\u00a0\u202f]*\d", quantity.text)
    return re.sub(r"[\s.]", "", match.group()) if match else ""
