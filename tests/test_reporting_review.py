"""What people said of the answers, counted: precision as they see it, the verifier beside them."""

from collections.abc import Iterable

import pytest

from assistant.figures.shares import Share
from assistant.records import DocumentKind, Verdict
from assistant.reporting import report
from assistant.reporting.groups import Human
from assistant.reporting.judgements import held
from assistant.reporting.records import Drawn, How, Judgement, Outcome
from tests.report_logs import answer, avis, judge, said, sampled, small_log, source, workspace_in


@pytest.fixture
def workspace(tmp_path):
    return workspace_in(tmp_path)


def counted(share: Share) -> tuple[int, int]:
    return share.count, share.of


# --- what people hold ---------------------------------------------------------------


def word(key: str, by: str = "e1") -> Judgement:
    return Judgement(by=by, key=key, time="", sample=None, drawn=Drawn.UNSAMPLED, settles=False)


def words(keys: Iterable[str]) -> list[Judgement]:
    return [word(key, f"e{n}") for n, key in enumerate(keys)]


@pytest.mark.parametrize(
    ("keys", "settled", "key", "how"),
    [
        (["supports"], None, "supports", How.ALONE),
        (["supports", "supports", "partly"], None, "supports", How.MAJORITY),
        (["supports", "does_not"], None, None, How.UNSETTLED),
        (["supports", "does_not", "partly"], None, None, How.UNSETTLED),
        (["supports", "cannot_tell"], None, "supports", How.ALONE),
        (["cannot_tell", "cannot_tell"], None, None, How.CANNOT_TELL),
        (["supports", "supports"], "partly", "partly", How.SETTLED),
        (["supports", "does_not"], "cannot_tell", None, How.CANNOT_TELL),
        ([], "supports", "supports", How.SETTLED),
    ],
)
def test_a_settled_word_counts_else_a_majority_of_those_who_can_tell_else_none(
    keys, settled, key, how
):
    found = held(words(keys), word(settled, "e9") if settled else None)

    assert (found.key, found.how) == (key, how)


def test_citation_precision_is_what_supports_over_what_was_judged(workspace):
    small_log(workspace)

    found = report(workspace)

    # supports: good 0.0 and odd 0.0; does_not: good 1.0, settled; partly: the erased answer's
    judged = found.whole.judged
    assert judged.keys == {"supports": 2, "partly": 1, "does_not": 1, "wrong_source": 0}
    assert (counted(judged.precision), counted(judged.partly)) == ((2, 4), (1, 4))
    assert (judged.cannot_tell, judged.unsettled) == (1, 0)
    assert judged.precision.interval == pytest.approx((0.0676, 0.9324), abs=1e-4)


def test_the_last_word_of_each_person_counts_and_each_is_counted_once(workspace):
    small_log(workspace)

    people = report(workspace).reviewing

    assert (people.evaluators, people.words, people.shared, people.settled) == (2, 10, 2, 1)
    assert (people.answers, people.erased, people.unread) == (4, 1, 0)


def test_random_samples_are_told_apart_from_answers_chosen_because_they_are_bad(workspace):
    small_log(workspace)

    draws = report(workspace).by_draw

    assert counted(draws[Drawn.RANDOM].precision) == (1, 3)
    assert counted(draws[Drawn.DISPUTED].precision) == (1, 1)
    assert draws[Drawn.UNSAMPLED].cannot_tell == 1


def test_a_stratified_sample_is_no_plain_one(workspace):
    log = workspace.audit
    record = answer(log, said("87 %.", Verdict.EXACT, source()))
    judge(log, record, (0, 0), "supports", sample=sampled(log, [record], strata="verdict"))

    draws = report(workspace).by_draw

    assert draws[Drawn.STRATIFIED].of == 1 and draws[Drawn.RANDOM].of == 0


def test_a_judgement_that_means_nothing_is_left_out_and_counted(workspace):
    log = workspace.audit
    record = answer(log, said("87 %.", Verdict.EXACT, source()))
    judge(log, record, (0, 4), "supports")  # there is no fifth citation
    judge(log, record, (0, 0), "perhaps")
    judge(log, record, (0, -1), "supports")
    judge(log, record, None, "supports")  # a word for citations, said of the whole

    found = report(workspace)

    assert found.whole.judged.of == 0 and found.reviewing.unread == 4


def test_answers_and_refusals_are_judged_as_a_whole_apart(workspace):
    small_log(workspace)

    assert report(workspace).answers_judged == {
        Outcome.ANSWERED: {"complete": 1, "incomplete": 1},
        Outcome.ABSTAINED: {"rightly_refused": 1},
    }


# --- the verifier against people ----------------------------------------------------


def test_precision_and_recall_of_the_verifier_are_counted_in_claims(workspace):
    small_log(workspace)

    found = report(workspace).whole.verifier

    # exact, and it is; supported, and it is not; unsupported, and it is; undecided: in no figure
    assert found.counts == {
        ("exact", Human.SUPPORTED): 1, ("supported", Human.UNSUPPORTED): 1,
        ("unsupported", Human.SUPPORTED): 1, ("supported", Human.UNDECIDED): 1,
    }  # fmt: skip
    assert counted(found.acceptance_precision) == (1, 2)
    assert counted(found.acceptance_recall) == (1, 2)
    assert counted(found.refusal_precision) == (0, 1)
    assert counted(found.refusal_recall) == (0, 1)


@pytest.mark.parametrize(
    ("keys", "human"),
    [
        (("supports", "does_not"), Human.SUPPORTED),
        (("does_not", "wrong_source"), Human.UNSUPPORTED),
        (("does_not", None), Human.UNDECIDED),
        (("does_not", "partly"), Human.PARTLY),
        (("cannot_tell", "does_not"), Human.UNDECIDED),
    ],
)
def test_a_claim_is_held_unsupported_only_when_every_citation_is_judged(workspace, keys, human):
    log = workspace.audit
    record = answer(log, said("87 %.", Verdict.UNSUPPORTED, source(), avis("214 dossiers.")))
    for place, key in enumerate(keys):
        if key is not None:
            judge(log, record, (0, place), key)

    assert report(workspace).whole.verifier.counts == {("unsupported", human): 1}


def test_the_worst_cases_come_gravest_first_with_both_judgements(workspace):
    names = small_log(workspace)

    worst = report(workspace).worst

    assert [(case.verdict, case.human) for case in worst] == [
        ("supported", Human.UNSUPPORTED), ("unsupported", Human.SUPPORTED),
    ]  # fmt: skip
    assert worst[0].record == names["good"] and worst[0].text == "Le centre a traité 241 dossiers."
    (cited,) = worst[0].citations
    assert (cited.quote, cited.key) == ("Le centre a 214 dossiers.", "does_not")


def test_the_same_figures_are_given_by_collection_and_by_kind(workspace):
    small_log(workspace)

    found = report(workspace)

    notes, opinions = found.by_collection["notes"], found.by_collection["avis"]
    assert (notes.answers, notes.citations, opinions.citations) == (2, 2, 2)
    assert counted(notes.judged.precision) == (2, 2)  # the erased answer's sources are not known
    assert counted(opinions.judged.precision) == (0, 1)
    assert counted(opinions.verifier.acceptance_precision) == (0, 1)
    assert set(found.by_kind) == {DocumentKind.NOTE, DocumentKind.OPINION}
    assert counted(found.by_month["2025-11"].judged.precision) == (2, 4)
