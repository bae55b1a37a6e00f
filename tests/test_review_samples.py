"""What is drawn: the same for the same seed, from what may be judged, on record in the chain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assistant.accounts import Role
from assistant.errors import AuditError
from assistant.records import Verdict
from assistant.review import LARGEST, draw, sample_of, samples
from tests.reviews import ANA, BUDGET, NOBODY, RATE, SCHOOLS, Office, person

GOOD, BAD = Verdict.SUPPORTED, Verdict.UNSUPPORTED


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "w")


def plain(office, count):
    return [office.answer((GOOD, [RATE])) for _ in range(count)]


def test_the_same_seed_draws_the_same_also_after_more_answers(office):
    plain(office, 8)
    first = draw(office.workspace, ANA, NOBODY, size=4, seed=11)
    plain(office, 8)
    again = draw(office.workspace, ANA, NOBODY, size=4, seed=11, until=first.until)
    assert again.records == first.records
    assert again.sample != first.sample
    assert len(set(first.records)) == 4


def test_another_seed_draws_another_sample(office):
    plain(office, 12)
    drawn = {draw(office.workspace, ANA, NOBODY, size=3, seed=s).records for s in range(6)}
    assert len(drawn) > 1


def test_without_a_seed_one_is_drawn_and_kept(office):
    plain(office, 6)
    first = draw(office.workspace, ANA, NOBODY, size=3)
    again = draw(office.workspace, ANA, NOBODY, size=3, seed=first.seed, until=first.until)
    assert again.records == first.records


def test_only_what_may_be_judged_is_drawn(office):
    log = office.workspace.audit
    kept, forgotten = plain(office, 2)
    refused = office.answer((BAD, [RATE]), given=False)
    heard = office.answer((GOOD, [SCHOOLS]), evidence=[SCHOOLS])
    log.forget(forgotten, "demande")
    log.open({"question": "jamais finie"})
    stopped = log.open({"question": "arrêtée"})
    log.close(stopped, {"status": "stopped"})

    found = draw(office.workspace, ANA, NOBODY, size=50)

    assert set(found.records) == {kept, refused, heard}


def test_answers_that_show_something_hidden_are_not_drawn(office):
    mine = office.answer((GOOD, [RATE]), evidence=[RATE])
    office.answer((GOOD, [RATE]), evidence=[RATE, SCHOOLS])
    found = draw(office.workspace, ANA, frozenset({"auditions"}), size=10)
    assert found.records == (mine,)


def test_what_is_added_to_a_forgotten_answer_does_not_bring_it_back(office):
    kept, forgotten = plain(office, 2)
    office.workspace.audit.forget(forgotten, "demande")
    office.workspace.audit.append("audit.replayed", {"same": True}, record_id=forgotten)
    assert draw(office.workspace, ANA, NOBODY, size=9).records == (kept,)


def test_strata_by_collection_are_proportional_with_one_at_least(office):
    notes = {office.answer((GOOD, [RATE]), evidence=[RATE]) for _ in range(9)}
    heard = office.answer((GOOD, [SCHOOLS, BUDGET]), (GOOD, [RATE]))
    for seed in range(5):
        found = draw(office.workspace, ANA, NOBODY, size=3, seed=seed, strata="collection")
        assert heard in found.records
        assert len(notes.intersection(found.records)) == 2


def test_an_answer_without_citation_is_of_the_collection_it_found_most_in(office):
    office.answer((GOOD, [RATE]), evidence=[RATE])
    heard = office.answer(given=False, evidence=[SCHOOLS, BUDGET, RATE])
    found = draw(office.workspace, ANA, NOBODY, size=2, strata="collection")
    payload = office.workspace.audit.show(found.sample)["payload"]
    assert {"record": heard, "stratum": "auditions"} in payload["items"]
    assert payload["strata"] == {"auditions": 1, "notes": 1}


def test_strata_by_verdict_take_the_worst_of_an_answer(office):
    plain(office, 6)
    mixed = office.answer((GOOD, [RATE]), (BAD, [SCHOOLS]))
    refused = office.answer((BAD, [RATE]), given=False)
    exact = office.answer((Verdict.EXACT, [RATE]))
    found = draw(office.workspace, ANA, NOBODY, size=4, strata="verdict")
    assert {mixed, refused, exact} < set(found.records)
    sizes = office.workspace.audit.show(found.sample)["payload"]["strata"]
    assert sizes == {"abstained": 1, "exact": 1, "supported": 6, "unsupported": 1}


def test_the_order_of_judging_does_not_follow_the_strata(office):
    plain(office, 5)
    refused = [office.answer((BAD, [RATE]), given=False) for _ in range(5)]
    orders = set()
    for seed in range(6):
        found = draw(office.workspace, ANA, NOBODY, size=10, seed=seed, strata="verdict")
        orders.add(tuple(record in refused for record in found.records))
    assert len(orders) > 2


def test_fewer_answers_than_strata_are_refused(office):
    plain(office, 3)
    office.answer((BAD, [RATE]), given=False)
    with pytest.raises(AuditError, match="2 strates"):
        draw(office.workspace, ANA, NOBODY, size=1, strata="verdict")


def test_everything_reported_as_wrong_is_drawn(office):
    records = plain(office, 6)
    for record in records[1:4]:
        office.dispute(record)
    office.dispute(records[2], "source")  # twice is once
    found = draw(office.workspace, ANA, NOBODY, size=None, disputed=True)
    assert sorted(found.records) == records[1:4]
    assert found.how == "disputed"
    fewer = draw(office.workspace, ANA, NOBODY, size=2, disputed=True)
    assert set(fewer.records) < set(found.records)


def test_what_is_reported_after_the_bound_does_not_count(office):
    records = plain(office, 3)
    office.dispute(records[0])
    first = draw(office.workspace, ANA, NOBODY, size=None, disputed=True)
    office.dispute(records[1])
    again = draw(office.workspace, ANA, NOBODY, size=None, disputed=True, until=first.until)
    assert again.records == first.records == (records[0],)


def test_a_period_bounds_what_is_drawn(office):
    before = plain(office, 2)
    middle = datetime.now(UTC)
    after = plain(office, 2)
    drawn = [
        draw(office.workspace, ANA, NOBODY, size=9, since=middle),
        draw(office.workspace, ANA, NOBODY, size=9, until=middle),
        draw(office.workspace, ANA, NOBODY, size=9, since=middle.date(), until=middle.date()),
    ]
    assert [set(one.records) for one in drawn] == [set(after), set(before), {*before, *after}]
    with pytest.raises(AuditError):
        draw(office.workspace, ANA, NOBODY, size=9, until=middle.date() - timedelta(days=1))


def test_a_bound_in_the_future_is_now(office):
    plain(office, 1)
    found = draw(office.workspace, ANA, NOBODY, size=1, until=datetime(2999, 1, 1))
    assert found.until <= datetime.now(UTC)


def test_a_draw_is_a_record_of_the_chain(office):
    records = plain(office, 3)
    found = draw(office.workspace, ANA, NOBODY, size=2, seed=5)
    (entry,) = office.workspace.audit.events({"review.sampled"})
    assert entry.record_id == found.sample
    assert dict(entry.data) == {
        "by": ANA.user_id,
        "seed": 5,
        "how": "random",
        "strata": None,
        "size": 2,
    }
    assert set(found.records) < set(records)
    assert office.workspace.audit.verify().ok


def test_samples_are_found_again(office):
    plain(office, 3)
    one = draw(office.workspace, ANA, NOBODY, size=1)
    two = draw(office.workspace, ANA, NOBODY, size=2, strata="verdict")
    assert samples(office.workspace) == (two, one)
    assert sample_of(office.workspace, one.sample) == one
    office.workspace.audit.forget(one.sample, "trop vieux")
    assert samples(office.workspace) == (two,)


def test_an_answer_is_not_a_sample(office):
    (record,) = plain(office, 1)
    gone = draw(office.workspace, ANA, NOBODY, size=1).sample
    office.workspace.audit.forget(gone, "trop vieux")
    for name in (record, gone, "nulle-part-ici"):
        with pytest.raises(AuditError):
            sample_of(office.workspace, name)


@pytest.mark.parametrize("size", [None, 0, -1, LARGEST + 1])
def test_a_size_that_cannot_be_is_refused(office, size):
    plain(office, 1)
    with pytest.raises(AuditError, match="taille"):
        draw(office.workspace, ANA, NOBODY, size=size)


def test_nothing_to_draw_is_said(office):
    with pytest.raises(AuditError, match="Aucune réponse"):
        draw(office.workspace, ANA, NOBODY, size=1)
    assert samples(office.workspace) == ()


@pytest.mark.parametrize(
    "who",
    [person("Agent", Role.AGENT), person("Chef", Role.ADMIN), person("Parti", active=False)],
)
def test_nobody_draws_without_the_right(office, who):
    plain(office, 1)
    with pytest.raises(AuditError, match="droit"):
        draw(office.workspace, who, NOBODY, size=1)
