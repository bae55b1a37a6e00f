"""Two rankings to one: a weighted sum of standard scores over all candidates.

Reciprocal rank fusion was measured below this sum on every set (DECISIONS.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Ranking = Sequence[tuple[int, float]]


def fuse(
    dense: Ranking,
    lexical: Ranking,
    *,
    dense_weight: float,
    priors: Mapping[int, float] | None = None,
) -> list[tuple[int, float]]:
    """Weighted sum of standard scores over all candidates.

    A candidate that the words do not find has a BM25 of zero, which is what BM25
    would say; one beyond the dense list gets the list's lowest cosine. So a rare
    word that a single passage holds stands out by many standard deviations.

    Args:
        dense: (passage row, cosine), best first.
        lexical: (passage row, BM25 score), best first.
        dense_weight: 0 to 1.
        priors: What a passage is worth before it is compared, in standard scores, by row.

    Returns:
        (passage row, fused score), descending; ties by row, so that runs repeat.
    """
    rows = sorted({row for row, _ in (*dense, *lexical)})
    lowest = min((score for _, score in dense), default=0.0)
    fused = dense_weight * standard_scores(known_or(rows, dense, lowest))
    fused += (1 - dense_weight) * standard_scores(known_or(rows, lexical, 0.0))
    if priors is not None:
        fused += [priors.get(row, 0.0) for row in rows]
    return descending(rows, fused)


def known_or(rows: Sequence[int], ranking: Ranking, absent: float) -> NDArray[np.float64]:
    """The score of each row, in the order given; ``absent`` for those not ranked."""
    known = dict(ranking)
    return np.array([known.get(row, absent) for row in rows], dtype=np.float64)


def standard_scores(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from the mean in standard deviations; all zero when the scores do not differ."""
    spread = float(scores.std()) if len(scores) else 0.0
    if spread == 0.0:
        return np.zeros(len(scores))
    standard: NDArray[np.float64] = (scores - scores.mean()) / spread
    return standard


def descending(rows: Sequence[int], scores: NDArray[np.float64]) -> list[tuple[int, float]]:
    """(row, score), best first; ties by row, so that runs repeat."""
    scored = zip(rows, scores.tolist(), strict=True)
    return sorted(scored, key=lambda hit: (-hit[1], hit[0]))
