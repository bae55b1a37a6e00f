"""What the log says: lists, one record whole. Nothing here takes the lock.

A record is there for a reader once the head stands on it: what a writer does at this moment
is never taken for an alteration.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

from assistant.audit.chain import Chain, Place
from assistant.audit.faults import altered, unknown
from assistant.audit.payloads import PayloadStore
from assistant.audit.record import CLOSED, OPENED, Entry, ordered, timestamp
from assistant.audit.rows import Payload, PayloadRows
from assistant.wording import Words

State = Literal["open", "closed", "forgotten"]

RETENTION: Final = "retention"
_MIN_PREFIX: Final = 6
_AT_ONCE: Final = 1000  # rows of one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One answer in a list; times are UTC ISO 8601. ``open``: it was never finished."""

    record_id: str
    opened: str
    closed: str | None
    state: State


def find(chain: Chain, store: PayloadStore, prefix: str) -> str:
    """The identifier that begins so (6 characters at least, or the whole).

    Raises:
        AuditError: None does, or several do.
    """
    upto = known(chain)
    with store.rows() as rows:
        return _find(rows, prefix, upto)


def records(chain: Chain, since: date | None, until: date | None) -> Iterator[Entry]:
    """The chain's records, oldest first, up to the head as it was when this began.

    Args:
        chain: The files.
        since: Inclusive; a bare date begins at midnight UTC.
        until: Inclusive; a bare date is the whole day in UTC.

    Raises:
        AuditError: The chain was altered where the next record should be.
    """
    upto = known(chain)
    if upto == 0:
        return
    first, last = _bounds(since, until)
    for line in chain.lines():
        if line.entry is None:
            raise altered(line.file)
        if first <= line.entry.time <= last:
            yield line.entry
        if line.entry.seq >= upto:
            return  # what follows is being written


def events(
    chain: Chain,
    store: PayloadStore,
    types: Collection[str],
    since: date | None,
    until: date | None,
) -> Iterator[Entry]:
    """The chain's records of some types, oldest first, found by the payload store's index.

    Args:
        chain: The files.
        store: Knows where the line of each record is.
        types: Such as ``review.judged``.
        since: Inclusive; a bare date begins at midnight UTC.
        until: Inclusive; a bare date is the whole day in UTC.

    Raises:
        AuditError: The line is not where the store says, or is another one.
    """
    upto, after = known(chain), 0
    first, last = _bounds(since, until)
    while True:
        # a connection a batch: whoever stops listening leaves none open
        with store.rows() as rows:
            found = rows.of_types(types, first, last, after, upto, _AT_ONCE)
        for seq, name, type, moment, place in found:
            yield _entry(chain, seq, name, type, moment, place)
        if len(found) < _AT_ONCE:
            return
        after = found[-1][0]


def answers(chain: Chain, store: PayloadStore, limit: int, skip: int = 0) -> list[Summary]:
    """The newest answers but for the ``skip`` newest, newest first."""
    upto = known(chain)
    with store.rows() as rows:
        return [
            Summary(record_id=name, opened=opened, closed=closed, state=_state(closed, gone))
            for name, opened, closed, gone in rows.newest_answers(limit, skip, upto)
        ]


def show(chain: Chain, store: PayloadStore, prefix: str) -> dict[str, Any]:
    """Everything kept about one record; the keys are those of ``AuditLog.show``.

    Raises:
        AuditError: There is no such record, or what is kept of it was altered.
    """
    upto = known(chain)
    with store.rows() as rows:
        record_id = _find(rows, prefix, upto)
        found = rows.of(record_id, upto)
        entries = [_genuine(chain, store, row) for row in found]
        gone = _gone(found[0], upto)
        order = _order(chain, store, rows, found[0]) if gone else None
    data: dict[str, Any] = {}
    payload: dict[str, Any] = {}
    for row, entry in zip(found, entries, strict=True):
        data.update(entry.data)
        if row.body is not None and not _gone(row, upto):
            payload.update(json.loads(row.body))
    answer = entries[0].type == OPENED
    closed = next((entry.time for entry in entries if entry.type == CLOSED), None)
    return {
        "id": record_id,
        "type": entries[0].type,
        "state": _state(closed if answer else entries[0].time, gone),
        "opened": entries[0].time,
        "closed": closed,
        "events": [
            {"seq": entry.seq, "time": entry.time, "type": entry.type, "hash": entry.hash}
            for entry in entries
        ],
        "data": data,
        "payload": None if gone else payload,
        "forgotten": order,
    }


def known(chain: Chain) -> int:
    """The number of the chain's last record, as every reader may rely on it."""
    head = chain.read_head()
    return 0 if head is None else head.records


def _find(rows: PayloadRows, prefix: str, upto: int) -> str:
    matches = rows.identifiers(prefix, upto) if len(prefix) >= _MIN_PREFIX else []
    if len(matches) != 1 and prefix not in matches:
        raise unknown(prefix)
    return prefix if prefix in matches else matches[0]


def _entry(chain: Chain, seq: int, record_id: str, type: str, moment: str, place: Place) -> Entry:
    """The chain's record of which the store says all this."""
    entry = chain.entry_at(place)
    said = (seq, record_id, type, moment)
    if entry is None or (entry.seq, entry.record_id, entry.type, entry.time) != said:
        raise altered(place.file)
    return entry


def _genuine(chain: Chain, store: PayloadStore, row: Payload) -> Entry:
    """The chain's record of a row, both checked against each other."""
    entry = _entry(chain, row.seq, row.record_id, row.type, row.time, row.place)
    if row.body is not None and row.digest != entry.payload:
        raise altered(store.path.name)
    return entry


def _gone(row: Payload, upto: int) -> bool:
    """Whether a record's texts are forgotten: its first one is, and takes the rest along."""
    return row.body is None or (row.forgotten_by is not None and row.forgotten_by <= upto)


def _order(chain: Chain, store: PayloadStore, rows: PayloadRows, row: Payload) -> dict[str, Any]:
    """The record that ordered this row forgotten, with its reason.

    Raises:
        AuditError: None did: the text went another way.
    """
    found = rows.at(row.forgotten_by) if row.forgotten_by is not None else None
    entry = _genuine(chain, store, found) if found is not None else None
    if found is None or entry is None or row.seq not in ordered(entry):
        raise altered(store.path.name)
    reason = json.loads(found.body).get("reason") if found.body is not None else None
    if entry.data.get("why") == RETENTION:
        reason = str(Words("durée de conservation atteinte", "retention period over"))
    return {"record": entry.record_id, "time": entry.time, "reason": reason}


def _state(closed: str | None, gone: bool) -> State:
    if gone:
        return "forgotten"
    return "open" if closed is None else "closed"


def _bounds(since: date | None, until: date | None) -> tuple[str, str]:
    first = timestamp(_moment(since, time.min)) if since else ""
    last = timestamp(_moment(until, time.max)) if until else "~"
    return first, last


def _moment(bound: date, at: time) -> datetime:
    return bound if isinstance(bound, datetime) else datetime.combine(bound, at, tzinfo=UTC)
