"""What else the machine computes meanwhile: figures of a busy hour are not those of the machine."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psutil

from assistant.errors import AssistantError
from assistant.wording import Words

BUSY = 0.15
"""Share of the machine's processors that others may take while it is measured."""


class MachineBusy(AssistantError):
    """Others compute here: what was measured would be theirs as much as the machine's."""

    def __init__(self, share: float) -> None:
        super().__init__(
            Words(
                f"La machine travaille à autre chose ({share:.0%} de ses processeurs) : "
                "rien n’est retenu.",
                f"The machine is busy with something else ({share:.0%} of its processors): "
                "nothing is kept.",
            ),
            remedy=Words(
                "Recommencez à une heure calme, ou ajoutez --even-busy si elle l’est toujours.",
                "Measure again in a quiet hour, or add --even-busy if it always is.",
            ),
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    moment: float
    busy_s: float
    own_s: float


class Neighbours:
    """What others take of the processors, from when it is made."""

    def __init__(self) -> None:
        self._before = _read()

    def share(self) -> float:
        """Processor time that other processes took since, as a share of all there is; 0 to 1."""
        now = _read()
        there_s = (now.moment - self._before.moment) * (psutil.cpu_count() or 1)
        others_s = (now.busy_s - self._before.busy_s) - (now.own_s - self._before.own_s)
        return min(1.0, max(0.0, others_s / there_s)) if there_s > 0 else 0.0


def share_now(seconds: float = 1.0) -> float:
    """What others take during the next moment."""
    neighbours = Neighbours()
    time.sleep(seconds)
    return neighbours.share()


def _read() -> _Reading:
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    guest = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)  # in user already
    own = psutil.Process().cpu_times()
    return _Reading(time.monotonic(), sum(times) - guest - idle, own.user + own.system)
