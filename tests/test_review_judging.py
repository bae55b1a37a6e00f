"""Each judgement is a record of the chain at once; the work stops and goes on anywhere."""

from __future__ import annotations

import multiprocessing
from collections import Counter

import pytest

from assistant.accounts import LOCAL_USER, Role
from assistant.errors import AuditError
from assistant.records import Verdict
from assistant.review import (
    LONGEST_NOTE,
    Place,
    Progress,
    assignment,
    disagreements,
    draw,
    item_at,
    item_before,
    judge,
    overview,
    progress,
    settle,
)
from assistant.review.standing import standing
from assistant.workspace import Workspace
from tests.reviews import ANA, BOB, CLEO, NOBODY, RATE, SCHOOLS, Office, person, walk

GOOD = Verdict.SUPPORTED


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "w")


@pytest.fixture
def sample(office):
    """Three answers of two claims with a citation each: nine things to judge."""
    for _ in range(3):
        office.answer((GOOD, [RATE]), (GOOD, [SCHOOLS]))
    return draw(office.workspace, ANA, NOBODY, size=3, seed=1)


def first(office, sample, who=ANA):
    item = assignment(office.workspace, sample, who, NOBODY)
    assert item is not None
    return item


def test_a_judgement_is_a_record_of_the_chain_at_once(office, sample):
    place = first(office, sample).place
    judge(office.workspace, sample, ANA, NOBODY, place, "partly", note="  seul le taux y est ")
    (entry,) = office.workspace.audit.events({"review.judged"})
    assert entry.record_id == place.record
    assert dict(entry.data) == {
        "sample": sample.sample,
        "by": ANA.user_id,
        "claim": place.claim,
        "citation": place.citation,
        "judgement": "partly",
    }
    kept = office.workspace.audit.show(place.record)["payload"]
    key = f"judgement {ANA.user_id} {place.claim}.{place.citation}"
    assert kept[key]["note"] == "seul le taux y est"
    assert office.workspace.audit.verify().ok


def test_the_answer_as_a_whole_is_judged_last(office, sample):
    places = walk(office.workspace, sample, ANA)
    assert [place.whole for place in places] == [False, False, True] * 3
    assert tuple(place.record for place in places[::3]) == sample.records


def test_a_later_judgement_replaces_the_earlier_and_both_are_kept(office, sample):
    place = first(office, sample).place
    judge(office.workspace, sample, ANA, NOBODY, place, "supports", note="vite")
    judge(office.workspace, sample, ANA, NOBODY, place, "does_not", note="relu")
    mine = item_at(office.workspace, sample, ANA, NOBODY, place).mine
    assert (mine.key, mine.note) == ("does_not", "relu")
    keys = [e.data["judgement"] for e in office.workspace.audit.events({"review.judged"})]
    assert keys == ["supports", "does_not"]
    assert progress(office.workspace, sample, ANA, NOBODY) == Progress(done=1, of=9)


def test_progress_is_said_at_each_thing(office, sample):
    places = [first(office, sample).place]
    judge(office.workspace, sample, ANA, NOBODY, places[0], "supports")
    item = first(office, sample)
    assert (item.number, item.done, item.of) == (2, 1, 9)


def test_what_was_skipped_comes_again_at_the_end(office, sample):
    skipped = first(office, sample).place
    item = assignment(office.workspace, sample, ANA, NOBODY, after=skipped)
    seen = []
    while item is not None and item.place != skipped:
        seen.append(item.place)
        judge(office.workspace, sample, ANA, NOBODY, item.place, item.choices[0].key)
        item = assignment(office.workspace, sample, ANA, NOBODY, after=item.place)
    assert len(seen) == 8
    assert item is not None and item.place == skipped


def test_one_goes_back_to_what_was_judged(office, sample):
    start = first(office, sample).place
    assert item_before(office.workspace, sample, ANA, NOBODY, start) is None
    judge(office.workspace, sample, ANA, NOBODY, start, "partly", note="à revoir")
    here = first(office, sample).place
    before = item_before(office.workspace, sample, ANA, NOBODY, here)
    assert before.place == start
    assert (before.mine.key, before.mine.note) == ("partly", "à revoir")


