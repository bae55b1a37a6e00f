"""A question to ranked passages: two searches, one order.

Every candidate of either search is read again by its sentences (`rereading`); that likeness and the
lexical score are brought to one scale and summed with a weight (`fusion`, over the `candidates`). A
question that names a document is put to it first, and asks the rest of it (`remainder`). Passages
of the same words are one hit (`copies`).
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
from assistant.records import Copy, Filters, Hit
from assistant.retrieval.candidates import Candidates
from assistant.retrieval.copies import Ranked, distinct
from assistant.retrieval.fusion import Ranking
from assistant.retrieval.relevance import matches_nothing
from assistant.retrieval.remainder import names, remainder
from assistant.retrieval.rereading import Sentences, reread

__all__ = ["Found", "Mode", "matches_nothing", "retrieve"]

Mode = Literal["hybrid", "dense", "lexical"]
Vector = NDArray[np.float32]

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
    catalogue = generation.catalogue
    if mode == "hybrid" and vector is not None and embedder is not None:
        both = Candidates(catalogue, dense, lexical, dense_weight, vector)
        ranking = both.ranked()
        clock.skip()
        named = _named(question, vector, both.titles(ranking), embedder)
        clock.lap("embed")
        if named:
            both.put_first(named)
            ranking = both.ranked()
        sentences = both.sentences
    else:
        ranking, sentences = list(dense or lexical), {}
    found = distinct(ranking, top, catalogue.passages)
    if mode == "dense" and vector is not None:
        shown = [same[0].row for same in found]
        sentences = reread(catalogue.sentence_vectors(shown), vector)
    hits = tuple(_hit(rank, same, sentences) for rank, same in enumerate(found, start=1))
    return Found(hits=hits, query_vector=vector, seconds=clock.seconds())


def _hit(rank: int, same: Sequence[Ranked], sentences: Mapping[int, Sentences]) -> Hit:
    """The first of some copies, which stands for all of them."""
    best, *others = same
    return Hit(
        rank=rank,
        score=round(max(one.score for one in same), 6),
        passage=best.passage,
        document=best.document,
        sentences=sentences[best.row].cosines if best.row in sentences else (),
        copies=tuple(Copy(passage=one.passage, document=one.document) for one in others),
    )


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
