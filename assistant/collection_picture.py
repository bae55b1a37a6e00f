"""What a collection holds, month by month and kind by kind: numbers for a drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assistant.records import Document, DocumentKind
from assistant.wording import Words

MONTHS = 36
"""How many months are drawn one by one, at most."""

BEFORE = Words("avant", "before")
UNDATED = Words("sans date", "undated")


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPicture:
    """How many documents of each kind each month has.

    ``kinds`` are those that occur, in the order of `DocumentKind`; each tuple of counts has
    one number a kind, in that order. ``months`` (``"2026-01"``) ascend without gaps, `MONTHS`
    of them at most, up to the month of the latest document; ``counts`` has one tuple a month.
    ``before`` counts what is older than the first month, ``undated`` what has no date.
    """

    kinds: tuple[DocumentKind, ...]
    months: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    before: tuple[int, ...]
    undated: tuple[int, ...]

    @property
    def total(self) -> int:
        """All documents: every one is counted once."""
        return sum(map(sum, (*self.counts, self.before, self.undated)))


def by_kind_and_month(documents: Iterable[Document]) -> CollectionPicture:
    """Count documents by kind and month of their date."""
    found = Counter(
        (document.kind, None if document.date is None else _number(document.date))
        for document in documents
    )
    kinds = tuple(kind for kind in DocumentKind if any(kind is known for known, _ in found))
    dated = [month for _, month in found if month is not None]
    last = max(dated, default=-1)
    first = max(min(dated, default=0), last - MONTHS + 1)
    months = range(first, last + 1)
    return CollectionPicture(
        kinds=kinds,
        months=tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months),
        counts=tuple(tuple(found[kind, month] for kind in kinds) for month in months),
        before=tuple(
            sum(n for (known, month), n in found.items() if known is kind and _older(month, first))
            for kind in kinds
        ),
        undated=tuple(found[kind, None] for kind in kinds),
    )


def _number(day: date) -> int:
    """Months counted from year 0, so that neighbours differ by one."""
    return day.year * 12 + day.month - 1


def _older(month: int | None, first: int) -> bool:
    return month is not None and month < first
