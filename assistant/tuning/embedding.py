"""What is tried with the embedding model (ONNX Runtime): threads, then tokens of a batch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.embedding.onnx_engine import TOKEN_BUDGET, OnnxEmbedder
from assistant.processor import physical_cores, usable_processors
from assistant.tuning.choosing import choose, threads_worth_trying, token_budgets_worth_trying
from assistant.tuning.rounds import Budget, measured
from assistant.tuning.sample import passages
from assistant.wording import Words

Tell = Callable[[Words], None]

_PROBE_S = 2.5  # of one run
_FEWEST, _MOST = 8, 96  # passages of a run


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingRates:
    """Passages a second of the usual settings and of the chosen ones, side by side."""

    threads: int
    batch_tokens: int
    passages: tuple[float, float]


def measure_embedding(
    folder: Path, *, fixed_threads: int | None, budget: Budget, tell: Tell = lambda _: None
) -> EmbeddingRates:
    """Measure, and choose.

    Args:
        folder: The model's, with its export.
        fixed_threads: What ``assistant.toml`` says, and then stays; ``None`` leaves it open.
        budget: Of all of it, loading included.
        tell: Told what is being measured.

    Raises:
        ModelMissing: The folder or its export is not there.
    """
    base = fixed_threads or physical_cores()
    opened = {base: OnnxEmbedder(folder, threads=base)}
    texts = _as_many_as_fit(opened[base])

    def rate(setting: tuple[int, int]) -> float:
        embedder = opened[setting[0]]
        embedder.batch_tokens = setting[1]
        began = time.perf_counter()
        embedder.embed_passages(texts)
        return len(texts) / (time.perf_counter() - began)

    threads = base
    if fixed_threads is None:
        tell(Words("fils d’exécution", "threads"))
        for count in threads_worth_trying(physical_cores(), usable_processors()):
            if count not in opened:
                opened[count] = OnnxEmbedder(folder, threads=count)
                opened[count].embed_passages(texts[:2])  # its memory is first touched here
        worth = tuple((count, TOKEN_BUDGET) for count in opened)
        threads, _ = choose(measured(worth, rate, budget.share(0.35)), (base, TOKEN_BUDGET))
    tell(Words("taille des lots", "batch sizes"))
    given = sum(opened[base].count_tokens(text) for text in texts)
    worth_trying = token_budgets_worth_trying(TOKEN_BUDGET, given)
    sizes = tuple((threads, size) for size in worth_trying)
    usual = (threads, TOKEN_BUDGET)
    chosen = choose(measured(sizes, rate, budget.share(0.6)), usual)
    tell(Words("vérification", "checking"))
    base_setting = (base, TOKEN_BUDGET)
    rivals = tuple(dict.fromkeys((base_setting, chosen)))
    trials = measured(rivals, rate, budget)
    chosen = choose(trials, base_setting)
    best = {trial.setting: trial.best for trial in trials}
    return EmbeddingRates(
        threads=chosen[0],
        batch_tokens=chosen[1],
        passages=(best[base_setting], best[chosen]),
    )


def _as_many_as_fit(embedder: OnnxEmbedder) -> list[str]:
    """Passages that take about as long as one run may."""
    some = passages(_FEWEST)
    embedder.embed_passages(some)
    began = time.perf_counter()
    embedder.embed_passages(some)
    rate = len(some) / (time.perf_counter() - began)
    return passages(max(_FEWEST, min(_MOST, int(rate * _PROBE_S))))
