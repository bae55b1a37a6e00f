"""An evaluation can be interrupted anywhere, goes on, and never mixes what cannot be compared."""

from types import SimpleNamespace

import pytest

from assistant.answering import AnswerReady
from assistant.errors import AssistantError, EmptyIndex, QuoteMismatch
from assistant.evaluation import asking, runs
from assistant.evaluation.outcomes import append_outcome, mend, read_outcomes
from assistant.evaluation.running import ask_the_rest
from assistant.records import Answer, Tokens
from tests.evaluations import a_run, abstained, answered, failed, gold, said

QUESTIONS = [gold(name) for name in ("a", "b", "c", "d")]


class Scripted:
    """Answers by abstaining, remembers what it was asked, and breaks where it is told."""

    def __init__(self, break_at: str = "", error: BaseException | None = None) -> None:
        self.asked: list[str] = []
        self._break_at, self._error = break_at, error

    def __call__(self, question):
        self.asked.append(question.id)
        if question.id == self._break_at:
            raise self._error
        return abstained(question.id)


def ids(file):
    return [outcome.id for outcome in read_outcomes(file)]


def test_an_outcome_comes_back_as_it_was_written(tmp_path):
    outcome = answered("é", said("12,4\u00a0M€\n« x »", quotes=("\u2028",)), energy_wh=0.25)

    append_outcome(tmp_path / "o.jsonl", outcome)

    assert read_outcomes(tmp_path / "o.jsonl") == (outcome,)


def test_ctrl_c_keeps_what_is_done_and_going_on_asks_only_the_rest(tmp_path):
    file = tmp_path / "outcomes.jsonl"

    ask_the_rest(QUESTIONS, file, Scripted("c", KeyboardInterrupt()))
    assert ids(file) == ["a", "b"]

    again = Scripted()
    ask_the_rest(QUESTIONS, file, again)
    assert again.asked == ["c", "d"]
    assert ids(file) == ["a", "b", "c", "d"]


def test_an_error_that_concerns_all_questions_stops_the_evaluation_and_keeps_what_is_done(tmp_path):
    file = tmp_path / "outcomes.jsonl"

    with pytest.raises(MemoryError):
        ask_the_rest(QUESTIONS, file, Scripted("b", MemoryError()))

    assert ids(file) == ["a"]


@pytest.mark.parametrize("torn", ['{"id":"b","status":"abst', "{", '{"id":"b","status":"failed"}'])
def test_a_last_line_that_was_cut_by_a_kill_is_asked_again(tmp_path, torn):
    file = tmp_path / "outcomes.jsonl"
    append_outcome(file, failed("a"))
    with file.open("a", encoding="utf-8") as out:
        out.write(torn)  # no end of line: it was not written to its end

    again = Scripted()
    ask_the_rest(QUESTIONS, file, again)

    assert again.asked == ["b", "c", "d"]
    assert ids(file) == ["a", "b", "c", "d"]


def test_a_damaged_line_in_the_middle_is_an_error_that_names_it(tmp_path):
    file = tmp_path / "outcomes.jsonl"
    append_outcome(file, failed("a"))
    with file.open("a", encoding="utf-8") as out:
        out.write("{}\n")
    append_outcome(file, failed("b"))
    mend(file)

    with pytest.raises(AssistantError) as refused:
        read_outcomes(file)
    assert "ligne 2" in refused.value.message.fr


def test_progress_counts_what_an_earlier_run_has_done(tmp_path):
    file, seen = tmp_path / "outcomes.jsonl", []
    append_outcome(file, failed("a"))

    ask_the_rest(QUESTIONS, file, Scripted(), lambda _, done, of: seen.append((done, of)))

    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_folder_holds_one_evaluation_and_says_how_to_go_on_with_it(tmp_path):
    run = a_run()
    runs.record(tmp_path / "essai", run)

    assert runs.recorded(tmp_path / "essai") == run
    with pytest.raises(AssistantError) as refused:
        runs.record(tmp_path / "essai", run)
    assert "--resume" in refused.value.remedy.fr
    with pytest.raises(AssistantError):
        runs.recorded(tmp_path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"gold_sha256": "c" * 64}, "gold_sha256"),
        ({"model_sha256": "c" * 64}, "model_sha256"),
        ({"plan": runs.Plan(mode="extractive")}, "plan"),
        ({"settings": {"retrieval": {"top": 11}, "answer": {"seed": 0}}}, "settings"),
        ({"generation": 2}, "generation"),
    ],
)
def test_going_on_under_other_conditions_is_refused_and_names_them(change, named):
    with pytest.raises(AssistantError) as refused:
        runs.require_same(a_run(), a_run(**change))
    assert named in refused.value.message.fr


def test_going_on_another_day_is_the_same_evaluation():
    runs.require_same(a_run(), a_run(begun="2026-12-01T08:00:00+01:00"))


def test_an_error_of_one_question_is_its_outcome_and_one_of_the_index_stops_everything(monkeypatch):
    catalogue = SimpleNamespace(documents=lambda generation: [], generation=1)
    workspace = SimpleNamespace(embedder=None, catalogue=catalogue)
    ask = asking.asker(workspace, a_run(model=None, plan=runs.Plan(mode="extractive")))
    asked = []

    def mismatched(_, question):
        asked.append(question)
        raise QuoteMismatch("Note d’essai", 3, 9)

    monkeypatch.setattr(asking, "ask", mismatched)
    outcome = ask(gold("a"))
    assert outcome.status == "failed" and "Note d’essai" in outcome.reason
    assert asked[0].text == gold("a").question and asked[0].extractive

    def empty(_, question):
        raise EmptyIndex

    monkeypatch.setattr(asking, "ask", empty)
    with pytest.raises(EmptyIndex):
        ask(gold("a"))


def test_documents_that_change_during_an_evaluation_stop_it(monkeypatch):
    catalogue = SimpleNamespace(documents=lambda generation: [], generation=1)
    workspace = SimpleNamespace(embedder=None, catalogue=catalogue)
    ask = asking.asker(workspace, a_run(model=None, generation=1))
    nothing = Answer(answered=False, reason="", claims=(), evidence=())
    ready = AnswerReady(
        answer=nothing,
        question="q",
        record="r",
        model=None,
        model_sha256=None,
        tokens=Tokens(),
        seconds={},
    )
    monkeypatch.setattr(asking, "ask", lambda *_: iter([ready]))

    assert ask(gold("a")).status == "abstained"
    catalogue.generation = 2
    with pytest.raises(AssistantError) as refused:
        ask(gold("b"))
    assert "ont changé" in refused.value.message.fr
