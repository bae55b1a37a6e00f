"""An evaluator judges blind: nothing shown depends on what the machine or the others thought."""

from __future__ import annotations

import copy
from dataclasses import asdict

import pytest

from assistant.records import Verdict
from assistant.review import AnswerShown, CitationShown, Place, assignment, draw, judge
from assistant.review.items import places_in, shown_of
from assistant.sources import WIDTHS_PX
from tests.reviews import ANA, BOB, BUDGET, NOBODY, RATE, SCHOOLS, WHY, Office, texts, walk

EXACT, GOOD, BAD = Verdict.EXACT, Verdict.SUPPORTED, Verdict.UNSUPPORTED


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "w")


def every_item(office, sample, who):
    """All that one person is shown from beginning to end, without judging anything."""
    found, seen = [], None
    for _ in range(100):
        item = assignment(office.workspace, sample, who, NOBODY, after=seen)
        if item is None or item in found:
            return found
        found.append(item)
        seen = item.place
    raise AssertionError("it never ends")


def otherwise(payload):
    """The same words and sources, but everything the machine thought of them is different."""
    other = copy.deepcopy(payload)
    verdicts = ["exact", "supported", "unsupported"]
    for number, claim in enumerate(other["claims"]):
        claim["verdict"] = verdicts[(verdicts.index(claim["verdict"]) + 1 + number) % 3]
        claim["reason"] = f"autre motif {number}"
    for number, sentence in enumerate(other["evidence"]):
        sentence["score"], sentence["answers"] = number / 7, None
    other["reason"], other["suggestion"] = "autre raison", "autre piste"
    other["raw"], other["threshold"], other["given"] = "autre brouillon", 9.9, [2, 1]
    other["judgement u-bob 0.0"] = {"note": "faux", "judgement": "does_not", "notes": {}}
    other["dispute u-x"] = {"by": "u-x", "why": "figure"}
    return other


def test_what_is_shown_does_not_depend_on_any_verdict(office):
    record = office.answer((EXACT, [RATE]), (BAD, [SCHOOLS, BUDGET]), (GOOD, [BUDGET]))
    payload = office.workspace.audit.show(record)["payload"]
    other = otherwise(payload)
    assert other != payload

    places = places_in(record, payload, 5)
    assert places == places_in(record, other, 5)
    for place in places:
        one = shown_of(office.workspace, place, payload, NOBODY, WIDTHS_PX[0])
        assert one == shown_of(office.workspace, place, other, NOBODY, WIDTHS_PX[0])


def test_whether_it_was_refused_is_shown_with_the_whole_answer_only(office):
    record = office.answer((BAD, [RATE]), (BAD, [SCHOOLS]), given=False)
    payload = office.workspace.audit.show(record)["payload"]
    other = {**otherwise(payload), "status": "answered"}

    *citations, whole = places_in(record, payload, 5)
    assert [*citations, whole] == [*places_in(record, other, 5)]
    for place in citations:
        one = shown_of(office.workspace, place, payload, NOBODY, WIDTHS_PX[0])
        assert one == shown_of(office.workspace, place, other, NOBODY, WIDTHS_PX[0])
    here, there = (
        asdict(shown_of(office.workspace, whole, said, NOBODY, WIDTHS_PX[0]))
        for said in (payload, other)
    )
    assert here.pop("refused") is True
    assert there.pop("refused") is False
    assert here == there


def test_nothing_of_the_verifier_is_in_any_record_given_to_an_evaluator(office):
    office.answer((EXACT, [RATE]), (BAD, [SCHOOLS, BUDGET]))
    office.answer((BAD, [SCHOOLS]), given=False)
    sample = draw(office.workspace, ANA, NOBODY, size=2, seed=1, strata="verdict")
    shown = [texts(item) for item in every_item(office, sample, ANA)]
    assert len(shown) == 6  # four citations, two answers
    secrets = (WHY, "unsupported", "abstained", "stratum", "0.987654", "3.141592", "0.123456")
    for text in [*shown, texts(sample)]:
        assert not [secret for secret in secrets if secret in text]
        assert "exact" not in text.replace("exact_", "")


