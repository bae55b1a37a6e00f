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

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.audit.chain import Head, Line
from assistant.audit.record import GENESIS, Entry
from assistant.errors import AuditError
from assistant.wording import Words


class Change(StrEnum):
    """What was done to a log."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    HEAD_ALTERED = "head altered"
    REWRITTEN = "rewritten"
    PAYLOAD_EDITED = "payload edited"
    PAYLOAD_REMOVED = "payload removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A proof to deposit elsewhere: after ``records`` records the last line's SHA-256 was ``head``.

    ``path`` is the file that holds that line.
    """

    path: str
    records: int
    head: str

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """A checkpoint as ``assistant audit checkpoint --json`` prints it.

        Raises:
            AuditError: It is not one.
        """
        try:
            found = json.loads(text)
            made = cls(path=found["path"], records=found["records"], head=found["head"])
        except (ValueError, TypeError, KeyError, RecursionError):
            made = None
        if made is None or type(made.records) is not int or not isinstance(made.head, str):
            raise AuditError(
                Words("Ce fichier n’est pas un point de contrôle.", "This is not a checkpoint."),
                remedy=Words(
                    "Donnez celui qu’a écrit « assistant audit checkpoint --json ».",
                    "Give one that `assistant audit checkpoint --json` wrote.",
                ),
            )
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first thing wrong: record number (None when unknown), file, 1-based line, change."""

    change: Change
    seq: int | None
    file: str | None = None
    line: int | None = None


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
            return expected.seq - 1, _explain(line, expected, reading, lines, head)
        finding = _misfiled(line, line.entry, expected.after) or witness(line, line.entry)
        expected = _Expected(expected.seq + 1, line.entry.digest, line)
        if finding is None and against is not None and against.records == line.entry.seq:
            finding = _against(against, line.entry.digest)
        if finding is not None:
            return line.entry.seq - 1, finding
    records = expected.seq - 1
    finding = _end(expected, head)
    if finding is None and against is not None:
        if against.records > records:
            finding = Finding(change=Change.TRUNCATED, seq=records + 1)
        elif against.records <= 0:
            finding = _against(against, GENESIS)
    return records, finding


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


def describe(finding: Finding | None, records: int, *, interrupted: bool) -> Words:
    """The result of a verification as a sentence."""
    if finding is None:
        torn = Words(
            " Une écriture interrompue a été réparée." if interrupted else "",
            " An interrupted write was repaired." if interrupted else "",
        )
        return Words(
            f"Journal intact : {records} enregistrement(s).{torn.fr}",
            f"The log is intact: {records} record(s).{torn.en}",
        )
    where = Words("", "")
    if finding.file is not None:
        where = Words(
            f" ({finding.file}, ligne {finding.line})", f" ({finding.file}, line {finding.line})"
        )
    said = _SENTENCES[finding.change]
    return Words(
        said.fr.format(seq=finding.seq, where=where.fr),
        said.en.format(seq=finding.seq, where=where.en),
    )


_SENTENCES = {
    Change.EDITED: Words(
        "L’enregistrement {seq} a été modifié{where}.", "Record {seq} was edited{where}."
    ),
    Change.REMOVED: Words(
        "L’enregistrement {seq} a été retiré{where}.", "Record {seq} was removed{where}."
    ),
    Change.INSERTED: Words(
        "Une ligne a été insérée à la place de l’enregistrement {seq}{where}.",
        "A line was inserted where record {seq} belongs{where}.",
    ),
    Change.SWAPPED: Words(
        "L’ordre a été changé à partir de l’enregistrement {seq}{where}.",
        "The order was changed from record {seq} on{where}.",
    ),
    Change.TRUNCATED: Words(
        "La fin du journal manque, à partir de l’enregistrement {seq}{where}.",
        "The end of the log is missing, from record {seq} on{where}.",
    ),
    Change.HEAD_ALTERED: Words(
        "La tête du journal (head.json) a été modifiée ou retirée.",
        "The head of the log (head.json) was altered or removed.",
    ),
    Change.REWRITTEN: Words(
        "Le journal n’est pas celui du point de contrôle : son début a été réécrit.",
        "The log is not the one of the checkpoint: its beginning was rewritten.",
    ),
    Change.PAYLOAD_EDITED: Words(
        "Le contenu de l’enregistrement {seq} a été modifié{where}.",
        "The payload of record {seq} was edited{where}.",
    ),
    Change.PAYLOAD_REMOVED: Words(
        "Le contenu de l’enregistrement {seq} a disparu sans ordre d’oubli{where}.",
        "The payload of record {seq} is gone though nothing ordered it forgotten{where}.",
    ),
}
