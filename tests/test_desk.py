"""What a person keeps stays theirs, in their order, and comes back when taken out by mistake."""

from __future__ import annotations

import multiprocessing
import stat
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.desk import (
    MOST_EXCERPTS,
    NOTE_CHARS,
    BasketFull,
    Desk,
    DeskUnreadable,
    NothingToRestore,
    NotInBasket,
    TextTooLong,
)
from assistant.errors import QuoteMismatch
from assistant.records import Citation, DocumentKind, Evidence, Hit, Locator, Passage, Status
from tests.conftest import document

ANNE, BRUNO = "anne", "bruno"
TEXT = "Le budget est de 3,2 millions d’euros. Il sera revu en commission."


def citation(start: int = 0, end: int = 38, *, sha256: str = "0" * 64) -> Citation:
    source = replace(document(), sha256=sha256)
    passage = Passage(
        passage_id=f"{source.document_id}:0",
        document_id=source.document_id,
        text=TEXT,
        start=0,
        end=len(TEXT),
        locator=Locator(page=3, page_label="iii", section="Budget"),
    )
    quote = (TEXT * 40)[start:end]
    return Citation(passage=passage, document=source, quote=quote, start=start, end=end)


def quotes(desk: Desk, user: str) -> list[str]:
    return [one.quote for one in desk.basket(user)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "index" / "desks.sqlite3")


def three(desk: Desk) -> list[str]:
    """Three excerpts in Anne’s basket: « Le », « budget », « est »."""
    return [desk.take(ANNE, citation(a, b)).excerpt_id for a, b in ((0, 2), (3, 9), (10, 13))]


def test_an_excerpt_is_kept_whole_with_its_document_and_its_place(desk: Desk, tmp_path: Path):
    source = replace(
        document(),
        title="Projet",
        kind=DocumentKind.STRATEGY,
        status=Status.SUPERSEDED,
        superseded_by="notes/b.pdf",
        commission="Numérique",
        page_count=12,
        origins={"title": "file"},
    )
    place = Locator(speaker="Mme Leroy", speaker_role="CCI", start_s=751.0, end_s=760.5)
    wanted = citation()
    taken = desk.take(
        ANNE, replace(wanted, document=source, passage=replace(wanted.passage, locator=place))
    )

    (kept,) = Desk(tmp_path / "index" / "desks.sqlite3").basket(ANNE)

    assert kept == taken
    assert (kept.document, kept.locator, kept.quote) == (source, place, wanted.quote)
    assert (kept.start, kept.end, kept.sha256) == (0, 38, source.sha256)
    assert kept.passage_id == wanted.passage.passage_id
    assert datetime.now(UTC) - kept.added < timedelta(minutes=1)


def test_a_document_without_a_date_is_kept_without_one(desk: Desk):
    found = citation()
    desk.take(ANNE, replace(found, document=replace(found.document, date=None)))

    assert desk.basket(ANNE)[0].document.date is None


def test_a_hit_and_an_evidence_sentence_are_taken_as_they_are(desk: Desk):
    found = citation()
    hit = Hit(rank=1, score=0.5, passage=found.passage, document=found.document)
    sentence = Evidence(
        number=1,
        text=found.quote,
        start=found.start,
        end=found.end,
        score=1.0,
        passage=found.passage,
        document=found.document,
    )

    assert desk.take(ANNE, hit).quote == TEXT
    assert desk.take(ANNE, sentence).quote == found.quote


def test_the_same_words_taken_twice_are_one_entry_and_keep_their_note(desk: Desk):
    first = desk.take(ANNE, citation())
    desk.note(ANNE, first.excerpt_id, "à vérifier")

    again = desk.take(ANNE, citation())

    assert (again.excerpt_id, again.note) == (first.excerpt_id, "à vérifier")
    assert len(desk.basket(ANNE)) == 1


def test_a_new_version_of_the_document_is_another_source(desk: Desk):
    desk.take(ANNE, citation())
    desk.take(ANNE, citation(sha256="1" * 64))

    assert len(desk.basket(ANNE)) == 2


