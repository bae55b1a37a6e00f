"""What the report draws; every number drawn also stands in a table of the same section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.figures.drawing import Figure, draw
from assistant.figures.painting import share_bars, stacked_bars
from assistant.figures.shares import Share
from assistant.figures.typography import Typography
from assistant.records import Verdict
from assistant.reporting.groups import Group, Human
from assistant.reporting.measures import measures
from assistant.reporting.records import Outcome
from assistant.reporting.report import Report
from assistant.reporting.words import HUMANS, OUTCOMES, verdict_of
from assistant.wording import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DAYS_DRAWN = 31
_MOST_ROWS = 24
_HUES = {
    Outcome.ANSWERED: "good",
    Outcome.ABSTAINED: "refusal",
    Outcome.STOPPED: "poor",
    Outcome.INTERRUPTED: "second",
    Outcome.FAILED: "bad",
    Outcome.OPEN: "ink",
    Outcome.FORGOTTEN: "line",
    Outcome.UNKNOWN: "soft",
}
_HUMAN_HUES = {
    Human.SUPPORTED: "good",
    Human.UNSUPPORTED: "bad",
    Human.PARTLY: "poor",
    Human.UNDECIDED: "refusal",
}


def headline(report: Report, t: Typography) -> list[Figure]:
    """The headline shares that are of something, with their intervals."""
    bars = [
        (t.say(found.title), share, found.share.interval, found.hue)
        for found in measures(report)
        if (share := found.share.value) is not None
    ]
    if not bars:
        return []
    words = Words(
        "Les parts qui résument la période ; les traits donnent l’intervalle à 95 %.",
        "The shares that sum up the period; lines are 95% intervals.",
    )
    height = 0.36 * len(bars) + 0.6
    return [_figure("parts", words, t, height, lambda axes: share_bars(axes, bars, t))]


def volumes(report: Report, t: Typography) -> list[Figure]:
    """Questions by how they ended: by day where these are few, else by month."""
    if not report.by_day:
        return []
    days = _days(list(report.by_day))
    if len(days) <= _DAYS_DRAWN:
        names = [t.day(day) for day in days]
        rows = [report.by_day.get(day, {}) for day in days]
        words = Words("Questions par jour (UTC).", "Questions by day (UTC).")
    else:
        months = list(report.by_month)[-_MOST_ROWS:]
        names, rows = months, [report.by_month[month].outcomes for month in months]
        words = Words("Questions par mois (UTC).", "Questions by month (UTC).")
    layers = [
        (t.say(OUTCOMES[outcome]), hue, [row.get(outcome, 0) for row in rows])
        for outcome, hue in _HUES.items()
    ]
    height = 0.3 * len(names) + 1.3
    return [_figure("volumes", words, t, height, lambda axes: stacked_bars(axes, names, layers))]


def precision(name: str, words: Words, groups: Mapping[str, Group], t: Typography) -> list[Figure]:
    """Citation precision by name, where anything was judged."""
    judged = [
        (title or "—", group.judged.precision) for title, group in groups.items() if group.judged.of
    ][-_MOST_ROWS:]
    if not judged:
        return []
    height = 0.36 * len(judged) + 0.5
    return [_figure(name, words, t, height, lambda axes: _shares(axes, judged, t))]


def verifier(report: Report, t: Typography) -> list[Figure]:
    """Claims by the verifier's verdict, and what people hold of them."""
    found = report.whole.verifier
    verdicts = [v for v in Verdict if any(found.cell(v, human) for human in Human)]
    if not verdicts:
        return []
    layers = [
        (
            t.say(Words(f"évaluateurs : {HUMANS[human].fr}", f"people: {HUMANS[human].en}")),
            hue,
            [found.cell(verdict, human) for verdict in verdicts],
        )
        for human, hue in _HUMAN_HUES.items()
    ]
    names = [t.say(verdict_of(verdict)) for verdict in verdicts]
    words = Words(
        "Affirmations par verdict du vérificateur, et ce qu’en tiennent les évaluateurs.",
        "Claims by the verifier's verdict, and what people hold of them.",
    )
    height = 0.36 * len(names) + 1.2
    return [
        _figure("verificateur", words, t, height, lambda axes: stacked_bars(axes, names, layers))
    ]


def _shares(axes: Axes, shares: Sequence[tuple[str, Share]], t: Typography) -> None:
    bars = [(name, share.value or 0.0, share.interval, "good") for name, share in shares]
    share_bars(axes, bars, t)


def _days(known: Sequence[str]) -> list[str]:
    """Every day from the first to the last, those without a question too."""
    first, last = date.fromisoformat(known[0]), date.fromisoformat(known[-1])
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _figure(
    name: str, words: Words, t: Typography, height_in: float, paint: Callable[[Axes], None]
) -> Figure:
    caption = t.say(words)
    return Figure(svg=draw(name, caption, height_in, paint), caption=caption)
