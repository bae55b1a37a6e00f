"""A question to ranked passages: two searches, one order.

Every candidate of either search is read again by its sentences (`rereading`); that likeness and the
lexical score are brought to one scale and summed with a weight (`fusion`). A question that names
a document is put to it first, and asks the rest of it (`remainder`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Embedder
from assistant.generations import Generation
from assistant.records import Filters, Hit
from assistant.retrieval.fusion import Ranking, fuse, standard_scores
from assistant.retrieval.relevance import matches_nothing
from assistant.retrieval.remainder import names, remainder
from assistant.retrieval.rereading import Sentences, lifted, reread

__all__ = ["Found", "Mode", "matches_nothing", "retrieve"]

Mode = Literal["hybrid", "dense", "lexical"]
Vector = NDArray[np.float32]

# In standard scores of the fused ranking; chosen on questions of neither test (DECISIONS.md).
_LENGTH = 0.15  # a passage that says more answers more; a crumb of layout says nothing
_NAMED = 1.0  # the question names its document
_OPENING = 0.25  # off: the first passage of a named document says its title again
_NAMEABLE = 2  # so many documents at the head of the ranking may be meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gives: hits, best first, and the seconds each part took."""

    hits: tuple[Hit, ...]
    query_vector: Vector | None
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
        documents, among = generation.passages_of(filters)
        clock.skip()
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
    sentences: Mapping[int, Sentences] = {}
    if mode == "hybrid" and vector is not None and embedder is not None:
        both = _Fusion(generation, dense, lexical, dense_weight, vector)
        ranking = both.ranked()
        clock.skip()
        named = _named(question, vector, both.titles(ranking), embedder)
        clock.lap("embed")
        if named:
            both.put_first(named)
            ranking = both.ranked()
        sentences = both.sentences
    else:
        ranking = list(dense or lexical)
        if vector is not None:
            found = [row for row, _ in ranking[:top]]
            sentences = reread(generation.catalogue.sentence_vectors(found), vector)
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


class _Fusion:
    """The candidates of both searches; what the catalogue knows of them is read once.

    ``sentences`` says how near those of each candidate are to the question.
    """

    def __init__(
        self,
        generation: Generation,
        dense: Ranking,
        lexical: Ranking,
        dense_weight: float,
        question: Vector,
    ) -> None:
        self._dense, self._lexical, self._weight = dense, lexical, dense_weight
        rows = sorted({row for row, _ in (*dense, *lexical)})
        self._vectors = generation.catalogue.sentence_vectors(rows)
        self._outlines = generation.catalogue.outlines(rows)
        self.sentences = reread(self._vectors, question)
        lengths = np.array([math.log(1 + outline.length) for outline in self._outlines.values()])
        worth = (_LENGTH * standard_scores(lengths)).tolist()
        self._priors: dict[int, float] = dict(zip(self._outlines, worth, strict=True))

    def titles(self, ranking: Ranking) -> list[str]:
        """The titles of the documents of a ranking, best first."""
        known = (self._outlines.get(row) for row, _ in ranking)
        return list(dict.fromkeys(outline.title for outline in known if outline is not None))

    def put_first(self, named: Mapping[str, Vector]) -> None:
        """Put documents first, and compare their passages with something else than the question.

        Args:
            named: What stands for the question in each, float32[d] by title.
        """
        for row, outline in self._outlines.items():
            if outline.title in named:
                vectors = {row: self._vectors[row]} if row in self._vectors else {}
                self.sentences |= reread(vectors, named[outline.title])
                self._priors[row] += _NAMED - _OPENING * outline.opens

    def ranked(self) -> list[tuple[int, float]]:
        """All candidates, best first."""
        dense = lifted(self._dense, self.sentences)
        return fuse(dense, self._lexical, dense_weight=self._weight, priors=self._priors)


def _named(
    question: str, vector: Vector, titles: Sequence[str], embedder: Embedder
) -> dict[str, Vector]:
    """What stands for the question in the documents that it names, float32[d] by title.

    Halfway between the whole question and what it asks beyond the title: the rest alone may
    have lost its subject.
    """
    found = {}
    for title in titles[:_NAMEABLE]:
        if names(question, title):
            rest = remainder(question, title)
            halfway = vector + embedder.embed_query(rest) if rest else vector
            found[title] = halfway / np.linalg.norm(halfway)
    return found


class _Stopwatch:
    """Seconds between laps, and in all."""

    def __init__(self) -> None:
        self._begin = self._last = time.perf_counter()
        self._laps = {"embed": 0.0, "lexical": 0.0, "dense": 0.0}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] += now - self._last
        self._last = now

    def skip(self) -> None:
        """What was done since the last lap counts for the total only."""
        self._last = time.perf_counter()

    def seconds(self) -> dict[str, float]:
        return {
            name: round(value, 4)
            for name, value in {**self._laps, "total": time.perf_counter() - self._begin}.items()
        }
