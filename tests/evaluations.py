"""Small gold questions, outcomes and reports, for the tests of the evaluation."""

from __future__ import annotations

from typing import Any

from assistant.evaluation.citations import CitationCounts
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.outcomes import Outcome, Said
from assistant.evaluation.report import Report, report_of
from assistant.evaluation.runs import Machine, Plan, Run
from assistant.records import Verdict


def gold(
    id: str = "q-1", *, kind: str = "factual", facts: tuple[str, ...] = ("12,4 M€",), **more: Any
) -> GoldQuestion:
    answerable = kind not in ("nearmiss", "unanswerable")
    return GoldQuestion(
        **{
            "id": id,
            "question": f"Combien ? ({id})",
            "kind": kind,
            "answerable": answerable,
            "facts": facts if answerable else (),
            "documents": (),
            "quotes": (),
            **more,
        }
    )


def said(text: str, verdict: Verdict = Verdict.SUPPORTED, quotes: tuple[str, ...] = ()) -> Said:
    return Said(text=text, verdict=verdict, reason="", quotes=quotes)


def answered(id: str, *claims: Said, evidence: tuple[str, ...] = (), **more: Any) -> Outcome:
    return Outcome(
        **{
            "id": id,
            "status": "answered",
            "claims": claims,
            "evidence": evidence,
            "shown_quotes": 2,
            "exact_quotes": 2,
            "citations": CitationCounts(claims=1, supported=1, citations=2, precise=1),
            "seconds": {"retrieval": 0.1, "first_evidence": 0.2, "total": 2.0},
            "tokens": {"prompt": 300, "prefilled": 200, "generated": 40},
            "record": f"trace-{id}",
            **more,
        }
    )


def abstained(id: str, **more: Any) -> Outcome:
    return Outcome(**{"id": id, "status": "abstained", "reason": "Rien n’y répond.", **more})


def failed(id: str) -> Outcome:
    return Outcome(id=id, status="failed", reason="Le journal ne peut pas être écrit.")


def a_run(**more: Any) -> Run:
    return Run(
        **{
            "begun": "2026-11-24T08:00:00+01:00",
            "gold": "demo.jsonl",
            "gold_sha256": "a" * 64,
            "plan": Plan(),
            "program": "0.1.0",
            "model": "petit-modele",
            "model_sha256": "b" * 64,
            "embedding": "e5 1234",
            "generation": 1,
            "settings": {"retrieval": {"top": 10}, "answer": {"seed": 0}},
            "machine": Machine(cpu_count=2, platform="Linux-essai", python="3.11.7"),
            **more,
        }
    )


def a_report(
    *pairs: tuple[GoldQuestion, Outcome], planned: tuple[GoldQuestion, ...] = (), **run: Any
) -> Report:
    questions = [question for question, _ in pairs] + list(planned)
    return report_of(a_run(**run), questions, [outcome for _, outcome in pairs])