@pytest.mark.parametrize(
    "wrong", [{"end": 39}, {"quote": ""}, {"start": -1, "end": 37}, {"quote": "\ud800" + "a" * 37}]
)
def test_what_cannot_be_a_slice_of_a_stored_text_is_refused(desk: Desk, wrong: dict[str, object]):
    with pytest.raises(QuoteMismatch):
        desk.take(ANNE, replace(citation(), **wrong))
    assert desk.basket(ANNE) == ()


def test_the_basket_is_in_the_order_that_the_person_gave_it(desk: Desk):
    first, _, third = three(desk)
    assert quotes(desk, ANNE) == ["Le", "budget", "est"]

    desk.move(ANNE, third, -1)
    assert quotes(desk, ANNE) == ["Le", "est", "budget"]
    desk.move(ANNE, first, 99)
    assert quotes(desk, ANNE) == ["est", "budget", "Le"]
    desk.move(ANNE, first, -99)
    assert quotes(desk, ANNE) == ["Le", "est", "budget"]


def test_a_removal_is_undone_in_its_place_with_its_note(desk: Desk):
    _, second, _ = three(desk)
    desk.note(ANNE, second, "important")
    desk.put_back(ANNE, second)
    assert quotes(desk, ANNE) == ["Le", "est"]

    (back,) = desk.restore(ANNE)

    assert (back.excerpt_id, back.note) == (second, "important")
    assert quotes(desk, ANNE) == ["Le", "budget", "est"]


def test_clearing_is_undone_as_one_removal_and_earlier_ones_after_it(desk: Desk):
    first, *_ = three(desk)
    desk.put_back(ANNE, first)
    assert desk.clear(ANNE) == 2
    assert desk.basket(ANNE) == ()

    assert len(desk.restore(ANNE)) == 2
    assert quotes(desk, ANNE) == ["budget", "est"]
    desk.restore(ANNE)
    assert quotes(desk, ANNE) == ["Le", "budget", "est"]
    with pytest.raises(NothingToRestore):
        desk.restore(ANNE)


def test_what_was_taken_anew_meanwhile_is_not_doubled_by_an_undo(desk: Desk):
    first, *_ = three(desk)
    desk.put_back(ANNE, first)
    anew = desk.take(ANNE, citation(0, 2))

    assert desk.restore(ANNE) == ()
    assert desk.basket(ANNE)[-1].excerpt_id == anew.excerpt_id
    assert len(desk.basket(ANNE)) == 3


def test_nobody_reaches_another_ones_excerpt(desk: Desk):
    first, *_ = three(desk)

    for act in (
        lambda: desk.put_back(BRUNO, first),
        lambda: desk.note(BRUNO, first, "volé"),
        lambda: desk.move(BRUNO, first, 1),
        lambda: desk.put_back(BRUNO, "1"),
        lambda: desk.note(ANNE, "' OR 1=1 --", "x"),
    ):
        with pytest.raises(NotInBasket):
            act()
    desk.put_back(ANNE, first)
    with pytest.raises(NothingToRestore):
        desk.restore(BRUNO)
    assert desk.clear(BRUNO) == 0
    assert desk.basket(BRUNO) == ()
    assert quotes(desk, ANNE) == ["budget", "est"]
    assert {one.note for one in desk.basket(ANNE)} == {""}


def test_a_removed_excerpt_takes_no_note(desk: Desk):
    first, *_ = three(desk)
    desk.put_back(ANNE, first)

    with pytest.raises(NotInBasket):
        desk.note(ANNE, first, "trop tard")


def test_a_note_is_cleaned_and_bounded_and_never_cut_silently(desk: Desk):
    first, *_ = three(desk)

    kept = desk.note(ANNE, first, " a\tb\r\nc\x00\u202e\ud800<b>d</b> ")
    assert kept.note == desk.basket(ANNE)[0].note == "a b\nc<b>d</b>"

    assert len(desk.note(ANNE, first, "é" * NOTE_CHARS).note) == NOTE_CHARS
    with pytest.raises(TextTooLong, match="5001"):
        desk.note(ANNE, first, "é" * (NOTE_CHARS + 1))
    assert len(desk.basket(ANNE)[0].note) == NOTE_CHARS


