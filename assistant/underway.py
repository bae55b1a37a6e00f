"""Which answers are under way in which process, so that those of a dead one are found.

A process keeps one small file locked for as long as it lives, and notes in it each answer that
begins and ends. The system takes the lock from a process that is killed: whoever comes next reads
which answers it left, and has their records closed as interrupted. So no record stays open for
ever, and none of a process that still answers is touched, be it in another container.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_SUFFIX = ".answers"
_MOST_BYTES = 10_000_000


class Underway:
    """The answers of this process. Safe among threads; ``folder`` is shared by all processes.

    Args:
        folder: Made when the first answer begins.
        interrupted: Closes the record of an answer that a dead process left.
    """

    def __init__(self, folder: Path, interrupted: Callable[[str], None]) -> None:
        self._folder = folder
        self._interrupted = interrupted
        self._lock = threading.Lock()
        self._own: int | None = None

    def begin(self, record: str) -> None:
        """Note that an answer begins; at the first one, what dead processes left is settled."""
        first = self._own is None
        self._note(f"+{record}\n")
        if first:
            self.settle()

    def end(self, record: str) -> None:
        """Note that its record is closed."""
        self._note(f"-{record}\n")

    def settle(self) -> int:
        """Close the records that dead processes left open; how many there were."""
        closed = 0
        with suppress(FileNotFoundError):
            for file in sorted(self._folder.iterdir()):
                if file.suffix == _SUFFIX:
                    closed += self._settle(file)
        return closed

    def _settle(self, file: Path) -> int:
        try:
            left = os.open(file, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:  # another process has just settled it, or may not
            return 0
        try:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            records = _open_in(os.read(left, _MOST_BYTES).decode("ascii", "replace"))
            for record in records:
                self._interrupted(record)
            file.unlink(missing_ok=True)
            return len(records)
        except BlockingIOError:  # it lives
            return 0
        finally:
            os.close(left)

    def _note(self, line: str) -> None:
        with self._lock:
            if self._own is None:
                self._own = self._made()
            os.write(self._own, line.encode("ascii"))

    def _made(self) -> int:
        """This process's file, locked before it has the name by which others look for it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(8)
        draft = self._folder / f".{name}"
        held = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        draft.replace(self._folder / f"{name}{_SUFFIX}")
        return held


def _open_in(notes: str) -> list[str]:
    """What was begun and not ended, in the order of beginning; a line cut short is none."""
    lines = notes.split("\n")[:-1]
    ended = {line[1:] for line in lines if line.startswith("-")}
    return [line[1:] for line in lines if line.startswith("+") and line[1:] not in ended]
