"""Answers of a model on a server: recorded as such, judged where it can, failed when it fails."""

import json
import shutil
from contextlib import closing

import pytest

from assistant.answering import AnswerReady, EvidenceReady, Judged, Question, Queued, ask
from assistant.answering.past import ready_of
from assistant.errors import ModelServerError
from assistant.ingestion import ingest
from assistant.replaying import replay
from assistant.settings import load_settings
from assistant.workspace import Workspace
from tests.language_servers import one_word, scripted_server
from tests.workspaces import make_workspace, run

pytestmark = pytest.mark.embedding

QUESTION = "Combien de signalements le centre régional a-t-il traités en 2025 ?"
TOKEN = "jeton-tres-secret-4711"


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    found = Workspace(load_settings(make_workspace(tmp_path_factory.mktemp("served") / "ws")))
    ingest(found)
    with closing(found.generations):
        yield found


@pytest.fixture
def opened(master, tmp_path, monkeypatch):
    """Opens a copy of the workspace whose model is on a server."""
    monkeypatch.setenv("JETON_MODELE", TOKEN)
    folder = shutil.copytree(master.settings.workspace, tmp_path / "ws")
    settings = (folder / "assistant.toml").read_text(encoding="utf-8")

    workspaces: list[Workspace] = []

    def at(address: str) -> Workspace:
        (folder / "assistant.toml").write_text(
            f'{settings}\n[models]\nlanguage = "{address}"\n\n'
            '[language_server]\ntoken_variable = "JETON_MODELE"\nretries = 0\n',
            encoding="utf-8",
        )
        found = Workspace(load_settings(folder))
        found.__dict__["embedder"] = master.embedder
        workspaces.append(found)
        return found

    yield at
    for workspace in workspaces:
        workspace.generations.close()


def copying(*, odds):
    """A script of a server that copies the first sentence it is given."""

    def chat(asked):
        if asked.body.get("max_tokens") == 1:
            asked.send(200, one_word(*odds))
            return
        lines = asked.body["messages"][-1]["content"].splitlines()
        sentence = next(line for line in lines if line.startswith("1. "))
        asked.stream("[1]", f" {sentence[3:]}")

    return chat


SURE = (("oui", -0.01), ("non", -8.0))


def test_an_answer_of_a_server_names_it_and_has_no_hash_of_weights(opened):
    with scripted_server(copying(odds=SURE)) as server:
        workspace = opened(server.address)
        events = list(ask(workspace, Question(text=QUESTION)))

    ready = events[-1]
    assert isinstance(ready, AnswerReady) and ready.answer.answered
    model = {"name": "regional-7b", "sha256": None, "server": server.address}
    assert ready.as_json()["model"] == model
    assert ready.as_json()["energy_wh"] is None, "what a server consumes is not known here"
    shown = workspace.audit.show(ready.record)
    assert shown["payload"]["model"] == model and shown["data"]["model"] == model
    assert shown["payload"]["threshold"] is not None and workspace.audit.verify().ok
    assert ready_of(ready.record, shown["payload"]).as_json()["model"] == model
    kinds = [type(event) for event in events]
    assert kinds.index(EvidenceReady) < kinds.index(Judged) and Queued not in kinds


def test_the_access_token_is_sent_and_written_nowhere(opened):
    with scripted_server(copying(odds=SURE)) as server:
        workspace = opened(server.address)
        list(ask(workspace, Question(text=QUESTION)))

    assert {one.headers.get("Authorization") for one in server.asked} == {f"Bearer {TOKEN}"}
    kept = [f for f in workspace.settings.workspace.rglob("*") if f.is_file()]
    assert not [f for f in kept if TOKEN.encode() in f.read_bytes()]


def test_sentences_that_the_server_judges_beside_the_point_are_no_answer(opened):
    with scripted_server(copying(odds=(("non", -0.01), ("oui", -6.0)))) as server:
        *_, ready = ask(opened(server.address), Question(text=QUESTION))

    assert not ready.answer.answered and "ne répond" in ready.answer.reason
    assert {one.body["max_tokens"] for one in server.chats} == {1}, "nothing was drafted"


