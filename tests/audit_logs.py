"""Logs to test with, and the hands that forge them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.audit import AuditLog
from assistant.audit.chain import Head
from assistant.audit.record import canonical, sha256
from benchmarks.audit import some_events, write_in_bulk


class Clock:
    """Four days and a bit between two records, so that a log of 24 spans several months."""

    def __init__(self, step: timedelta = timedelta(days=4, hours=5)) -> None:
        self.now = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


def fill(log: AuditLog, answers: int) -> list[str]:
    names = []
    for n in range(answers):
        name = log.open({"question": f"Quel est le budget n° {n} ?", "user": "Mme Leroy"})
        log.close(name, {"reply": f"Réponse {n}"}, {"model": "m", "tokens": n})
        names.append(name)
    return names


Lines = list[tuple[str, bytes]]  # (month file, line without its end)


def lines_of(folder: Path) -> Lines:
    return [
        (path.name, line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def put(folder: Path, lines: Lines) -> None:
    for path in folder.glob("*.jsonl"):
        path.write_bytes(b"")
    for name in {name for name, _ in lines}:
        mine = [line + b"\n" for file, line in lines if file == name]
        (folder / name).write_bytes(b"".join(mine))


def reforged(line: bytes, **changes: object) -> bytes:
    """A line whose own hash is right again after the change."""
    record = {**json.loads(line), **changes}
    del record["hash"]
    return canonical({**record, "hash": sha256(canonical(record))})


def forge_head(folder: Path, head: Head) -> None:
    fields = asdict(head)
    raw = canonical({**fields, "check": sha256(canonical(fields))})
    (folder / "head.json").write_bytes(raw)


def build(folder: Path, records: int) -> AuditLog:
    """A log of many records, written in bulk as the program would have written them."""
    write_in_bulk(folder, some_events(records))
    return AuditLog(folder)


def master_log(folder: Path) -> Path:
    """24 records over five months, one answer forgotten."""
    log = AuditLog(folder, clock=Clock())
    names = fill(log, 11)
    log.append("review.judged", {"verdict": "supports"}, {"note": "vu"}, names[0])
    log.forget(names[4], "demande de la personne")
    assert log.verify().ok
    assert log.verify().records == 24
    return folder
