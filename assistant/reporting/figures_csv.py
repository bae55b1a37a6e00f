"""Every figure of the report as one long table: what, of which group, and over how many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assistant.figures.shares import Share
from assistant.reporting.csv_text import Cell
from assistant.reporting.groups import Group, Judged
from assistant.reporting.measures import measures, verifier_measures
from assistant.reporting.report import Report

FIGURES: Final = ("by", "group", "figure", "value", "unit", "count", "of", "low", "high")

Row = dict[str, Cell]


def figure_rows(report: Report) -> Iterator[Row]:
    """The figures; ``low`` and ``high`` are bounds of a share's 95 % interval."""
    for found in measures(report):
        yield _share("all", "", found.key, found.share)
    yield from _group("all", "", report.whole)
    for by, groups in (
        ("month", report.by_month),
        ("collection", report.by_collection),
        ("kind", report.by_kind),
    ):
        for name, group in groups.items():
            yield from _group(by, name, group)
            for found in verifier_measures(group):
                yield _share(by, name, found.key, found.share)
    for day, outcomes in report.by_day.items():
        for outcome, count in outcomes.items():
            yield _count("day", day, f"outcome {outcome}", count)
    for drawn, judged in report.by_draw.items():
        yield from _judged("drawn", drawn, judged)
    for outcome, counts in report.answers_judged.items():
        for key, count in counts.items():
            yield _count("outcome", outcome, f"judged {key}", count)
    for (verdict, human), count in report.whole.verifier.counts.items():
        yield _count("verdict", verdict, f"people {human}", count)
    for key, count in report.reasons.items():
        yield _count("all", "", f"reported {key or '?'}", count)


def _group(by: str, name: str, group: Group) -> Iterator[Row]:
    for outcome, count in group.outcomes.items():
        yield _count(by, name, f"outcome {outcome}", count)
    for verdict, count in group.verdicts.items():
        yield _count(by, name, f"verdict {verdict}", count)
    yield _count(by, name, "reported", group.disputed)
    yield _count(by, name, "citations", group.citations)
    yield _share(by, name, "refused", group.refusals)
    yield from _judged(by, name, group.judged)
    for stage, found in group.seconds.items():
        if found is not None:
            yield _value(by, name, f"{stage} median", found.median, "s", found.of)
            yield _value(by, name, f"{stage} p95", found.p95, "s", found.of)
    spent = group.energy
    yield _value(by, name, "energy measured", spent.measured_wh, "Wh", spent.measured)
    yield _value(by, name, "energy estimated", spent.estimated_wh, "Wh", spent.estimated)
    yield _count(by, name, "energy unknown", spent.without)
    if spent.per_answer is not None:
        each = spent.per_answer
        yield _value(by, name, "energy an answer, median", each.median, "Wh", each.of)
        yield _value(by, name, "energy an answer, p95", each.p95, "Wh", each.of)


def _judged(by: str, name: str, judged: Judged) -> Iterator[Row]:
    yield _share(by, name, "citations that support", judged.precision)
    yield _share(by, name, "citations that support in part", judged.partly)
    yield _share(by, name, "citations that are wrong", judged.wrong)
    yield _count(by, name, "citations that nobody can tell", judged.cannot_tell)
    yield _count(by, name, "citations not settled", judged.unsettled)


def _share(by: str, group: str, figure: str, share: Share) -> Row:
    low, high = share.interval or (None, None)
    return {
        "by": by, "group": group, "figure": figure, "value": share.value, "unit": "share",
        "count": share.count, "of": share.of, "low": low, "high": high,
    }  # fmt: skip


def _count(by: str, group: str, figure: str, count: int) -> Row:
    return {"by": by, "group": group, "figure": figure, "value": count, "unit": "count"}


def _value(by: str, group: str, figure: str, value: float, unit: str, of: int) -> Row:
    return {
        "by": by, "group": group, "figure": figure, "value": value, "unit": unit, "of": of,
    }  # fmt: skip
