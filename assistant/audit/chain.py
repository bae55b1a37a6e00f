"""The files of the chain: one line a record, one file a month, the head apart.

How a record is written, by the one process that holds the lock:

1. ``head.json`` is replaced by one that announces the line (its SHA-256 and its place);
2. the payload is committed;
3. the line is appended and synced;
4. ``head.json`` is replaced by one that stands on the new line.

A crash between two of these leaves an announcement, and whoever takes the lock
next settles it: the announced line is there whole and it is kept, or it is not
and the rest of it is cut off (nobody was told that it was written). Without an
announcement the files must end exactly where the head says. So a torn line after
a crash, and a line that somebody cut, added or changed, are never confused.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from assistant.audit.faults import altered, busy
from assistant.audit.record import GENESIS, MAX_LINE_BYTES, Entry, canonical, read_line, sha256
from assistant.scratch import sync_folder

_MONTH_FILE: Final = re.compile(r"\d{4}-\d{2}\.jsonl")
_LOCK_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a line begins: file name and offset in bytes."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the chain ends: record count, SHA-256 of the last line, and its file's size in bytes.

    ``announced`` and ``place`` are set while a line is being written.
    """

    records: int = 0
    head: str = GENESIS
    file: str = ""
    size: int = 0
    announced: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it is found; ``entry`` is None when it is no genuine record; 1-based number."""

    file: str
    number: int
    offset: int
    entry: Entry | None
    complete: bool


class Chain:
    """The files in one folder. Writing methods are called under ``lock()`` only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.head_file = folder / "head.json"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to write, among threads and processes.

        Raises:
            AuditError: Another process held it for 30 seconds.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self.folder / "lock", timeout=_LOCK_TIMEOUT_S)
        try:
            lock.acquire(poll_interval=0.005)
        except Timeout:
            raise busy() from None
        try:
            yield
        finally:
            lock.release()

    def files(self) -> list[Path]:
        """The month files, oldest first."""
        if not self.folder.is_dir():
            return []
        found = (path for path in self.folder.iterdir() if _MONTH_FILE.fullmatch(path.name))
        return sorted(found, key=lambda path: path.name)

    def read_head(self) -> Head | None:
        """The head as it is on the disk; None before the first record.

        Raises:
            AuditError: It is not a head that this program wrote.
        """
        try:
            raw = self.head_file.read_bytes()
        except FileNotFoundError:
            return None
        try:
            found = json.loads(raw)
            check = found.pop("check")
            if sha256(canonical(found)) != check:
                raise ValueError("check")
            place = found.pop("place")
            return Head(**found, place=Place(**place) if place else None)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise altered("head.json") from None

    def settle(self, prune: Callable[[int], None]) -> tuple[Head, bool]:
        """End what a crash interrupted, and check that the chain ends where the head says.

        Args:
            prune: Drops the payloads of records after the given number.

        Returns:
            The head, and whether something was interrupted.

        Raises:
            AuditError: The files and the head disagree: not a crash, a change.
        """
        head = self.read_head()
        files = [path for path in self.files() if path.stat().st_size]
        if head is None:
            if files:
                raise altered("head.json")
            return Head(), False
        interrupted = head.place is not None
        if head.place is not None:
            head = self._end_interrupted(head, head.place, prune)
            files = [path for path in self.files() if path.stat().st_size]
        last = files[-1] if files else None
        if (last.name if last else "") != head.file or (last and last.stat().st_size != head.size):
            raise altered(last.name if last else head.file)
        if last and self._last_digest(last) != head.head:
            raise altered(last.name)
        return head, interrupted

    def append(self, head: Head, line: bytes, keep: Callable[[Place], None]) -> Head:
        """Write a line after ``head`` in its month's file; durable on return.

        Args:
            head: What ``settle`` returned.
            line: Canonical bytes, no line end.
            keep: Commits the payload, given where the line is going to stand.
        """
        entry = read_line(line)
        assert entry is not None, "a line is written by write_line"
        # a clock set back never reopens a month that is over
        file = max(f"{entry.time[:7]}.jsonl", head.file)
        place = Place(file=file, offset=head.size if file == head.file else 0)
        self._write_head(replace(head, announced=entry.digest, place=place))
        keep(place)
        self._append_bytes(self.folder / file, line + b"\n")
        after = Head(
            records=entry.seq,
            head=entry.digest,
            file=file,
            size=place.offset + len(line) + 1,
        )
        self._write_head(after)
        return after

    def lines(self, sizes: dict[str, int] | None = None) -> Iterator[Line]:
        """Every line of every file, in order, never holding more than one.

        Args:
            sizes: Bytes to read of each file, for a view that later writing does not move.
        """
        for path in self.files():
            limit = path.stat().st_size if sizes is None else sizes.get(path.name, 0)
            with path.open("rb") as handle:
                number = offset = 0
                while offset < limit:
                    raw = handle.readline(min(MAX_LINE_BYTES, limit - offset))
                    if not raw:
                        break
                    number += 1
                    complete = raw.endswith(b"\n")
                    entry = read_line(raw[:-1]) if complete else None
                    yield Line(
                        file=path.name,
                        number=number,
                        offset=offset,
                        entry=entry,
                        complete=complete,
                    )
                    offset += len(raw)

    def entry_at(self, place: Place) -> Entry | None:
        """The record whose line begins there; None when none does."""
        if not _MONTH_FILE.fullmatch(place.file):
            return None
        with suppress(FileNotFoundError), (self.folder / place.file).open("rb") as handle:
            handle.seek(place.offset)
            raw = handle.readline(MAX_LINE_BYTES)
            return read_line(raw[:-1]) if raw.endswith(b"\n") else None
        return None

    def _end_interrupted(self, head: Head, place: Place, prune: Callable[[int], None]) -> Head:
        expected = head.size if place.file == head.file else 0
        if place.offset != expected or place.file < head.file:
            raise altered("head.json")
        path = self.folder / place.file
        size = path.stat().st_size if path.exists() else 0
        if size < place.offset:
            raise altered(place.file)
        entry = self.entry_at(place)
        if entry is not None and entry.digest == head.announced:
            with path.open("rb") as handle:
                handle.seek(place.offset)
                end = place.offset + len(handle.readline(MAX_LINE_BYTES))
            self._cut(path, end)
            settled = Head(records=entry.seq, head=entry.digest, file=place.file, size=end)
        else:
            prune(head.records)
            if path.exists():
                self._cut(path, place.offset)
            settled = replace(head, announced=None, place=None)
        self._write_head(settled)
        return settled

    def _last_digest(self, path: Path) -> str:
        with path.open("rb") as handle:
            size = handle.seek(0, os.SEEK_END)
            handle.seek(max(0, size - MAX_LINE_BYTES - 1))
            tail = handle.read()
        return sha256(tail.removesuffix(b"\n").rsplit(b"\n", 1)[-1])

    def _cut(self, path: Path, size: int) -> None:
        with path.open("r+b") as handle:
            handle.truncate(size)
            os.fsync(handle.fileno())

    def _append_bytes(self, path: Path, raw: bytes) -> None:
        new = not path.exists()
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab"
        ) as handle:
            handle.write(raw)
            handle.flush()
            os.fsync(handle.fileno())
        if new:
            sync_folder(self.folder)

    def _write_head(self, head: Head) -> None:
        fields = asdict(head)
        raw = canonical({**fields, "check": sha256(canonical(fields))}) + b"\n"
        draft = self.head_file.with_name("head.json.new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as handle:
            handle.write(raw)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(self.head_file)
        sync_folder(self.folder)
