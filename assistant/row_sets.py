"""Which of many row numbers are in a set: one look into a table for each of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def among(rows: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool[n]: whether each row is among the wanted ones.

    Args:
        rows: int64[n], not negative; the table has a byte for each number up to the highest.
        wanted: int64[m], not negative, in any order.
    """
    table = np.zeros(int(rows.max(initial=-1)) + 1, dtype=np.bool_)
    table[wanted[wanted < len(table)]] = True
    return table[rows]
