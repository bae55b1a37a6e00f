"""Fit the gate of a model: a linear reading of its last layer, and the lines to draw on it.

    python -m benchmarks.fit_gate --sheets SHEETS_WORKSPACE [--write]

Trains on the hand-written pairs and on the dev questions of the demo and of the public sheets
(their own evidence, labelled by the facts it holds). What a dev question scores is always
predicted by a head that has not seen it (five folds), and the lines are drawn on those scores:
for a rate r, the lowest log-odds at which the upper end of the one-sided 95 % Clopper-Pearson
interval of false answers among near-misses is at most r. The test half is only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from assistant.answerability.judging import prompt_sha256
from assistant.evaluation.gold import NEAR_MISS, read_gold
from assistant.workspace import Workspace
from benchmarks.judgements import (
    HERE,
    AskedQuestion,
    Judgements,
    Pair,
    asked_questions,
    written_pairs,
)

RATES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
STRENGTHS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
FOLDS = 5
HEADS = HERE.parent / "assistant" / "answerability" / "heads"

Floats = NDArray[np.float64]


def main() -> None:
    """Fit, print the tables, and write the head when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=Path, required=True, help="workspace of the public sheets")
    parser.add_argument("--write", action="store_true", help="keep the head in the package")
    parser.add_argument(
        "--kept", action="store_true", help="only what was judged before: nothing is asked anew"
    )
    options = parser.parse_args()
    demo, sheets = Workspace.open(HERE.parent), Workspace.open(options.sheets)
    kept = Judgements(demo)
    asked = {name: judged(name, space) for name, space in (("demo", demo), ("sheets", sheets))}
    written = list(written_pairs())
    if options.kept:
        written = [pair for pair in written if kept.kept(pair)]
        asked = {n: [a for a in some if all(map(kept.kept, a.pairs))] for n, some in asked.items()}
    dev = [a for some in asked.values() for a in some if a.gold.split == "dev"]
    pairs = [*written, *(pair for a in dev for pair in a.pairs)]
    inputs, labels = features(kept, pairs), np.array([pair.answers for pair in pairs])
    groups = [pair.group for pair in pairs]
    best = max(
        STRENGTHS, key=lambda c: roc_auc_score(labels, out_of_fold(inputs, labels, groups, c))
    )
    held_out = out_of_fold(inputs, labels, groups, best)
    print(
        f"{len(written)} written pairs, {len(pairs) - len(written)} of dev questions, C = {best}; "
        f"AUC of a pair, held out: {roc_auc_score(labels, held_out):.3f}"
    )
    score_of = dict(zip((pair.key for pair in pairs), held_out, strict=True))
    dev_scores = [max(score_of[pair.key] for pair in a.pairs) for a in dev]
    lines = {rate: line_for(rate, dev, dev_scores) for rate in RATES}
    weights, bias = fitted(inputs, labels, best)
    report("dev, held out", dev, dev_scores, lines)
    for name, some in asked.items():
        if test := [a for a in some if a.gold.split == "test"]:
            scores = [float((features(kept, a.pairs) @ weights + bias).max()) for a in test]
            report(f"test, {name}", test, scores, lines)
    if options.write:
        write_head(kept.model_sha256, weights, bias, lines, len(pairs))


def judged(name: str, workspace: Workspace) -> list[AskedQuestion]:
    """The gold questions over a corpus but for those plainly outside it, with their evidence."""
    questions = [
        q for q in read_gold(HERE / "gold" / f"{name}.jsonl").questions if q.kind != "unanswerable"
    ]
    most = workspace.settings.answer.judged
    return [a for a in asked_questions(workspace, questions, most=most) if a.pairs]


def features(kept: Judgements, pairs: Sequence[Pair]) -> Floats:
    """float64[n, d + 1]: the state, then the margin."""
    margins, states = kept.of(pairs)
    return np.column_stack([states.astype(np.float64), margins])


def fitted(inputs: Floats, labels: NDArray[np.bool_], strength: float) -> tuple[Floats, float]:
    """Weights (float64[d + 1]) and bias on raw features, from a ridge logistic regression."""
    scale = StandardScaler().fit(inputs)
    model = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced")
    model.fit(scale.transform(inputs), labels)
    weights = model.coef_[0] / scale.scale_
    return weights, float(model.intercept_[0] - weights @ scale.mean_)


def out_of_fold(
    inputs: Floats, labels: NDArray[np.bool_], groups: Sequence[str], strength: float
) -> Floats:
    """The log-odds of each pair from a head that has seen nothing of its group."""
    fold = np.array([int(hashlib.sha256(g.encode()).hexdigest(), 16) % FOLDS for g in groups])
    scores = np.empty(len(labels))
    for number in range(FOLDS):
        out = fold == number
        weights, bias = fitted(inputs[~out], labels[~out], strength)
        scores[out] = inputs[out] @ weights + bias
    return scores


def line_for(rate: float, asked: Sequence[AskedQuestion], scores: Sequence[float]) -> float:
    """The lowest line whose false answers among near-misses are, at 95 %, at most ``rate``."""
    near = np.sort([s for a, s in zip(asked, scores, strict=True) if a.gold.kind == NEAR_MISS])
    for line in (*near, near[-1] + 1e-3):
        wrong = int((near >= line).sum())
        upper = binomtest(wrong, len(near), alternative="less").proportion_ci(0.95).high
        if upper <= rate:
            return round(float(line), 4)
    return round(float(near[-1]) + 1e-3, 4)


def report(
    title: str,
    asked: Sequence[AskedQuestion],
    scores: Sequence[float],
    lines: dict[float, float],
) -> None:
    """The curve: for each line, false answers and false refusals."""
    answerable = np.array([a.gold.answerable for a in asked])
    held = np.array([any(pair.answers for pair in a.pairs) for a in asked])
    values = np.array(scores)
    auc = roc_auc_score(answerable, values)
    reachable = held | ~answerable
    print(
        f"\n{title}: {answerable.sum()} answerable ({held.sum()} with a fact among the judged), "
        f"{(~answerable).sum()} near-misses; AUC {auc:.3f}, "
        f"{roc_auc_score(answerable[reachable], values[reachable]):.3f} where a fact is judged"
    )
    print(f"{'rate':>6}{'line':>8}{'false answers':>15}{'false refusals':>16}{'of reachable':>14}")
    for rate, line in lines.items():
        over = values >= line
        print(
            f"{rate:6.2f}{line:8.2f}{over[~answerable].mean():15.2f}"
            f"{(~over)[answerable].mean():16.2f}{(~over)[answerable & held].mean():14.2f}"
        )


def write_head(
    model_sha256: str, weights: Floats, bias: float, lines: dict[float, float], pairs: int
) -> None:
    """Write the head that `assistant.answerability.gate` reads, in one rename."""
    HEADS.mkdir(exist_ok=True)
    file = HEADS / f"{model_sha256[:16]}.json"
    head = {
        "model_sha256": model_sha256,
        "prompt_sha256": prompt_sha256(),
        "pairs": pairs,
        "thresholds": {str(rate): line for rate, line in lines.items()},
        "margin_weight": float(weights[-1]),
        "bias": bias,
        "weights": [float(f"{weight:.5g}") for weight in weights[:-1]],
    }
    part = file.with_suffix(".part")
    part.write_text(json.dumps(head) + "\n", encoding="utf-8")
    part.replace(file)
    print(f"\nwritten: {file.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
