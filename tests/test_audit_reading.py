"""Reading the log beside its writer, by type, and out to a file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.audit import AuditLog
from assistant.audit.chain import Chain
from assistant.errors import AuditError
from tests.audit_logs import Clock, fill, master_log


def judge(log: AuditLog, name: str, **said: Any) -> None:
    log.append("review.judged", said, {"note": "vu"}, name)


def test_events_of_some_types_come_oldest_first_and_without_the_others(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit", clock=Clock())
    names = fill(log, 4)
    judge(log, names[0], judgement="supports")
    log.append("review.settled", {"judgement": "partly"}, None, names[0])
    judge(log, names[3], judgement="does_not")

    found = list(log.events({"review.judged", "review.settled"}))

    assert [e.data["judgement"] for e in found] == ["supports", "partly", "does_not"]
    assert found == [e for e in log.records() if e.type.startswith("review.")]
    assert list(log.events(["review.sampled"])) == list(log.events([])) == []
    assert list(AuditLog(tmp_path / "none").events({"review.judged"})) == []
    assert not (tmp_path / "none").exists()


def test_events_are_bounded_by_whole_days(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit", clock=Clock())
    fill(log, 12)
    wanted = {"answer.closed"}

    found = list(log.events(wanted, date(2025, 12, 1), date(2025, 12, 31)))

    inside = [e for e in log.records(date(2025, 12, 1), date(2025, 12, 31)) if e.type in wanted]
    assert found == inside != []


def test_more_events_than_one_reading_takes_are_all_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.audit.reading._AT_ONCE", 3)
    log = AuditLog(tmp_path / "audit")
    names = fill(log, 9)

    assert [e.record_id for e in log.events({"answer.opened"})] == names


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE payloads SET type = 'review.judged' WHERE seq = 3",
        "UPDATE payloads SET time = '2020-01-01T00:00:00.000Z' WHERE seq = 23",
        "UPDATE payloads SET record_id = '0123456789abcdefg' WHERE seq = 23",
        "UPDATE payloads SET offset = 0 WHERE seq = 23",
    ],
)
def test_a_row_that_says_something_else_than_its_line_is_found_by_whoever_reads_and_verifies(
    tmp_path: Path, forgery: str
) -> None:
    log = AuditLog(master_log(tmp_path / "audit"))
    with closing(sqlite3.connect(log.folder / "payloads.sqlite3")) as base, base:
        base.execute(forgery)

    with pytest.raises(AuditError):
        list(log.events({"review.judged"}))
    assert log.verify().change == "payload edited"


def test_what_is_being_written_is_not_there_yet_and_accuses_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the commit of a text and its line, whoever reads sees the log as it was before."""
    log, reader = AuditLog(tmp_path / "audit"), AuditLog(tmp_path / "audit")
    before = fill(log, 2)
    seen: list[list[tuple[str, str]]] = []
    append = Chain._append_bytes

    def watched(chain: Chain, path: Path, raw: bytes) -> None:
        seen.append([(a.record_id, a.state) for a in reader.answers()])
        assert [reader.show(name)["id"] for name, _ in seen[-1]] == [n for n, _ in seen[-1]]
        assert list(reader.events({"answer.opened", "answer.closed"}))
        append(chain, path, raw)

    monkeypatch.setattr(Chain, "_append_bytes", watched)
    name = log.open({"question": "?"})
    log.close(name, {"reply": "!"})
    log.append("answer.disputed", {"why": "other"}, {"dispute u": {"why": "other"}}, name)
    log.forget(before[0], "demande")

    closed = [(before[1], "closed"), (before[0], "closed")]
    assert seen == [closed, [(name, "open"), *closed], *[[(name, "closed"), *closed]] * 2]
    assert reader.show(before[0])["state"] == "forgotten"


def test_a_text_that_vanished_without_an_order_is_not_shown_as_forgotten(tmp_path: Path) -> None:
    log = AuditLog(master_log(tmp_path / "audit"))
    name = next(iter(log.records())).record_id
    for order in ("NULL", "24", "3"):
        with closing(sqlite3.connect(log.folder / "payloads.sqlite3")) as base, base:
            base.execute(
                f"UPDATE payloads SET salt = NULL, body = NULL, forgotten_by = {order} "
                "WHERE seq = 1"
            )
        with pytest.raises(AuditError):
            log.show(name)


def test_the_export_is_for_its_owner_between_two_days_and_whole_or_not_there(
    tmp_path: Path,
) -> None:
    log = AuditLog(tmp_path / "audit", clock=Clock())
    names = fill(log, 12)
    judge(log, names[0], judgement="supports")
    out = tmp_path / "out.jsonl"

    count = log.export(out, date(2025, 12, 1), date(2025, 12, 31))

    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert count == len(lines) == len(list(log.records(date(2025, 12, 1), date(2025, 12, 31))))
    assert {line["time"][:7] for line in lines} == {"2025-12"}
    assert out.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(log.folder / "payloads.sqlite3")) as base, base:
        base.execute("UPDATE payloads SET body = CAST('{}' AS BLOB) WHERE seq = 9")
    with pytest.raises(AuditError):
        log.export(tmp_path / "other.jsonl")
    assert [path.name for path in tmp_path.glob("*.jsonl*")] == ["out.jsonl"]


def test_an_export_that_cannot_be_written_does_not_blame_the_log(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit")
    fill(log, 1)
    (tmp_path / "a-file").write_text("")

    for out, why in (
        (tmp_path / "none" / "out.jsonl", "ce dossier n’existe pas"),
        (tmp_path, "c’est un dossier"),
        (tmp_path / "a-file" / "out.jsonl", "ce dossier n’en est pas un"),
    ):
        with pytest.raises(AuditError) as caught:
            log.export(out)
        assert why in str(caught.value)
        assert "journal" not in str(caught.value)
