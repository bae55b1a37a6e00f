"""What this machine computes with."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def physical_cores() -> int:
    """Physical cores this process may run on, at least 1.

    Two hyper-threads of one core share its arithmetic units: a second thread of
    matrix products there costs more than it brings.
    """
    try:
        usable = os.sched_getaffinity(0)
        folder = Path("/sys/devices/system/cpu")
        cores = {
            (folder / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text()
            for cpu in usable
        }
        return max(1, len(cores))
    except (AttributeError, OSError):  # not Linux, or no topology in this container
        return os.cpu_count() or 1


def usable_processors() -> int:
    """Logical processors this process may run on, at least 1."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def processor_name() -> str:
    """The processor's model as the system names it, never empty."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(models, "") or platform.processor() or platform.machine() or "?"
