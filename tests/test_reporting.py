"""The report on a period: figures that a person can count again by hand, and what they leave out."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from assistant.errors import AssistantError, AuditError
from assistant.figures.shares import Share
from assistant.records import DocumentKind, Verdict
from assistant.reporting import report
from assistant.reporting.groups import Human
from assistant.reporting.judgements import held
from assistant.reporting.measures import measures
from assistant.reporting.records import Drawn, How, Judgement, Outcome, SourceToday
from tests.report_logs import (
    SUPERSEDED,
    TEXT,
    answer,
    avis,
    dispute,
    judge,
    opened,
    publish,
    said,
    sampled,
    small_log,
    source,
    workspace_in,
)


@pytest.fixture
def workspace(tmp_path):
    return workspace_in(tmp_path)


def counted(share: Share) -> tuple[int, int]:
    return share.count, share.of


def happened(outcomes) -> dict[str, int]:
    return {str(outcome): count for outcome, count in outcomes.items() if count}


# --- volumes ----------------------------------------------------------------------


def test_every_question_is_counted_once_by_how_it_ended(workspace):
    small_log(workspace)

    found = report(workspace)

    assert happened(found.whole.outcomes) == {
        "answered": 3, "abstained": 1, "stopped": 1, "failed": 1, "open": 1, "forgotten": 1,
    }  # fmt: skip
    assert sum(sum(day.values()) for day in found.by_day.values()) == found.whole.answers == 8
    assert list(found.by_month) == ["2025-11"]
    assert counted(found.whole.refusals) == (1, 4)
    assert found.whole.refusals.interval == pytest.approx((0.0063, 0.8059), abs=1e-4)


def test_a_period_holds_the_questions_asked_in_it_with_what_was_said_of_them_later(workspace):
    names = small_log(workspace)

    first = report(workspace, until=date(2025, 11, 20))
    rest = report(workspace, since=date(2025, 11, 21))

    assert happened(first.whole.outcomes) == {"answered": 1}
    assert counted(first.whole.judged.precision) == (1, 2)  # judged days later
    assert first.whole.answers + rest.whole.answers == 8
    assert rest.whole.judged.precision.count == 1
    assert names["good"] not in {case.record for case in rest.worst}


def test_an_empty_period_and_an_empty_log_are_reports_of_nothing(workspace):
    nothing = report(workspace)
    assert nothing.log is None and nothing.whole.answers == 0
    assert not workspace.audit.folder.exists()  # nothing was written to find that out

    small_log(workspace)
    before = report(workspace, until=date(2020, 1, 1))

    assert before.whole.answers == 0 and before.by_month == {} and before.worst == ()
    assert all(found.share.value is None for found in measures(before))


def test_a_period_that_ends_before_it_begins_is_refused_with_a_remedy(workspace):
    with pytest.raises(AssistantError) as refused:
        report(workspace, date(2026, 2, 1), date(2026, 1, 1))

    assert "2026-02-01" in refused.value.message.fr and refused.value.remedy.en


def test_the_report_names_the_state_of_the_log_it_read(workspace):
    small_log(workspace)

    found = report(workspace)

    assert found.log is not None
    assert (found.log.records, found.log.head) == (
        workspace.audit.verify().records, workspace.audit.verify().head,
    )  # fmt: skip


def test_nothing_is_reported_of_a_log_that_was_altered(workspace):
    small_log(workspace)
    file = next(workspace.audit.folder.glob("*.jsonl"))
    file.write_bytes(
        file.read_bytes().replace(b'"judgement":"supports"', b'"judgement":"partly"  ')
    )

    with pytest.raises(AuditError):
        report(workspace)


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


# --- disputes, models, energy, times --------------------------------------------------


def test_disputes_are_counted_by_reason_and_erased_reasons_are_not_guessed(workspace):
    names = small_log(workspace)

    found = report(workspace)

    assert found.whole.disputed == 2 and found.reasons == {"quote": 1, "": 1}
    assert [(d.record, d.reasons) for d in found.disputed] == [
        (names["erased"], ("",)), (names["odd"], ("quote",)),
    ]  # fmt: skip


def test_what_is_said_of_an_answer_once_erased_does_not_bring_it_back(workspace):
    log = workspace.audit
    record = answer(log, said("87 %.", Verdict.EXACT, source()))
    log.forget(record, "demande")
    dispute(log, record, "quote")

    found = report(workspace)

    assert happened(found.whole.outcomes) == {"forgotten": 1}
    assert found.conditions == () and found.disputed[0].question == ""


def test_models_are_named_with_their_hashes_and_erased_answers_have_none(workspace):
    small_log(workspace)

    named = {(c.model, c.sha256, c.program): c.answers for c in report(workspace).conditions}

    assert named == {("petit-modele", "b" * 64, "0.1.0"): 6, ("", "", "0.1.0"): 1}


def test_energy_is_summed_measured_and_estimated_apart_and_the_unknown_is_counted(workspace):
    small_log(workspace)

    spent = report(workspace).whole.energy

    assert spent.measured_wh == pytest.approx(0.3) and spent.estimated_wh == pytest.approx(0.6)
    assert (spent.measured, spent.estimated, spent.without) == (1, 2, 3)
    assert spent.per_answer is not None and spent.per_answer.median == pytest.approx(0.3)


def test_times_are_those_of_questions_that_came_to_an_end(workspace):
    small_log(workspace)

    total = report(workspace).whole.seconds["total"]

    assert total is not None and (total.of, total.median) == (4, 15.0)  # 4, 10, 20 and 20 s
    assert total.p95 == pytest.approx(20.0)


# --- sources that are not what they were ----------------------------------------------


def test_cited_sources_are_found_withdrawn_rewritten_superseded_or_changed(workspace):
    log = workspace.audit
    kept, gone = source(path="notes/garde.md"), source(path="notes/parti.md")
    rewritten, changed = source(path="notes/refait.md"), source(path="notes/ajout.md")
    since, already = source(path="notes/vieux.md"), source(path="notes/mort.md", status=SUPERSEDED)
    cited = (kept, gone, rewritten, changed, since, already)
    record = answer(log, *(said("87 %.", Verdict.EXACT, s) for s in (*cited, gone)))
    answer(log, said("87 %.", Verdict.EXACT, gone), answered=False)
    publish(
        workspace,
        (kept.document, TEXT),
        (source(path="notes/refait.md", sha256="1" * 64).document, "Tout autre chose."),
        (source(path="notes/ajout.md", sha256="1" * 64).document, f"Un mot avant. {TEXT}"),
        (source(path="notes/vieux.md", status=SUPERSEDED).document, TEXT),
        (already.document, TEXT),
    )

    stale = report(workspace).stale

    states = {s.path: dict(s.states) for s in stale}
    assert states == {
        "notes/parti.md": {SourceToday.GONE: 3},
        "notes/refait.md": {SourceToday.REWRITTEN: 1},
        "notes/ajout.md": {SourceToday.CHANGED: 1},
        "notes/vieux.md": {SourceToday.SUPERSEDED_SINCE: 1},
        "notes/mort.md": {SourceToday.SUPERSEDED_ALREADY: 1},
    }
    assert stale[0].path == "notes/parti.md" and stale[0].answers == 2
    assert stale[0].records[-1] == record


def test_a_text_read_anew_from_the_same_file_no_longer_holds_the_quotation(workspace):
    answer(workspace.audit, said("87 %.", Verdict.EXACT, source()))
    publish(workspace, (source().document, "Le lecteur lit maintenant autre chose."))

    assert dict(report(workspace).stale[0].states) == {SourceToday.REWRITTEN: 1}


# --- access ---------------------------------------------------------------------------


def test_answers_that_show_a_hidden_collection_are_counted_nowhere(workspace):
    small_log(workspace)

    found = report(workspace, hidden=frozenset({"avis"}))

    assert found.partial and "avis" not in found.by_collection
    assert happened(found.whole.outcomes)["answered"] == 1  # the extracted one cites nothing
    assert found.worst == () and all(s.collection != "avis" for s in found.stale)
    assert found.reviewing.words == 2  # of the refusal and of the erased answer


def test_a_document_that_went_to_a_hidden_collection_is_not_told_of(workspace):
    answer(workspace.audit, said("87 %.", Verdict.EXACT, source()))
    publish(workspace, (source(collection="secret", path="notes/essai.md").document, TEXT))

    found = report(workspace, hidden=frozenset({"secret"}))

    assert dict(found.stale[0].states) == {SourceToday.GONE: 1}
    assert found.stale[0].collection == "notes"


# --- whatever the log holds -------------------------------------------------------------


def test_a_record_of_another_version_of_the_program_is_counted_as_far_as_it_goes(workspace):
    log = workspace.audit
    record = log.open({"question": ["?"], "user": 3, "model": "m"})
    log.close(record, {"status": "other", "claims": [None, {"citations": "no"}], "energy": 3})
    opened(log)

    found = report(workspace)

    assert happened(found.whole.outcomes) == {"unknown": 1, "open": 1}
    assert found.whole.citations == 0 and found.whole.energy.per_answer is None


def test_what_is_named_is_bounded_and_the_newest(tmp_path):
    workspace = workspace_in(tmp_path, step=timedelta(minutes=1))
    log = workspace.audit
    names = [answer(log, said("87 %.", Verdict.SUPPORTED, source())) for _ in range(103)]
    for name in names:
        judge(log, name, (0, 0), "does_not")
        dispute(log, name, "quote")

    found = report(workspace)

    assert len(found.worst) == len(found.disputed) == 100 and found.whole.disputed == 103
    assert found.worst[0].record == found.disputed[0].record == names[-1]
