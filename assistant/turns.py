"""Whose turn it is: first come, first served, and everybody knows how many come before.

The model in this process answers one question at a time. A question keeps its turn from the first
sentence that is judged to the last word that is written, so that nobody comes in between.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOOK_S = 1.0  # how long a wait goes on before whoever waits may leave


class Turns:
    """A line of people; safe among threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._line: list[object] = []

    @contextmanager
    def place(self) -> Iterator[Iterator[int]]:
        """Stand in the line until the block ends, at its head or not.

        The iterator that is given tells how many come before, at each change and once a second;
        it ends when nobody does.
        """
        mine = object()
        with self._changed:
            self._line.append(mine)
        try:
            yield self._before(mine)
        finally:
            with self._changed:
                self._line.remove(mine)
                self._changed.notify_all()

    def _before(self, mine: object) -> Iterator[int]:
        told: int | None = None
        while True:
            with self._changed:
                before = self._line.index(mine)
                if before == told:
                    self._changed.wait(_LOOK_S)
                    before = self._line.index(mine)
            if before == 0:
                return
            told = before
            yield before
