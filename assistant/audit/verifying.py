"""Verification of a whole log: the chain by `diagnosis`, and beside it each payload."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.audit.chain import Chain, Head, Line
from assistant.audit.diagnosis import examine
from assistant.audit.findings import Change, Checkpoint, Finding, describe
from assistant.audit.payloads import PayloadStore
from assistant.audit.record import Entry, ordered
from assistant.audit.rows import Payload, PayloadWitness
from assistant.errors import AuditError
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification found.

    ``records`` counts the good ones from the first on; ``first_bad`` is a record
    number, ``line`` a 1-based line of ``file``. ``interrupted``: a crash had left a
    half-written record, which was repaired; that is no alteration.
    """

    records: int
    ok: bool
    head: str
    message: Words
    first_bad: int | None = None
    change: Change | None = None
    file: str | None = None
    line: int | None = None
    interrupted: bool = False


def verify(chain: Chain, store: PayloadStore, against: Checkpoint | None) -> Verification:
    """Derive everything again, in memory that does not grow with the log.

    The lock is held only to end an interrupted write and to fix what is going to be
    read: answers are recorded meanwhile.
    """
    if not chain.folder.is_dir():
        records, finding = examine(lambda: iter(()), None, lambda _line, _entry: None, against)
        return _verification(records, finding, None, interrupted=False)
    with store.connect() as base:
        with chain.lock():
            head, finding, interrupted = _settle(chain, store)
            sizes = {path.name: path.stat().st_size for path in chain.files()}
            witness = PayloadWitness(base)
        if finding is not None:
            return _verification(0, finding, None, interrupted=False)
        records, finding = examine(
            lambda: chain.lines(sizes),
            head,
            lambda line, entry: _testify(witness, line, entry),
            against,
        )
        if finding is None:
            finding = _check_forgotten(chain, witness, sizes, records)
    return _verification(records, finding, head, interrupted=interrupted)


def _settle(chain: Chain, store: PayloadStore) -> tuple[Head | None, Finding | None, bool]:
    """End an interrupted write; a chain that is altered is reported, not raised."""
    try:
        head, interrupted = chain.settle(store.prune)
    except AuditError:
        interrupted = False
    else:
        store.erase_marked()
        return head, None, interrupted
    try:
        return chain.read_head(), None, False
    except AuditError:
        return None, Finding(change=Change.HEAD_ALTERED, seq=None), False


def _testify(witness: PayloadWitness, line: Line, entry: Entry) -> Finding | None:
    row = witness.of(entry.seq)
    change = None
    if row is None:
        change = Change.PAYLOAD_REMOVED
    elif not _agrees(row, line, entry):
        change = Change.PAYLOAD_EDITED
    witness.count_order(entry.seq, ordered(entry))
    if change is None:
        return None
    return Finding(change=change, seq=entry.seq, file=line.file, line=line.number)


def _agrees(row: Payload, line: Line, entry: Entry) -> bool:
    """Whether a row is that of this very line: lists are made from what rows say of themselves."""
    said = (row.record_id, row.type, row.time, row.place.file, row.place.offset)
    if said != (entry.record_id, entry.type, entry.time, line.file, line.offset):
        return False
    return row.body is None or row.digest == entry.payload


def _check_forgotten(
    chain: Chain, witness: PayloadWitness, sizes: dict[str, int], records: int
) -> Finding | None:
    """Each empty payload was ordered so, and none is kept for a record that is not there.

    Counting is enough while all is well: a tombstone names one order, and an order
    counts only the tombstones that name it.
    """
    if witness.beyond(records):
        return Finding(change=Change.TRUNCATED, seq=records + 1)
    if witness.tombstones == witness.ordered:
        return None
    by_order = {
        (seq, line.entry.seq)
        for line in chain.lines(sizes)
        if line.entry is not None
        for seq in ordered(line.entry)
    }
    orphans = (seq for seq, by in witness.tombstone_orders() if (seq, by) not in by_order)
    return Finding(change=Change.PAYLOAD_REMOVED, seq=next(orphans, None))


def _verification(
    records: int, finding: Finding | None, head: Head | None, *, interrupted: bool
) -> Verification:
    return Verification(
        records=records,
        ok=finding is None,
        head=(head or Head()).head,
        message=describe(finding, records, interrupted=interrupted),
        first_bad=finding.seq if finding else None,
        change=finding.change if finding else None,
        file=finding.file if finding else None,
        line=finding.line if finding else None,
        interrupted=interrupted,
    )
