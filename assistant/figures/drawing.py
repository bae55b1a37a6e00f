"""Figures drawn by matplotlib as SVG that belongs to the page: its fonts, its colours."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from assistant.figures.escaping import html_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# matplotlib knows no CSS variables: each stands for one colour nobody would choose.
_PALETTE = {
    "ink": "#010101",
    "soft": "#010102",
    "line": "#010103",
    "paper": "#010104",
    "good": "#010105",
    "fair": "#010106",
    "poor": "#010107",
    "bad": "#010108",
    "refusal": "#010109",
    "first": "#01010a",
    "second": "#01010b",
}
_WIDTH_IN = 8.6
_one_at_a_time = threading.Lock()  # matplotlib's rules are the whole process's
_RULES: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: found, selected, in the reader's fonts
    "svg.hashsalt": "assistant",  # the same report gives the same page
    "text.parse_math": False,  # a name with a dollar sign is not a formula
    "font.size": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An ``<svg>`` element and its caption (text, not markup)."""

    svg: str
    caption: str


def colour(name: str) -> str:
    """The stand-in for a colour of the page's style sheet, for matplotlib."""
    return _PALETTE[name]


@contextmanager
def _rules() -> Iterator[None]:
    from matplotlib import rc_context

    ink, line = colour("ink"), colour("line")
    colours: dict[Any, Any] = {
        "text.color": ink,
        "axes.labelcolor": ink,
        "xtick.color": ink,
        "ytick.color": ink,
    }
    with rc_context({**_RULES, **colours, "axes.edgecolor": line, "grid.color": line}):
        yield


def draw(name: str, title: str, height_in: float, paint: Callable[[Axes], None]) -> str:
    """One set of axes as an ``<svg>`` element.

    Args:
        name: Unique in the page; what the drawing refers to within itself begins with it.
        title: What the figure shows, for those who cannot see it.
        height_in: Height in inches at matplotlib's scale; the page scales the whole.
        paint: Draws on the axes.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with _one_at_a_time, _rules():
        figure = Figure(figsize=(_WIDTH_IN, height_in), layout="constrained")
        FigureCanvasSVG(figure)
        paint(figure.add_subplot())
        out = StringIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a sign without a glyph here has one at the reader's
            nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
            figure.savefig(out, format="svg", transparent=True, metadata=nothing)
    return _in_page(out.getvalue(), name, title)


def _in_page(svg: str, name: str, title: str) -> str:
    svg = svg[svg.index("<svg") :].rstrip()
    svg = re.sub(r'(?<=\bid=")|(?<=href="#)|(?<=url\(#)', f"{name}-", svg)
    for variable, stand_in in _PALETTE.items():
        svg = svg.replace(stand_in, f"var(--{variable})")
    return svg.replace("<svg", f'<svg role="img" aria-label="{html_text(title)}"', 1)
