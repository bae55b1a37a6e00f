from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audit import AuditLog, Change
from assistant.audit.record import GENESIS, canonical, payload_digest, read_line, sha256, write_line
from assistant.errors import AuditError
from tests.audit_logs import (
    Clock,
    fill,
    master_log,
)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return master_log(tmp_path_factory.mktemp("master") / "audit")


@pytest.fixture
def victim(master: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(master, tmp_path / "audit"))


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
