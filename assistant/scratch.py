"""A hidden folder beside the place where something is going to stand.

What is made there is moved to its place in one step, or goes away with the folder. One that a
killed process left behind is removed by the next that works there: its lock is free.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def scratch(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder of ``parent`` for its owner only; it is gone when the block ends.

    Args:
        parent: Existing folder; what is moved out of the scratch folder stays on its disk.
        prefix: Beginning of its name, hidden (``.restoring-``); others of that name that no
            process holds are removed first.

    Raises:
        OSError: It cannot be made there.
    """
    for former in parent.iterdir():
        if former.name.startswith(prefix):
            _remove_abandoned(former)
    folder, lease = _held(parent, prefix)
    try:
        yield folder
    finally:
        os.close(lease)
        shutil.rmtree(folder, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk: a file that was moved there stays."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _held(parent: Path, prefix: str) -> tuple[Path, int]:
    """A new folder and the descriptor that holds it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        lease = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lease, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, lease
        os.close(lease)  # taken for an abandoned one before it was held


def _remove_abandoned(folder: Path) -> None:
    with suppress(OSError):  # held, removed by another, or no folder: left alone
        lease = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        finally:
            os.close(lease)
