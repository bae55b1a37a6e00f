from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audit import AuditLog, Change, Checkpoint, Verification
from assistant.audit.chain import Chain, Head, Place
from assistant.audit.payloads import PayloadStore
from assistant.audit.record import GENESIS, canonical, payload_digest, read_line, sha256, write_line
from assistant.errors import AuditError

ROOT = Path(__file__).resolve().parents[1]
SEEDS = 200


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


# --- what a log keeps ------------------------------------------------------------------------


def test_an_answer_is_shown_whole_with_its_texts_and_its_public_part(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    name = log.open({"question": "Où ? — « ici »"}, {"generation": 3})
    log.close(name, {"reply": "Là.\n", "scores": [0.5, 1.0]}, {"model": "qwen"})

    shown = log.show(name)

    assert shown["state"] == "closed"
    assert shown["payload"] == {
        "question": "Où ? — « ici »",
        "reply": "Là.\n",
        "scores": [0.5, 1.0],
    }
    assert shown["data"] == {"generation": 3, "model": "qwen"}
    assert [event["type"] for event in shown["events"]] == ["answer.opened", "answer.closed"]
    assert log.show(name[:12]) == shown


def test_an_answer_that_was_never_closed_says_so(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    first, second = log.open({"question": "a"}), log.open({"question": "b"})
    log.close(second, {})

    assert log.show(first)["state"] == "open"
    assert [(answer.record_id, answer.state) for answer in log.answers()] == [
        (second, "closed"),
        (first, "open"),
    ]


def test_an_answer_closes_once_and_only_if_it_was_opened(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    name = log.open({})
    log.close(name, {})
    event = log.append("review.started", {})

    for wrong in (name, event, "0000000000000000"):
        with pytest.raises(AuditError):
            log.close(wrong, {})
    assert log.verify().records == 3


def test_the_chain_never_holds_the_texts(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    fill(log, 3)

    chain = b"".join(path.read_bytes() for path in log.folder.glob("*.jsonl"))

    assert b"budget" not in chain
    assert b"Leroy" not in chain
    assert b"answer.closed" in chain


def test_sha256sum_and_a_json_parser_are_enough_to_check_the_chain(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit", clock=Clock())
    fill(log, 12)

    previous = "0" * 64
    lines = [
        line
        for path in sorted(log.folder.glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]
    for number, line in enumerate(lines, start=1):
        record = json.loads(line)
        assert (record["seq"], record["prev"]) == (number, previous)
        claimed = record.pop("hash")
        bare = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(bare.encode()).hexdigest() == claimed
        previous = hashlib.sha256(line).hexdigest()
    assert log.checkpoint().head == previous
    assert log.checkpoint().records == len(lines) == 24


def test_each_month_has_its_file_and_the_chain_goes_through(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit", clock=Clock())
    fill(log, 12)

    files = [path.name for path in sorted(log.folder.glob("*.jsonl"))]

    assert files == [
        "2025-11.jsonl",
        "2025-12.jsonl",
        "2026-01.jsonl",
        "2026-02.jsonl",
        "2026-03.jsonl",
    ]
    assert log.verify().ok


def test_a_clock_that_is_set_back_breaks_nothing(tmp_path: Path) -> None:
    clock = Clock()
    log = AuditLog(tmp_path / "audit", clock=clock)
    fill(log, 6)
    clock.now -= timedelta(days=60)
    fill(log, 6)

    assert log.verify().ok


def test_records_are_listed_between_two_days(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit", clock=Clock())
    fill(log, 12)

    found = list(log.records(date(2025, 12, 1), date(2025, 12, 31)))

    assert found
    assert {entry.time[:7] for entry in found} == {"2025-12"}
    assert len(list(log.records())) == 24
    assert list(AuditLog(tmp_path / "none").records()) == []


def test_the_export_holds_records_and_texts_for_outside_tools(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    names = fill(log, 3)
    log.forget(names[0], "demande")

    count = log.export(tmp_path / "out.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert count == len(lines) == 7
    assert lines[0]["payload"] is None
    assert lines[2]["payload"]["question"] == "Quel est le budget n° 1 ?"
    assert not list(tmp_path.glob("*.part"))


def test_a_record_is_found_by_a_beginning_that_only_it_has(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit", clock=lambda: datetime(2026, 2, 3, tzinfo=UTC))
    names = fill(log, 2)

    assert names[0][:9] == names[1][:9]
    for wrong in (names[0][:9], names[0][:3], "", "zzzzzzzzz", "'; DROP TABLE payloads; --"):
        with pytest.raises(AuditError):
            log.show(wrong)


def test_texts_do_not_fit_in_the_chain(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")

    with pytest.raises(ValueError, match="payload"):
        log.append("note.added", {"text": "x" * 70_000})
    assert log.verify().ok


def test_only_the_owner_can_read_the_log(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    fill(log, 1)

    assert log.folder.stat().st_mode & 0o077 == 0
    for name in ("payloads.sqlite3", "head.json"):
        assert (log.folder / name).stat().st_mode & 0o077 == 0


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=())), json_values, max_size=4))
def test_whatever_a_record_says_its_line_is_read_back_as_genuine(data: dict[str, Any]) -> None:
    line = write_line(
        seq=1, time="t", type="a.b", record_id="r", data=data, payload="0" * 64, prev=GENESIS
    )
    entry = read_line(line)

    assert b"\n" not in line
    assert entry is not None
    assert canonical(entry.data) == canonical(data)


@given(st.binary(max_size=200))
def test_no_hostile_line_is_a_record(line: bytes) -> None:
    assert read_line(line) is None


@pytest.mark.parametrize("line", [b"[" * 60_000, b'{"seq":' * 9_000, b"9" * 6_000, b"null", b""])
def test_no_hostile_line_breaks_the_reading(line: bytes) -> None:
    assert read_line(line) is None


# --- forgeries -------------------------------------------------------------------------------

Lines = list[tuple[str, bytes]]  # (month file, line without its end)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("master") / "audit"
    log = AuditLog(folder, clock=Clock())
    names = fill(log, 11)
    log.append("review.judged", {"verdict": "supports"}, {"note": "vu"}, names[0])
    log.forget(names[4], "demande de la personne")
    assert log.verify().ok
    assert log.verify().records == 24
    return folder


@pytest.fixture
def victim(master: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(master, tmp_path / "audit"))


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


def edit(lines: Lines, random: Random) -> set[int]:
    k = random.randrange(len(lines))
    file, line = lines[k]
    at = random.randrange(len(line))
    byte = random.choice([b for b in range(256) if b not in (line[at], 10)])
    lines[k] = (file, line[:at] + bytes([byte]) + line[at + 1 :])
    return {k + 1}


def edit_and_rehash(lines: Lines, random: Random) -> set[int]:
    k = random.randrange(len(lines))
    file, line = lines[k]
    change = random.choice(
        [
            {"data": {"model": "other"}},
            {"id": "0" * 16},
            {"prev": "ab" * 32},
            {"type": "answer.void"},
        ]
    )
    lines[k] = (file, reforged(line, **change))
    return {k + 1}


def edit_spaces(lines: Lines, random: Random) -> set[int]:
    k = random.randrange(len(lines))
    lines[k] = (lines[k][0], lines[k][1].replace(b'","', b'", "', 1))
    return {k + 1}


def remove(lines: Lines, random: Random) -> set[int]:
    k = random.randrange(len(lines) - 1)
    del lines[k : random.randrange(k + 1, len(lines))]
    return {k + 1}


def truncate(lines: Lines, random: Random) -> set[int]:
    k = random.randrange(len(lines))
    del lines[k:]
    return {k + 1}


def swap(lines: Lines, random: Random) -> set[int]:
    i, j = sorted(random.sample(range(len(lines)), 2))
    (file_i, line_i), (file_j, line_j) = lines[i], lines[j]
    lines[i], lines[j] = (file_i, line_j), (file_j, line_i)
    return {i + 1}


def move_earlier(lines: Lines, random: Random) -> set[int]:
    i, j = sorted(random.sample(range(len(lines)), 2))
    _, line = lines.pop(j)
    lines.insert(i, (lines[i][0], line))
    return {i + 1}


def insert_copy(lines: Lines, random: Random) -> set[int]:
    k, source = random.randrange(len(lines) + 1), random.randrange(len(lines))
    lines.insert(k, (lines[min(k, len(lines) - 1)][0], lines[source][1]))
    # beside its twin, either of two equal lines may be called the inserted one
    return {k + 1, source + 1} if source in (k, k - 1) else {k + 1}


def insert_garbage(lines: Lines, random: Random) -> set[int]:
    k = random.randrange(len(lines) + 1)
    junk = random.choice([b"", b"{}", b"null", b"\xff\x00", b'{"seq":3}', b"x" * 200_000])
    lines.insert(k, (lines[min(k, len(lines) - 1)][0], junk))
    return {k + 1}


def insert_forged(lines: Lines, random: Random) -> set[int]:
    """A record that fits its place perfectly, own hash included."""
    k = random.randrange(len(lines) + 1)
    file, model = lines[min(k, len(lines) - 1)]
    prev = sha256(lines[k - 1][1]) if k else GENESIS
    lines.insert(k, (file, reforged(model, seq=k + 1, prev=prev, id="f" * 16)))
    return {k + 1}


FORGERIES: dict[str, tuple[Callable[[Lines, Random], set[int]], Change]] = {
    "a byte edited": (edit, Change.EDITED),
    "a field edited and its hash renewed": (edit_and_rehash, Change.EDITED),
    "a space added": (edit_spaces, Change.EDITED),
    "records removed": (remove, Change.REMOVED),
    "the end cut off": (truncate, Change.TRUNCATED),
    "two records swapped": (swap, Change.SWAPPED),
    "a record moved": (move_earlier, Change.SWAPPED),
    "a copy inserted": (insert_copy, Change.INSERTED),
    "garbage inserted": (insert_garbage, Change.INSERTED),
    "a forged record inserted": (insert_forged, Change.INSERTED),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_log_is_found_named_and_located_every_time(victim: Path, forgery: str) -> None:
    forge, expected = FORGERIES[forgery]
    genuine = lines_of(victim)
    head = (victim / "head.json").read_bytes()
    log = AuditLog(victim)

    for seed in range(SEEDS):
        lines = list(genuine)
        places = forge(lines, Random(seed))
        put(victim, lines)

        found = log.verify()

        assert not found.ok, seed
        assert (found.change, found.first_bad in places) == (expected, True), (seed, places, found)
        assert found.records < max(places)
        assert (victim / "head.json").read_bytes() == head, "a verification changes nothing"
    put(victim, genuine)
    assert log.verify().ok


def test_a_clean_log_is_never_accused(tmp_path: Path) -> None:
    for seed in range(20):
        random = Random(seed)
        clock = Clock()
        log = AuditLog(tmp_path / str(seed) / "audit", clock=clock)
        names: list[str] = []
        for _ in range(random.randrange(1, 25)):
            clock.step = timedelta(hours=random.randrange(-24 * 20, 24 * 40))
            action = random.randrange(4) if names else 0
            if action == 0:
                names.append(log.open({"question": random.random()}))
            elif action == 1 and log.show(names[-1])["closed"] is None:
                log.close(names[-1], {}, {"x": random.random()})
            elif action == 2:
                log.append("review.judged", {"n": random.randrange(9)}, None, random.choice(names))
            elif log.show(names[0])["state"] != "forgotten":
                log.forget(names[0], "terme échu")
        checkpoint = log.checkpoint()
        assert log.verify(checkpoint).ok, seed


def test_a_line_moved_to_the_file_of_another_month_is_found(victim: Path) -> None:
    lines = lines_of(victim)
    first = lines[0][0]
    k = next(i for i, (file, _) in enumerate(lines) if file != first)
    for at, file in ((k, first), (k - 1, lines[k][0])):
        moved = list(lines)
        moved[at] = (file, lines[at][1])
        put(victim, moved)
        found = AuditLog(victim).verify()
        assert (found.change, found.first_bad) == (Change.SWAPPED, at + 1)


def test_a_whole_month_removed_is_found(victim: Path) -> None:
    lines = lines_of(victim)
    first = next(i for i, (file, _) in enumerate(lines) if file == "2026-01.jsonl")
    (victim / "2026-01.jsonl").unlink()

    found = AuditLog(victim).verify()

    assert (found.change, found.first_bad) == (Change.REMOVED, first + 1)


def cut_bytes(folder: Path, count: int) -> Verification:
    last = sorted(folder.glob("*.jsonl"))[-1]
    last.write_bytes(last.read_bytes()[:-count])
    return AuditLog(folder).verify()


@pytest.mark.parametrize("count", [1, 2, 60])
def test_a_last_line_that_somebody_cut_is_no_crash(victim: Path, count: int) -> None:
    found = cut_bytes(victim, count)

    assert (found.change, found.first_bad, found.interrupted) == (Change.TRUNCATED, 24, False)


def head_fields(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "head.json").read_bytes()))


@pytest.mark.parametrize(
    "forge",
    [
        lambda head: None,
        lambda head: b"",
        lambda head: b"[" * 50_000,
        lambda head: b"[]",
        lambda head: canonical({**head, "records": 23}),
        lambda head: canonical({**head, "head": "0" * 64}),
        lambda head: canonical({**head, "extra": 1}),
    ],
)
def test_an_altered_head_is_found(
    victim: Path, forge: Callable[[dict[str, Any]], bytes | None]
) -> None:
    raw = forge(head_fields(victim))
    if raw is None:
        (victim / "head.json").unlink()
    else:
        (victim / "head.json").write_bytes(raw)

    assert AuditLog(victim).verify().change is Change.HEAD_ALTERED


def forge_head(folder: Path, head: Head) -> None:
    fields = asdict(head)
    raw = canonical({**fields, "check": sha256(canonical(fields))})
    (folder / "head.json").write_bytes(raw)


def test_a_cut_log_with_a_matching_head_is_betrayed_by_its_payloads_and_by_a_checkpoint(
    victim: Path,
) -> None:
    log = AuditLog(victim)
    deposited = log.checkpoint()
    lines = lines_of(victim)[:-1]
    put(victim, lines)
    file, last = lines[-1]
    size = (victim / file).stat().st_size
    forge_head(victim, Head(records=23, head=sha256(last), file=file, size=size))

    assert log.verify().change is Change.TRUNCATED
    with closing(sqlite3.connect(victim / "payloads.sqlite3")) as base, base:
        base.execute("DELETE FROM payloads WHERE seq > 23")
        base.execute("UPDATE payloads SET forgotten_by = NULL")
    found = log.verify(deposited)
    assert (found.change, found.first_bad) == (Change.TRUNCATED, 24)


def test_a_log_rewritten_from_some_record_on_is_betrayed_by_a_checkpoint(victim: Path) -> None:
    log = AuditLog(victim)
    early, late = None, log.checkpoint()
    lines = lines_of(victim)
    prev = GENESIS
    for k, (file, line) in enumerate(lines):
        if k == 9:
            early = Checkpoint(path=late.path, records=k, head=prev)
        line = reforged(line, prev=prev, **({"data": {"model": "other"}} if k == 10 else {}))
        lines[k] = (file, line)
        prev = sha256(line)
    put(victim, lines)
    file = lines[-1][0]
    size = (victim / file).stat().st_size
    forge_head(victim, Head(records=24, head=prev, file=file, size=size))

    assert log.verify().ok, "consistent by itself: this is why checkpoints are kept elsewhere"
    assert early is not None
    assert log.verify(early).ok, "nothing before this one changed"
    assert log.verify(late).change is Change.REWRITTEN


def test_a_log_that_grew_still_passes_through_its_checkpoints(victim: Path) -> None:
    log = AuditLog(victim)
    checkpoint = log.checkpoint()
    fill(log, 2)

    assert log.verify(checkpoint).ok
    assert log.verify(Checkpoint.parse(json.dumps(asdict(checkpoint)))).ok
    assert not log.verify(replace(checkpoint, records=1)).ok
    assert not log.verify(replace(checkpoint, records=-1)).ok
    assert not AuditLog(victim.parent / "none").verify(checkpoint).ok


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "[" * 9999, '{"path":1,"records":true,"head":"a"}']
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(AuditError):
        Checkpoint.parse(text)


def test_nothing_is_added_to_a_log_that_was_tampered_with(victim: Path) -> None:
    log = AuditLog(victim)
    lines = lines_of(victim)
    put(victim, lines[:-1])

    with pytest.raises(AuditError) as caught:
        log.open({"question": "?"})

    assert "audit verify" in str(caught.value.remedy)
    assert lines_of(victim) == lines[:-1]


# --- payloads --------------------------------------------------------------------------------


def test_a_changed_or_vanished_text_is_found(victim: Path) -> None:
    log = AuditLog(victim)
    path = victim / "payloads.sqlite3"
    genuine = path.read_bytes()
    cases = {
        "UPDATE payloads SET body = CAST('{}' AS BLOB) WHERE seq = 7": Change.PAYLOAD_EDITED,
        "UPDATE payloads SET salt = zeroblob(32) WHERE seq = 7": Change.PAYLOAD_EDITED,
        "DELETE FROM payloads WHERE seq = 7": Change.PAYLOAD_REMOVED,
        "UPDATE payloads SET salt = NULL, body = NULL WHERE seq = 7": Change.PAYLOAD_REMOVED,
        "UPDATE payloads SET salt = NULL, body = NULL, forgotten_by = 24 WHERE seq = 7": (
            Change.PAYLOAD_REMOVED
        ),
    }
    for statement, expected in cases.items():
        with closing(sqlite3.connect(path)) as base, base:
            base.execute(statement)
        found = log.verify()
        assert (found.change, found.first_bad) == (expected, 7), statement
        path.write_bytes(genuine)
    assert log.verify().ok


def test_a_text_that_was_changed_is_not_shown(victim: Path) -> None:
    log = AuditLog(victim)
    name = next(iter(log.records())).record_id
    with closing(sqlite3.connect(victim / "payloads.sqlite3")) as base, base:
        base.execute('UPDATE payloads SET body = CAST(\'{"reply":"faux"}\' AS BLOB) WHERE seq = 2')

    with pytest.raises(AuditError):
        log.show(name)


def test_forgetting_erases_the_texts_keeps_the_chain_and_says_why(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    name = log.open({"question": "Pourquoi Mme Xylophone-Introuvable ?"})
    log.close(name, {"reply": "Mme Xylophone-Introuvable préside."})
    kept = fill(log, 2)
    before = log.checkpoint()

    assert log.forget(name, "demande du 3 février") == 2

    assert log.verify(before).ok
    shown = log.show(name)
    assert (shown["state"], shown["payload"]) == ("forgotten", None)
    assert shown["forgotten"]["reason"] == "demande du 3 février"
    assert [answer.state for answer in log.answers()] == ["closed", "closed", "forgotten"]
    assert log.show(kept[0])["state"] == "closed"
    for path in log.folder.iterdir():
        assert b"Xylophone" not in path.read_bytes(), path.name
    with pytest.raises(AuditError):
        log.forget(name, "encore")


def test_a_forgotten_text_cannot_be_found_again_by_guessing(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    name = log.open({"question": "oui"})
    log.forget(name, "demande")

    entry = next(log.records())
    body = canonical({"question": "oui"})

    assert entry.payload not in (sha256(body), payload_digest(b"", body))
    with closing(sqlite3.connect(log.folder / "payloads.sqlite3")) as base:
        assert base.execute("SELECT salt FROM payloads WHERE seq = 1").fetchone() == (None,)


# --- crashes and company ---------------------------------------------------------------------


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
    file, last = lines_of(folder)[-1]
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


# --- size ------------------------------------------------------------------------------------


def build(folder: Path, records: int) -> AuditLog:
    """A log of many records, written in bulk as the program would have written them."""
    folder.mkdir(parents=True)
    head, now = Head(), datetime(2026, 1, 1, tzinfo=UTC)
    rows = []
    out: dict[str, list[bytes]] = {}
    sizes: dict[str, int] = {}
    for seq in range(1, records + 1):
        now += timedelta(minutes=3)
        moment = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        file, salt, body = f"{moment[:7]}.jsonl", b"%032d" % seq, canonical({"question": "é" * 200})
        line = write_line(
            seq=seq,
            time=moment,
            type="note.added",
            record_id=f"{seq:016d}",
            data={"model": "qwen", "tokens": {"prompt": seq}},
            payload=payload_digest(salt, body),
            prev=head.head,
        )
        offset = sizes.get(file, 0)
        out.setdefault(file, []).append(line + b"\n")
        sizes[file] = offset + len(line) + 1
        rows.append((seq, f"{seq:016d}", "note.added", moment, file, offset, salt, body, None))
        head = Head(records=seq, head=sha256(line), file=file, size=sizes[file])
    for file, found in out.items():
        (folder / file).write_bytes(b"".join(found))
    store = PayloadStore(folder / "payloads.sqlite3")
    with store.connect() as base:
        base.execute("BEGIN")
        base.executemany(f"INSERT INTO payloads VALUES ({', '.join('?' * 9)})", rows)
        base.execute("COMMIT")
    forge_head(folder, head)
    return AuditLog(folder)


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_verification_needs_no_more_memory_for_twenty_thousand_records_than_for_two(
    tmp_path: Path, traced: None
) -> None:
    peaks = []
    for records in (2_000, 20_000):
        log = build(tmp_path / str(records), records)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        found = log.verify()
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
        assert (found.ok, found.records) == (True, records)

    assert peaks[1] < peaks[0] + 200_000, peaks
