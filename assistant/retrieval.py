"""A question to ranked passages: two searches, one order.

Every candidate of either search is read again by its sentences: a passage is as near to the
question as all of them together and the best of them are. That likeness and the lexical score
are brought to one scale (standard score over the candidates) and summed with a weight.
Reciprocal rank fusion was measured below this sum on every set (DECISIONS.md).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Embedder
from assistant.generations import Generation
from assistant.records import Filters, Hit

Mode = Literal["hybrid", "dense", "lexical"]
Ranking = Sequence[tuple[int, float]]

_BEST = 0.5  # the best sentence's part in a passage's likeness; all of them together have the rest


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
    if mode == "hybrid":
        either = sorted({row for row, _ in (*dense, *lexical)})
        sentences = _sentences(generation, either, vector)
        ranking = fuse(lifted(dense, sentences), lexical, dense_weight=dense_weight)
    else:
        ranking = list(dense or lexical)
        sentences = _sentences(generation, [row for row, _ in ranking[:top]], vector)
    known = generation.catalogue.passages([row for row, _ in ranking[:top]])
    hits = tuple(
        Hit(
            rank=rank,
            score=round(score, 6),
            passage=known[row][0],
            document=known[row][1],
            sentences=sentences[row].cosines if row in sentences else (),
        )
        for rank, (row, score) in enumerate(ranking[:top], start=1)
    )
    return Found(hits=hits, query_vector=vector, seconds=clock.seconds())


@dataclass(frozen=True, slots=True)
class Sentences:
    """How near a passage's sentences are to the question: each, and all of them together."""

    cosines: tuple[float, ...]
    together: float

    @property
    def likeness(self) -> float:
        """One cosine for the passage; its header, which all of a document share, has no part."""
        return _BEST * max(self.cosines) + (1 - _BEST) * self.together


def _sentences(
    generation: Generation, rows: Sequence[int], query: NDArray[np.float32] | None
) -> dict[int, Sentences]:
    """The sentences of each passage whose model gave them vectors."""
    if query is None:
        return {}
    vectors = generation.catalogue.sentence_vectors(rows)
    return {row: compared(some, query) for row, some in vectors.items() if len(some)}


def compared(sentences: NDArray[np.float16], query: NDArray[np.float32]) -> Sentences:
    """Compare the sentences of one passage with a question.

    Args:
        sentences: float16[s, d], L2-normalised or zero, at least one.
        query: float32[d], L2-normalised.
    """
    vectors = sentences.astype(np.float32)
    mean = vectors.mean(axis=0)
    together = float(mean @ query) / max(float(np.linalg.norm(mean)), 1e-12)
    return Sentences(tuple((vectors @ query).tolist()), together)


def lifted(dense: Ranking, sentences: Mapping[int, Sentences]) -> list[tuple[int, float]]:
    """The dense scores, by sentences where there are some, also of what only words found.

    Returns:
        (passage row, cosine), descending; ties by row.
    """
    scores = dict(dense) | {row: found.likeness for row, found in sentences.items()}
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


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
