from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assistant.audit import AuditLog
from assistant.audit.chain import Chain, Place
from assistant.audit.payloads import PayloadStore
from assistant.audit.record import sha256
from tests.audit_logs import (
    Clock,
    fill,
    forge_head,
    lines_of,
    master_log,
    reforged,
)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return master_log(tmp_path_factory.mktemp("master") / "audit")


@pytest.fixture
def victim(master: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(master, tmp_path / "audit"))


ROOT = Path(__file__).resolve().parents[1]


class Crash(BaseException):
    """The process ends here."""


def crashing(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Let the ``at``-th durable step (a sync or a commit, 0 first) be the last."""
    count = iter(range(at))
    fsync, add = os.fsync, PayloadStore.add

    def step() -> None:
        if next(count, None) is None:
            raise Crash

    def stopping_fsync(descriptor: int) -> None:
        step()
        fsync(descriptor)

    def stopping_add(*args: Any, **more: Any) -> None:
        step()
        add(*args, **more)
        step()

    monkeypatch.setattr(os, "fsync", stopping_fsync)
    monkeypatch.setattr(PayloadStore, "add", stopping_add)


@pytest.mark.parametrize("operation", ["open", "forget"])
def test_a_crash_at_any_step_of_a_write_leaves_a_log_that_is_whole(
    tmp_path: Path, operation: str
) -> None:
    finished = False
    for step in range(20):
        log = AuditLog(tmp_path / str(step) / "audit", clock=Clock(timedelta(days=20)))
        name = fill(log, 1)[0]
        with pytest.MonkeyPatch.context() as patch:
            crashing(patch, step)
            try:
                log.open({"question": "?"}) if operation == "open" else log.forget(name, "x")
                finished = True
            except Crash:
                finished = False

        found = log.verify()

        assert found.ok, (step, found)
        assert found.records in (2, 3)
        forgotten = log.show(name)["state"] == "forgotten"
        assert forgotten == (operation == "forget" and found.records == 3)
        fill(log, 1)
        assert log.verify().records == found.records + 2
        if finished:
            break
    assert finished, "no step was left untried"
    assert step >= 5


def announce(folder: Path, line: bytes) -> None:
    chain = Chain(folder)
    head = chain.read_head()
    assert head is not None
    forge_head(
        folder, replace(head, announced=sha256(line), place=Place(file=head.file, offset=head.size))
    )


def next_line(folder: Path) -> bytes:
    _, last = lines_of(folder)[-1]
    return reforged(last, seq=25, prev=sha256(last), type="answer.opened", data={})


@pytest.mark.parametrize("kept", [0, 1, 50, -1])
def test_a_line_torn_by_a_crash_is_cut_off_and_never_a_record(victim: Path, kept: int) -> None:
    line = next_line(victim)
    path = sorted(victim.glob("*.jsonl"))[-1]
    genuine = path.read_bytes()
    announce(victim, line)
    path.write_bytes(genuine + line[:kept])

    found = AuditLog(victim).verify()

    assert (found.ok, found.records, found.interrupted) == (True, 24, True)
    assert path.read_bytes() == genuine
    assert not AuditLog(victim).verify().interrupted


def test_the_same_torn_line_without_an_announcement_is_a_forgery(victim: Path) -> None:
    path = sorted(victim.glob("*.jsonl"))[-1]
    path.write_bytes(path.read_bytes() + next_line(victim)[:50])

    assert not AuditLog(victim).verify().ok


def test_another_line_than_the_announced_one_is_not_taken_for_it(victim: Path) -> None:
    line = next_line(victim)
    announce(victim, line)
    path = sorted(victim.glob("*.jsonl"))[-1]
    path.write_bytes(path.read_bytes() + reforged(line, id="f" * 16) + b"\n")

    assert AuditLog(victim).verify().records == 24


def start(code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


WRITER = """
import sys
from pathlib import Path
from assistant.audit import AuditLog
log = AuditLog(Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    name = log.open({"question": f"{sys.argv[3]} {n}"})
    print(name, flush=True)
    log.close(name, {"reply": "x" * 3000})
    print(name, "closed", flush=True)
"""


def test_two_processes_write_into_one_chain(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    writers = [start(WRITER, str(folder), "50", who) for who in "ab"]
    outputs = [writer.communicate(timeout=120)[0] for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0]
    log = AuditLog(folder)
    assert log.verify().records == 200
    assert log.verify().ok
    assert len({answer.record_id for answer in log.answers(1000)}) == 100
    assert all(output.count("closed") == 50 for output in outputs)


def test_a_verification_beside_a_writer_accuses_nobody(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    fill(log, 1)
    writer = start(WRITER, str(log.folder), "60", "a")
    rounds = 0
    while writer.poll() is None:
        found = log.verify()
        assert found.ok, found
        assert not found.interrupted
        assert len(list(log.records())) >= found.records
        rounds += 1
    writer.communicate()
    assert writer.returncode == 0
    assert rounds > 2


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    random = Random(5)
    said: list[str] = []
    for _ in range(6):
        writer = start(WRITER, str(log.folder), "100000", "a")
        assert writer.stdout is not None
        said.append(writer.stdout.readline().strip())
        time.sleep(random.uniform(0.0, 0.15))
        writer.send_signal(signal.SIGKILL)
        said += writer.communicate()[0].split("\n")[:-1]
        assert log.verify().ok

    states = {answer.record_id: answer.state for answer in log.answers(100_000)}
    for line in said:
        name, *closed = line.split()
        assert states[name] == "closed" if closed else name in states
    assert set(states.values()) <= {"open", "closed"}
