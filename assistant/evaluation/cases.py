"""A question beside what came of it: which facts were found, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.evaluation.facts import stands_in
from assistant.evaluation.gold import NEAR_MISS, GoldQuestion
from assistant.evaluation.outcomes import Outcome
from assistant.records import Verdict


class Fault(StrEnum):
    """What went wrong with a question, the worst first."""

    INEXACT_QUOTE = "inexact quote"
    NEAR_MISS_ANSWERED = "near miss answered"
    UNANSWERABLE_ANSWERED = "unanswerable answered"
    WRONG_ANSWER = "wrong answer"
    FALSE_REFUSAL = "false refusal"
    MISSING_FACTS = "missing facts"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question and its outcome.

    ``said`` and ``shown`` go with the question's facts: found in the answer, found in
    the evidence.
    """

    question: GoldQuestion
    outcome: Outcome
    said: tuple[bool, ...]
    shown: tuple[bool, ...]

    @property
    def answered(self) -> bool:
        """An answer was given, right or wrong."""
        return self.outcome.status == "answered"

    @property
    def failed(self) -> bool:
        """An error came instead of an answer; no score counts this case."""
        return self.outcome.status == "failed"

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that the answer does not give."""
        return tuple(f for f, said in zip(self.question.facts, self.said, strict=True) if not said)

    @property
    def fault(self) -> Fault | None:
        """The worst that can be said of this case; ``None`` when all is well."""
        if self.failed:
            return Fault.FAILED
        if self.outcome.exact_quotes < self.outcome.shown_quotes:
            return Fault.INEXACT_QUOTE
        if not self.question.answerable:
            if not self.answered:
                return None
            near = self.question.kind == NEAR_MISS
            return Fault.NEAR_MISS_ANSWERED if near else Fault.UNANSWERABLE_ANSWERED
        if not self.answered:
            return Fault.FALSE_REFUSAL
        if not any(self.said):
            return Fault.WRONG_ANSWER
        return None if all(self.said) else Fault.MISSING_FACTS


def case_of(question: GoldQuestion, outcome: Outcome) -> Case:
    """Look for each fact in what was said, and in what was shown before.

    What was said is the text and the quotations of the supported claims of an answer;
    an abstention says nothing.
    """
    said = [
        text
        for claim in outcome.claims
        if outcome.status == "answered" and claim.verdict is not Verdict.UNSUPPORTED
        for text in (claim.text, *claim.quotes)
    ]
    return Case(
        question=question,
        outcome=outcome,
        said=_found(question.facts, said),
        shown=_found(question.facts, outcome.evidence),
    )


def worst_first(cases: Iterable[Case]) -> list[Case]:
    """The cases with a fault, the worst first, then in the order of the gold file."""
    severity = list(Fault)
    faulty = [(severity.index(case.fault), case) for case in cases if case.fault is not None]
    return [case for _, case in sorted(faulty, key=lambda pair: pair[0])]


def _found(facts: Sequence[str], texts: Sequence[str]) -> tuple[bool, ...]:
    return tuple(any(stands_in(fact, text) for text in texts) for fact in facts)
