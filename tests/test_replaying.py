"""An old answer is given again from its record alone, and every difference is named."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from assistant.answering import AnswerReady, Question, ask
from assistant.answering.past import reread
from assistant.errors import AuditError
from assistant.ingestion import ingest, withdraw
from assistant.language_model import Judgement, Running, usual
from assistant.records import Filters, Tokens, Verdict
from assistant.replaying import Fate, replay, sources_today
from assistant.replaying.script import script_of
from assistant.settings import load_settings
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.test_answering_course import GATE, QUESTION, ScriptedModel
from tests.workspaces import make_workspace

pytestmark = pytest.mark.embedding

WEIGHTS = "qwen2.5-coder-1.5b-instruct-q4_k_m"


class Scripted(ScriptedModel):
    """As installed: its hash is the one of the manifest, so its judgement is read as that one's."""

    def __init__(self, *, odds: float = 1000.0, generated: int = 2, **said) -> None:
        super().__init__(**said)
        self.sha256 = Workspace(load_settings(REPOSITORY)).manifest.get(WEIGHTS).sha256
        self._odds, self._generated = odds, generated
        self.judged = 0

    def judge(self, prompt, texts):
        for _ in texts:
            self.judged += 1
            yield Judgement(0.0, GATE.weights * self._odds)
        return Tokens()

    def reply(self, prompt, limits):
        yield from super().reply(prompt, limits)
        return Tokens(generated=self._generated)


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    folder = make_workspace(tmp_path_factory.mktemp("replay") / "ws")
    found = Workspace(load_settings(folder))
    ingest(found)
    with closing(found.generations):
        yield found


@pytest.fixture
def workspace(master, tmp_path):
    folder = shutil.copytree(master.settings.workspace, tmp_path / "ws")
    found = Workspace(load_settings(folder))
    found.__dict__["embedder"] = master.embedder  # one for all: it takes two seconds to open
    with closing(found.generations):
        yield found


def answered(workspace, model=None, **said) -> AnswerReady:
    workspace._language_model = model or Scripted()
    return list(ask(workspace, Question(text=QUESTION, **said)))[-1]


def replayed(workspace, record, model=None):
    workspace._language_model = model or Scripted()
    return replay(workspace, record)


def said(words) -> str:
    return " | ".join(one.fr for one in words)


def test_the_same_model_on_the_same_evidence_gives_the_same_answer_token_for_token(workspace):
    ready = answered(workspace)

    model = Scripted()
    found = replayed(workspace, ready.record, model)

    assert found.same and found.results == found.differences == ()
    assert found.raw == found.recorded != ""
    assert model.judged > 0, "the sentences are judged again, not only the reply written"
    assert {source.fate for source in found.sources} == {Fate.SAME}
    events = [e["type"] for e in workspace.audit.show(ready.record)["events"]]
    assert events == ["answer.opened", "answer.closed", "audit.replayed"]
    assert workspace.audit.verify().ok


def test_an_answer_without_a_language_model_is_the_same_sentences_again(workspace):
    ready = answered(workspace, extractive=True)

    found = replayed(workspace, ready.record)

    assert ready.model is None
    assert found.same and found.raw == found.recorded == ""


@pytest.mark.parametrize(
    ("model", "filters"),
    [(Scripted(odds=-1000.0), Filters()), (Scripted(), Filters(hidden=frozenset({"notes"})))],
    ids=["none was judged to answer", "nothing was found"],
)
def test_a_refusal_is_replayed_too(workspace, model, filters):
    ready = answered(workspace, model, filters=filters)
    assert not ready.answer.answered

    assert replayed(workspace, ready.record, model).same


def test_what_a_refusal_would_be_today_is_told(workspace):
    ready = answered(workspace, Scripted(odds=-1000.0))

    found = replayed(workspace, ready.record, Scripted())

    assert not found.same
    assert "phrases retenues : aucune alors" in said(found.results)
    assert "jugée à" in said(found.results)


