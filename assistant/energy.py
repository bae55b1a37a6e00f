"""The energy of an answer or of an ingestion: codecarbon's figure, shared by what runs at once.

codecarbon finds out what the machine is, once a process and in the background. Its model of
one process is linear, so what was spent before it knew is priced afterwards:

    wh = (core_watts * cpu_s + memory_watts * wall_s) / 3600 + counted_wh

``cpu_s`` are CPU seconds of this process and its children, ``core_watts`` the processor's
power over its logical cores, ``memory_watts`` a constant (10 W under 16 GB, busy or not).
Where the processor's own counter may be read (RAPL), ``counted_wh`` replaces the first term:
all that ran on the machine is in it, and what was not read is taken at its mean power. Not
counted: graphics cards, disks, fans, power supply, a model that another program serves.

One pool of threads computes all answers, so their CPU seconds cannot be told apart. Time is
cut wherever a metering begins or ends, and each slice is shared equally, all terms alike, so
that the parts add up to the whole:

    cpu_s(metering) = sum over its slices of cpu_s(slice) / meterings open in that slice
"""

from __future__ import annotations

import logging
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from assistant.records import Energy
from assistant.wording import Words, safe

_DETECTION_S: Final = 15.0  # it takes 1.5 s on an idle machine; a reading waits, a start never
_WRAP_S: Final = 600.0  # the smallest counter (65 kJ) begins again after this time at 109 W


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What codecarbon found; ``counter`` and ``memory`` are objects of its own."""

    counter: Any  # reads the processor's energy, or None; core_watts is 0 where it does
    core_watts: float
    memory: Any
    how: Words

    def price(self, meter: Meter) -> Energy | Words:
        """The energy by the formula above, or why there is none."""
        memory_watts = self.memory.total_power().W
        wh = (self.core_watts * meter.cpu_s + memory_watts * meter.wall_s) / 3600.0
        fr, en, whole = self.how.fr, self.how.en, meter.counted_s == meter.wall_s  # equal sums
        if self.counter is not None:
            if meter.counted_s == 0.0:
                return Words("durée trop brève pour le compteur", "too short for the counter")
            wh += meter.counted_wh * meter.wall_s / meter.counted_s
            if not whole:
                fr, en = f"{fr}, en partie extrapolée", f"{en}, extrapolated in part"
        fr = f"{fr}, avec {memory_watts:.0f}\u00a0W pour la mémoire"
        how = Words(fr, f"{en}, with {memory_watts:.0f} W for the memory")
        return Energy(wh=wh, measured=self.counter is not None and whole, how=how)


@dataclass(eq=False, slots=True)
class Meter:
    """The shares of one metering: read it at the end, or before for what it took so far."""

    board: Board
    cpu_s: float = 0.0
    wall_s: float = 0.0
    counted_wh: float = 0.0
    counted_s: float = 0.0  # the part of wall_s in which the counters were read

    @property
    def reading(self) -> Energy | None:
        """What it took, or None for a ``reason``; waits for the detection, 15 s at most."""
        return found if isinstance(found := self.board.price(self), Energy) else None

    @property
    def reason(self) -> Words | None:
        """Why there is no reading, or None when there is one."""
        return found if isinstance(found := self.board.price(self), Words) else None


class Board:
    """The meters of a process and what they share. A thread calls ``detect``, once."""

    def __init__(self, detect: Callable[[], Machine | Words]) -> None:
        self._thread = threading.Thread(target=self._learn, args=(detect,), daemon=True)
        self._machine: Machine | Words = Words("machine pas encore reconnue", "machine unknown yet")
        self._lock = threading.Lock()
        self._open: list[Meter] = []
        self._cpu_s = self._wall_s = 0.0  # at the last cut

    def prepare(self) -> None:
        """Have the machine looked at in the background; once, however often it is asked."""
        with self._lock:
            if self._thread.ident is None:
                self._thread.start()

    @contextmanager
    def metering(self) -> Iterator[Meter]:
        """Meter the process from here to the end of the block; nested ones only share."""
        self.prepare()
        meter = Meter(self)
        with self._lock:
            self._cut()
            self._open.append(meter)
        try:
            yield meter
        finally:
            with self._lock:
                self._cut()
                self._open.remove(meter)

    def price(self, meter: Meter) -> Energy | Words:
        """What a meter stands for, or why nobody knows."""
        self._thread.join(_DETECTION_S)
        with self._lock:
            self._cut()
            return self._machine if isinstance(self._machine, Words) else self._machine.price(meter)

    def _cut(self) -> None:
        """End the slice of time and share it; the lock is held."""
        cpu_s, wall_s = _cpu_seconds(), time.perf_counter()
        cpu, wall = max(0.0, cpu_s - self._cpu_s), wall_s - self._wall_s
        self._cpu_s, self._wall_s = cpu_s, wall_s
        counter = self._machine.counter if isinstance(self._machine, Machine) else None
        counted_kwh = 0.0 if counter is None else counter.measure_power_and_energy(wall)[1].kWh
        for meter in self._open:
            meter.cpu_s += cpu / len(self._open)
            meter.wall_s += wall / len(self._open)
            if counter is not None and wall < _WRAP_S:
                meter.counted_wh += 1000.0 * counted_kwh / len(self._open)
                meter.counted_s += wall / len(self._open)

    def _learn(self, detect: Callable[[], Machine | Words]) -> None:
        found: Machine | Words = Words("codecarbon ne fonctionne pas ici", "codecarbon fails here")
        with suppress(ImportError, AttributeError, LookupError, OSError, RuntimeError, ValueError):
            found = detect()
        with self._lock:
            self._cut()  # up to here, no counter was read
            if isinstance(found, Machine) and found.counter is not None:
                found.counter.start()
            self._machine = found


def _cpu_seconds() -> float:
    """CPU seconds of this process and its children, living or waited for."""
    import psutil

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)  # first: no child is counted twice
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it ended just now: the next cut counts it
            total += sum(child.cpu_times()[:4])  # user, system, and those of its own children
    return total


def detect() -> Machine | Words:
    """What codecarbon makes of this machine; leaves no file and no thread, prints nothing."""
    logging.getLogger("codecarbon").disabled = True  # its handler writes to the terminal
    from codecarbon import OfflineEmissionsTracker
    from codecarbon.core.cpu import DEFAULT_POWER_PER_CORE, TDP

    # Never started, so no thread; told all that matters, lest a .codecarbon.config decide.
    chosen = {"country_iso_code": "FRA", "tracking_mode": "process", "allow_multiple_runs": True}
    unset = dict.fromkeys(("force_cpu_power", "force_ram_power", "emissions_endpoint", "gpu_ids"))
    tracker = OfflineEmissionsTracker(**chosen, **unset, output_methods=[], output_dir=".")
    seen = tracker.get_detected_hardware()
    parts = {type(part).__name__: part for part in tracker._hardware}
    cpu, memory, model = parts["CPU"], parts["RAM"], safe(str(seen["cpu_model"] or "Unknown"))
    fr, en = "mesurée par le compteur du processeur", "measured by the processor's counter"
    counter, core_watts = cpu, 0.0
    if cpu._mode != "intel_rapl":
        if cpu._mode != "cpu_load" or model == "Unknown":
            return Words("processeur inconnu de codecarbon", "processor unknown to codecarbon")
        listed = TDP()._get_cpu_power_from_registry(model) is not None
        core_watts = cpu._tdp / seen["cpu_count"] if listed else float(DEFAULT_POWER_PER_CORE)
        counter, watts = None, f"{core_watts:.3g}"
        fr = f"estimée d’après le temps de calcul, à {watts.replace('.', ',')}\u00a0W par cœur"
        fr += f" ({model})" if listed else f" (valeur par défaut, faute de connaître {model})"
        en = f"estimated from CPU time, at {watts} W per core"
        en += f" ({model})" if listed else f" (a default, {model} not being listed)"
    if seen["gpu_count"]:
        fr, en = f"{fr}, carte graphique non comptée", f"{en}, graphics card not counted"
    return Machine(counter=counter, core_watts=core_watts, memory=memory, how=Words(fr, en))


_board = Board(detect)
prepare, metering = _board.prepare, _board.metering
