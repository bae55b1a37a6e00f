"""Turns page coordinates into the direction in which its text reads, and back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns page coordinates into the reading direction, origin at its bottom left."""

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Along the lines."""
        return self.top - self.bottom if self.turn % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Across the lines."""
        return self.right - self.left if self.turn % 2 else self.top - self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """One point of the page."""
        if self.turn == 0:
            return x - self.left, y - self.bottom
        if self.turn == 1:
            return y - self.bottom, self.right - x
        if self.turn == 2:
            return self.right - x, self.top - y
        return self.top - y, x - self.left

    def box(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box of the page: left, bottom, right, top."""
        ax, ay = self.point(box[0], box[1])
        bx, by = self.point(box[2], box[3])
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def back(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box of the frame, in page coordinates: left, bottom, right, top."""
        (ax, ay), (bx, by) = self._unturned(box[0], box[1]), self._unturned(box[2], box[3])
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def _unturned(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 0:
            return x + self.left, y + self.bottom
        if self.turn == 1:
            return self.right - y, x + self.bottom
        if self.turn == 2:
            return self.right - x, self.top - y
        return y + self.left, self.top - x
