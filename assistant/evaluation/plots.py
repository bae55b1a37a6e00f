"""What the report draws: key figures, what became of the questions, facts, times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.evaluation.cases import Case
from assistant.evaluation.drawing import colour, draw
from assistant.evaluation.measures import Share
from assistant.evaluation.report import Report
from assistant.evaluation.scores import PER_QUESTION
from assistant.evaluation.titles import TITLES
from assistant.evaluation.typography import NO_BREAK, number, percent, typeset
from assistant.wording import safe

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
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An ``<svg>`` element and its caption (text, not markup)."""

    svg: str
    caption: str


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
    for place, (name, share) in enumerate(shares):
        value = share.value or 0.0
        axes.barh(place, value, color=colour(_KEY[name]), height=0.6)
        right = value
        if name in PER_QUESTION and share.interval is not None:
            low, right = share.interval
            axes.plot([low, right], [place, place], color=colour("ink"), linewidth=1.5)
        axes.text(right + 0.015, place, percent(share.value), va="center")
    _names(axes, [TITLES[name].fr for name, _ in shares])
    _as_percentages(axes)


def _fates(axes: Axes, cases: Sequence[Case], kinds: Sequence[str]) -> None:
    from matplotlib.ticker import MaxNLocator

    before = [0] * len(kinds)
    for title, hue, holds in _FATES:
        counts = [sum(c.question.kind == kind and holds(c) for c in cases) for kind in kinds]
        if not any(counts):
            continue
        axes.barh(
            range(len(kinds)), counts, left=before, color=colour(hue), height=0.7, label=title
        )
        before = [start + count for start, count in zip(before, counts, strict=True)]
    _names(axes, kinds)
    axes.set_xlabel("questions")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _legend(axes)


def _facts(axes: Axes, report: Report, kinds: Sequence[str]) -> None:
    for offset, name, hue in ((-0.2, "facts_shown", "fair"), (0.2, "facts_said", "good")):
        values = [report.per_kind[kind].shares[name].value or 0.0 for kind in kinds]
        places = [place + offset for place in range(len(kinds))]
        axes.barh(places, values, height=0.38, color=colour(hue), label=TITLES[name].fr)
    _names(axes, kinds)
    _as_percentages(axes)
    _legend(axes)


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
    axes.yaxis.set_major_formatter(_whole_percent)
    axes.grid(visible=True, linewidth=0.5)
    _legend(axes)


def _names(axes: Axes, names: Sequence[str]) -> None:
    """Name the bars, the first on top; a long name is cut."""
    shown = [" ".join(safe(name).split()) for name in names]
    cut = [n if len(n) <= _LONGEST_NAME else f"{n[:_LONGEST_NAME]}…" for n in shown]
    axes.set_yticks(range(len(cut)), cut)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()


def _as_percentages(axes: Axes) -> None:
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.xaxis.set_major_formatter(_whole_percent)


def _whole_percent(value: float, _: object) -> str:
    return f"{number(100 * value)}{NO_BREAK}%"


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=3,
        frameon=False,
        labelcolor=colour("ink"),
    )
