"""What an answer leaves in the log, and how a person reads it there with ``assistant audit``."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from contextlib import closing

import pytest

from assistant.accounts import Role
from assistant.answering import Question, ask
from assistant.answering.recording import prompt_digest
from assistant.ingestion import ingest
from assistant.records import Filters
from assistant.settings import load_settings
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.test_answering_course import QUESTION
from tests.test_replaying import WEIGHTS, Scripted
from tests.workspaces import make_workspace, run, run_json

pytestmark = pytest.mark.embedding


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    found = Workspace(load_settings(make_workspace(tmp_path_factory.mktemp("answers") / "ws")))
    ingest(found)
    with closing(found.generations):
        yield found


def answered(workspace, model=None, **asked):
    workspace._language_model = model or Scripted()
    return list(ask(workspace, Question(text=QUESTION, **asked)))[-1]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_record_holds_all_that_is_needed_to_answer_again(workspace):
    ready = answered(
        workspace,
        user="u-lise",
        role=Role.AGENT,
        previous="Que fait le centre régional ?",
        filters=Filters(collection="notes", hidden=frozenset({"rh"})),
    )

    kept = workspace.audit.show(ready.record)["payload"]

    assert (kept["user"], kept["role"]) == ("u-lise", "agent")
    assert kept["question"] == QUESTION and kept["standalone"]
    assert kept["previous"] == "Que fait le centre régional ?"
    assert kept["filters"] == {"collection": "notes", "hidden": "rh"}
    assert kept["generation"] == workspace.catalogue.generation
    assert kept["model"] == {"name": WEIGHTS, "sha256": Scripted().sha256}
    assert kept["engine"].startswith("llama-cpp-python ") and kept["threads"] >= 1
    assert kept["program"] == workspace.program_version
    assert kept["settings"] == workspace.settings.answer.model_dump()
    assert kept["retrieval"] == workspace.settings.retrieval.model_dump()
    assert kept["raw"] and kept["threshold"] is not None and kept["judging"]["prompt_sha256"]
    assert {"retrieval", "first_evidence", "judged", "total"} <= kept["seconds"].keys()
    assert kept["tokens"]["generated"] == 2
    assert kept["energy"] is None or kept["energy"]["wh"] >= 0
    assert [c["verdict"] for c in kept["claims"]] == ["exact", "exact"]


def test_each_text_of_a_record_has_its_hash_and_stands_in_its_passage(workspace):
    kept = workspace.audit.show(answered(workspace).record)["payload"]

    passages = {passage["id"]: passage for passage in kept["passages"]}
    for e in kept["evidence"]:
        passage = passages[e["passage_id"]]
        inside = passage["text"][e["start"] - passage["start"] : e["end"] - passage["start"]]
        assert inside == e["text"] and e["sha256"] == sha256(e["text"])
        assert passage["sha256"] == sha256(passage["text"])
        read = workspace.catalogue.read(
            e["document"]["id"], passage["start"], passage["end"], kept["generation"]
        )
        assert read == passage["text"]
    prompt = kept["prompt"]
    assert prompt["sha256"] == prompt_digest(prompt["fixed"], prompt["user"])
    assert prompt["sha256"] != prompt_digest(prompt["fixed"], prompt["user"] + " ")


def test_what_counts_stays_in_the_chain_and_tells_nothing_of_who_asked_what(workspace):
    ready = answered(workspace, user="u-paul", role="agent")
    workspace.audit.forget(ready.record, "demande")

    shown = workspace.audit.show(ready.record)
    data = shown["data"]

    assert shown["payload"] is None
    assert (data["status"], data["verdicts"]) == ("answered", ["exact", "exact"])
    assert data["model"]["sha256"] == Scripted().sha256
    assert data["collections"] == ["notes"] and data["tokens"]["generated"] == 2
    chain = b"".join(path.read_bytes() for path in workspace.audit.folder.glob("*.jsonl"))
    for secret in ("u-paul", "agent", "signalements", sha256(QUESTION)):
        assert secret.encode() not in chain


CRASH = """
import os, signal, sys
from pathlib import Path
from assistant.answering import Question, ask
from assistant.settings import load_settings
from assistant.workspace import Workspace
from tests.test_replaying import Scripted
class Fatal(Scripted):
    def reply(self, prompt, limits):
        yield "[1] Le centre"
        os.kill(os.getpid(), signal.SIGKILL)