def test_what_one_evaluator_says_changes_nothing_that_another_is_shown(office):
    records = [office.answer((GOOD, [RATE]), (BAD, [SCHOOLS])) for _ in range(3)]
    office.dispute(records[0])
    sample = draw(office.workspace, ANA, NOBODY, size=3, seed=1)
    before = every_item(office, sample, BOB)
    walk(office.workspace, sample, ANA, "wrong_source", note="une-note-d-Ana")
    after = every_item(office, sample, BOB)
    assert after == before
    seen = "".join(map(texts, after))
    assert not [s for s in (ANA.user_id, "wrong_source", "une-note-d-Ana") if s in seen]


def test_claims_are_judged_in_an_order_that_says_nothing_of_the_answer(office):
    first = set()
    for _ in range(40):  # all three come first but once in three million runs
        record = office.answer((GOOD, [RATE]), (GOOD, [SCHOOLS]), (BAD, [BUDGET]))
        payload = office.workspace.audit.show(record)["payload"]
        first.add(places_in(record, payload, 1)[0].claim)
    assert first == {0, 1, 2}


def test_the_citations_of_one_claim_are_judged_together_and_the_answer_last(office):
    record = office.answer((GOOD, [RATE, SCHOOLS]), (GOOD, [BUDGET, RATE]), (BAD, []))
    payload = office.workspace.audit.show(record)["payload"]
    *citations, last = places_in(record, payload, 2)
    assert last == Place(record=record)
    claims = [place.claim for place in citations]
    assert claims in ([0, 0, 1, 1], [1, 1, 0, 0])
    assert [place.citation for place in citations] == [0, 1, 0, 1]


def test_a_citation_is_shown_in_its_place(office):
    office.answer((GOOD, [RATE]))
    sample = draw(office.workspace, ANA, NOBODY, size=1)
    item = assignment(office.workspace, sample, ANA, NOBODY)
    assert isinstance(item.shown, CitationShown)
    assert item.shown.citation.quote == RATE
    assert item.shown.source.section.quoted[0].after.startswith(" Ce taux est suivi")
    assert item.shown.unshown is None


def test_a_quotation_of_a_changed_document_is_shown_as_it_was_given(office, tmp_path):
    from tests.reviews import NOTE
    from tests.shelves import put

    office.answer((GOOD, [RATE]))
    sample = draw(office.workspace, ANA, NOBODY, size=1)
    put(office.workspace, "notes/fibre.md", "Préambule.\n\n" + NOTE, "Note sur la fibre")
    moved = assignment(office.workspace, sample, ANA, NOBODY).shown
    assert moved.source.quote == RATE
    assert moved.source.changed is not None
    put(office.workspace, "notes/fibre.md", NOTE.replace("87 %", "91 %"), "Note sur la fibre")
    gone = assignment(office.workspace, sample, ANA, NOBODY).shown
    assert gone.citation.quote == RATE
    assert gone.source is None
    assert "a changé" in gone.unshown.fr


def test_a_quotation_of_a_withdrawn_document_is_shown_as_it_was_given(office):
    office.answer((GOOD, [RATE]))
    sample = draw(office.workspace, ANA, NOBODY, size=1)
    catalogue = office.workspace.catalogue
    row = catalogue.find(office.note.document_id, catalogue.generation).row
    catalogue.publish(catalogue.generation + 1, adds=[], retires=[row])
    shown = assignment(office.workspace, sample, ANA, NOBODY).shown
    assert shown.citation.quote == RATE
    assert shown.source is None
    assert "plus dans le corpus" in shown.unshown.fr


def test_an_answer_is_judged_with_what_was_found_beside_it(office):
    office.answer((BAD, [RATE]), given=False)
    sample = draw(office.workspace, ANA, NOBODY, size=1)
    citation = assignment(office.workspace, sample, ANA, NOBODY)
    judge(office.workspace, sample, ANA, NOBODY, citation.place, "supports")
    whole = assignment(office.workspace, sample, ANA, NOBODY)
    assert isinstance(whole.shown, AnswerShown)
    assert whole.shown.refused
    assert [found.quote for found in whole.shown.evidence] == [RATE, SCHOOLS]
    assert {choice.key for choice in whole.choices} == {"rightly_refused", "incomplete"}
