"""Which of several settings is taken, and which are worth a try: decided by figures alone."""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

CLEARLY = 0.03
"""A gain under this share is not worth a setting of one's own."""

_FEWEST_ROUNDS = 2  # one figure has no spread
_TOKEN_BUDGETS = (512, 2048, 4096)

Setting = TypeVar("Setting", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Trial(Generic[Setting]):
    """One setting and the rates it reached, one a round; higher is better, in any one unit."""

    setting: Setting
    rates: tuple[float, ...]

    @property
    def best(self) -> float:
        """The best round: what others did on the machine meanwhile only ever slows a round."""
        return max(self.rates)

    @property
    def spread(self) -> float:
        """How far the middle round stays behind the best one, as a share of it; 0 to 1."""
        return 1 - statistics.median(self.rates) / self.best


def choose(trials: Sequence[Trial[Setting]], usual: Setting) -> Setting:
    """The best setting, if it is clearly better than the usual one; else the usual one.

    Clearly: by 3 % at least, and by more than either of the two varied from round to round.

    Args:
        trials: The usual setting's, and its rivals'.
        usual: What is taken in doubt.

    Raises:
        ValueError: The usual setting was not tried.
    """
    known = {trial.setting: trial for trial in trials}
    if usual not in known:
        raise ValueError(f"the usual setting {usual!r} was not tried")
    if any(rate <= 0 for trial in trials for rate in trial.rates):
        raise ValueError("a rate is positive")
    base = known[usual]
    if len(base.rates) < _FEWEST_ROUNDS:
        return usual
    better = [
        trial
        for trial in trials
        if trial.setting != usual
        and len(trial.rates) >= _FEWEST_ROUNDS
        and gain(base, trial) >= CLEARLY
        and gain(base, trial) > max(base.spread, trial.spread)
    ]
    return max(better, key=lambda trial: trial.best, default=base).setting


def gain(base: Trial[Setting], rival: Trial[Setting]) -> float:
    """How much faster the rival is at its best, as a share: .05 is 5 %."""
    return rival.best / base.best - 1


def threads_worth_trying(cores: int, processors: int) -> tuple[int, ...]:
    """Numbers of threads, ascending: half the cores, all, and one for each logical processor."""
    return tuple(sorted({max(1, cores // 2), cores, max(cores, processors)}))


def batches_worth_trying(
    tokens_a_second: float, longest_step_s: float, context_tokens: int, usual: int
) -> tuple[int, ...]:
    """Tokens evaluated at once, between two chances to stop: half the usual number to four times.

    Args:
        tokens_a_second: As this machine reads a prompt.
        longest_step_s: A batch that takes longer is not tried: nobody can stop it meanwhile.
        context_tokens: Of the model's context; no batch is larger.
        usual: The batch that is taken unless another is better; always among them.
    """
    most = min(context_tokens, max(usual, int(tokens_a_second * longest_step_s)))
    return tuple(size for size in (usual // 2, usual, 2 * usual, 4 * usual) if size <= most)


def token_budgets_worth_trying(usual: int, given: int) -> tuple[int, ...]:
    """Tokens of a batch of passages, the usual number among them.

    Args:
        usual: What is taken unless another is better.
        given: Tokens of all passages that are measured; a larger batch would be the same one.
    """
    return tuple(sorted({usual, *(size for size in _TOKEN_BUDGETS if size <= given)}))
