"""The page, the data and the drawing of `scale`: ``results/scale.md``, ``.json`` and ``.svg``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.figures.drawing import colour, draw
from assistant.figures.files import write_whole
from assistant.figures.painting import legend
from benchmarks import results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = dict[str, Any]

_NAME = "scale"
_MIB = 1024  # KiB
_STAGES = ("dense", "lexical", "sentences", "outlines", "texts", "filter", "rest")
_ASKED = (
    "150 real questions, one at a time; of three rounds each question's quickest counts, because "
    "other programs used the machine too."
)
_NOT_HERE = "–"
# What a page's style sheet would say; an image has no page around it.
_STYLE = """<style>
svg { --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --first: #24599c;
  --second: #d2691e; --good: #1f6f54; background: var(--paper); }
@media (prefers-color-scheme: dark) { svg { --paper: #14171b; --ink: #e6e9ec; --soft: #9aa4af;
  --line: #3a424b; --first: #79aef0; --second: #f0a566; --good: #4fb68f; } }
svg text { font-family: system-ui, sans-serif !important; }
</style>"""
_LINES = (  # what is drawn: search, stage, measure, colour, style, name
    ("whole", "embed", "p95_ms", "second", "-", "plongement, p95"),
    ("whole", "embed", "p50_ms", "second", "--", "plongement, médiane"),
    ("whole", "beyond", "p95_ms", "first", "-", "tout le reste, p95"),
    ("whole", "beyond", "p50_ms", "first", "--", "tout le reste, médiane"),
    ("collection", "beyond", "p95_ms", "good", "-", "le reste, filtré à 1/5, p95"),
    ("collection", "beyond", "p50_ms", "good", "--", "le reste, filtré, médiane"),
)


def add(found: Row) -> Path:
    """Put one size among those that were measured before, in its place; the page is returned."""
    embedding, settings = found.pop("embedding", {}), found.pop("settings", {})
    former = results.FOLDER / f"{_NAME}.json"
    known: list[Row] = []
    if former.is_file():
        before = json.loads(former.read_text(encoding="utf-8"))
        known = [row for row in before["rows"] if row["passages"] != found["passages"]]
        embedding = embedding or before["made_on"]["embedding"]
        settings = settings or before["made_on"]["settings"]
    made = results.made_with(embedding=embedding, settings=settings)
    rows = sorted([*known, {**found, "made": made["made"]}], key=lambda row: int(row["passages"]))
    page = results.save_page(_NAME, body(rows), rows, made)
    if drawn := searched(rows):
        write_whole(page.with_suffix(".svg"), picture(drawn))
    return page


def searched(rows: Sequence[Row]) -> list[Row]:
    """The sizes that were built in time and searched."""
    return [row for row in rows if "whole" in row]


def body(rows: Sequence[Row]) -> str:
    """Tables of what was measured, and the aims with what came of them."""
    done = searched(rows)
    parts = ["![Milliseconds of a search by passages](scale.svg)", *aims(done)]
    parts += ["## A search, warm, ms (median / 95th percentile)", _ASKED, _searches(done)]
    parts += ["## Where the time goes, mean ms", _stages(done)]
    parts += ["## Writing and publishing", _publishing(done)]
    parts += [
        f"- {row['passages']:,} passages: not built within {row['stopped_s'] / 60:.0f} minutes; "
        f"the vectors of {row['published_so_far']:,} were in the next generation."
        for row in rows
        if "stopped_s" in row
    ]
    parts += [f"- {row['passages']:,} passages: {row['note']}" for row in rows if "note" in row]
    return "\n\n".join(part for part in parts if part)


def aims(rows: Sequence[Row]) -> list[str]:
    """Each aim with the figures that decide it, where its sizes were measured."""
    by_size = {row["passages"]: row for row in rows}
    lines = []
    if row := by_size.get(100_000):
        beyond, embed = row["whole"]["beyond"]["p95_ms"], row["whole"]["embed"]["p95_ms"]
        lines.append(
            f"- At 100,000, everything beyond embedding takes less than embedding, p95: "
            f"{beyond:.1f} against {embed:.1f} ms: {_verdict(beyond < embed)}"
        )
    if 10_000 in by_size and 1_000_000 in by_size:
        few, many = (by_size[n]["whole"]["total"]["p95_ms"] for n in (10_000, 1_000_000))
        lines.append(
            f"- p95 at a million at most 3 times that at 10,000: {many:.1f} against {few:.1f} ms, "
            f"× {many / few:.1f}: {_verdict(many <= 3 * few)}"
        )
    if len(rows) > 1:
        few, many = (_per_thousand(row, "publish_s") for row in (rows[0], rows[-1]))
        lines.append(
            f"- Publishing is linear: {few:.2f} s for each 1,000 of {rows[0]['passages']:,} "
            f"passages, {many:.2f} s of {rows[-1]['passages']:,}."
        )
    return ["\n".join(lines)]


def _verdict(reached: bool) -> str:
    return "reached." if reached else "**not reached.**"


def _per_thousand(row: Row, name: str) -> float:
    return float(row[name]) / int(row["passages"]) * 1000


def _searches(rows: Sequence[Row]) -> str:
    header = ["passages", "embed", "beyond", "beyond, one collection of five", "total"]
    header += ["opened, s", "first question beyond embedding, s", "peak MB (model alone)"]

    def cells(row: Row) -> list[str]:
        whole = row["whole"]
        return [
            f"{row['passages']:,}",
            _spread(whole["embed"]),
            _spread(whole["beyond"]),
            _spread(row["collection"]["beyond"]),
            _spread(whole["total"]),
            f"{row['open_s']:.2f}",
            f"{row['first_s']:.2f}",
            f"{row['search_peak_kib'] / _MIB:,.0f} ({row['embedder_peak_kib'] / _MIB:,.0f})",
        ]

    return results.lined(header, map(cells, rows))


def _spread(found: dict[str, float]) -> str:
    return f"{found['p50_ms']:.1f} / {found['p95_ms']:.1f}"


def _stages(rows: Sequence[Row]) -> str:
    lines = []
    for row in rows:
        for name in ("whole", "collection"):
            known = row[name]
            means = [f"{known[s]['mean_ms']:.1f}" if s in known else _NOT_HERE for s in _STAGES]
            lines.append([f"{row['passages']:,}", name, *means])
    return results.lined(["passages", "searched", *_STAGES], lines)


def _publishing(rows: Sequence[Row]) -> str:
    header = ["passages", "written, s per 1,000", "published, s per 1,000", "of it vectors, s"]
    header += ["words, s", "peak MB", "on disk, MB"]

    def cells(row: Row) -> list[str]:
        return [
            f"{row['passages']:,}",
            f"{_per_thousand(row, 'write_s'):.2f}",
            f"{_per_thousand(row, 'publish_s'):.2f}",
            f"{row['publish_stages_s']['vectors']:.1f}",
            f"{row['publish_stages_s']['words']:.1f}",
            f"{row['publish_peak_kib'] / _MIB:,.0f}",
            f"{row['disk_bytes'] / 1e6:,.0f}",
        ]

    return results.lined(header, map(cells, rows))


def picture(rows: Sequence[Row]) -> str:
    """Milliseconds of a search by passages, both logarithmic, as an SVG that stands alone."""
    title = "Temps d’une recherche selon la taille du corpus"
    svg = draw(_NAME, title, 4.4, _painted(rows))
    head, rest = svg.split(">", 1)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}>\n{_STYLE}{rest}\n'


def _painted(rows: Sequence[Row]) -> Callable[[Axes], None]:
    sizes = [row["passages"] for row in rows]

    def paint(axes: Axes) -> None:
        from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

        for search, stage, measure, hue, style, name in _LINES:
            times = [row[search][stage][measure] for row in rows]
            axes.plot(sizes, times, style, color=colour(hue), marker="o", markersize=4, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks(sizes, [f"{size:,}".replace(",", "\u202f") for size in sizes])
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.set_ylim(bottom=1)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.grid(axis="y", which="major")
        axes.set_xlabel("passages")
        axes.set_ylabel("millisecondes")
        legend(axes)

    return paint
