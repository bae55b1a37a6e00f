"""Ruling lines of a page, and the grids that they draw.

pdfium tells strokes from boxes badly (a border may be a thin filled box), so
every straight horizontal or vertical edge counts as a rule.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.reading.pdf.frame import Frame

_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 400
_MOST_RULES = 2_000
_THIN = 2.5  # points: a box this thin is a line
_TOUCH = 2.5  # points between the ends of rules that meet
_SHORTEST = 6.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical segment; ``at`` is its y or its x, ``start <= end``."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Rules that meet, as the x of its verticals and the y of its horizontals, ascending."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rules: tuple[Rule, ...]

    def parts_columns(self, x: float, y: float) -> bool:
        """A vertical rule stands at ``x`` on the height ``y``."""
        return any(
            not r.horizontal and abs(r.at - x) < _TOUCH and r.start - 1 <= y <= r.end + 1
            for r in self.rules
        )

    def parts_rows(self, y: float, x: float) -> bool:
        """A horizontal rule lies at ``y`` over the place ``x``."""
        return any(
            r.horizontal and abs(r.at - y) < _TOUCH and r.start - 1 <= x <= r.end + 1
            for r in self.rules
        )


def page_rules(page: pdfium.PdfPage, frame: Frame) -> list[Rule]:
    """The straight edges drawn on a page, in the frame of its words."""
    count = raw.FPDFPage_CountObjects(page)
    if count > _MOST_OBJECTS:
        return []  # a map or a drawing
    rules: list[Rule] = []
    for index in range(count):
        item = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
            points = [(starts, *frame.point(x, y)) for starts, x, y in _points(item)]
            if points:
                rules += _edges(points, frame.width * frame.height)
        if len(rules) > _MOST_RULES:
            return []
    return rules


def _edges(points: list[tuple[bool, float, float]], page_area: float) -> list[Rule]:
    xs, ys = [x for _, x, _ in points], [y for _, _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if width * height > 0.9 * page_area:
        return []  # the background
    x0, y0 = min(xs), min(ys)
    if height <= _THIN:
        return [Rule(True, y0 + height / 2, x0, x0 + width)] if width >= _SHORTEST else []
    if width <= _THIN:
        return [Rule(False, x0 + width / 2, y0, y0 + height)] if height >= _SHORTEST else []
    rules: list[Rule] = []
    for (_, ax, ay), (starts, bx, by) in pairwise(points):
        if starts:
            continue
        if abs(ay - by) < 0.5 and abs(ax - bx) >= _SHORTEST:
            rules.append(Rule(True, ay, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) < 0.5 and abs(ay - by) >= _SHORTEST:
            rules.append(Rule(False, ax, min(ay, by), max(ay, by)))
    return rules


def _points(path: object) -> list[tuple[bool, float, float]]:
    """(starts a stroke, x, y) of each point, in page coordinates; none if it is curved."""
    count = raw.FPDFPath_CountSegments(path)
    if not 2 <= count <= _MOST_SEGMENTS:
        return []
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[bool, float, float]] = []
    begun: tuple[float, float] | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        px = matrix.a * x.value + matrix.c * y.value + matrix.e
        py = matrix.b * x.value + matrix.d * y.value + matrix.f
        starts = kind == raw.FPDF_SEGMENT_MOVETO
        points.append((starts, px, py))
        begun = (px, py) if starts else begun
        if begun is not None and raw.FPDFPathSegment_GetClose(segment):
            points.append((False, *begun))
    return points


def grids(rules: list[Rule]) -> list[Grid]:
    """Groups of rules that meet and make at least two cells, largest first."""
    across = [rule for rule in rules if rule.horizontal]
    down = [rule for rule in rules if not rule.horizontal]
    group = list(range(len(rules)))
    places = {id(rule): place for place, rule in enumerate(rules)}

    def root(place: int) -> int:
        while group[place] != place:
            group[place] = group[group[place]]
            place = group[place]
        return place

    for flat in across:
        for upright in down:
            if (
                flat.start - _TOUCH <= upright.at <= flat.end + _TOUCH
                and upright.start - _TOUCH <= flat.at <= upright.end + _TOUCH
            ):
                group[root(places[id(flat)])] = root(places[id(upright)])
    members: dict[int, list[Rule]] = {}
    for rule in rules:
        members.setdefault(root(places[id(rule)]), []).append(rule)
    found = [
        Grid(
            _distinct([r.at for r in some if not r.horizontal]),
            _distinct([r.at for r in some if r.horizontal]),
            tuple(some),
        )
        for some in members.values()
    ]
    cells = [grid for grid in found if len(grid.xs) >= 3 and len(grid.ys) >= 2]
    return sorted(cells, key=lambda g: -(g.xs[-1] - g.xs[0]) * (g.ys[-1] - g.ys[0]))


def _distinct(values: list[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _TOUCH:
            kept.append(value)
    return tuple(kept)