def test_a_full_basket_says_so_and_room_is_made_by_taking_out(desk: Desk):
    for start in range(MOST_EXCERPTS):
        desk.take(ANNE, citation(start, start + 5))
    with pytest.raises(BasketFull, match="500"):
        desk.take(ANNE, citation(0, 9))
    desk.take(BRUNO, citation(0, 9))

    desk.put_back(ANNE, desk.basket(ANNE)[0].excerpt_id)
    desk.take(ANNE, citation(0, 9))
    with pytest.raises(BasketFull):
        desk.restore(ANNE)
    assert len(desk.basket(ANNE)) == MOST_EXCERPTS


def test_a_history_is_of_one_person_newest_first_and_can_be_forgotten(desk: Desk):
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for hours, record in enumerate(("aaa", "bbb", "ccc")):
        desk.remember(ANNE, record, noon + timedelta(hours=hours))
    desk.remember(ANNE, "aaa", noon + timedelta(days=1))
    desk.remember(BRUNO, "ddd", noon)

    assert desk.history(ANNE, 2) == (
        ("ccc", noon + timedelta(hours=2)),
        ("bbb", noon + timedelta(hours=1)),
    )
    assert desk.history(ANNE)[-1] == ("aaa", noon)
    assert desk.forget_history(ANNE) == 3
    assert desk.history(ANNE) == ()
    assert desk.history(BRUNO) == (("ddd", noon),)


def test_the_files_are_for_their_owner_alone(desk: Desk, tmp_path: Path):
    three(desk)

    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "index").iterdir()}
    assert set(modes) == {"desks.sqlite3", "desks.sqlite3-wal", "desks.sqlite3-shm"}
    assert set(modes.values()) == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path):
    path = tmp_path / "desks.sqlite3"
    path.touch(0o644)

    Desk(path).basket(ANNE)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _take_many(path: Path, user: str, first: int) -> None:
    desk = Desk(path)
    for start in range(first, first + 25):
        desk.take(user, citation(start, start + 3))


def test_threads_and_processes_lose_nothing_of_each_other(tmp_path: Path):
    path = tmp_path / "index" / "desks.sqlite3"
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_take_many, args=(path, ANNE, 25 * i)) for i in range(2)]
    for process in processes:
        process.start()
    desk = Desk(path)
    threads = [threading.Thread(target=_take_many_on, args=(desk, 25 * i)) for i in range(2, 5)]
    for thread in threads:
        thread.start()
    for one in (*processes, *threads):
        one.join(60)

    assert {one.start for one in desk.basket(ANNE)} == set(range(125))
    assert [p.exitcode for p in processes] == [0, 0]


def _take_many_on(desk: Desk, first: int) -> None:
    for start in range(first, first + 25):
        desk.take(ANNE, citation(start, start + 3))
    desk.close()


def test_a_field_that_a_later_version_added_does_not_hide_an_excerpt(desk: Desk):
    desk.take(ANNE, citation())
    desk._file.connection.execute(
        "UPDATE excerpts SET document = json_set(document, '$.mood', 'calm')"
    )

    assert desk.basket(ANNE)[0].document.date == date(2026, 1, 14)


def test_all_that_a_person_kept_can_be_deleted_for_good(desk: Desk):
    first, *_ = three(desk)
    desk.put_back(ANNE, first)
    desk.remember(ANNE, "aaa")
    desk.take(BRUNO, citation())

    desk.forget(ANNE)

    assert (desk.basket(ANNE), desk.history(ANNE)) == ((), ())
    with pytest.raises(NothingToRestore):
        desk.restore(ANNE)
    assert len(desk.basket(BRUNO)) == 1


def test_a_file_that_is_no_desk_is_named_with_a_remedy(tmp_path: Path):
    path = tmp_path / "desks.sqlite3"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)

    with pytest.raises(DeskUnreadable, match="desks"):
        Desk(path).basket(ANNE)
