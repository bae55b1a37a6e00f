"""Verification of long audit logs: time and memory at 10,000, 100,000 and 1,000,000 records.

The logs are written in bulk, without the two syncs that each record costs for good, and are equal
to the byte to what the program writes (``tests/test_audit_bulk.py`` holds it). Each is verified
by the real command's code in a process of its own, whose peak memory is read from the system.

    python -m benchmarks.audit [--records 10000 100000 1000000] [--folder DIR]

A million records with payloads of real size take about 7 GB; they are deleted afterwards.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from assistant.audit.chain import Head
from assistant.audit.payloads import PayloadStore
from assistant.audit.record import (
    CLOSED,
    FORGOTTEN,
    OPENED,
    canonical,
    payload_digest,
    sha256,
    timestamp,
    write_line,
)

SIZES = (10_000, 100_000, 1_000_000)
OPENED_CHARS, CLOSED_CHARS = 700, 12_000  # of the payloads of a demo answer
_BATCH = 2000  # rows of one transaction's insert

_VERIFY = """
import json, sys, time
from pathlib import Path
from assistant.audit import AuditLog
began = time.perf_counter()
found = AuditLog(Path(sys.argv[1])).verify()
took = time.perf_counter() - began
cpu = time.process_time()
# not ru_maxrss, which begins at what the parent held when it forked
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0])
said = {"ok": found.ok, "records": found.records}
print(json.dumps({**said, "s": took, "cpu": cpu, "peak_kib": peak}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One record to write; ``forgets`` are the numbers of those whose texts it erases."""

    type: str
    record_id: str
    time: datetime
    data: dict[str, Any]
    payload: dict[str, Any]
    salt: bytes
    forgets: tuple[int, ...] = field(default=())


def main() -> None:
    """Print a table: one line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--folder", type=Path, help="where the logs are made, then deleted")
    options = parser.parse_args()
    print(
        f"{'records':>10}{'chain MB':>10}{'texts MB':>10}"
        f"{'s':>9}{'cpu s':>9}{'records/s':>11}{'peak MB':>9}"
    )
    empty = None
    for records in options.records:
        with tempfile.TemporaryDirectory(dir=options.folder) as made:
            folder = Path(made) / "audit"
            if empty is None:
                empty = _verified(folder)["peak_kib"]
            write_in_bulk(folder, some_events(records))
            found = _verified(folder)
            assert found["ok"] and found["records"] == records, found
            chain = sum(path.stat().st_size for path in folder.glob("*.jsonl"))
            texts = (folder / "payloads.sqlite3").stat().st_size
            print(
                f"{records:10,}{chain / 1e6:10.1f}{texts / 1e6:10.1f}{found['s']:9.1f}"
                f"{found['cpu']:9.1f}"
                f"{records / found['s']:11,.0f}{found['peak_kib'] / 1024:9.1f}",
                flush=True,
            )
    print(f"peak of the process with no log at all: {(empty or 0) / 1024:.1f} MB")


def some_events(records: int, forgotten_every: int = 500) -> Iterator[Event]:
    """So many records of answers, each opened and closed; some judged, some forgotten."""
    now, seq, answers = datetime(2026, 1, 1, tzinfo=UTC), 0, 0
    texts = {OPENED: "é" * (OPENED_CHARS // 2), CLOSED: "é" * (CLOSED_CHARS // 2)}
    while seq < records:
        answers += 1
        name, first = f"{answers:017d}", seq + 1
        kinds = [OPENED, CLOSED]
        kinds += ["review.judged"] if answers % 10 == 0 else []
        kinds += [FORGOTTEN] if answers % forgotten_every == 0 else []
        for kind in kinds[: records - seq]:
            seq, now = seq + 1, now + timedelta(seconds=30)
            forgets = tuple(range(first, seq)) if kind == FORGOTTEN else ()
            payload = {"reason" if forgets else "note": texts.get(kind, f"n° {seq}")}
            data: dict[str, Any] = {"model": "qwen", "tokens": {"prompt": seq, "generated": 40}}
            if forgets:
                data = {"record": name, "payloads": list(forgets)}
            yield Event(
                type=kind,
                record_id=f"order{seq:012d}" if forgets else name,
                time=now,
                data=data,
                payload=payload,
                salt=b"%032d" % seq,
                forgets=forgets,
            )


def write_in_bulk(folder: Path, events: Iterable[Event]) -> None:
    """Write a log as `AuditLog` would, in one go and with nothing synced but at the end."""
    folder.mkdir(parents=True, mode=0o700)
    head, rows = Head(), []
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {}
        base = stack.enter_context(PayloadStore(folder / "payloads.sqlite3").connect())
        base.execute("PRAGMA synchronous = OFF")
        base.execute("BEGIN")
        for seq, event in enumerate(events, start=1):
            body, moment = canonical(event.payload), timestamp(event.time)
            line = write_line(
                seq=seq,
                time=moment,
                type=event.type,
                record_id=event.record_id,
                data=event.data,
                payload=payload_digest(event.salt, body),
                prev=head.head,
            )
            file = max(f"{moment[:7]}.jsonl", head.file)
            offset = head.size if file == head.file else 0
            if file not in files:
                files[file] = stack.enter_context((folder / file).open("wb"))
            files[file].write(line + b"\n")
            rows.append(
                (seq, event.record_id, event.type, moment, file, offset, event.salt, body, None)
            )
            head = Head(records=seq, head=sha256(line), file=file, size=offset + len(line) + 1)
            if event.forgets or len(rows) == _BATCH:
                base.executemany(f"INSERT INTO payloads VALUES ({', '.join('?' * 9)})", rows)
                rows.clear()
            base.executemany(
                "UPDATE payloads SET salt = NULL, body = NULL, forgotten_by = ? WHERE seq = ?",
                [(seq, forgotten) for forgotten in event.forgets],
            )
        base.executemany(f"INSERT INTO payloads VALUES ({', '.join('?' * 9)})", rows)
        base.execute("COMMIT")
    fields = asdict(head)
    raw = canonical({**fields, "check": sha256(canonical(fields))}) + b"\n"
    (folder / "head.json").write_bytes(raw)


def _verified(folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _VERIFY, str(folder)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
