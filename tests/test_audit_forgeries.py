from __future__ import annotations

import json
import shutil
import sqlite3
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assistant.audit import AuditLog, Change, Checkpoint, Verification
from assistant.audit.chain import Head
from assistant.audit.record import GENESIS, canonical, sha256
from assistant.errors import AuditError
from tests.audit_logs import (
    Clock,
    Lines,
    build,
    fill,
    forge_head,
    lines_of,
    master_log,
    put,
    reforged,
)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return master_log(tmp_path_factory.mktemp("master") / "audit")


@pytest.fixture
def victim(master: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(master, tmp_path / "audit"))


SEEDS = 200


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
    changes: list[dict[str, Any]] = [
        {"data": {"model": "other"}},
        {"id": "0" * 16},
        {"payload": "ab" * 32},
        {"prev": "ab" * 32},
        {"type": "answer.void"},
    ]
    lines[k] = (file, reforged(line, **random.choice(changes)))
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
    payload = random.choice([json.loads(model)["payload"], "ab" * 32])
    forged = reforged(model, seq=k + 1, prev=prev, id="f" * 16, payload=payload)
    lines.insert(k, (file, forged))
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
        assert found.first_bad == found.records + 1
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


def forge_places(folder: Path) -> None:
    places, offsets = [], dict.fromkeys((file for file, _ in lines_of(folder)), 0)
    for seq, (file, line) in enumerate(lines_of(folder), start=1):
        places.append((offsets[file], seq))
        offsets[file] += len(line) + 1
    with closing(sqlite3.connect(folder / "payloads.sqlite3")) as base, base:
        base.executemany("UPDATE payloads SET offset = ? WHERE seq = ?", places)


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
    assert log.verify().change is Change.PAYLOAD_EDITED, "the payloads know where lines stood"
    forge_places(victim)

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


def test_verification_needs_no_more_memory_for_twenty_thousand_records_than_for_two(
    tmp_path: Path,
) -> None:
    peaks = []
    for records in (2_000, 20_000):
        log = build(tmp_path / str(records), records)
        tracemalloc.start()
        found = log.verify()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (found.ok, found.records) == (True, records)

    assert peaks[1] < peaks[0] + 200_000, peaks
