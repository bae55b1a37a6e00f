"""Reading a chain from its first line and naming the first thing that is wrong with it.

A genuine log has records 1, 2, 3... each carrying the digest of the line before.
The first line that does not fit is explained by one change, the smallest that
accounts for what follows; the rest of the log is read once more for that, line by
line, so memory stays bounded whatever the length.

What no log can show by itself: that its end *and* its head were replaced by a
consistent shorter or rewritten history. Against that stands a checkpoint kept
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.audit.chain import Head, Line
from assistant.audit.findings import Change, Checkpoint, Finding
from assistant.audit.record import GENESIS, Entry


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the next line must carry, and the line that it follows."""

    seq: int = 1
    prev: str = GENESIS
    after: Line | None = None

    def fits(self, line: Line | None) -> bool:
        entry = line.entry if line else None
        return entry is not None and entry.seq == self.seq and entry.prev == self.prev


def examine(
    lines: Callable[[], Iterator[Line]],
    head: Head | None,
    witness: Callable[[Line, Entry], Finding | None],
    against: Checkpoint | None = None,
) -> tuple[int, Finding | None]:
    """Read the whole chain.

    Args:
        lines: Starts a reading of the same lines, each time it is called.
        head: Where the chain must end; None for a log that was never written.
        witness: Called with each record that fits; may find fault with its payload.
        against: A checkpoint that the chain must pass through.

    Returns:
        How many records are good from the first on, and what is wrong after them.
    """
    expected = _Expected()
    reading = lines()
    for line in reading:
        if line.entry is None or not expected.fits(line):
            return _good(expected, _explain(line, expected, reading, lines, head))
        before, expected = expected.after, _Expected(expected.seq + 1, line.entry.digest, line)
        if head is not None and line.entry.seq > head.records:
            return _good(expected, _end(expected, head))
        finding = _misfiled(line, line.entry, before) or witness(line, line.entry)
        if finding is not None:
            # the text is only at fault if what follows vouches for this record
            fault = _chain_fault(reading, expected, lines, head)
            return _good(expected, _earlier(fault, finding))
        if against is not None and against.records == line.entry.seq:
            finding = _against(against, line.entry.digest)
        if finding is not None:
            return _good(expected, finding)
    finding = _end(expected, head)
    if finding is None and against is not None:
        if against.records >= expected.seq:
            finding = Finding(change=Change.TRUNCATED, seq=expected.seq)
        elif against.records <= 0:
            finding = _against(against, GENESIS)
    return _good(expected, finding)


def _chain_fault(
    reading: Iterator[Line],
    expected: _Expected,
    lines: Callable[[], Iterator[Line]],
    head: Head | None,
) -> Finding | None:
    """What the next line, or the head after the last one, says against the line before it."""
    following = next(reading, None)
    if following is None:
        return _end(expected, head)
    if expected.fits(following):
        return None
    return _explain(following, expected, reading, lines, head)


def _earlier(fault: Finding | None, finding: Finding) -> Finding:
    if fault is None or fault.seq is None or finding.seq is None:
        return finding
    return fault if fault.seq <= finding.seq else finding


def _good(expected: _Expected, finding: Finding | None) -> tuple[int, Finding | None]:
    """The finding, after the number of records before it."""
    records = expected.seq - 1
    if finding is None:
        return records, None
    if finding.change is Change.REWRITTEN:
        return 0, finding  # somewhere before the checkpoint: none is vouched for
    return min(records, records if finding.seq is None else finding.seq - 1), finding


def _against(checkpoint: Checkpoint, digest: str) -> Finding | None:
    if checkpoint.head == digest and checkpoint.records >= 0:
        return None
    return Finding(change=Change.REWRITTEN, seq=None)


def _misfiled(line: Line, entry: Entry, before: Line | None) -> Finding | None:
    """A line moved over the boundary of two months keeps the chain but not its file."""
    opens_file = before is None or before.file != line.file
    month, file = f"{entry.time[:7]}.jsonl", line.file
    if (opens_file and month != file) or month > file:
        return Finding(change=Change.SWAPPED, seq=entry.seq, file=file, line=line.number)
    return None


def _end(expected: _Expected, head: Head | None) -> Finding | None:
    records, last = expected.seq - 1, expected.after
    if head is None:
        return Finding(change=Change.HEAD_ALTERED, seq=None) if records else None
    if records < head.records:
        return Finding(change=Change.TRUNCATED, seq=expected.seq)
    if last is None or (records == head.records and expected.prev == head.head):
        return None
    change = Change.EDITED if records == head.records else Change.INSERTED
    seq = records if records == head.records else head.records + 1
    return Finding(change=change, seq=seq, file=last.file, line=last.number)


def _explain(
    line: Line,
    expected: _Expected,
    reading: Iterator[Line],
    lines: Callable[[], Iterator[Line]],
    head: Head | None,
) -> Finding:
    following = next(reading, None)
    change, culprit = _classify(line, following, expected, lines, head)
    seq = expected.seq if culprit is line else expected.seq - 1
    return Finding(change=change, seq=seq, file=culprit.file, line=culprit.number)


def _classify(
    line: Line,
    following: Line | None,
    expected: _Expected,
    lines: Callable[[], Iterator[Line]],
    head: Head | None,
) -> tuple[Change, Line]:
    """The change, and the line that it made; that is the line before when only it can be."""
    entry, before = line.entry, expected.after
    fits_later, seen_later = _look_for(line, expected, lines)
    if entry is None:
        if not line.complete and following is None and head and head.records >= expected.seq:
            return Change.TRUNCATED, line
        ended = following is None and head is not None and head.head == expected.prev
        return (Change.INSERTED if fits_later or ended else Change.EDITED), line
    linked = _follows(entry, following, head)
    if entry.seq == expected.seq:
        # the next record vouches for this one: then it is the one before that changed
        return Change.EDITED, before if linked and before else line
    if entry.prev == expected.prev:
        return (Change.INSERTED if fits_later else Change.EDITED), line
    if entry.seq < expected.seq:
        twin = before.entry if before else None
        if before and twin and linked and (twin.seq, twin.prev) == (entry.seq, entry.prev):
            return Change.INSERTED, before
        return Change.INSERTED, line
    if not fits_later:
        return Change.REMOVED, line
    beyond = head is not None and entry.seq > head.records
    return (Change.INSERTED if seen_later or beyond else Change.SWAPPED), line


def _follows(entry: Entry, following: Line | None, head: Head | None) -> bool:
    """Whether what comes after (a record, or the head) was written after this very line."""
    if following is None:
        return head is not None and head.head == entry.digest
    return following.entry is not None and following.entry.prev == entry.digest


def _look_for(
    line: Line, expected: _Expected, lines: Callable[[], Iterator[Line]]
) -> tuple[bool, bool]:
    """After ``line``: is the record that was expected there, and is this record's number?"""
    fits = seen = passed = False
    for other in lines():
        if passed:
            fits = fits or expected.fits(other)
            seen = seen or bool(other.entry and line.entry and other.entry.seq == line.entry.seq)
            if fits and seen:
                break
        elif (other.file, other.number) == (line.file, line.number):
            passed = True
    return fits, seen
