"""Measures of a ranking, by ir-measures (trec_eval underneath), with bootstrap intervals.

Two ways to count places. ``hits``: every passage takes one, and a second passage of a section
earns nothing. ``places``: the passages of one section (or article) take one place together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from benchmarks.question_sets import Asked

MEASURES = {
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "ndcg@10": nDCG @ 10,
    "mrr": RR,
}
DRAWS = 2000
_SEED = 7


@dataclass(frozen=True, slots=True)
class Score:
    """A mean over questions with its 95 % interval (percentile bootstrap over the questions)."""

    mean: float
    low: float
    high: float
    questions: int


def judged(asked: Asked, ranking: Iterable[str]) -> list[str]:
    """A ranking of passages as one of gold units; what holds none, or one again, is filler.

    Args:
        asked: Knows which passages are right.
        ranking: Passage ids, best first, none twice.

    Returns:
        As many names as there are passages, none twice; a unit stands at its first passage.
    """
    seen: set[str] = set()
    names = []
    for place, passage in enumerate(ranking):
        unit = asked.right.get(passage)
        names.append(f" {place}" if unit is None or unit in seen else unit)
        seen.add(names[-1])
    return names


def folded(ranking: Iterable[str], places_of: Mapping[str, frozenset[str]]) -> list[str]:
    """A ranking without the passages that hold nothing but sections seen before.

    Args:
        ranking: Passage ids, best first.
        places_of: The sections that a passage holds; one without a known section stands alone.
    """
    seen: set[str] = set()
    kept = []
    for passage in ranking:
        places = places_of.get(passage, frozenset({passage}))
        if not places <= seen:
            kept.append(passage)
            seen |= places
    return kept


def per_question(
    questions: Sequence[Asked], rankings: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Each measure of each question: measure name, then question id.

    Args:
        questions: At least one.
        rankings: Passage ids, best first, by question id; a missing question found nothing.
    """
    wanted = {str(measure): name for name, measure in MEASURES.items()}
    qrels = [Qrel(asked.id, unit, 1) for asked in questions for unit in sorted(asked.gold)]
    run = [
        ScoredDoc(asked.id, name, float(-place))
        for asked in questions
        for place, name in enumerate(judged(asked, rankings.get(asked.id, ())))
    ]
    values: dict[str, dict[str, float]] = {
        name: dict.fromkeys((asked.id for asked in questions), 0.0) for name in MEASURES
    }
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, run):
        values[wanted[str(metric.measure)]][metric.query_id] = float(metric.value)
    return values


def score(values: Sequence[float]) -> Score:
    """The mean of some questions' values and its interval; the same every time."""
    known = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(_SEED).integers(0, len(known), (DRAWS, len(known)))
    low, high = np.percentile(known[draws].mean(axis=1), (2.5, 97.5))
    return Score(float(known.mean()), float(low), float(high), len(known))