def test_another_reply_is_told_from_its_first_character_on(workspace):
    ready = answered(workspace)
    other = Scripted(reply=("[1] Le centre a traité 214 signalements en 2025.",))

    found = replayed(workspace, ready.record, other)

    assert not found.same
    assert found.raw != found.recorded
    assert "réponse du modèle : différente à partir du caractère 15" in said(found.results)
    assert "affirmations : 2 alors, 1 aujourd’hui" in said(found.results)
    noted = workspace.audit.show(ready.record)["payload"]["replay 1"]
    assert noted["raw"] == found.raw


def test_the_same_characters_in_other_tokens_are_not_the_same(workspace):
    ready = answered(workspace)

    found = replayed(workspace, ready.record, Scripted(generated=3))

    assert not found.same and "en 2 jetons alors, en 3 aujourd’hui" in said(found.results)


def test_another_verdict_of_a_newer_program_is_told(workspace, monkeypatch):
    ready = answered(workspace)
    unsupported = [
        replace(claim, verdict=Verdict.UNSUPPORTED, reason="autrement", citations=())
        for claim in ready.answer.claims
    ]
    stricter = replace(ready.answer, answered=False, reason="autrement", claims=tuple(unsupported))
    monkeypatch.setattr("assistant.answering.concluding.verify", lambda *_: stricter)

    found = replayed(workspace, ready.record)

    assert found.raw == found.recorded and not found.same
    told = said(found.results)
    assert "affirmation 1 : verdict « exact » alors, « unsupported » aujourd’hui" in told
    assert "affirmation 2 : ses citations ne sont plus les mêmes" in told
    assert "issue : réponse alors, refus aujourd’hui" in told


def test_each_circumstance_that_changed_is_named(workspace, monkeypatch):
    ready = answered(workspace)
    answer = workspace.settings.answer.model_copy(update={"max_tokens": 99, "judged": 1})
    later = Workspace(workspace.settings.model_copy(update={"answer": answer}))
    monkeypatch.setattr(Workspace, "program_version", property(lambda _: "9.9.9"))
    monkeypatch.setattr("assistant.replaying.circumstances.engine", lambda: "llama 99")
    monkeypatch.setattr("assistant.drafting._SYSTEM", "Une autre consigne.")

    found = replayed(later, ready.record)

    told = said(found.differences)
    assert found.same, "what it was made with then is what it is replayed with"
    assert "programme : 0.1.0 alors, 9.9.9 aujourd’hui" in told
    assert "moteur : llama-cpp-python" in told and "llama 99 aujourd’hui" in told
    assert "réglage « max_tokens » : 160 alors, 99 aujourd’hui" in told
    assert "réglage « judged » : 5 alors, 1 aujourd’hui" in told
    assert "invite : le programme en écrirait une autre aujourd’hui (consigne)" in told


def test_an_answer_is_replayed_as_it_was_computed_whatever_was_measured_since(
    workspace, monkeypatch
):
    then = Running(threads=7, prefill_threads=7, batch_tokens=64, micro_batch_tokens=64)
    workspace.running = then
    ready = answered(workspace)
    used = []

    def load(self):
        used.append(self.running)
        return Scripted()

    monkeypatch.setattr(Workspace, "_load_language_model", load)
    today = usual(2)
    found = replayed(Workspace(workspace.settings, today), ready.record)

    assert used == [replace(then, threads=2, prefill_threads=2)], "threads change no digit"
    assert found.same
    told = said(found.differences)
    assert "réglage « batch_tokens » : 64 alors, 128 aujourd’hui" in told
    assert "réglage « threads » : 7 alors, 2 aujourd’hui" in told
    assert "prefill_threads" not in told


def test_another_model_is_named_with_its_hash(workspace, tmp_path):
    ready = answered(workspace)
    models = tmp_path / "models"
    models.mkdir()
    manifest = (REPOSITORY / "models" / "manifest.toml").read_text("utf-8")
    former = Scripted().sha256
    (models / "manifest.toml").write_text(manifest.replace(former, "f" * 64), "utf-8")
    paths = workspace.settings.paths.model_copy(update={"models": str(models)})
    later = Workspace(workspace.settings.model_copy(update={"paths": paths}))
    model = Scripted()
    model.sha256 = "f" * 64

    found = replayed(later, ready.record, model)

    assert f"modèle : {WEIGHTS} ({former[:16]}…) alors" in said(found.differences)
    assert f"{'f' * 16}…) aujourd’hui" in said(found.differences)