def test_the_work_goes_on_after_a_crash(office, sample):
    for _ in range(4):
        item = first(office, sample)
        judge(office.workspace, sample, ANA, NOBODY, item.place, item.choices[0].key)
    expected = first(office, sample)
    elsewhere = Workspace.open(office.workspace.settings.workspace)
    assert assignment(elsewhere, sample, ANA, NOBODY) == expected


def test_nothing_is_left_at_the_end(office, sample):
    walk(office.workspace, sample, ANA)
    assert assignment(office.workspace, sample, ANA, NOBODY) is None
    assert progress(office.workspace, sample, ANA, NOBODY) == Progress(done=9, of=9)
    assert progress(office.workspace, sample, BOB, NOBODY) == Progress(done=0, of=9)


def test_the_newest_samples_come_first_with_ones_own_progress(office, sample):
    again = draw(office.workspace, ANA, NOBODY, size=1, seed=9)
    item = first(office, sample)
    judge(office.workspace, sample, ANA, NOBODY, item.place, "supports")
    walk(office.workspace, again, BOB)
    assert overview(office.workspace, ANA, NOBODY) == (
        (again, Progress(done=0, of=3)),
        (sample, Progress(done=1, of=9)),
    )
    assert overview(office.workspace, BOB, NOBODY, most=1) == ((again, Progress(done=3, of=3)),)


def _work_in_a_process(folder, sample, who):
    walk(Workspace.open(folder), sample, who)


