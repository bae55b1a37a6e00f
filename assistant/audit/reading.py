"""What the log says: lists, one record whole, an export. Nothing here takes the lock."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final, Literal

from assistant.audit.chain import Chain
from assistant.audit.faults import altered, unknown
from assistant.audit.payloads import Payload, PayloadStore
from assistant.audit.record import CLOSED, OPENED, Entry, canonical, timestamp

State = Literal["open", "closed", "forgotten"]

_MIN_PREFIX: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One answer in a list; times are UTC ISO 8601. ``open``: it was never finished."""

    record_id: str
    opened: str
    closed: str | None
    state: State


def find(store: PayloadStore, prefix: str) -> str:
    """The identifier that begins so (6 characters at least, or the whole).

    Raises:
        AuditError: None does, or several do.
    """
    matches = store.identifiers(prefix) if len(prefix) >= _MIN_PREFIX else []
    if len(matches) != 1 and prefix not in matches:
        raise unknown(prefix)
    return prefix if prefix in matches else matches[0]


def records(chain: Chain, since: date | None, until: date | None) -> Iterator[Entry]:
    """The chain's records, oldest first, up to the head as it was when this began.

    Args:
        chain: The files.
        since: Inclusive; a bare date begins at midnight UTC.
        until: Inclusive; a bare date is the whole day in UTC.

    Raises:
        AuditError: The chain was altered where the next record should be.
    """
    head = chain.read_head()
    if head is None or head.records == 0:
        return
    first = timestamp(_moment(since, time.min)) if since else ""
    last = timestamp(_moment(until, time.max)) if until else "~"
    for line in chain.lines():
        if line.entry is None:
            raise altered(line.file)
        if first <= line.entry.time <= last:
            yield line.entry
        if line.entry.seq >= head.records:
            return  # what follows is being written


def answers(store: PayloadStore, limit: int, skip: int = 0) -> list[Summary]:
    """The newest answers but for the ``skip`` newest, newest first."""
    return [
        Summary(record_id=name, opened=opened, closed=closed, state=_state(closed, gone))
        for name, opened, closed, gone in store.newest_answers(limit, skip)
    ]


def show(chain: Chain, store: PayloadStore, record_id: str) -> dict[str, Any]:
    """Everything kept about one record; the keys are those of ``AuditLog.show``.

    Raises:
        AuditError: What is kept of it was altered.
    """
    rows = store.of(record_id)
    entries = [_genuine(chain, store, row) for row in rows]
    data: dict[str, Any] = {}
    payload: dict[str, Any] = {}
    for row, entry in zip(rows, entries, strict=True):
        data.update(entry.data)
        payload.update(json.loads(row.body) if row.body is not None else {})
    gone = all(row.body is None for row in rows)
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
        "forgotten": _order(chain, store, rows),
    }


def export(
    chain: Chain, store: PayloadStore, out: Path, since: date | None, until: date | None
) -> int:
    """Write records with their payloads as JSON Lines; ``out`` appears when it is complete."""
    count = 0
    draft = out.with_name(out.name + ".part")
    with draft.open("wb") as file:
        for entry in records(chain, since, until):
            row = store.at(entry.seq)
            body = row.body if row is not None else None
            record = {
                "seq": entry.seq,
                "time": entry.time,
                "type": entry.type,
                "id": entry.record_id,
                "data": entry.data,
                "prev": entry.prev,
                "hash": entry.hash,
                "payload_hash": entry.payload,
                "payload": None if body is None else json.loads(body),
            }
            file.write(canonical(record) + b"\n")
            count += 1
    draft.replace(out)
    return count


def _genuine(chain: Chain, store: PayloadStore, row: Payload) -> Entry:
    """The chain's record of a row, both checked against each other."""
    entry = chain.entry_at(row.place)
    if entry is None or (entry.seq, entry.record_id) != (row.seq, row.record_id):
        raise altered(row.place.file)
    if row.body is not None and row.digest != entry.payload:
        raise altered(store.path.name)
    return entry


def _order(chain: Chain, store: PayloadStore, rows: Sequence[Payload]) -> dict[str, Any] | None:
    """The record that ordered these rows forgotten, with its reason."""
    orders = [row.forgotten_by for row in rows if row.forgotten_by is not None]
    row = store.at(orders[-1]) if orders else None
    if row is None:
        return None
    entry = _genuine(chain, store, row)
    reason = json.loads(row.body).get("reason") if row.body is not None else None
    return {"record": entry.record_id, "time": entry.time, "reason": reason}


def _state(closed: str | None, gone: bool) -> State:
    if gone:
        return "forgotten"
    return "open" if closed is None else "closed"


def _moment(bound: date, at: time) -> datetime:
    return bound if isinstance(bound, datetime) else datetime.combine(bound, at, tzinfo=UTC)
