"""Candidates read again by their sentences, which the ingestion has kept.

A passage is as near to the question as all of its sentences together and the best of them are. Its
header (title, date), which all passages of a document share and which pulls its introduction to the
top, has no part in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.fusion import Ranking

_BEST = 0.5  # the best sentence's part in a passage's likeness; all of them together have the rest


@dataclass(frozen=True, slots=True)
class Sentences:
    """How near a passage's sentences are to the question: each, and all of them together."""

    cosines: tuple[float, ...]
    together: float

    @property
    def likeness(self) -> float:
        """One cosine for the passage."""
        return _BEST * max(self.cosines) + (1 - _BEST) * self.together


def reread(
    vectors: Mapping[int, NDArray[np.float16]], question: NDArray[np.float32]
) -> dict[int, Sentences]:
    """Compare the sentences of some passages with a question.

    Args:
        vectors: float16[s, d] by passage row; passages without sentences are left out.
        question: float32[d], L2-normalised.
    """
    return {row: compared(some, question) for row, some in vectors.items() if len(some)}


def compared(sentences: NDArray[np.float16], question: NDArray[np.float32]) -> Sentences:
    """Compare the sentences of one passage with a question.

    Args:
        sentences: float16[s, d], L2-normalised or zero, at least one.
        question: float32[d], L2-normalised.
    """
    vectors = sentences.astype(np.float32)
    mean = vectors.mean(axis=0)
    together = float(mean @ question) / max(float(np.linalg.norm(mean)), 1e-12)
    return Sentences(tuple((vectors @ question).tolist()), together)


def lifted(dense: Ranking, sentences: Mapping[int, Sentences]) -> list[tuple[int, float]]:
    """The dense scores, by sentences where there are some, also of what only words found.

    Returns:
        (passage row, cosine), descending; ties by row.
    """
    scores = dict(dense) | {row: found.likeness for row, found in sentences.items()}
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))
