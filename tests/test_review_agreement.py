"""The agreement of evaluators: published figures, figures by hand, and real reviews."""

from __future__ import annotations

from itertools import combinations

import pytest
from sklearn.metrics import cohen_kappa_score

from assistant.errors import AuditError
from assistant.records import Verdict
from assistant.review import agreement, assignment, disagreements, draw, judge
from assistant.review.reliability import reliability
from tests.reviews import ANA, BOB, CLEO, NOBODY, RATE, SCHOOLS, Office, person, walk

GOOD = Verdict.SUPPORTED
_ = None
# Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section C: four observers,
# twelve units, data missing.
FOUR_OBSERVERS = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    "C": [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
}


def said(rows):
    """By unit, what each person said, from rows of one person each."""
    units = range(len(next(iter(rows.values()))))
    return {
        unit: {who: str(row[unit]) for who, row in rows.items() if row[unit] is not None}
        for unit in units
    }


def test_alpha_is_that_of_the_published_example():
    found = reliability(said(FOUR_OBSERVERS))
    assert found.alpha == pytest.approx(0.743, abs=5e-4)
    assert (found.judged, found.n) == (12, 11)  # the last unit has one judgement
    assert found.evaluators == ("A", "B", "C", "D")


def test_alpha_of_two_observers_is_that_of_the_published_example():
    # the same text, section A: two observers, ten units, binary; alpha = .095
    found = reliability(
        said({"A": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "B": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]})
    )
    assert found.alpha == pytest.approx(0.095, abs=5e-4)
    assert found.raw == pytest.approx(0.6)


def test_alpha_of_five_categories_is_that_of_the_published_example():
    # the same text, section B: two observers, twelve units, five categories; alpha = .692
    found = reliability(said({"A": list("aabbdcccedda"), "B": list("babbbccceddd")}))
    assert found.alpha == pytest.approx(0.692, abs=5e-4)


def test_alpha_is_what_its_definition_gives():
    assert reliability(said(FOUR_OBSERVERS)).alpha == pytest.approx(
        _alpha_by_hand(said(FOUR_OBSERVERS))
    )


def _alpha_by_hand(units):
    """1 - Do/De from the coincidences, as the definition says."""
    pairs, totals = [], {}
    for here in units.values():
        keys = list(here.values())
        if len(keys) < 2:
            continue
        for i, a in enumerate(keys):
            totals[a] = totals.get(a, 0) + 1
            pairs += [(a != b) / (len(keys) - 1) for j, b in enumerate(keys) if i != j]
    n = sum(totals.values())
    expected = sum(x * y for a, x in totals.items() for b, y in totals.items() if a != b)
    return 1 - (n - 1) * sum(pairs) / expected


def test_kappa_is_as_computed_by_hand():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: po = .7, pe = .5 x .6 + .5 x .4 = .5
    rows = {"A": "y" * 25 + "n" * 25, "B": "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15}
    found = reliability(said({who: list(row) for who, row in rows.items()}))
    (pair,) = found.pairs
    assert (pair.n, pair.raw) == (50, 0.7)
    assert pair.kappa == pytest.approx(0.4)


def test_kappa_is_that_of_scikit_learn_on_what_both_judged():
    rows = FOUR_OBSERVERS
    found = {(pair.one, pair.other): pair for pair in reliability(said(rows)).pairs}
    assert len(found) == 6
    for one, other in combinations("ABCD", 2):
        both = [(a, b) for a, b in zip(rows[one], rows[other], strict=True) if a and b]
        expected = cohen_kappa_score([a for a, _ in both], [b for _, b in both])
        assert found[one, other].n == len(both)
        assert found[one, other].kappa == pytest.approx(expected)


def test_what_one_person_alone_judged_changes_no_figure():
    rows = {"A": list("yynn"), "B": list("ynnn")}
    alone = {"A": list("yynnyyyy"), "B": [*"ynnn", _, _, _, _]}
    one, other = reliability(said(rows)), reliability(said(alone))
    assert (one.raw, one.alpha, one.pairs) == (other.raw, other.alpha, other.pairs)
    assert (one.n, other.n, other.judged) == (4, 4, 8)


def test_complete_agreement_is_one_and_systematic_disagreement_is_below_chance():
    agreed = reliability(said({"A": list("yynn"), "B": list("yynn")}))
    assert (agreed.raw, agreed.alpha, agreed.pairs[0].kappa) == (1.0, 1.0, 1.0)
    opposed = reliability(said({"A": list("yynn"), "B": list("nnyy")}))
    assert opposed.raw == 0.0
    assert opposed.alpha == pytest.approx(-0.75)
    assert opposed.pairs[0].kappa == pytest.approx(-1.0)


def test_one_and_the_same_judgement_throughout_has_no_kappa_and_no_alpha():
    found = reliability(said({"A": list("yyy"), "B": list("yyy")}))
    assert (found.raw, found.alpha, found.pairs[0].kappa) == (1.0, None, None)


def test_nothing_judged_twice_says_nothing():
    for rows in ({}, {0: {"A": "y"}, 1: {"B": "n"}}):
        found = reliability(rows)
        assert (found.n, found.raw, found.alpha, found.pairs) == (0, None, None, ())


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "w")


