"""What the report draws: key figures, what became of the questions, facts, times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.evaluation.cases import Case
from assistant.evaluation.report import Report
from assistant.evaluation.scores import PER_QUESTION
from assistant.evaluation.titles import TITLES
from assistant.evaluation.typography import typeset
from assistant.figures.drawing import Figure, colour, draw
from assistant.figures.painting import (
    as_percentages,
    legend,
    name_rows,
    share_bars,
    stacked_bars,
)
from assistant.figures.shares import Share
from assistant.figures.typography import FRENCH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEY = {
    "complete_answers": "good",
    "wrong_answers": "bad",
    "false_refusals": "refusal",
    "false_answers": "bad",
    "near_miss_answers": "bad",
    "facts_said": "first",
    "facts_shown": "first",
}
_FATES: tuple[tuple[str, str, Callable[[Case], bool]], ...] = (
    ("réponse complète", "good", lambda c: c.question.answerable and c.answered and all(c.said)),
    ("réponse partielle", "fair", lambda c: c.answered and any(c.said) and not all(c.said)),
    ("réponse fausse", "bad", lambda c: c.question.answerable and c.answered and not any(c.said)),
    ("refus à tort", "poor", lambda c: c.question.answerable and not c.answered),
    ("refus à raison", "refusal", lambda c: not c.question.answerable and not c.answered),
    ("réponse à tort", "second", lambda c: not c.question.answerable and c.answered),
)
_TIMES = {"first_evidence": ("extraits affichés", "first"), "total": ("réponse vérifiée", "second")}
_SHORTEST_S = 0.001  # the axis is logarithmic


def headline(report: Report) -> list[Figure]:
    """The key shares as bars, with their intervals."""
    shares = [
        (name, share) for name in _KEY if (share := report.scores.shares[name]).value is not None
    ]
    if not shares:
        return []
    caption = "Chiffres clés ; les traits donnent l’intervalle à 95 %, là où il existe."
    height = 0.45 * len(shares) + 0.7
    return [_figure("cles", caption, height, lambda axes: _bars(axes, shares))]


def details(report: Report) -> list[Figure]:
    """What became of the questions, facts found, and times."""
    drawn = []
    kinds = list(report.per_kind)
    cases = [case for case in report.cases if not case.failed]
    height = 0.4 * len(kinds) + 1.2
    if cases:
        caption = "Ce qu’il est advenu des questions, par nature."
        drawn.append(_figure("sorts", caption, height, lambda axes: _fates(axes, cases, kinds)))
    with_facts = [kind for kind in kinds if report.per_kind[kind].shares["facts_shown"].of]
    if with_facts:
        caption = "Faits de référence trouvés dans les extraits, puis dans les réponses."
        drawn.append(
            _figure("faits", caption, height, lambda axes: _facts(axes, report, with_facts))
        )
    if cases:
        caption = "Part des questions servies avant une durée donnée (échelle logarithmique)."
        drawn.append(_figure("temps", caption, 3.2, lambda axes: _times(axes, cases)))
    return drawn


def _figure(name: str, caption: str, height: float, paint: Callable[[Axes], None]) -> Figure:
    shown = typeset(caption)
    return Figure(svg=draw(name, shown, height, paint), caption=shown)


def _bars(axes: Axes, shares: Sequence[tuple[str, Share]]) -> None:
    bars = [
        (
            TITLES[name].fr,
            share.value or 0.0,
            share.interval if name in PER_QUESTION else None,
            _KEY[name],
        )
        for name, share in shares
    ]
    share_bars(axes, bars, FRENCH)


def _fates(axes: Axes, cases: Sequence[Case], kinds: Sequence[str]) -> None:
    layers = [
        (title, hue, [sum(c.question.kind == kind and holds(c) for c in cases) for kind in kinds])
        for title, hue, holds in _FATES
    ]
    stacked_bars(axes, kinds, layers)
    axes.set_xlabel("questions")


def _facts(axes: Axes, report: Report, kinds: Sequence[str]) -> None:
    for offset, name, hue in ((-0.2, "facts_shown", "fair"), (0.2, "facts_said", "good")):
        values = [report.per_kind[kind].shares[name].value or 0.0 for kind in kinds]
        places = [place + offset for place in range(len(kinds))]
        axes.barh(places, values, height=0.38, color=colour(hue), label=TITLES[name].fr)
    name_rows(axes, kinds)
    as_percentages(axes, FRENCH)
    legend(axes)


def _times(axes: Axes, cases: Sequence[Case]) -> None:
    from matplotlib.ticker import LogLocator

    for stage, (title, hue) in _TIMES.items():
        known = [c.outcome.seconds[stage] for c in cases if stage in c.outcome.seconds]
        values = sorted(max(_SHORTEST_S, value) for value in known)
        heights = [(rank + 1) / len(values) for rank in range(len(values))]
        axes.plot(
            values, heights, drawstyle="steps-post", marker=".", color=colour(hue), label=title
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.set_xlabel("secondes depuis la question")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", ","))
    axes.minorticks_off()
    axes.set_ylim(0, 1.03)
    axes.yaxis.set_major_formatter(lambda share, _: FRENCH.whole_percent(share))
    axes.grid(visible=True, linewidth=0.5)
    legend(axes)
