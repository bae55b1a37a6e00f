"""The table of `speed`: lines, what they must reach, ``results/speed.md`` and ``.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks import results

Json = dict[str, Any]

NAME = "speed"
_NONE = "–"


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that a figure keeps or not; ``unit`` is written after it."""

    sign: Literal["≤", "≥"]
    bound: float
    unit: str = "×"

    def reached_by(self, figure: float) -> bool:
        """Whether the figure is within the bound, the bound included."""
        return figure <= self.bound if self.sign == "≤" else figure >= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table.

    ``ours`` and ``other`` are shown as they stand. ``figure`` is what the goal bounds, ``None``
    when it was not measured; without a ``goal`` it is only told. ``figures`` are the raw ones.
    """

    key: str
    what: str
    ours: str
    against: str
    other: str
    figure: float | None
    goal: Goal | None = None
    note: str = ""
    figures: Json = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Said plainly; nothing that was not measured counts as reached."""
        if self.goal is None:
            return _NONE
        if self.figure is None:
            return "not measured"
        return "reached" if self.goal.reached_by(self.figure) else "**not reached**"

    def as_json(self) -> Json:
        """All of it, the verdict too."""
        return {**asdict(self), "verdict": self.verdict}


def line_of(row: Json) -> Line:
    """The line that `Line.as_json` wrote, whatever was put beside it."""
    known = {name: row[name] for name in Line.__dataclass_fields__}
    return Line(**{**known, "goal": Goal(**row["goal"]) if row["goal"] else None})


def ratio(ours: float, other: float) -> float | None:
    """``ours / other``; ``None`` where nothing was measured on the other side."""
    return ours / other if other > 0 else None


def merged(former: Iterable[Json], measured: Iterable[Json], order: Sequence[str]) -> list[Json]:
    """Rows of a run among those of former runs: each key once, the latest, in the given order."""
    by_key = {row["key"]: row for row in (*former, *measured)}
    return [by_key[key] for key in order if key in by_key]


def add(lines: Sequence[Line], order: Sequence[str], *, load: float, **what: object) -> Path:
    """Put lines among those measured before, each with its date and commit; the page.

    Args:
        lines: What was measured now.
        order: Keys of all lines, as the page shows them.
        load: Load average before the measure: what others did on the machine.
        what: Whatever the measures depend on besides.
    """
    made = results.made_with(**what, load=round(load, 2))
    own = {name: made[name] for name in ("made", "commit", "changed_since", "load")}
    file = results.FOLDER / f"{NAME}.json"
    former = json.loads(file.read_text(encoding="utf-8"))["rows"] if file.is_file() else []
    rows = merged(former, ({**line.as_json(), **own} for line in lines), order)
    return results.save_page(NAME, body(rows), rows, made)


def body(rows: Sequence[Json]) -> str:
    """The table, then what stands behind each of its lines."""
    return f"{_table(rows)}\n\n## Behind the lines\n\n{_notes(rows)}"


def _table(rows: Sequence[Json]) -> str:
    header = ["what", "ours", "against", "theirs", "figure", "goal", "", "measured"]
    lines = []
    for row in rows:
        line = line_of(row)
        unit = line.goal.unit if line.goal else "×"
        figure = _NONE if line.figure is None else f"{line.figure:.2f} {unit}".rstrip()
        goal = _NONE if line.goal is None else str(line.goal)
        cells = [line.what, line.ours, line.against, line.other, figure, goal, line.verdict]
        lines.append([*cells, f"{row['made'][:10]}, {row['commit'][:7]}"])
    return results.lined(header, lines)


def _notes(rows: Sequence[Json]) -> str:
    told = [
        f"- **{row['what']}**: {row['note']} _Load before: {row['load']:.1f}._"
        for row in rows
        if row["note"]
    ]
    return "\n".join(told)
