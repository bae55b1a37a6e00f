"""The benchmark's logs are those that the program writes, so what it measures is the program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.audit import AuditLog, writing
from assistant.audit.record import CLOSED, FORGOTTEN, OPENED
from benchmarks.audit import Event, some_events, write_in_bulk

EVENTS = list(some_events(85, forgotten_every=10))


def write_one_by_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AuditLog:
    now: list[Event] = [EVENTS[0]]
    monkeypatch.setattr(writing, "new_salt", lambda: now[0].salt)
    monkeypatch.setattr(writing, "new_record_id", lambda _: now[0].record_id)
    log = AuditLog(folder, clock=lambda: now[0].time)
    for event in EVENTS:
        now[0] = event
        if event.type == OPENED:
            log.open(event.payload, event.data)
        elif event.type == CLOSED:
            log.close(event.record_id, event.payload, event.data)
        elif event.type == FORGOTTEN:
            log.forget(event.data["record"], event.payload["reason"])
        else:
            log.append(event.type, event.data, event.payload, event.record_id)
    return log


def rows(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "payloads.sqlite3")) as base:
        return list(base.execute("SELECT * FROM payloads ORDER BY seq"))


def test_a_log_written_in_bulk_equals_one_written_record_by_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = write_one_by_one(tmp_path / "slow", monkeypatch)
    write_in_bulk(tmp_path / "bulk", EVENTS)

    assert {event.type for event in EVENTS} == {OPENED, CLOSED, FORGOTTEN, "review.judged"}
    chain = sorted(path.name for path in slow.folder.glob("*.json*"))
    for name in chain:
        assert (tmp_path / "bulk" / name).read_bytes() == (slow.folder / name).read_bytes()
    assert rows(tmp_path / "bulk") == rows(slow.folder)
    assert AuditLog(tmp_path / "bulk").verify().records == len(EVENTS)
    assert AuditLog(tmp_path / "bulk").verify().ok
