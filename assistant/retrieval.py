"""A question to ranked passages: two searches, one order.

Dense and lexical scores are brought to one scale (standard score over the
candidates) and summed with a weight. Reciprocal rank fusion was measured below
dense search alone on French administrative text; this sum above both
(DESIGN.md, DECISIONS.md).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Embedder
from assistant.generations import Generation
from assistant.records import Filters, Hit

Mode = Literal["hybrid", "dense", "lexical"]
Ranking = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gives: hits, best first, and the seconds each part took."""

    hits: tuple[Hit, ...]
    query_vector: NDArray[np.float32] | None
    seconds: dict[str, float]


def retrieve(
    question: str,
    generation: Generation,
    embedder: Embedder | None,
    *,
    filters: Filters,
    top: int,
    candidates: int,
    dense_weight: float,
    mode: Mode = "hybrid",
) -> Found:
    """Find the passages that answer a question.

    Args:
        question: Free text.
        generation: The pinned state of the corpus.
        embedder: Not needed (``None``) in ``lexical`` mode.
        filters: What the search is restricted to.
        top: At most so many hits.
        candidates: How many each search gives before fusion.
        dense_weight: Weight of the dense standard score, 0 to 1; the lexical one has the rest.
        mode: ``hybrid``, or one search alone.
    """
    clock = _Stopwatch()
    documents = among = None
    if not filters.empty:
        documents = generation.catalogue.document_rows(generation.number, filters)
        among = generation.catalogue.passage_rows(documents, filters.speaker)
    wanted = max(top, candidates)
    vector = None
    dense: Ranking = ()
    lexical: Ranking = ()
    if mode != "lexical" and embedder is not None:
        vector = embedder.embed_query(question)
        clock.lap("embed")
        dense = generation.vectors.search(vector, wanted, among=among)
        clock.lap("dense")
    if mode != "dense":
        lexical = generation.lexical.search(
            question, wanted, documents=documents, speaker=filters.speaker
        )
        clock.lap("lexical")
    ranking = (
        fuse(dense, lexical, dense_weight=dense_weight) if mode == "hybrid" else dense or lexical
    )
    found = [row for row, _ in ranking[:top]]
    known = generation.catalogue.passages(found)
    likeness = _sentence_cosines(generation, found, vector)
    hits = tuple(
        Hit(
            rank=rank,
            score=round(score, 6),
            passage=known[row][0],
            document=known[row][1],
            sentences=likeness.get(row, ()),
        )
        for rank, (row, score) in enumerate(ranking[:top], start=1)
    )
    return Found(hits=hits, query_vector=vector, seconds=clock.seconds())


def _sentence_cosines(
    generation: Generation, rows: Sequence[int], query: NDArray[np.float32] | None
) -> dict[int, tuple[float, ...]]:
    """How near each sentence of each passage is to the question."""
    if query is None:
        return {}
    vectors = generation.catalogue.sentence_vectors(rows)
    return {
        row: tuple((some.astype(np.float32) @ query).tolist())
        for row, some in vectors.items()
        if len(some)
    }


def fuse(dense: Ranking, lexical: Ranking, *, dense_weight: float) -> list[tuple[int, float]]:
    """Weighted sum of standard scores over all candidates.

    A candidate that the words do not find has a BM25 of zero, which is what BM25
    would say; one beyond the dense list gets the list's lowest cosine. So a rare
    word that a single passage holds stands out by many standard deviations.

    Args:
        dense: (passage row, cosine), best first.
        lexical: (passage row, BM25 score), best first.
        dense_weight: 0 to 1.

    Returns:
        (passage row, fused score), descending; ties by row, so that runs repeat.
    """
    rows = sorted({row for row, _ in (*dense, *lexical)})
    lowest = min((score for _, score in dense), default=0.0)
    fused = dense_weight * _standard_scores(rows, dense, lowest)
    fused += (1 - dense_weight) * _standard_scores(rows, lexical, 0.0)
    scored = zip(rows, fused.tolist(), strict=True)
    return sorted(scored, key=lambda hit: (-hit[1], hit[0]))


def _standard_scores(rows: Sequence[int], ranking: Ranking, absent: float) -> NDArray[np.float64]:
    known = dict(ranking)
    scores = np.array([known.get(row, absent) for row in rows], dtype=np.float64)
    spread = float(scores.std()) if len(rows) else 0.0
    if spread == 0.0:
        return np.zeros(len(rows))
    standard: NDArray[np.float64] = (scores - scores.mean()) / spread
    return standard


class _Stopwatch:
    """Seconds between laps, and in all."""

    def __init__(self) -> None:
        self._begin = self._last = time.perf_counter()
        self._laps = {"embed": 0.0, "lexical": 0.0, "dense": 0.0}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name], self._last = now - self._last, now

    def seconds(self) -> dict[str, float]:
        return {
            name: round(value, 4)
            for name, value in {**self._laps, "total": time.perf_counter() - self._begin}.items()
        }
