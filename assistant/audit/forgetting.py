"""Which texts are to be forgotten: those whose time is over, and those of one person.

Two kinds have a term of their own. *Answers*: questions, answers and all that was said of
them, so an evaluator's note, which may quote the answer, never outlives it. *Reviews*: what
evaluators wrote. A term ends at midnight UTC, so that one day's texts go together.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from assistant.audit.chain import Chain
from assistant.audit.payloads import PayloadStore
from assistant.audit.reading import events
from assistant.audit.record import timestamp
from assistant.audit.rows import PayloadRows

_BY_PEOPLE = ("review.judged", "review.settled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """For how many months texts are kept; 0 is for ever."""

    answers_months: int = 0
    reviews_months: int = 0

    @property
    def limited(self) -> bool:
        """Whether anything is ever to go."""
        return bool(self.answers_months or self.reviews_months)

    def terms(self, now: datetime) -> tuple[tuple[bool, str], ...]:
        """(whether of reviews, the time before which texts go), for each kind with a term."""
        kinds = ((False, self.answers_months), (True, self.reviews_months))
        return tuple(
            (reviews, timestamp(months_before(now, months))) for reviews, months in kinds if months
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many texts were erased (or would be), and of how many answers."""

    answers: int = 0
    texts: int = 0

    def __add__(self, other: Erased) -> Erased:
        return Erased(answers=self.answers + other.answers, texts=self.texts + other.texts)


def months_before(now: datetime, months: int) -> datetime:
    """Midnight UTC of the same day so many months earlier, or of that month's last day."""
    day = now.astimezone(UTC).date()
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.combine(
        day.replace(year=year, month=month + 1, day=min(day.day, last)), time.min, tzinfo=UTC
    )


def due(rows: PayloadRows, retention: Retention, now: datetime, most: int) -> list[int]:
    """The numbers of records whose texts are to go now, of one kind, by the ``most`` oldest.

    What belongs to one of these oldest comes along, so there may be more.
    """
    for reviews, before in retention.terms(now):
        found = rows.expired(before, reviews=reviews, most=most)
        if found:
            return found
    return []


def due_in_all(rows: PayloadRows, retention: Retention, now: datetime) -> Erased:
    """How much is to go now."""
    answers, texts = rows.count_expired(retention.terms(now))
    return Erased(answers=answers, texts=texts)


def of_person(chain: Chain, store: PayloadStore, user: str) -> Sequence[int]:
    """The numbers of all records whose texts are a person's.

    Args:
        chain: Knows who judged.
        store: Knows who asked, for as long as the question is kept.
        user: Pseudonym.

    Raises:
        AuditError: What is found does not agree with the chain.
    """
    judged = events(chain, store, _BY_PEOPLE, None, None)
    theirs = {entry.seq for entry in judged if entry.data.get("by") == user}
    with store.rows() as rows:
        for record_id in rows.asked_by(user):
            theirs.update(rows.kept_of(record_id))
        return rows.kept_among(sorted(theirs))