def test_without_log_probabilities_words_alone_decide_and_the_record_says_so(opened):
    with scripted_server(copying(odds=())) as server:
        workspace = opened(server.address)
        *_, ready = ask(workspace, Question(text=QUESTION))
        *_, other = ask(workspace, Question(text="Quel est le budget du musée de Limoges ?"))
        again = replay(workspace, ready.record)

    payload = workspace.audit.show(ready.record)["payload"]
    assert payload["judging"]["offered"] is False and payload["threshold"] is None
    assert ready.answer.answered and ready.answer.claims[0].citations
    assert not other.answer.answered
    assert again.same, again.results


def test_what_a_server_invents_is_shown_as_unsupported_and_is_no_answer(opened):
    def invent(asked):
        if asked.body.get("max_tokens") == 1:
            asked.send(200, one_word(*SURE))
        else:
            asked.stream("[1] Le centre a traité 9 999 signalements en 2025.")

    with scripted_server(invent) as server:
        *_, ready = ask(opened(server.address), Question(text=QUESTION))

    assert not ready.answer.answered
    assert ready.answer.claims[0].verdict == "unsupported" and "9 999" in str(ready.answer.claims)


@pytest.mark.parametrize("when", ["absent", "while it judges", "while it writes"])
def test_a_server_that_fails_leaves_the_excerpts_on_screen_and_a_record_that_says_failed(
    opened, when
):
    def fail(asked):
        if when == "while it writes" and asked.body.get("max_tokens") == 1:
            asked.send(200, one_word(*SURE))
        elif when == "while it writes":
            asked.stream("[1] Le centre", end=None)
        else:
            asked.send(500, b'{"error": {"message": "memoire"}}')

    with scripted_server(fail) as server:
        address = server.address if when != "absent" else "http://127.0.0.1:9/v1"
        workspace = opened(address)
        told = []
        with pytest.raises(ModelServerError) as caught:
            for event in ask(workspace, Question(text=QUESTION)):
                told.append(event)

    assert isinstance(told[1], EvidenceReady) and told[1].evidence
    assert not [event for event in told if isinstance(event, AnswerReady)]
    shown = workspace.audit.show(workspace.audit.answers(1)[0].record_id)
    assert shown["payload"]["status"] == "failed"
    assert shown["payload"]["error"] == caught.value.message.fr
    assert shown["payload"]["model"]["server"] == address and workspace.audit.verify().ok


def test_leaving_stops_the_request_and_the_record_says_stopped(opened):
    left = []

    def slow(asked):
        if asked.body.get("max_tokens") == 1:
            asked.send(200, one_word(*SURE))
            return
        asked.stream("[1] Le", end=None)
        left.append(asked.left(5.0))

    with scripted_server(slow) as server:
        workspace = opened(server.address)
        asking = ask(workspace, Question(text=QUESTION))
        while getattr(next(asking), "text", "") == "":
            pass
        asking.close()

    assert left == [True]
    newest = workspace.audit.answers(1)[0].record_id
    assert workspace.audit.show(newest)["payload"]["status"] == "stopped"


def test_an_answer_of_a_server_replays_on_it_and_another_one_is_named_as_such(opened):
    with scripted_server(copying(odds=SURE)) as server:
        workspace = opened(server.address)
        *_, ready = ask(workspace, Question(text=QUESTION))
        same = replay(workspace, ready.record)
    with scripted_server(copying(odds=SURE), ("autre-modele",)) as other:
        elsewhere = replay(opened(other.address), ready.record)

    assert same.same and same.raw == same.recorded != ""
    said = " ".join(words.fr for words in same.differences)
    assert "seuls les textes sont comparés" in said and "autre-modele" not in said
    said = " ".join(words.fr for words in elsewhere.differences)
    assert server.address in said and f"autre-modele ({other.address})" in said


def test_doctor_says_whether_the_server_answers_and_which_model_it_names(opened):
    with scripted_server(copying(odds=())) as server:
        folder = opened(server.address).settings.workspace
        found = json.loads(run(folder, "doctor", "--json").stdout)
    named = {one["name"]: one for one in found["findings"]}
    assert "regional-7b" in named["Language model's server"]["found"]
    judged = named["Sentences judged by this server"]
    assert not judged["well"] and not judged["needed"] and "logprobs" in judged["found"]

    gone = json.loads(run(folder, "doctor", "--json", expect=3).stdout)
    named = {one["name"]: one for one in gone["findings"]}
    assert not named["Language model's server"]["well"]
    assert server.address in named["Language model's server"]["found"]