@pytest.fixture
def sample(office):
    for _ in range(4):
        office.answer((GOOD, [RATE]), (GOOD, [SCHOOLS]))
    return draw(office.workspace, ANA, NOBODY, size=4, seed=1)


def test_citations_and_answers_are_counted_apart(office, sample):
    walk(office.workspace, sample, ANA, "supports")
    last = sample.records[-1]
    walk(
        office.workspace,
        sample,
        BOB,
        lambda item: (
            ("incomplete" if item.place.record == last else "complete")
            if item.place.whole
            else ("does_not" if item.place.claim == 1 else "supports")
        ),
    )
    found = agreement(office.workspace, sample, CLEO, NOBODY)
    assert (found.citations.n, found.citations.raw) == (8, 0.5)
    assert (found.answers.n, found.answers.raw) == (4, 0.75)
    assert found.citations.pairs[0].kappa == pytest.approx(0.0)
    assert found.revised == 0
    listed = disagreements(office.workspace, sample, CLEO, NOBODY)
    assert len(listed) == 5
    assert {d.place.claim for d in listed} == {1, None}
    whole = next(d for d in listed if d.place.whole)
    assert (whole.claim, whole.citation, whole.refused) == (None, None, False)
    assert {d.citation.quote for d in listed if not d.place.whole} == {SCHOOLS}
    assert [d.place.record for d in listed] == sorted(
        (d.place.record for d in listed), key=sample.records.index
    )


def test_three_people_and_missing_judgements(office, sample):
    walk(office.workspace, sample, ANA)
    walk(office.workspace, sample, BOB)
    item = assignment(office.workspace, sample, CLEO, NOBODY)
    judge(office.workspace, sample, CLEO, NOBODY, item.place, "does_not")
    found = agreement(office.workspace, sample, ANA, NOBODY)
    assert found.citations.evaluators == (ANA.user_id, BOB.user_id, CLEO.user_id)
    assert len(found.citations.pairs) == 3
    assert found.citations.raw == pytest.approx(8 / 10)  # 8 pairs alike, 2 with Cleo not
    assert found.answers.evaluators == (ANA.user_id, BOB.user_id)


def test_settling_does_not_make_people_agree(office, sample):
    from assistant.review import settle

    walk(office.workspace, sample, ANA, "supports")
    walk(office.workspace, sample, BOB, "does_not")
    before = agreement(office.workspace, sample, ANA, NOBODY)
    place = disagreements(office.workspace, sample, ANA, NOBODY)[0].place
    settle(office.workspace, sample, CLEO, NOBODY, place, "supports")
    assert agreement(office.workspace, sample, ANA, NOBODY) == before


def test_a_forgotten_answer_still_counts_but_nothing_of_it_is_shown(office, sample):
    walk(office.workspace, sample, ANA, "supports", note="note d’Ana")
    walk(office.workspace, sample, BOB, "does_not")
    before = agreement(office.workspace, sample, ANA, NOBODY)
    gone = sample.records[0]
    office.workspace.audit.forget(gone, "demande")
    assert agreement(office.workspace, sample, ANA, NOBODY) == before
    listed = disagreements(office.workspace, sample, ANA, NOBODY)
    assert len(listed) == 6
    assert gone not in {d.place.record for d in listed}


def test_what_shows_something_hidden_is_left_out(office):
    office.answer((GOOD, [RATE]), evidence=[RATE])
    office.answer((GOOD, [SCHOOLS]), evidence=[SCHOOLS])
    sample = draw(office.workspace, ANA, NOBODY, size=2)
    walk(office.workspace, sample, ANA, "supports")
    walk(office.workspace, sample, BOB, "does_not")
    hidden = frozenset({"auditions"})
    assert agreement(office.workspace, sample, CLEO, hidden).citations.n == 1
    (one,) = disagreements(office.workspace, sample, CLEO, hidden)
    assert one.citation.quote == RATE


def test_the_agreement_is_not_shown_to_whoever_is_still_judging(office, sample):
    walk(office.workspace, sample, ANA)
    item = assignment(office.workspace, sample, BOB, NOBODY)
    judge(office.workspace, sample, BOB, NOBODY, item.place, "does_not")
    with pytest.raises(AuditError, match="1 sur 12"):
        agreement(office.workspace, sample, BOB, NOBODY)


def test_names_are_pseudonyms(office, sample):
    who = person("Zoé Durand-Martin")
    walk(office.workspace, sample, who)
    shown = repr(agreement(office.workspace, sample, ANA, NOBODY))
    assert who.user_id in shown
    assert "Zoé Durand" not in shown
