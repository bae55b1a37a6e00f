"""From the model's judgement to log-odds that a sentence answers, and a threshold on them.

Two readings. For a model with a *head* (fitted by ``benchmarks/fit_gate.py``) a linear probe of
its last hidden layer (Alain and Bengio, 2016; Kadavath et al., 2022, read a model's
knowledge of its own answer so); for any other model the plain margin of « oui » over « non ».
The threshold for a rate of false answers is the lowest one whose Clopper-Pearson bound on
held-out near-misses stays under that rate (DECISIONS.md has the curve).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from assistant.answerability.judging import prompt_sha256
from assistant.language_model import Judgement

HEADS = "heads"
# For a model without a head: what the margin of the default model gave on dev questions.
_PLAIN = {0.05: 3.0, 0.1: 2.5, 0.2: 1.5, 0.3: 0.8}


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """Log-odds of a judgement, and where to draw the line.

    Args:
        weights: float32[d] over the hidden state, ``None`` without a head.
        margin_weight: Weight of the margin of « oui ».
        bias: Added.
        thresholds: For a rate of false answers among near-misses, the least log-odds that answer.
    """

    weights: NDArray[np.float32] | None
    margin_weight: float
    bias: float
    thresholds: Mapping[float, float]

    def log_odds(self, judgement: Judgement) -> float:
        """That the sentence answers; natural logarithm."""
        probed = 0.0
        if self.weights is not None and judgement.state is not None:
            probed = float(self.weights @ judgement.state)
        return round(probed + self.margin_weight * judgement.margin + self.bias, 4)

    def threshold(self, false_answers: float) -> float:
        """The line for the nearest rate that is not above the one asked, else the strictest."""
        allowed = [rate for rate in self.thresholds if rate <= false_answers + 1e-9]
        return self.thresholds[max(allowed, default=min(self.thresholds))]


_BY_MARGIN = Gate(weights=None, margin_weight=1.0, bias=0.0, thresholds=_PLAIN)


@lru_cache(maxsize=8)
def gate_for(model_sha256: str | None) -> Gate:
    """The gate of a model: its head when there is one for this judging prompt.

    A server's model has no known hash and shows no hidden state: the plain margin judges it.
    """
    if model_sha256 is None:
        return _BY_MARGIN
    folder = resources.files("assistant.answerability").joinpath(HEADS)
    head = folder.joinpath(f"{model_sha256[:16]}.json")
    if head.is_file():
        kept = json.loads(head.read_text(encoding="utf-8"))
        if kept["prompt_sha256"] == prompt_sha256() and kept["model_sha256"] == model_sha256:
            return Gate(
                weights=np.array(kept["weights"], dtype=np.float32),
                margin_weight=float(kept["margin_weight"]),
                bias=float(kept["bias"]),
                thresholds={float(rate): line for rate, line in kept["thresholds"].items()},
            )
    return _BY_MARGIN
