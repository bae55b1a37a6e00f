"""``assistant evaluate`` as it is run: files, JSON, exit codes, an interruption, and going on."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.workspaces import command, make_workspace, run, run_json

pytestmark = pytest.mark.embedding

QUESTIONS = (
    ("Quelle part des foyers de Valmont la fibre couvre-t-elle ?", "factual", ["87 %"]),
    ("Combien de signalements le centre régional a-t-il traités en 2025 ?", "factual", ["214"]),
    ("Combien de lycées publics sont équipés, et pour quel montant ?", "factual",
     ["62", "4,5 millions d’euros", "cent ans"]),
    ("Quel est le tarif du TER ?", "unanswerable", []),
    ("Et en 2026 ?", "followup", ["18 300"]),
)  # fmt: skip


def write_gold(folder, times=1):
    file = folder / "or.jsonl"
    lines = [
        {
            "id": f"q-{turn}-{number}", "question": question, "kind": kind,
            "answerable": bool(facts), "facts": facts, "documents": [], "quotes": [],
            "previous": "Combien d’inscrits le covoiturage compte-t-il ?" if kind == "followup" else None,
        }
        for turn in range(times)
        for number, (question, kind, facts) in enumerate(QUESTIONS)
    ]  # fmt: skip
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return str(file)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = make_workspace(tmp_path_factory.mktemp("evaluation") / "ws")
    run_json(folder, "ingest")
    return folder


def test_an_evaluation_leaves_its_report_and_tells_its_scores(workspace, tmp_path):
    told = run_json(workspace, "evaluate", write_gold(tmp_path), "--mode", "extractive")

    assert set(told) == {
        "folder", "files", "run", "written", "planned", "interrupted", "scores", "per_kind",
        "per_asks", "per_split",
    }  # fmt: skip
    assert told["folder"].startswith(str(workspace / "index" / "evaluations"))
    assert told["folder"].endswith("-or")
    scores = told["scores"]
    assert (scores["questions"], scores["failed"], told["interrupted"]) == (5, 0, False)
    assert scores["exactness"]["share"] == 1.0 and scores["exactness"]["of"] > 5
    assert scores["facts_said"]["count"] >= 3
    assert scores["false_answers"]["of"] == 1
    assert scores["seconds"]["total"]["median"] > 0
    assert told["run"]["model"] is None and told["run"]["plan"]["mode"] == "extractive"
    report = json.loads(Path(told["files"]["json"]).read_text("utf-8"))
    assert [case["question"]["id"] for case in report["cases"]] == [f"q-0-{n}" for n in range(5)]
    assert report["cases"][2]["fault"] in ("missing facts", "wrong answer")
    record = report["cases"][0]["outcome"]["record"]
    assert run_json(workspace, "audit", "show", record)["state"] == "closed"
    page = Path(told["files"]["html"]).read_text("utf-8")
    assert "Réponses complètes" in page and told["run"]["gold_sha256"] in page
    assert "Chiffres clés" in Path(told["files"]["markdown"]).read_text("utf-8")


def test_ctrl_c_writes_the_report_of_what_is_done_and_resume_finishes(workspace, tmp_path):
    gold, folder = write_gold(tmp_path, times=24), tmp_path / "essai"
    started = subprocess.Popen(
        command(workspace, "evaluate", gold, "--mode", "extractive", "--output", str(folder)),
        cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a test run in the background would hand on that Ctrl-C is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    outcomes = folder / "outcomes.jsonl"
    while not (outcomes.exists() and outcomes.stat().st_size):
        assert started.poll() is None, started.communicate()
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)
    said, noted = started.communicate(timeout=120)

    assert started.returncode == 130
    assert "interrompue" in noted and f"--resume {folder}" in noted
    assert "sur 120" in said
    done = json.loads((folder / "report.json").read_text("utf-8"))
    assert done["interrupted"] is True and 0 < len(done["cases"]) < 120
    with outcomes.open("a", encoding="utf-8") as out:
        out.write('{"id": "q-')  # and a kill in the middle of a line

    refused = run(workspace, "evaluate", gold, "--resume", str(folder), "--mode", "model", expect=3)
    assert "plan" in refused.stderr
    told = run_json(workspace, "evaluate", gold, "--resume", str(folder))
    assert told["interrupted"] is False and told["scores"]["questions"] == 120


def test_the_summary_speaks_english_when_asked(workspace, tmp_path):
    shown = run(
        workspace, "evaluate", write_gold(tmp_path), "--mode", "extractive", "--limit", "1",
        "--language", "en",
    ).stdout  # fmt: skip

    assert "1 of 1 question(s) asked, 0 failed." in shown
    assert "Complete answers" in shown and "100.0%" in shown and "2.5% to 100.0%" in shown
    assert "report.html" in shown


def test_what_cannot_be_evaluated_is_refused_before_anything_is_asked(workspace, tmp_path):
    bad = tmp_path / "mauvais.jsonl"
    bad.write_text('{"id": "x"}\n', "utf-8")
    refused = run(workspace, "evaluate", str(bad), expect=3)
    assert "ligne 1" in refused.stderr and "Remède :" in refused.stderr

    empty = make_workspace(tmp_path / "vide", documents=0)
    refused = run(empty, "evaluate", write_gold(tmp_path), "--mode", "extractive", expect=3)
    assert "assistant ingest" in refused.stderr
    assert not (empty / "index" / "evaluations").exists()

    lacking = tmp_path / "modeles"
    lacking.mkdir()
    for name in ("manifest.toml", "multilingual-e5-small", "multilingual-e5-small.receipt.json"):
        (lacking / name).symlink_to(REPOSITORY / "models" / name)
    (empty / "assistant.toml").write_text(
        f'[paths]\nmodels = "{lacking}"\nindex = "{workspace / "index"}"\n', "utf-8"
    )
    before = sorted((workspace / "index" / "evaluations").glob("*"))
    refused = run(empty, "evaluate", write_gold(tmp_path), expect=3)
    assert "assistant models fetch" in refused.stderr  # `ask` would have done without
    assert sorted((workspace / "index" / "evaluations").glob("*")) == before

    run(workspace, "evaluate", write_gold(tmp_path), "--limit", "0", expect=2)
    run(workspace, "evaluate", write_gold(tmp_path), "--output", "a", "--resume", "b", expect=2)
