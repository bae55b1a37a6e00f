"""Vectors of the parts of a text, pooled from the token vectors of one forward pass.

A model that pools by mean gives each sentence of a passage a vector for free: the mean
of its own tokens, which have read the whole passage and its context (late chunking,
Günther et al., 2024). No sentence is encoded twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Vectors of one passage and of its parts.

    ``whole`` is float32[d]; ``parts`` is float32[n, d], one line a span in the order they were
    asked, or float32[0, d] when the model cannot give them. All are L2-normalised, but for a part
    that lies beyond what the model reads: it is zero.
    """

    whole: NDArray[np.float32]
    parts: NDArray[np.float32]


def pool_spans(
    tokens: NDArray[np.float32], offsets: Sequence[Span], spans: Sequence[Span], shift: int
) -> NDArray[np.float32]:
    """The mean vector of the tokens of each span.

    Args:
        tokens: float32[t, d], the last layer.
        offsets: Where each token stands in the text as the model read it; special tokens are empty.
        spans: Code points into the text without its prompt, end exclusive.
        shift: Length of the prompt in front of the text.

    Returns:
        float32[len(spans), d], L2-normalised; zeros where a span holds no token.
    """
    begin = np.array([offset[0] for offset in offsets])
    end = np.array([offset[1] for offset in offsets])
    pooled = np.zeros((len(spans), tokens.shape[1]), dtype=np.float32)
    for row, (first, last) in enumerate(spans):
        inside = (begin >= first + shift) & (end <= last + shift) & (end > begin)
        if inside.any():
            mean = tokens[inside].mean(axis=0)
            pooled[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return pooled
