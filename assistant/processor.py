"""What this machine computes with."""

from __future__ import annotations

import os
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
