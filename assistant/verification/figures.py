"""Figures: every quantity of the claim occurs in its quotes, with its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind, date_says, supports
from assistant.verification.equivalences import relative_date, supported_by
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


def check_quantities(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each number, amount, percentage, date, article and reference is in one of the quotes."""
    quotes = [source.quote for source in sources]
    for quantity in claim.quantities:
        if supported_by(claim, quantity, sources):
            continue
        if _dates_the_document(claim, quantity, sources):
            continue
        if _relates_two_dates(claim, quantity, quotes):
            continue
        return _absent(quantity, sources)
    return _check_loose_digits(claim, sources)


def _dates_the_document(claim: Statement, quantity: Quantity, sources: Sequence[Source]) -> bool:
    """True when a date names the cited document (« le rapport de 2025 ») and is its own."""
    if quantity.kind is not QuantityKind.DATE:
        return False
    before = claim.level[max(0, quantity.start - 60) : quantity.start]
    if _NAMES_A_DOCUMENT.search(before) is None:
        return False
    return any(supports(q, quantity) for s in sources for q in s.context.quantities)


def _relates_two_dates(claim: Statement, quantity: Quantity, quotes: Sequence[Statement]) -> bool:
    """« un an plus tôt » beside a date is a date, and the quotes say it."""
    meant = relative_date(claim, quantity)
    return meant is not None and any(
        meant in date_says(str(q.value))
        for quote in quotes
        for q in quote.quantities
        if q.kind is QuantityKind.DATE
    )


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
