"""What is done to a generation's folder as a whole: bring it to the disk, look, delete it.

A reader pins a folder by a shared lock on its ``lease``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import numpy as np

from assistant.vector_index import Rows, rows_of


def vectors_of(folder: Path) -> Path:
    """Where its vectors are."""
    return folder / "vectors"


def listed_rows(folder: Path) -> Rows:
    """Its passage rows, ascending; none when it was never completed."""
    try:
        return rows_of(vectors_of(folder))
    except FileNotFoundError:
        return np.empty(0, dtype=np.int64)


def delete_unpinned(folder: Path) -> bool:
    """Delete a generation's folder unless a reader holds it; True when it is gone."""
    try:
        with (folder / "lease").open("rb") as lease:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    except BlockingIOError:
        return False
    except FileNotFoundError:  # never completed, or another process was faster
        shutil.rmtree(folder, ignore_errors=True)
    return True


def flush(folder: Path) -> None:
    """Bring a finished folder to the disk before it gets its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
