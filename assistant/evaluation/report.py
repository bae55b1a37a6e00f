"""An evaluation as it is told: the run, its cases, their scores, whole and by group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.contract import Json
from assistant.evaluation.cases import Case, case_of, worst_first
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.outcomes import Outcome
from assistant.evaluation.runs import Run
from assistant.evaluation.scores import Scores, scores_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one evaluation found; ``planned`` counts the questions it was to ask."""

    run: Run
    written: str
    planned: int
    cases: tuple[Case, ...]
    scores: Scores
    per_kind: dict[str, Scores]
    per_asks: dict[str, Scores]
    per_split: dict[str, Scores]

    @property
    def interrupted(self) -> bool:
        """Some questions have no outcome yet."""
        return len(self.cases) < self.planned

    def summary_json(self) -> Json:
        """The run and its scores."""
        return {
            "run": self.run.model_dump(),
            "written": self.written,
            "planned": self.planned,
            "interrupted": self.interrupted,
            "scores": self.scores.as_json(),
            "per_kind": _groups_json(self.per_kind),
            "per_asks": _groups_json(self.per_asks),
            "per_split": _groups_json(self.per_split),
        }

    def as_json(self) -> Json:
        """Everything: the summary, and each case with what was found in it."""
        return {
            **self.summary_json(),
            "worst": [case.question.id for case in worst_first(self.cases)],
            "cases": [_case_json(case) for case in self.cases],
        }


def report_of(run: Run, questions: Sequence[GoldQuestion], outcomes: Iterable[Outcome]) -> Report:
    """Put each question beside its outcome and score them; those without one are left out."""
    known = {outcome.id: outcome for outcome in outcomes}
    cases = tuple(case_of(q, known[q.id]) for q in questions if q.id in known)
    return Report(
        run=run,
        written=datetime.now().astimezone().isoformat(timespec="seconds"),
        planned=len(questions),
        cases=cases,
        scores=scores_of(cases),
        per_kind=_grouped(cases, lambda question: question.kind),
        per_asks=_grouped(cases, lambda question: question.asks),
        per_split=_grouped(cases, lambda question: question.split),
    )


def _grouped(
    cases: Iterable[Case], name_of: Callable[[GoldQuestion], str | None]
) -> dict[str, Scores]:
    """Scores by name, in the order the names appear; cases without a name are in no group."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        if name := name_of(case.question):
            groups.setdefault(name, []).append(case)
    return {name: scores_of(group) for name, group in groups.items()}


def _groups_json(groups: dict[str, Scores]) -> Json:
    return {name: scores.as_json() for name, scores in groups.items()}


def _case_json(case: Case) -> Json:
    facts = zip(case.question.facts, case.said, case.shown, strict=True)
    return {
        "question": case.question.model_dump(mode="json"),
        "split": case.question.split,
        "outcome": case.outcome.model_dump(mode="json"),
        "facts": [{"fact": fact, "said": said, "shown": shown} for fact, said, shown in facts],
        "fault": case.fault,
    }
