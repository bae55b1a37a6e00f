"""Counts that say what they are counted over, with exact intervals; spreads of what varies."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``count`` out of ``of``; nothing can be said of a share of nothing."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; ``None`` when there is nothing to count over."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Clopper-Pearson 95 % interval (Biometrika 26, 1934): exact for independent trials."""
        if not self.of:
            return None
        from scipy.stats import binomtest

        found = binomtest(self.count, self.of).proportion_ci(CONFIDENCE, method="exact")
        return float(found.low), float(found.high)

    def as_json(self, *, interval: bool = True) -> dict[str, Any]:
        """Count, total, share, and its interval where trials are independent of each other."""
        found: dict[str, Any] = {"count": self.count, "of": self.of, "share": self.value}
        if interval:
            found["interval"] = self.interval
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median and the 95th percentile of ``of`` values, interpolated linearly."""

    median: float
    p95: float
    of: int


def spread(values: Iterable[float]) -> Spread | None:
    """The spread of some values; ``None`` when there is none."""
    ordered = sorted(values)
    if not ordered:
        return None
    p95 = ordered[0]
    if len(ordered) > 1:
        p95 = statistics.quantiles(ordered, n=20, method="inclusive")[-1]
    return Spread(median=statistics.median(ordered), p95=p95, of=len(ordered))


def median(found: Spread | None) -> float | None:
    """The median of a spread, where there is one."""
    return None if found is None else found.median
