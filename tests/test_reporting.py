"""The report on a period: figures that a person can count again by hand, and what they leave out."""

from datetime import date, timedelta

import pytest

from assistant.errors import AssistantError, AuditError
from assistant.figures.shares import Share
from assistant.records import Status, Verdict
from assistant.reporting import report
from assistant.reporting.measures import measures
from assistant.reporting.records import SourceToday
from tests.report_logs import (
    TEXT,
    answer,
    dispute,
    judge,
    opened,
    publish,
    said,
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
    since, already = (
        source(path="notes/vieux.md"),
        source(path="notes/mort.md", status=Status.SUPERSEDED),
    )
    cited = (kept, gone, rewritten, changed, since, already)
    record = answer(log, *(said("87 %.", Verdict.EXACT, s) for s in (*cited, gone)))
    answer(log, said("87 %.", Verdict.EXACT, gone), answered=False)
    publish(
        workspace,
        (kept.document, TEXT),
        (source(path="notes/refait.md", sha256="1" * 64).document, "Tout autre chose."),
        (source(path="notes/ajout.md", sha256="1" * 64).document, f"Un mot avant. {TEXT}"),
        (source(path="notes/vieux.md", status=Status.SUPERSEDED).document, TEXT),
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

    assert found.stale == () and found.whole.answers == 0, "as if it had not been answered"
    assert report(workspace).whole.answers == 1


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
