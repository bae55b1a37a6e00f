"""What the reports' drawings share: named rows of bars, shares with their intervals, stacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.figures.drawing import colour
from assistant.figures.typography import Typography
from assistant.wording import safe

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LONGEST_NAME = 40

Bar = tuple[str, float, tuple[float, float] | None, str]
"""Name, share from 0 to 1, its interval where it has one, name of its colour."""
Layer = tuple[str, str, Sequence[int]]
"""Name, name of its colour, one count a row."""


def share_bars(axes: Axes, bars: Sequence[Bar], typography: Typography) -> None:
    """Shares as bars, the first on top, each with its interval as a line."""
    for place, (_, value, interval, hue) in enumerate(bars):
        axes.barh(place, value, color=colour(hue), height=0.6)
        right = value
        if interval is not None:
            low, right = interval
            axes.plot([low, right], [place, place], color=colour("ink"), linewidth=1.5)
        axes.text(right + 0.015, place, typography.percent(value), va="center")
    name_rows(axes, [name for name, *_ in bars])
    as_percentages(axes, typography)


def stacked_bars(axes: Axes, names: Sequence[str], layers: Sequence[Layer]) -> None:
    """Counts of several things as one bar a row; what counts nothing has no place in the legend."""
    from matplotlib.ticker import MaxNLocator

    before = [0] * len(names)
    for title, hue, counts in layers:
        if not any(counts):
            continue
        axes.barh(
            range(len(names)), counts, left=before, color=colour(hue), height=0.7, label=title
        )
        before = [start + count for start, count in zip(before, counts, strict=True)]
    name_rows(axes, names)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    legend(axes)


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the bars, the first on top; a long name is cut."""
    shown = [" ".join(safe(name).split()) for name in names]
    cut = [n if len(n) <= _LONGEST_NAME else f"{n[:_LONGEST_NAME]}…" for n in shown]
    axes.set_yticks(range(len(cut)), cut)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()


def as_percentages(axes: Axes, typography: Typography) -> None:
    """An axis of shares, with room for a figure behind the longest bar."""
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.xaxis.set_major_formatter(lambda value, _: typography.whole_percent(value))


def legend(axes: Axes) -> None:
    """The legend, above the drawing."""
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=3,
        frameon=False,
        labelcolor=colour("ink"),
    )
