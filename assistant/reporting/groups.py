"""The figures of a set of answers: all of them, a month, or those that cite one collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.figures.shares import Share, Spread
from assistant.records import Verdict
from assistant.reporting.records import (
    DOES_NOT,
    PARTLY,
    SUPPORTS,
    WRONG_SOURCE,
    Outcome,
)

STAGES = ("first_evidence", "first_token", "total")
ACCEPTED = (Verdict.EXACT, Verdict.SUPPORTED)


class Human(StrEnum):
    """What people hold of a claim, from its citations."""

    SUPPORTED = "supported"
    """At least one citation supports it."""
    UNSUPPORTED = "unsupported"
    """Every citation was judged, and none supports it, not even in part."""
    PARTLY = "partly"
    UNDECIDED = "undecided"
    """Some citation is not judged, not settled, or nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Citations by what people hold of them; those of ``keys`` count, the others are left out."""

    keys: Mapping[str, int]
    cannot_tell: int = 0
    unsettled: int = 0

    @property
    def of(self) -> int:
        """Citations on which people have a word."""
        return sum(self.keys.values())

    @property
    def precision(self) -> Share:
        """Those that support their claim wholly."""
        return Share(count=self.keys.get(SUPPORTS, 0), of=self.of)

    @property
    def partly(self) -> Share:
        """Those that support it in part, told apart."""
        return Share(count=self.keys.get(PARTLY, 0), of=self.of)

    @property
    def wrong(self) -> Share:
        """Those that do not support it, or are not what they are said to be."""
        wrong = self.keys.get(DOES_NOT, 0) + self.keys.get(WRONG_SOURCE, 0)
        return Share(count=wrong, of=self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The verifier against people, in claims: ``counts[verdict, human]``.

    Precision and recall are over the claims that people hold for supported or for unsupported;
    "in part" and "undecided" are in no figure.
    """

    counts: Mapping[tuple[str, Human], int]

    def cell(self, verdict: str, human: Human) -> int:
        """Claims of one verdict of which people hold one thing."""
        return self.counts.get((verdict, human), 0)

    @property
    def refusal_precision(self) -> Share:
        """Of the claims that the verifier called unsupported, those that people do too."""
        hit = self._of((Verdict.UNSUPPORTED,), Human.UNSUPPORTED)
        return Share(count=hit, of=hit + self._of((Verdict.UNSUPPORTED,), Human.SUPPORTED))

    @property
    def refusal_recall(self) -> Share:
        """Of the claims that people hold for unsupported, those that the verifier called so."""
        hit = self._of((Verdict.UNSUPPORTED,), Human.UNSUPPORTED)
        return Share(count=hit, of=hit + self._of(ACCEPTED, Human.UNSUPPORTED))

    @property
    def acceptance_precision(self) -> Share:
        """Of the claims that the verifier called exact or supported, those that people do too."""
        hit = self._of(ACCEPTED, Human.SUPPORTED)
        return Share(count=hit, of=hit + self._of(ACCEPTED, Human.UNSUPPORTED))

    @property
    def acceptance_recall(self) -> Share:
        """Of the claims that people hold for supported, those that the verifier called so."""
        hit = self._of(ACCEPTED, Human.SUPPORTED)
        return Share(count=hit, of=hit + self._of((Verdict.UNSUPPORTED,), Human.SUPPORTED))

    def _of(self, verdicts: tuple[Verdict, ...], human: Human) -> int:
        return sum(self.cell(verdict, human) for verdict in verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyUse:
    """Energy of answers in watt-hours; ``without`` counts those of which none is known."""

    measured_wh: float
    estimated_wh: float
    measured: int
    estimated: int
    without: int
    per_answer: Spread | None

    @property
    def total_wh(self) -> float:
        """Measured and estimated together."""
        return self.measured_wh + self.estimated_wh


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The figures of a set of answers; ``seconds`` are since the question, by stage."""

    outcomes: Mapping[Outcome, int]
    disputed: int
    verdicts: Mapping[str, int]
    citations: int
    judged: Judged
    verifier: Comparison
    seconds: Mapping[str, Spread | None]
    energy: EnergyUse

    @property
    def answers(self) -> int:
        """All of them, however they ended."""
        return sum(self.outcomes.values())

    @property
    def refusals(self) -> Share:
        """Refusals, over what was answered or refused."""
        refused = self.outcomes.get(Outcome.ABSTAINED, 0)
        return Share(count=refused, of=refused + self.outcomes.get(Outcome.ANSWERED, 0))
