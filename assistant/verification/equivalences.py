"""Figures said otherwise: « deux sur trois » is two thirds, « 9,4 à 7,8 années » counts years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from assistant.french.letters import level
from assistant.french.numbers import Quantity, QuantityKind, supports
from assistant.verification.statement import Source, Statement, statement

_COUNTS = {QuantityKind.NUMBER, QuantityKind.AMOUNT, QuantityKind.PERCENTAGE}
_OUT_OF = re.compile(r" (?:[\w'-]+ ){0,6}?sur (?:les |la |le )?\Z")
_ONE_OUT_OF = re.compile(r"\bune? (?:[\w'-]+ ){0,6}?sur (?:les |la |le )?\Z")
_EARLIER = re.compile(r" (?:plus tot|auparavant|avant|en arriere)\b")
_LATER = re.compile(r" (?:plus tard|apres)\b")
_BARE_UNITS = {"", "fois"}


def supported_by(claim: Statement, asked: Quantity, sources: Sequence[Source]) -> bool:
    """True when one of the quotes says a quantity, in whatever way."""
    if any(says(source, claim, asked) for source in sources):
        return True
    ratio = ratio_of(claim, asked)
    return ratio is not None and any(ratio in ratios(source.quote) for source in sources)


def says(source: Source, claim: Statement, asked: Quantity) -> list[Quantity]:
    """The quantities of a quote that say the one asked: same value, unit said or understood."""
    return [
        found
        for found in source.quote.quantities
        if supports(found, asked)
        or _same_but_for_unit(statement(source.evidence.passage.text), found, claim, asked)
    ]


def alike(one: Quantity, other: Quantity) -> bool:
    """The same measure, a unit left out or not."""
    if supports(one, other):
        return True
    bare = one.unit == "" or other.unit == ""
    return {one.kind, other.kind} <= _COUNTS and one.value == other.value and bare


def _same_but_for_unit(
    around: Statement, found: Quantity, claim: Statement, asked: Quantity
) -> bool:
    """One side leaves out a unit that it says elsewhere: « de 187 € la tonne et 54 »."""
    if not {found.kind, asked.kind} <= _COUNTS or found.value != asked.value:
        return False
    if found.unit in _BARE_UNITS and asked.unit in _BARE_UNITS:
        return True
    if found.unit == "":
        return _says_unit(around, found, asked)
    if asked.unit == "":
        return _says_unit(claim, asked, found)
    return False


def _says_unit(whole: Statement, bare: Quantity, full: Quantity) -> bool:
    """A text has the unit of ``full`` with another figure than ``bare``."""
    scaled = full.kind is QuantityKind.AMOUNT and _scaled(bare)
    if scaled or any(
        (other.kind, other.unit) == (full.kind, full.unit) and other.value != bare.value
        for other in whole.quantities
    ):
        return True
    word = re.search(r"[a-z]{3,}\Z", level(full.text).rstrip("s"))
    return word is not None and re.search(rf"\bune? {word.group()}\b", whole.level) is not None


def _scaled(quantity: Quantity) -> bool:
    """« 26,9 millions »: of euros, where euros are spoken of."""
    return re.search(r"(?i)milli", quantity.text) is not None


def ratios(whole: Statement) -> frozenset[Fraction]:
    """Every fraction of a text, in whatever form: 2/3, « deux sur trois », 40 %."""
    found = {value for q in whole.quantities if (value := ratio_of(whole, q)) is not None}
    return frozenset(found)


def ratio_of(whole: Statement, quantity: Quantity) -> Fraction | None:
    """The fraction that a quantity says, alone or with the one it is « sur »."""
    if quantity.kind is QuantityKind.FRACTION:
        top, bottom = str(quantity.value).split("/")
        return Fraction(int(top), int(bottom))
    if quantity.kind is QuantityKind.PERCENTAGE and isinstance(quantity.value, Decimal):
        return Fraction(quantity.value) / (100 if quantity.unit == "%" else 1000)
    if quantity.kind is not QuantityKind.NUMBER or not isinstance(quantity.value, Decimal):
        return None
    counted = [q for q in whole.quantities if q.kind is QuantityKind.NUMBER]
    if _ONE_OUT_OF.search(whole.level[: quantity.start]):
        return _ratio(Decimal(1), quantity.value)
    place = counted.index(quantity) if quantity in counted else -1
    if place < 0:
        return None
    for one, other in ((place, place + 1), (place - 1, place)):
        if one < 0 or other >= len(counted):
            continue
        part, total = counted[one], counted[other]
        if part.unit == "" and _OUT_OF.fullmatch(whole.level[part.end : total.start]):
            return _ratio(part.value, total.value)
    return None


def _ratio(top: Decimal | str, bottom: Decimal | str) -> Fraction | None:
    if not isinstance(top, Decimal) or not isinstance(bottom, Decimal) or bottom == 0:
        return None
    return Fraction(top) / Fraction(bottom)


def relative_date(claim: Statement, quantity: Quantity) -> str | None:
    """The date that « un an plus tôt » names beside another date of the claim, ISO; else None."""
    if quantity.unit != "an" or not isinstance(quantity.value, Decimal):
        return None
    after = claim.level[quantity.end :]
    step = -1 if _EARLIER.match(after) else 1 if _LATER.match(after) else 0
    dated = [
        str(q.value)
        for q in claim.quantities
        if q.kind is QuantityKind.DATE and re.match(r"\d{4}", str(q.value))
    ]
    if step == 0 or not dated or quantity.value % 1:
        return None
    year = int(dated[-1][:4]) + step * int(quantity.value)
    return f"{year}{dated[-1][4:]}"
