"""What the command line shows: lines, progress bars on a terminal only, safe text.

Document text is hostile: control characters would move the cursor or repaint
what was said above, so everything shown passes through `wording.safe`.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.wording import Words, safe

_BREAKABLE = re.compile(r"[ \t\n]+")


def say(text: Words | str = "") -> None:
    """One line on stdout."""
    print(safe(str(text)), flush=True)


def note(text: Words | str) -> None:
    """One line on stderr, for what is not the result."""
    print(safe(str(text)), file=sys.stderr, flush=True)


def say_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """One JSON object on stdout and nothing else."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def wrapped(text: str, *, indent: str = "", first: str | None = None) -> str:
    """A paragraph folded to the terminal's width, 100 columns at most."""
    width = min(100, shutil.get_terminal_size((88, 24)).columns)
    return textwrap.fill(
        _BREAKABLE.sub(" ", safe(text)).strip(),  # a no-break space stays one
        width=max(40, width),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Iterable[Sequence[str]], header: Sequence[str]) -> str:
    """Columns aligned by spaces, under their header; a cell stays on the line of its row."""
    lines = [tuple(header), *(tuple(_one_line(cell) for cell in row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _one_line(text: str) -> str:
    """A file's name may hold line ends: they would forge a row."""
    return re.sub(r"[\n\u2028\u2029]+", " ", safe(text))


class Bars:
    """One progress bar after another on stderr; none when stderr is not a terminal."""

    def __init__(self, *, unit: str = "") -> None:
        self._bar: Any = None
        self._name = ""
        self._unit = unit

    def __call__(self, name: Words, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` is done of what ``name`` says."""
        if not sys.stderr.isatty():
            return
        from tqdm import tqdm

        if self._bar is None or self._name != str(name):
            self.close()
            self._name = str(name)
            scaled = self._unit == "o"
            self._bar = tqdm(
                total=total,
                desc=self._name,
                unit=self._unit,
                unit_scale=scaled,
                leave=True,
                dynamic_ncols=True,
            )
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the bar that is shown."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
