"""Texts are forgotten in their time or for a person; the chain stays and says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audit import AuditLog, Erased, Retention, writing
from assistant.audit import log as log_module
from assistant.audit.forgetting import months_before
from assistant.errors import AuditError

NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


class Calendar:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def kept(folder: Path, answers: int = 12, reviews: int = 12) -> tuple[AuditLog, Calendar]:
    clock = Calendar()
    retention = Retention(answers_months=answers, reviews_months=reviews)
    return AuditLog(folder / "audit", clock=clock, retention=retention), clock


def answered(log: AuditLog, question: str, user: str = "u-lise") -> str:
    name = log.open({"question": question, "user": user})
    log.close(name, {"status": "answered", "reply": f"Au sujet de : {question}"}, {"tokens": 3})
    return name


def judged(log: AuditLog, name: str, by: str, note: str) -> None:
    data = {"by": by, "judgement": "supports"}
    log.append("review.judged", data, {f"judgement {by} 0.0": {"note": note}}, name)


def orders(log: AuditLog) -> list[dict[str, Any]]:
    return [dict(entry.data) for entry in log.events({"payload.forgotten"})]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)), st.integers(1, 600))
def test_a_term_ends_at_midnight_so_many_months_earlier(now: datetime, months: int) -> None:
    found = months_before(now.replace(tzinfo=UTC), months)

    assert (found.hour, found.minute, found.second, found.microsecond) == (0, 0, 0, 0)
    assert (now.year * 12 + now.month) - (found.year * 12 + found.month) == months
    assert found.day == now.day or (found + timedelta(days=1)).day == 1


def test_the_first_answer_of_a_day_erases_what_was_kept_long_enough(tmp_path: Path) -> None:
    log, clock = kept(tmp_path)
    old = answered(log, "Pourquoi Mme Xylophone-Introuvable ?")
    clock.now += timedelta(days=364)
    log.open({"question": "encore trop tôt"})
    assert log.show(old)["state"] == "closed"

    clock.now = NOON.replace(year=2027) + timedelta(days=1)
    first = log.open({"question": "le lendemain du terme"})

    assert log.show(old)["payload"] is None
    assert log.show(old)["forgotten"]["reason"] == "durée de conservation atteinte"
    assert log.show(old)["data"] == {"tokens": 3}, "what counts stays in the chain"
    assert log.show(first)["payload"] == {"question": "le lendemain du terme"}
    assert log.verify().ok
    for path in log.folder.iterdir():
        assert b"Xylophone" not in path.read_bytes(), path.name


def test_a_day_s_texts_go_together_in_one_order(tmp_path: Path) -> None:
    log, clock = kept(tmp_path)
    for minute in range(5):
        clock.now = NOON + timedelta(minutes=minute)
        answered(log, f"Question {minute} ?")
    for minute in range(5):
        clock.now = NOON.replace(year=2027) + timedelta(days=1, minutes=minute)
        answered(log, f"Autre question {minute} ?")

    assert orders(log) == [{"why": "retention", "payloads": list(range(1, 11))}]


def test_orders_of_their_own_never_need_another_order(tmp_path: Path) -> None:
    log, clock = kept(tmp_path)
    answered(log, "Question ?")
    for year in range(2027, 2032):
        clock.now = NOON.replace(year=year) + timedelta(days=1)
        log.expire()

    assert len(orders(log)) == 1
    assert log.verify().ok


def test_the_reason_of_an_order_goes_in_its_time_too(tmp_path: Path) -> None:
    log, clock = kept(tmp_path)
    name = answered(log, "Question ?")
    log.forget(name, "demande de Mme Leroy")
    clock.now = NOON.replace(year=2028)

    assert log.expire() == Erased(answers=0, texts=1)

    assert log.show(name)["state"] == "forgotten"
    assert log.show(name)["forgotten"]["reason"] is None
    assert log.verify().ok


def test_a_note_never_outlives_the_answer_that_it_may_quote(tmp_path: Path) -> None:
    log, clock = kept(tmp_path, answers=12, reviews=36)
    name = answered(log, "Question ?")
    clock.now = datetime(2027, 3, 20, tzinfo=UTC)
    judged(log, name, "u-noor", "cite la réponse")
    clock.now = NOON.replace(year=2027) + timedelta(days=1)

    assert log.expire() == Erased(answers=1, texts=3)

    assert log.show(name)["payload"] is None
    assert next(log.events({"review.judged"})).data["judgement"] == "supports"


def test_notes_may_go_earlier_than_answers_or_never(tmp_path: Path) -> None:
    log, clock = kept(tmp_path / "earlier", answers=0, reviews=6)
    name = answered(log, "Question ?")
    judged(log, name, "u-noor", "une note")
    clock.now = datetime(2026, 10, 15, tzinfo=UTC)
    assert log.expire() == Erased(answers=0, texts=1)
    assert log.show(name)["state"] == "closed"
    assert "judgement u-noor 0.0" not in log.show(name)["payload"]

    log, clock = kept(tmp_path / "never", answers=0, reviews=0)
    answered(log, "Question ?")
    clock.now = NOON.replace(year=2150)
    assert log.expire() == log.expire(dry_run=True) == Erased()


def test_a_dry_run_counts_what_would_go_and_erases_nothing(tmp_path: Path) -> None:
    log, clock = kept(tmp_path)
    names = [answered(log, f"Question {n} ?") for n in range(3)]
    judged(log, names[0], "u-noor", "une note")
    clock.now = NOON.replace(year=2028)
    before = log.checkpoint()

    assert log.expire(dry_run=True) == Erased(answers=3, texts=7)
    assert log.checkpoint() == before
    assert log.expire() == Erased(answers=3, texts=7)
    assert log.expire(dry_run=True) == log.expire() == Erased()


def test_a_long_neglected_log_is_erased_little_by_little_as_people_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "_MOST_AT_ONCE", 4)
    monkeypatch.setattr(writing, "_MOST_IN_ORDER", 3)
    log, clock = kept(tmp_path)
    old = []
    for day in range(6):
        clock.now = NOON + timedelta(days=day)
        old.append(answered(log, f"Question {day} ?"))
    clock.now = NOON.replace(year=2028)
    states = []
    for _ in range(4):
        log.open({"question": "?"})
        states.append([log.show(name)["state"] for name in old].count("forgotten"))

    assert states == [2, 4, 6, 6]
    assert all(len(order["payloads"]) <= 3 for order in orders(log))
    assert log.verify().ok


def test_what_is_said_of_a_forgotten_answer_is_forgotten_at_once(tmp_path: Path) -> None:
    log, _ = kept(tmp_path)
    name = log.open({"question": "Question ?"})
    log.forget(name, "demande, pendant que la réponse venait")
    log.close(name, {"reply": "Mme Xylophone-Introuvable préside."}, {"status": "answered"})
    log.append("answer.disputed", {"why": "other"}, {"note": "Xylophone-Introuvable"}, name)

    shown = log.show(name)

    assert shown["state"] == log.answers()[0].state == "forgotten"
    assert shown["payload"] is None
    assert shown["data"] == {"status": "answered", "why": "other"}
    assert log.verify().ok
    for path in log.folder.iterdir():
        assert b"Xylophone" not in path.read_bytes(), path.name


def test_all_of_one_person_is_forgotten_and_the_order_does_not_name_them(tmp_path: Path) -> None:
    log, _ = kept(tmp_path)
    theirs = [answered(log, f"Question {n} ?", "u-lise") for n in range(3)]
    other = answered(log, "Question d’un autre ?", "u-omar")
    judged(log, theirs[0], "u-omar", "note d’Omar")
    judged(log, other, "u-lise", "note de Lise")
    judged(log, other, "u-omar", "autre note d’Omar")

    assert log.forget_person("u-lise", "droit à l’effacement") == Erased(answers=3, texts=8)

    assert [log.show(name)["state"] for name in theirs] == ["forgotten"] * 3
    payload = log.show(other)["payload"]
    assert payload["question"] == "Question d’un autre ?"
    assert "judgement u-lise 0.0" not in payload
    assert payload["judgement u-omar 0.0"] == {"note": "autre note d’Omar"}
    assert "u-lise" not in str(orders(log))
    assert log.verify().ok
    with pytest.raises(AuditError):
        log.forget_person("u-lise", "encore")
    with pytest.raises(AuditError):
        log.forget_person("' OR 1 = 1 --", "jamais vue")
    assert log.show(other)["state"] == "closed"


def test_a_question_that_was_tampered_with_hides_nobody_from_being_forgotten(
    tmp_path: Path,
) -> None:
    log, _ = kept(tmp_path)
    answered(log, "Question ?", "u-omar")
    name = answered(log, "Question ?", "u-lise")
    with closing(sqlite3.connect(log.folder / "payloads.sqlite3")) as base, base:
        base.execute("UPDATE payloads SET body = CAST('not json' AS BLOB) WHERE seq = 1")

    assert log.forget_person("u-lise", "demande").answers == 1
    assert log.show(name)["state"] == "forgotten"


def test_a_crash_while_texts_expire_is_made_good_by_the_next_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, clock = kept(tmp_path)
    name = answered(log, "Question ?")
    clock.now = NOON.replace(year=2028)
    with monkeypatch.context() as patch:
        patch.setattr(log._store, "erase_marked", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            log.expire()

    log.open({"question": "?"})

    assert log.show(name)["state"] == "forgotten"
    with closing(sqlite3.connect(log.folder / "payloads.sqlite3")) as base:
        assert base.execute("SELECT body FROM payloads WHERE seq = 2").fetchone() == (None,)
    assert log.verify().ok


def test_days_of_the_list_are_those_of_utc(tmp_path: Path) -> None:
    log, clock = kept(tmp_path)
    clock.now = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
    name = log.open({"question": "?"})

    assert [e.record_id for e in log.events({"answer.opened"}, until=date(2026, 3, 31))] == [name]
    assert list(log.events({"answer.opened"}, since=date(2026, 4, 1))) == []