def test_citations_stay_readable_whatever_happens_to_their_documents(workspace):
    ready = answered(workspace, user="u-lise")
    quotes = [c.quote for claim in ready.answer.claims for c in claim.citations]
    notes = workspace.settings.corpus_folder / "notes"
    cyber = next(path for path in notes.iterdir() if "214 signalements" in path.read_text("utf-8"))
    cyber.write_text(cyber.read_text("utf-8").replace("214", "220"), "utf-8")
    ingest(workspace)
    evidence = script_of(workspace.audit.show(ready.record)).evidence

    changed = {s.quote: s.fate for s in sources_today(workspace, evidence)}
    found = replayed(workspace, ready.record)
    again = reread(workspace, ready.record, "u-lise", frozenset())

    gone = next(quote for quote in quotes if "214" in quote)
    assert changed[gone] is Fate.GONE
    assert Fate.KEPT in changed.values(), "what the new version still says"
    assert Fate.SAME in changed.values(), "what stands in other documents"
    assert found.same, "an answer is replayed from what was read then"
    assert "la phrase n’y est plus, voici le texte d’alors" in said(found.differences)
    assert [c.quote for claim in again.answer.claims for c in claim.citations] == quotes


def test_a_source_withdrawn_removed_or_replaced_since_says_so(workspace):
    ready = answered(workspace)
    evidence = script_of(workspace.audit.show(ready.record)).evidence
    withdrawn, removed, replaced = dict.fromkeys(e.document.path for e in evidence).keys() & (
        {"notes/note-01.md", "notes/note-03.md", "notes/note-00.md"}
    )
    withdraw(workspace, withdrawn)
    (workspace.settings.corpus_folder / removed).unlink()
    sidecar = workspace.settings.corpus_folder / f"{replaced}.toml"
    sidecar.write_text('superseded_by = "notes/note-05.md"\n', "utf-8")
    ingest(workspace)

    found = {s.document.path: s for s in sources_today(workspace, evidence)}

    assert found[withdrawn].fate is Fate.WITHDRAWN
    assert found[removed].fate is Fate.REMOVED
    assert found[replaced].replaced_by == "notes/note-05.md"
    assert "remplacé depuis par « notes/note-05.md »" in found[replaced].mark.fr
    assert all(s.quote for s in found.values())


def test_a_record_of_an_earlier_version_is_replayed_as_far_as_it_goes(workspace):
    kept = workspace.audit.show(answered(workspace).record)["payload"]
    for name in ("passages", "engine", "threads", "judging", "retrieval", "role"):
        del kept[name]
    for e in kept["evidence"]:
        del e["sha256"], e["context"]
    del kept["prompt"]["sha256"]
    record = workspace.audit.open({"question": QUESTION})
    workspace.audit.close(record, kept)

    found = replayed(workspace, record)

    assert found.same and found.differences == ()


def test_what_holds_no_answer_is_not_replayed_and_says_why(workspace):
    ready = answered(workspace)
    workspace.audit.forget(ready.record, "demande")
    asking = ask(workspace, Question(text=QUESTION))
    next(asking)
    still_open = workspace.audit.answers(1)[0].record_id

    for record, why in ((ready.record, "effacés"), (still_open, "ne contient pas de réponse")):
        with pytest.raises(AuditError) as caught:
            replay(workspace, record)
        assert why in str(caught.value)
    asking.close()


def test_nobody_replays_what_they_may_not_read(workspace):
    ready = answered(workspace)

    with pytest.raises(AuditError) as caught:
        replay(workspace, ready.record, frozenset({"notes"}))

    assert "Aucune trace" in str(caught.value)
    assert len(workspace.audit.show(ready.record)["events"]) == 2
