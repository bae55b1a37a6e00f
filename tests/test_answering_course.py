"""While an answer comes: claims are told line by line, waiting is told, stopping is recorded."""

from contextlib import closing

import pytest

from assistant.answerability import gate_for
from assistant.answering import (
    AnswerReady,
    ClaimsReady,
    EvidenceReady,
    Opened,
    Question,
    Queued,
    ask,
)
from assistant.answering.past import dispute, disputes_of, reread, their_questions
from assistant.errors import AuditError
from assistant.ingestion import ingest
from assistant.language_model import Judgement
from assistant.model_manifest import load_manifest
from assistant.records import Filters, Tokens, Verdict
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.workspaces import make_workspace

pytestmark = pytest.mark.embedding

QUESTION = "Combien de signalements le centre régional a-t-il traités en 2025 ?"


GATE = gate_for(
    load_manifest(REPOSITORY / "models").get("qwen2.5-coder-1.5b-instruct-q4_k_m").sha256
)


class ScriptedModel:
    """A language model that holds every sentence for an answer and copies the two it is given."""

    name = "scripted"

    def __init__(self, *, busy: int = 0, reply: tuple[str, ...] = ()) -> None:
        self.sha256 = "0" * 64
        self.closed = False
        self._busy = busy
        self._reply = reply

    def judge(self, prompt, texts):
        for _ in range(self._busy):
            yield None
        for _ in texts:
            yield Judgement(0.0, GATE.weights * 1000)  # all that the gate looks for
        return Tokens()

    def reply(self, prompt, limits):
        lines = prompt.user.splitlines()
        sentences = [line.split(". ", 1)[1] for line in lines if line[:1].isdigit()]
        pieces = self._reply or (f"[1] {sentences[0]}\n", f"[2] {sentences[1]}")
        try:
            yield from pieces
        finally:
            self.closed = True
        return Tokens(generated=2)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    found = Workspace(_settings(make_workspace(tmp_path_factory.mktemp("course") / "ws")))
    ingest(found)
    with closing(found.generations):
        yield found


def _settings(folder):
    return Workspace.open(folder).settings


def answered(workspace, model, **said):
    workspace._language_model = model
    return list(ask(workspace, Question(text=QUESTION, **said)))


def test_each_claim_is_told_when_its_line_is_written_and_it_is_verified_already(workspace):
    events = answered(workspace, ScriptedModel())

    told = next(event for event in events if isinstance(event, ClaimsReady))
    assert len(told.claims) == 1 and told.claims[0].verdict is Verdict.EXACT
    assert told.claims[0].citations, "a claim on screen has its citation"
    assert events.index(told) < len(events) - 1
    assert [type(e) for e in events[:2]] == [Opened, EvidenceReady]
    assert isinstance(events[-1], AnswerReady)


def test_a_claim_that_its_source_does_not_support_says_so_while_it_comes(workspace):
    model = ScriptedModel(reply=("[1] Le centre a traité 999 signalements en 2025.\n", "[1] X"))

    told = next(e for e in answered(workspace, model) if isinstance(e, ClaimsReady))

    assert told.claims[0].verdict is Verdict.UNSUPPORTED and "999" in told.claims[0].reason


def test_whoever_waits_for_the_model_is_told_and_has_the_excerpts_first(workspace):
    kinds = [type(event) for event in answered(workspace, ScriptedModel(busy=2))]

    assert kinds.count(Queued) == 2
    assert kinds.index(EvidenceReady) < kinds.index(Queued)


def test_a_question_knows_its_place_and_nobody_comes_between_judging_and_drafting(workspace):
    workspace._language_model = model = ScriptedModel()
    spoken = []
    judge, reply = model.judge, model.reply
    model.judge = lambda prompt, texts: spoken.append("judged") or judge(prompt, texts)
    model.reply = lambda prompt, limits: spoken.append("drafted") or reply(prompt, limits)
    first, second, third = (ask(workspace, Question(text=QUESTION)) for _ in range(3))
    while not isinstance(next(first), ClaimsReady):  # judged, and drafting
        pass

    second_told = [next(second) for _ in range(3)][-1]
    third_told = [next(third) for _ in range(3)][-1]
    second.close()
    moved_up = next(third)
    rest = list(first)
    last = list(third)

    assert (second_told, third_told, moved_up) == (Queued(1), Queued(2), Queued(1))
    assert isinstance(rest[-1], AnswerReady) and isinstance(last[-1], AnswerReady)
    assert spoken == ["judged", "drafted", "judged", "drafted"]


def test_an_answer_by_excerpts_alone_waits_for_nobody(workspace):
    workspace._language_model = ScriptedModel()
    busy = ask(workspace, Question(text=QUESTION))
    while not isinstance(next(busy), ClaimsReady):
        pass

    quick = list(ask(workspace, Question(text=QUESTION, extractive=True)))
    busy.close()

    assert Queued not in {type(event) for event in quick}
    assert isinstance(quick[-1], AnswerReady)


def test_leaving_frees_the_model_and_the_record_says_so(workspace):
    workspace._language_model = model = ScriptedModel()
    asking = ask(workspace, Question(text=QUESTION))
    for event in asking:
        if isinstance(event, ClaimsReady):
            break
    asking.close()

    assert model.closed
    newest = workspace.audit.answers(1)[0]
    assert workspace.audit.show(newest.record_id)["payload"]["status"] == "stopped"


def test_nothing_of_a_hidden_collection_is_found_shown_or_counted(workspace):
    hidden = Filters(hidden=frozenset({"notes"}))

    events = answered(workspace, ScriptedModel(), filters=hidden)

    assert events[1].evidence == () and events[1].hits == ()
    assert not events[-1].answer.answered


def test_a_history_is_of_one_person_and_reads_the_answer_again(workspace):
    ready = answered(workspace, ScriptedModel(), user="u-lise")[-1]

    mine = their_questions(workspace, "u-lise", frozenset())
    assert [past.record for past in mine] == [ready.record]
    again = reread(workspace, ready.record, "u-lise", frozenset())
    assert [c.text for c in again.answer.claims] == [c.text for c in ready.answer.claims]
    assert again.answer.claims[0].citations[0].quote == ready.answer.claims[0].citations[0].quote
    assert their_questions(workspace, "u-omar", frozenset()) == ()
    with pytest.raises(AuditError):
        reread(workspace, ready.record, "u-omar", frozenset())


def test_an_answer_leaves_the_history_of_whoever_may_not_read_its_source_any_more(workspace):
    ready = answered(workspace, ScriptedModel(), user="u-nour")[-1]

    assert their_questions(workspace, "u-nour", frozenset({"notes"})) == ()
    with pytest.raises(AuditError):
        reread(workspace, ready.record, "u-nour", frozenset({"notes"}))


def test_only_the_person_who_asked_says_that_an_answer_is_wrong_and_the_chain_keeps_it(workspace):
    ready = answered(workspace, ScriptedModel(), user="u-paul")[-1]

    dispute(workspace, ready.record, "u-paul", "beside")
    with pytest.raises(AuditError):
        dispute(workspace, ready.record, "u-omar", "beside")

    assert disputes_of(workspace.audit.show(ready.record)["payload"]) == ("beside",)
    assert workspace.audit.verify().ok


def test_an_ingestion_leaves_its_figures_and_its_energy_in_the_chain_and_no_text(workspace):
    said = next(iter(workspace.audit.events({"corpus.ingested"}))).data

    assert (said["added"], said["failed"]) == (6, 0)
    assert said["passages"] > 0
    assert said["energy"] is None or said["energy"]["wh"] > 0
    assert "Note" not in str(said)
