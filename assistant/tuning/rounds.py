"""Rivals measured in turn, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.tuning.choosing import Setting, Trial

_MOST_ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Budget:
    """Until when something may be measured; ``clock`` gives seconds."""

    until: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def of(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> Budget:
        """So many seconds from now on."""
        return cls(clock() + seconds, clock)

    @property
    def left_s(self) -> float:
        """Seconds that are left; negative when it is over."""
        return self.until - self.clock()

    def share(self, part: float) -> Budget:
        """This part (0 to 1) of what is left."""
        return Budget.of(max(0.0, self.left_s * part), self.clock)


def measured(
    settings: Sequence[Setting],
    rate: Callable[[Setting], float],
    budget: Budget,
    tell: Callable[[], None] = lambda: None,
) -> tuple[Trial[Setting], ...]:
    """Measure every setting once a round, forwards and backwards in turn.

    A round begins only while another as long as the longest so far still fits; the first always
    does. So the budget is kept but for one round.

    Args:
        settings: At least one, each once.
        rate: Runs one and returns its rate.
        budget: When to stop.
        tell: Called after each run.
    """
    rates: dict[Setting, list[float]] = {setting: [] for setting in settings}
    longest = 0.0
    for number in range(_MOST_ROUNDS):
        if number and budget.left_s < longest:
            break
        began = budget.clock()
        for setting in settings if number % 2 == 0 else tuple(reversed(settings)):
            rates[setting].append(rate(setting))
            tell()
        longest = max(longest, budget.clock() - began)
    return tuple(Trial(setting, tuple(found)) for setting, found in rates.items())
