"""Wheels by pip: brought from the package index, or built where there is only a source."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from assistant import egress
from assistant.bundling.pins import Pin
from assistant.bundling.refusals import not_built

_AT_ONCE: Final = 16  # pip tells nothing before it has all it was asked for
_REASON_CHARS: Final = 400


def bring_wheels(pins: Sequence[Pin], folder: Path, advance: Callable[[int, int], None]) -> None:
    """Have one wheel of each pin in the folder; what pip has in its cache is not built again.

    Args:
        pins: Nothing but these: their own requirements are not followed.
        folder: Existing.
        advance: Called with the packages done and all of them.

    Raises:
        BundleError: pip could not bring or build some of them.
    """
    for first in range(0, len(pins), _AT_ONCE):
        some = [str(pin) for pin in pins[first : first + _AT_ONCE]]
        _pip_wheel(some, folder)
        advance(min(first + _AT_ONCE, len(pins)), len(pins))


def build_own_wheel(root: Path, folder: Path) -> None:
    """Build the wheel of this program from its clone.

    Raises:
        BundleError: It could not be built.
    """
    _pip_wheel([str(root)], folder)


def _pip_wheel(wanted: Sequence[str], folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-input", "--quiet"),
        *("--disable-pip-version-check", "--progress-bar=off", "--wheel-dir", str(folder)),
        *wanted,
    ]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=egress.outside_environment(),
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if "ERROR" in line.upper()]
        why = (errors or done.stdout.splitlines() or ["pip"])[-1].strip()
        raise not_built(", ".join(Path(name).name for name in wanted), why[:_REASON_CHARS])