workspace = Workspace(load_settings(Path(sys.argv[1])))
workspace._language_model = Fatal()
list(ask(workspace, Question(text=sys.argv[2], user="u-lise")))
"""


def test_kill_9_during_an_answer_leaves_an_open_record_that_says_so(workspace):
    folder = workspace.settings.workspace
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(folder), QUESTION], cwd=REPOSITORY, check=False
    )
    assert done.returncode == -9

    found = run_json(folder, "audit", "list", "--outcome", "open")["answers"]

    assert [row["question"] for row in found] == [QUESTION]
    assert found[0]["state"] == "open"
    shown = run(folder, "audit", "show", found[0]["record_id"]).stdout
    assert "jamais close : interrompue" in shown and QUESTION in shown
    assert run_json(folder, "audit", "verify")["ok"]
    refused = run(folder, "audit", "replay", found[0]["record_id"], expect=3)
    assert "ne contient pas de réponse" in refused.stderr


def test_the_list_is_filtered_and_shows_the_beginning_of_each_question(workspace):
    folder = workspace.settings.workspace
    ready = answered(workspace, user="u-lise")
    workspace.audit.append(
        "answer.disputed", {"why": "beside"}, {"dispute u-lise": {"why": "beside"}}, ready.record
    )

    shown = run(folder, "audit", "list", "--disputed").stdout
    found = run_json(folder, "audit", "list", "--disputed", "--limit", "1")["answers"]
    none = run(folder, "audit", "list", "--until", "2020-01-01").stdout

    assert ready.record in shown and "répondue" in shown and QUESTION[:50] in shown
    assert found[0]["record_id"] == ready.record and found[0]["disputes"] == ["beside"]
    assert "Aucune trace" in none
    assert run_json(folder, "audit", "list", "--words", "covoiturage")["answers"] == []
    run(folder, "audit", "list", "--since", "hier", expect=2)
    run(folder, "audit", "list", "--limit", "0", expect=2)


def test_an_answer_is_shown_to_a_person_with_what_became_of_its_sources(workspace):
    folder = workspace.settings.workspace
    ready = answered(workspace, user="u-lise", role="agent")

    shown = run(folder, "audit", "show", ready.record).stdout

    assert "Par : u-lise, agent" in shown
    assert "« Le centre régional de réponse aux incidents a traité 214 signalements" in (
        shown.replace("\u00a0", " ")
    )
    assert "notes/note-01.md" in shown and "{" not in shown
    assert ready.model_sha256 in shown and "answer.closed" in shown
    whole = run_json(folder, "audit", "show", ready.record)
    assert whole["payload"]["question"] == QUESTION
    assert {source["fate"] for source in whole["sources"]} == {"same"}


def test_hostile_texts_neither_move_the_cursor_nor_forge_a_line(workspace):
    folder = workspace.settings.workspace
    hostile = "Quoi\x1b[2J\u202e ?\nTrace 0000 (close)\n" + QUESTION
    workspace._language_model = Scripted()
    ready = list(ask(workspace, Question(text=hostile)))[-1]

    listed = run(folder, "audit", "list", "--limit", "1").stdout
    shown = run(folder, "audit", "show", ready.record).stdout

    for text in (listed, shown):
        assert "\x1b" not in text and "\u202e" not in text
        assert not any(line.startswith("Trace 0000") for line in text.splitlines())
    assert len(listed.splitlines()) == 2


def test_each_command_answers_json_when_asked_and_an_export_blames_whom_it_should(
    workspace, tmp_path
):
    folder = workspace.settings.workspace
    ready = answered(workspace, user="u-lise")

    exported = run_json(folder, "audit", "export", str(tmp_path / "out.jsonl"))
    missing = run(folder, "audit", "export", str(tmp_path / "none" / "out.jsonl"), expect=3)
    forgotten = run_json(folder, "audit", "forget", ready.record, "--reason", "demande")
    expired = run_json(folder, "audit", "expire", "--dry-run")

    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert exported["records"] == len(lines)
    assert json.loads(lines[-1])["id"] == ready.record
    assert "ce dossier n’existe pas" in missing.stderr and "journal" not in missing.stderr
    assert forgotten == {"record": ready.record, "texts": 2}
    assert expired["texts"] == 0 and expired["erased"] is False
    assert expired["keep_answers_months"] == 12


def test_all_of_a_person_is_forgotten_by_name_even_after_their_account_is_gone(workspace):
    folder = workspace.settings.workspace
    user = workspace.accounts.add("Nour.Leroy", Role.AGENT, (), "une phrase assez longue 27")
    first = answered(workspace, user=user.user_id).record
    run(folder, "audit", "forget", "--user", "personne", "--reason", "x", expect=3)
    run(folder, "audit", "forget", "--reason", "x", expect=2)

    found = run_json(folder, "audit", "forget", "--user", "nour.leroy", "--reason", "effacement")
    second = answered(workspace, user=user.user_id).record
    workspace.accounts.remove("Nour.Leroy")
    again = run(folder, "audit", "forget", "--user", user.user_id, "--reason", "effacement")

    assert found == {"user": user.user_id, "answers": 1, "texts": 2}
    assert "2 texte(s) effacé(s)" in again.stdout
    assert {workspace.audit.show(name)["state"] for name in (first, second)} == {"forgotten"}
    assert workspace.desk.history(user.user_id) == ()
    assert workspace.audit.verify().ok


def test_a_workspace_forgets_after_twelve_months_unless_told_otherwise(workspace, tmp_path):
    assert workspace.audit.retention.answers_months == 12
    (tmp_path / "assistant.toml").write_text("[audit]\nkeep_answers_months = 0\n", "utf-8")
    told = Workspace(load_settings(tmp_path))
    assert told.audit.retention.answers_months == 0
    assert told.audit.retention.reviews_months == 12
