"""What is tried with the language model: threads, then batches, then attention; then once more.

Each step keeps what the steps before chose. At the end the whole choice runs against the usual
settings again: what does not hold up there is not taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.language_model import Running, usual
from assistant.language_model.llama import Llama
from assistant.processor import physical_cores, usable_processors
from assistant.tuning.choosing import (
    Trial,
    batches_worth_trying,
    choose,
    threads_worth_trying,
)
from assistant.tuning.rounds import Budget, measured
from assistant.tuning.sample import text_of
from assistant.wording import Words

Tell = Callable[[Words], None]

_LONGEST_STEP_S = 5.0  # between two chances to stop
_READ, _WRITTEN = 450, 45  # tokens of an answer: judging and drafting together, the demo's median
_PROBE_S = 2.5  # of one prefill; as many tokens as fit


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRates:
    """Tokens a second of the usual settings and of the chosen ones, side by side."""

    chosen: Running
    prefill: tuple[float, float]
    decode: tuple[float, float]


def measure_language(
    path: Path,
    *,
    context_tokens: int,
    fixed_threads: int | None,
    budget: Budget,
    tell: Tell = lambda _: None,
) -> LanguageRates:
    """Measure, and choose.

    Args:
        path: The GGUF file.
        context_tokens: As it is used.
        fixed_threads: What ``assistant.toml`` says, and then stays; ``None`` leaves it open.
        budget: Of all of it, loading included.
        tell: Told what is being measured.

    Raises:
        ModelError: It cannot be loaded.
    """
    base = usual(fixed_threads or physical_cores())
    llama = Llama(path, context_tokens=context_tokens, running=base)
    try:
        bench = _Bench(llama, context_tokens)
        chosen = base
        if fixed_threads is None:
            tell(Words("fils d’exécution", "threads"))
            chosen = bench.best_threads(base, budget.share(0.35))
        tell(Words("taille des lots", "batch sizes"))
        chosen = bench.best_batch(base, chosen, budget.share(0.45))
        tell(Words("attention", "attention"))
        chosen = bench.best_attention(chosen, budget.share(0.4))
        tell(Words("vérification", "checking"))
        return bench.confirmed(base, chosen, budget)
    finally:
        llama.close()


class _Bench:
    """A loaded model on which settings are tried."""

    def __init__(self, llama: Llama, context_tokens: int) -> None:
        self._llama = llama
        self._context_tokens = context_tokens
        self._read = llama.tokens(text_of(900), control=False)
        first = self._prefill(32)  # the first pages of the weights come from the disk here
        self._rate = max(first, self._prefill(32))
        fits = int(self._rate * _PROBE_S)
        self._probe = max(32, min(512, fits, context_tokens // 2, len(self._read)))
        self._steps = max(4, min(24, self._probe // 8))

    def best_threads(self, base: Running, budget: Budget) -> Running:
        """Threads for reading and for writing, each by its own rate."""
        rates: dict[int, list[float]] = {}

        def both(threads: int) -> float:
            self._llama.use_threads(threads, threads)
            prefill = self._prefill(min(self._probe, 96))
            rates.setdefault(threads, []).append(prefill)
            return self._decode()

        worth = threads_worth_trying(physical_cores(), usable_processors())
        decoding = measured(worth, both, budget)
        reading = [Trial(threads, tuple(found)) for threads, found in rates.items()]
        return replace(
            base,
            threads=choose(decoding, base.threads),
            prefill_threads=choose(reading, base.prefill_threads),
        )

    def best_batch(self, base: Running, now: Running, budget: Budget) -> Running:
        """Tokens read at once, by the rate of reading a prompt.

        The batch is the micro-batch: in smaller pieces it would be the same arithmetic, and
        longer until it can be stopped.
        """
        worth = batches_worth_trying(
            self._rate, _LONGEST_STEP_S, self._context_tokens, base.batch_tokens
        )
        length = min(max(self._probe, *worth), len(self._read))

        def reading(size: int) -> float:
            self._renew(replace(now, batch_tokens=size, micro_batch_tokens=size))
            return self._prefill(length)

        size = choose(measured(worth, reading, budget), base.batch_tokens)
        return replace(now, batch_tokens=size, micro_batch_tokens=size)

    def best_attention(self, now: Running, budget: Budget) -> Running:
        """Flash attention or not, by the time of a whole answer."""

        def answering(flash: bool) -> float:
            self._renew(replace(now, flash_attention=flash))
            return _answers_a_second(self._prefill(self._probe), self._decode())

        return replace(
            now, flash_attention=choose(measured((True, False), answering, budget), True)
        )

    def confirmed(self, base: Running, chosen: Running, budget: Budget) -> LanguageRates:
        """The usual settings and the chosen ones side by side; the usual ones where they win."""
        rates: dict[Running, list[tuple[float, float]]] = {}

        def answering(running: Running) -> float:
            self._renew(running)
            both = self._prefill(self._probe), self._decode()
            rates.setdefault(running, []).append(both)
            return _answers_a_second(*both)

        trials = measured(tuple(dict.fromkeys((base, chosen))), answering, budget)
        taken = choose(trials, base)
        best = {
            running: (max(p for p, _ in found), max(d for _, d in found))
            for running, found in rates.items()
        }
        return LanguageRates(
            chosen=taken,
            prefill=(best[base][0], best[taken][0]),
            decode=(best[base][1], best[taken][1]),
        )

    def _renew(self, running: Running) -> None:
        if self._llama.running == running:
            self._llama.use_threads(running.threads, running.prefill_threads)
            return
        self._llama.renew(running)
        self._prefill(8)  # memory of a new context is first touched here

    def _prefill(self, count: int) -> float:
        """Tokens a second of reading so many tokens into an empty context."""
        self._llama.forget_after(0)
        began = time.perf_counter()
        for first in range(0, count, self._llama.batch_tokens):
            self._llama.evaluate(self._read[first : min(count, first + self._llama.batch_tokens)])
        self._llama.logits()
        return count / (time.perf_counter() - began)

    def _decode(self) -> float:
        """Tokens a second of writing after what was read."""
        began = time.perf_counter()
        for token in self._read[: self._steps]:
            self._llama.evaluate([token])
            self._llama.logits()
        return self._steps / (time.perf_counter() - began)


def _answers_a_second(prefill: float, decode: float) -> float:
    """Answers of usual length a second, from the rates of reading and writing."""
    return 1 / (_READ / prefill + _WRITTEN / decode)
