"""What was drawn or found once, kept in memory within a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Kept(Generic[_Key, _Value]):
    """The most recently used values; safe between threads.

    Args:
        most_bytes: Sum of the weights that are kept; a heavier value is not kept at all.
        weigh: Bytes of one value, about.
    """

    def __init__(self, most_bytes: int, weigh: Callable[[_Value], int]) -> None:
        self._most = most_bytes
        self._weigh = weigh
        self._values: OrderedDict[_Key, _Value] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def get(self, key: _Key) -> _Value | None:
        """The value, if it is still there."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: _Key, value: _Value) -> None:
        """Keep a value, and let the least recently used ones go."""
        weight = self._weigh(value)
        if weight > self._most:
            return
        with self._lock:
            former = self._values.pop(key, None)
            if former is not None:
                self.bytes -= self._weigh(former)
            self._values[key] = value
            self.bytes += weight
            while self.bytes > self._most:
                _, gone = self._values.popitem(last=False)
                self.bytes -= self._weigh(gone)
