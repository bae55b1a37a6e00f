"""A quantity found in a text: what it is, what it is worth, where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assistant.french.units import same_measure


class QuantityKind(StrEnum):
    """What sort of quantity was read."""

    NUMBER = "number"
    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    FRACTION = "fraction"
    ORDINAL = "ordinal"
    DATE = "date"
    TIME = "time"
    ARTICLE = "article"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One quantity of a text.

    ``value`` is a ``Decimal`` for numbers, amounts (in euros), percentages and
    ordinals; text for the others: ``"2026-01-14"``, ``"2026-01"``, ``"2026"``,
    ``"--01-14"`` or ``"--01"`` (no year said), ``"2026-S1"``, ``"14:30"``,
    ``"1/3"``, ``"l4131-1"``, ``"2025-118"``. ``unit`` is ``"€"``, ``"%"``, a
    normalised measure (``"km"``, ``"an"``) or empty. ``text`` is exactly the slice
    ``start:end`` (code points).
    """

    kind: QuantityKind
    value: Decimal | str
    unit: str
    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        """The quantity as one word, the same for every way of writing it."""
        if isinstance(self.value, Decimal):
            return f"{_shortest(self.value)}{self.unit}{'e' if self.kind == 'ordinal' else ''}"
        prefix = "art" if self.kind is QuantityKind.ARTICLE and self.value[0].isdigit() else ""
        return f"{prefix}{self.value}"


def supports(source: Quantity, asked: Quantity) -> bool:
    """True when a text that says ``source`` says ``asked`` too.

    Same value and same unit, or the same measure in another unit (« 12 mois » and « un
    an »); a full date also says its month, its year and its
    day of the year, never the other way round. A bare number and a bare year of
    the same digits are not told apart.
    """
    if source.kind is QuantityKind.DATE and asked.kind is QuantityKind.DATE:
        return str(asked.value) in date_says(str(source.value))
    if source.kind is not asked.kind:
        pair = {source.kind, asked.kind}
        bare = not source.unit and not asked.unit
        return (
            pair == {QuantityKind.DATE, QuantityKind.NUMBER}
            and bare
            and _same_digits(source, asked)
        )
    if isinstance(source.value, Decimal) and isinstance(asked.value, Decimal):
        return same_measure(source.value, source.unit, asked.value, asked.unit)
    return source.value == asked.value and source.unit == asked.unit


def date_says(value: str) -> frozenset[str]:
    """Every date that a date implies: ``2026-01-14`` says ``2026-01``, ``2026``, ``--01-14``..."""
    parts = value.removeprefix("--").split("-")
    implied = {value}
    if value.startswith("--"):
        implied.add(f"--{parts[0]}")
    elif len(parts) > 1:
        implied.add(parts[0])
        if parts[1].isdigit():
            implied |= {f"{parts[0]}-{parts[1]}", f"--{parts[1]}"}
        if len(parts) > 2:
            implied.add(f"--{parts[1]}-{parts[2]}")
    return frozenset(implied)


def _same_digits(one: Quantity, other: Quantity) -> bool:
    return _shortest(one.value) == _shortest(other.value)


def _shortest(value: Decimal | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
