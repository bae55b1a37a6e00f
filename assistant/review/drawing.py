"""Lots and shares: how a sample is drawn, by rules that anybody can compute again.

Each record of the frame has a lot number, the SHA-256 of ``"{seed}:{record}"``; the lowest
are drawn. It is simple random sampling by permanent random numbers (Ohlsson, "Coordination
of samples using permanent random numbers", 1995): who knows the seed draws the same sample,
in any version of any language, and a record that is added or forgotten moves no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping


def lot(seed: int, name: str) -> bytes:
    """The lot number of a name: 32 bytes, as good as drawn at random by the seed."""
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()


def in_drawn_order(names: Iterable[str], seed: int) -> list[str]:
    """Names by their lot numbers, the first drawn first."""
    return sorted(names, key=lambda name: lot(seed, name))


def shares(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw in each stratum: proportional, one at least, never more than it has.

    Each stratum h of N_h gets 1; each further draw goes to the stratum where
    N_h / (2 n_h + 1) is greatest, n_h being what it has so far (Webster and Sainte-Laguë's
    method, with a minimum of one); the first by name among equals.

    Args:
        sizes: N_h by stratum, each 1 at least.
        size: n, from the number of strata to the sum of the N_h.

    Returns:
        n_h by stratum; they sum to ``size``.
    """
    given = dict.fromkeys(sizes, 1)
    for _ in range(size - len(sizes)):
        open_ = [name for name in sorted(sizes) if given[name] < sizes[name]]
        given[max(open_, key=lambda name: sizes[name] / (2 * given[name] + 1))] += 1
    return given
