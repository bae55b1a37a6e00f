"""The report and its answers as JSON, under keys that do not change with the language."""

from __future__ import annotations

from dataclasses import asdict

from assistant.contract import Json
from assistant.reporting.groups import Group, Judged
from assistant.reporting.measures import measures, verifier_measures
from assistant.reporting.records import Answered
from assistant.reporting.report import Report


def report_json(report: Report) -> Json:
    """Every figure, and what the report names one by one."""
    return {
        "since": report.since and report.since.isoformat(),
        "until": report.until and report.until.isoformat(),
        "written": report.written,
        "program": report.program,
        "log": report.log and asdict(report.log),
        "partial": report.partial,
        "measures": {found.key: found.share.as_json() for found in measures(report)},
        "all": group_json(report.whole),
        "by_day": {day: dict(found) for day, found in report.by_day.items()},
        "by_month": {name: group_json(group) for name, group in report.by_month.items()},
        "by_collection": {name: group_json(group) for name, group in report.by_collection.items()},
        "by_kind": {name: group_json(group) for name, group in report.by_kind.items()},
        "by_draw": {drawn: judged_json(judged) for drawn, judged in report.by_draw.items()},
        "answers_judged": {o: dict(counts) for o, counts in report.answers_judged.items()},
        "reviewing": asdict(report.reviewing),
        "reasons": dict(report.reasons),
        "worst": [asdict(case) for case in report.worst],
        "disputed": [asdict(found) for found in report.disputed],
        "models": [asdict(found) for found in report.conditions],
        "stale": [asdict(source) for source in report.stale],
    }


def group_json(group: Group) -> Json:
    """The figures of a set of answers."""
    return {
        "questions": group.answers,
        "outcomes": dict(group.outcomes),
        "refusals": group.refusals.as_json(),
        "disputed": group.disputed,
        "verdicts": dict(group.verdicts),
        "citations": group.citations,
        "judged": judged_json(group.judged),
        "verifier": {
            "claims": [
                {"verdict": verdict, "people": human, "count": count}
                for (verdict, human), count in sorted(group.verifier.counts.items())
            ],
            **{found.key: found.share.as_json() for found in verifier_measures(group)},
        },
        "seconds": {stage: found and asdict(found) for stage, found in group.seconds.items()},
        "energy": {**asdict(group.energy), "total_wh": group.energy.total_wh},
    }


def judged_json(judged: Judged) -> Json:
    """Citations by what people hold of them."""
    return {
        **judged.keys,
        "cannot_tell": judged.cannot_tell,
        "unsettled": judged.unsettled,
        "precision": judged.precision.as_json(),
        "partly_share": judged.partly.as_json(),
        "wrong_share": judged.wrong.as_json(),
    }


def answer_json(answer: Answered) -> Json:
    """One answer with its claims and what people hold of each thing."""
    judged = [
        {
            "claim": thing and thing[0],
            "citation": thing and thing[1],
            "key": held.key,
            "how": held.how,
            "drawn": held.drawn,
            "words": [
                {**asdict(word), "note": answer.notes.get((thing, word.by, word.settles), "")}
                for word in held.words
            ],
        }
        for thing, held in answer.judged.items()
    ]
    return {
        "record": answer.record,
        "opened": answer.opened,
        "closed": answer.closed,
        "outcome": answer.outcome,
        "question": answer.question,
        "user": answer.user,
        "reason": answer.reason,
        "model": {"name": answer.model, "sha256": answer.model_sha256},
        "program": answer.program,
        "embedding": answer.embedding,
        "generation": answer.generation,
        "seconds": dict(answer.seconds),
        "tokens": dict(answer.tokens),
        "energy_wh": answer.energy_wh,
        "energy_measured": answer.measured,
        "disputes": list(answer.disputes),
        "claims": [asdict(claim) for claim in answer.claims],
        "judged": judged,
    }