def test_two_evaluators_work_at_the_same_time(office, sample):
    folder = office.workspace.settings.workspace
    context = multiprocessing.get_context("spawn")
    people = [
        context.Process(target=_work_in_a_process, args=(folder, sample, who)) for who in (ANA, BOB)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join(120)
    assert [one.exitcode for one in people] == [0, 0]
    by = Counter(e.data["by"] for e in office.workspace.audit.events({"review.judged"}))
    assert by == {ANA.user_id: 9, BOB.user_id: 9}
    assert office.workspace.audit.verify().ok


def test_the_local_person_judges_without_an_account(office, sample):
    place = first(office, sample, LOCAL_USER).place
    judge(office.workspace, sample, LOCAL_USER, NOBODY, place, "supports")
    (entry,) = office.workspace.audit.events({"review.judged"})
    assert entry.data["by"] == "local"


@pytest.mark.parametrize("role", [Role.AGENT, Role.RAPPORTEUR, Role.ADMIN])
def test_nobody_judges_without_the_right(office, sample, role):
    who = person("Intrus", role)
    place = first(office, sample).place
    for refused in (
        lambda: judge(office.workspace, sample, who, NOBODY, place, "supports"),
        lambda: settle(office.workspace, sample, who, NOBODY, place, "supports"),
        lambda: assignment(office.workspace, sample, who, NOBODY),
        lambda: item_at(office.workspace, sample, who, NOBODY, place),
        lambda: disagreements(office.workspace, sample, who, NOBODY),
    ):
        with pytest.raises(AuditError, match="n’a pas le droit"):
            refused()
    assert list(office.workspace.audit.events({"review.judged"})) == []


def test_what_is_outside_the_sample_is_not_judged(office, sample):
    other = office.answer((GOOD, [RATE]))
    for record in (other, sample.sample, "x" * 17):
        place = Place(record=record, claim=0, citation=0)
        with pytest.raises(AuditError, match="pas à juger dans le tirage"):
            judge(office.workspace, sample, ANA, NOBODY, place, "supports")
        with pytest.raises(AuditError, match="pas à juger dans le tirage"):
            item_at(office.workspace, sample, ANA, NOBODY, place)


@pytest.mark.parametrize(("claim", "citation"), [(2, 0), (0, 1), (-1, 0), (0, None)])
def test_what_does_not_exist_is_not_judged(office, sample, claim, citation):
    place = Place(record=sample.records[0], claim=claim, citation=citation)
    with pytest.raises(AuditError, match="n’a pas de citation"):
        judge(office.workspace, sample, ANA, NOBODY, place, "supports")
    with pytest.raises(AuditError, match="n’a pas de citation"):
        item_before(office.workspace, sample, ANA, NOBODY, place)


def test_a_word_that_is_not_offered_is_refused(office, sample):
    record = sample.records[0]
    for place, key in (
        (Place(record=record, claim=0, citation=0), "complete"),
        (Place(record=record), "supports"),
        (Place(record=record), "rightly_refused"),  # it was not refused
        (Place(record=record), "<b>"),
    ):
        with pytest.raises(AuditError, match="n’est pas un jugement"):
            judge(office.workspace, sample, ANA, NOBODY, place, key)


def test_a_note_too_long_is_refused_rather_than_cut(office, sample):
    place = first(office, sample).place
    with pytest.raises(AuditError, match="note"):
        judge(office.workspace, sample, ANA, NOBODY, place, "partly", note="a" * 2001)
    judge(office.workspace, sample, ANA, NOBODY, place, "partly", note="a" * LONGEST_NOTE)


def test_a_note_cannot_move_the_cursor(office, sample):
    place = first(office, sample).place
    judge(office.workspace, sample, ANA, NOBODY, place, "partly", note="vu\x1b[2J\u202e<b>ici</b>")
    mine = item_at(office.workspace, sample, ANA, NOBODY, place).mine
    assert mine.note == "vu[2J<b>ici</b>"


def test_an_answer_forgotten_since_is_no_longer_to_be_judged(office, sample):
    gone = sample.records[1]
    office.workspace.audit.forget(gone, "demande")
    assert progress(office.workspace, sample, ANA, NOBODY).of == 6
    with pytest.raises(AuditError, match="pas à juger"):
        judge(office.workspace, sample, ANA, NOBODY, Place(record=gone), "complete")
    assert gone not in {place.record for place in walk(office.workspace, sample, ANA)}


def test_answers_that_an_evaluator_may_not_read_are_not_theirs(office):
    mine = office.answer((GOOD, [RATE]), evidence=[RATE])
    office.answer((GOOD, [SCHOOLS]), evidence=[SCHOOLS])
    sample = draw(office.workspace, ANA, NOBODY, size=2)
    hidden = frozenset({"auditions"})
    assert progress(office.workspace, sample, BOB, hidden).of == 2
    places = walk(office.workspace, sample, BOB, hidden=hidden)
    assert {place.record for place in places} == {mine}


def test_the_same_answer_in_two_samples_is_judged_twice(office, sample):
    again = draw(office.workspace, ANA, NOBODY, size=3, seed=1)
    place = first(office, sample).place
    judge(office.workspace, sample, ANA, NOBODY, place, "partly", note="une")
    assert item_at(office.workspace, again, ANA, NOBODY, place).mine is None
    judge(office.workspace, again, ANA, NOBODY, place, "supports", note="deux")
    one = item_at(office.workspace, sample, ANA, NOBODY, place).mine
    two = item_at(office.workspace, again, ANA, NOBODY, place).mine
    assert (one.key, one.note) == ("partly", "une")
    assert (two.key, two.note) == ("supports", "deux")


def test_what_is_to_judge_is_named_by_a_word_that_reads_back():
    for place in (Place(record="0" * 17), Place(record="a" * 17, claim=3, citation=12)):
        assert Place.parse(str(place)) == place
    for text in ("", "0" * 16, "0" * 17 + ":1", "../" + "0" * 14, "0" * 17 + ":0.0\n", "٣" * 17):
        assert Place.parse(text) is None


def finished(office, sample):
    walk(office.workspace, sample, ANA, "supports", note="note d’Ana")
    walk(office.workspace, sample, BOB, "does_not", note="note de Bob")
    return Place(record=sample.records[0], claim=0, citation=0)


def test_a_disagreement_is_settled_on_record(office, sample):
    place = finished(office, sample)
    settle(office.workspace, sample, CLEO, NOBODY, place, "partly", note="le taux seul")
    (entry,) = office.workspace.audit.events({"review.settled"})
    assert (entry.record_id, entry.data["by"], entry.data["judgement"]) == (
        place.record,
        CLEO.user_id,
        "partly",
    )
    one = next(d for d in disagreements(office.workspace, sample, ANA, NOBODY) if d.place == place)
    assert (one.settled.key, one.settled.by, one.settled.note) == (
        "partly",
        CLEO.user_id,
        "le taux seul",
    )
    assert [(said.by, said.key, said.note) for said in one.judgements] == [
        (ANA.user_id, "supports", "note d’Ana"),
        (BOB.user_id, "does_not", "note de Bob"),
    ]
    assert office.workspace.audit.verify().ok


def test_one_who_judged_may_settle_and_both_notes_stay(office, sample):
    place = finished(office, sample)
    settle(office.workspace, sample, ANA, NOBODY, place, "does_not", note="Bob a raison")
    one = next(d for d in disagreements(office.workspace, sample, ANA, NOBODY) if d.place == place)
    assert one.settled.note == "Bob a raison"
    assert one.judgements[0].note == "note d’Ana"


def test_what_nobody_disagrees_on_is_not_settled(office, sample):
    finished(office, sample)
    place = Place(record=sample.records[0])  # both said the answer is complete
    with pytest.raises(AuditError, match="pas de désaccord"):
        settle(office.workspace, sample, CLEO, NOBODY, place, "incomplete")


def test_a_settled_judgement_is_not_changed_afterwards(office, sample):
    place = finished(office, sample)
    settle(office.workspace, sample, CLEO, NOBODY, place, "supports")
    with pytest.raises(AuditError, match="tranché"):
        judge(office.workspace, sample, BOB, NOBODY, place, "supports")


def test_whoever_settles_does_not_judge_that_sample_any_more(office, sample):
    place = finished(office, sample)
    settle(office.workspace, sample, CLEO, NOBODY, place, "supports")
    with pytest.raises(AuditError, match="aveugle"):
        judge(office.workspace, sample, CLEO, NOBODY, place, "supports")


def test_a_third_person_still_judges_blind_what_others_settled(office, sample):
    place = finished(office, sample)
    settle(office.workspace, sample, ANA, NOBODY, place, "supports")
    walk(office.workspace, sample, CLEO, "partly")
    assert progress(office.workspace, sample, CLEO, NOBODY).done == 9


def test_nobody_sees_what_others_said_before_the_end_of_their_own_work(office, sample):
    walk(office.workspace, sample, ANA)
    item = first(office, sample, BOB)
    judge(office.workspace, sample, BOB, NOBODY, item.place, "does_not")
    for refused in (
        lambda: disagreements(office.workspace, sample, BOB, NOBODY),
        lambda: settle(office.workspace, sample, BOB, NOBODY, item.place, "supports"),
    ):
        with pytest.raises(AuditError, match="1 sur 9"):
            refused()
    walk(office.workspace, sample, BOB)
    assert [d.place for d in disagreements(office.workspace, sample, BOB, NOBODY)] == [item.place]


def test_a_judgement_changed_once_another_was_there_is_counted(office, sample):
    place = first(office, sample).place
    judge(office.workspace, sample, ANA, NOBODY, place, "supports")
    judge(office.workspace, sample, ANA, NOBODY, place, "partly")  # alone: still blind for sure
    judge(office.workspace, sample, BOB, NOBODY, place, "does_not")
    judge(office.workspace, sample, ANA, NOBODY, place, "partly", note="précision")
    assert standing(office.workspace, sample).revised == 0
    judge(office.workspace, sample, ANA, NOBODY, place, "does_not")
    assert standing(office.workspace, sample).revised == 1
