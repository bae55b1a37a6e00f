"""What the log says of one answer, as a report counts it. Frozen; texts are as they were recorded.

``claim`` and ``citation`` are places from 0, as judgements name them. Times are UTC, ISO 8601.
What is not known is ``""`` or ``None``, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """How an answer ended."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    """The program was killed while it answered."""
    FAILED = "failed"
    OPEN = "open"
    """Never closed: the program is still answering, or was killed and not started since."""
    FORGOTTEN = "forgotten"
    """Its texts were erased, and with them how it ended."""
    UNKNOWN = "unknown"
    """Closed by a program that says something else."""


class SourceToday(StrEnum):
    """What has become of a cited document; of several that hold, the first."""

    GONE = "gone"
    """Withdrawn, or moved to another place."""
    REWRITTEN = "rewritten"
    """Its text does not hold the quotation any more."""
    SUPERSEDED_ALREADY = "superseded_already"
    """It was superseded when it was cited."""
    SUPERSEDED_SINCE = "superseded_since"
    CHANGED = "changed"
    """Another version, which still holds the quotation."""
    CURRENT = "current"


class Drawn(StrEnum):
    """How somebody came to judge a thing; of several ways, the first."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    DISPUTED = "disputed"
    UNSAMPLED = "unsampled"


class How(StrEnum):
    """How the people's word on a thing is known, or why there is none."""

    SETTLED = "settled"
    ALONE = "alone"
    MAJORITY = "majority"
    UNSETTLED = "unsettled"
    CANNOT_TELL = "cannot_tell"


SUPPORTS: Final = "supports"
PARTLY: Final = "partly"
DOES_NOT: Final = "does_not"
WRONG_SOURCE: Final = "wrong_source"
CANNOT_TELL: Final = "cannot_tell"
CITATION_KEYS: Final = (SUPPORTS, PARTLY, DOES_NOT, WRONG_SOURCE, CANNOT_TELL)
ANSWER_KEYS: Final = ("complete", "incomplete", "should_have_refused", "rightly_refused")

Thing = tuple[int, int] | None
"""(claim, citation), or None for the answer as a whole."""
Noted = tuple[Thing, str, bool]
"""What a note is beside: thing, pseudonym, whether it settles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One person's word on one thing; ``settles`` when it ends a disagreement."""

    by: str
    key: str
    time: str
    sample: str | None
    drawn: Drawn
    settles: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What people hold of one thing: ``key`` is None where they do not tell or do not agree.

    ``votes`` has the last word of each person, oldest first.
    """

    key: str | None
    how: How
    drawn: Drawn
    votes: tuple[Judgement, ...]
    settled: Judgement | None = None

    @property
    def words(self) -> tuple[Judgement, ...]:
        """The votes, and what settles them."""
        return self.votes if self.settled is None else (*self.votes, self.settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One citation of one claim; the document is described as it was then."""

    citation: int
    document: str
    title: str
    path: str
    sha256: str
    collection: str
    kind: str
    date: str
    status: str
    where: str
    quote: str
    today: SourceToday


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One claim and what the verifier made of it."""

    claim: int
    text: str
    verdict: str
    reason: str
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer, with what people said of it since.

    ``measured`` is None where no energy is known. ``disputes`` are keys of reasons; of an answer
    whose texts are erased only their number is known, and each is ``""``. ``notes`` are the
    evaluators' own words.
    """

    record: str
    opened: str
    closed: str
    outcome: Outcome
    question: str = ""
    user: str = ""
    reason: str = ""
    model: str = ""
    model_sha256: str = ""
    program: str = ""
    embedding: str = ""
    generation: int | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    energy_wh: float | None = None
    measured: bool | None = None
    disputes: tuple[str, ...] = ()
    claims: tuple[Said, ...] = ()
    judged: Mapping[Thing, Held] = field(default_factory=dict)
    notes: Mapping[Noted, str] = field(default_factory=dict)
