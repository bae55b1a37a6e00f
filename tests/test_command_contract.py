"""What other programs rely on: the JSON of each command, exit codes, nothing else on stdout."""

import json

import pytest

from tests.workspaces import make_workspace, run, run_json, write_note

pytestmark = pytest.mark.embedding


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = make_workspace(tmp_path_factory.mktemp("contract") / "ws")
    report = run_json(folder, "ingest")
    assert report["added"] == 6 and report["failed"] == [] and report["passages"] >= 12
    return folder


def test_ingesting_again_finds_everything_unchanged(workspace):
    report = run_json(workspace, "ingest")

    assert set(report) == {
        "added", "updated", "unchanged", "removed", "failed", "passages", "seconds",
    }  # fmt: skip
    assert (report["added"], report["unchanged"], report["passages"]) == (0, 6, 0)


def test_search_gives_hits_whose_text_is_a_slice_of_the_canonical_text(workspace):
    found = run_json(workspace, "search", "couverture en fibre optique", "--top", "3")

    assert set(found) == {"hits", "seconds"}
    assert set(found["seconds"]) == {"embed", "lexical", "dense", "total"}
    hit = found["hits"][0]
    assert hit["rank"] == 1 and "87 %" in hit["text"]
    assert set(hit["document"]) >= {"id", "title", "path", "sha256", "kind", "date", "collection"}
    assert set(hit["locator"]) >= {
        "page", "page_label", "section", "speaker", "start_s", "end_s", "label",
    }  # fmt: skip
    text = run(workspace, "text", hit["document"]["id"]).stdout
    assert text[hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_every_mode_finds_the_note_on_high_schools(workspace, mode):
    found = run_json(workspace, "search", "équipements des lycées publics", "--mode", mode)

    assert "62 lycées" in found["hits"][0]["text"]


def test_a_search_without_accents_or_apostrophes_finds_the_same(workspace):
    wanted = run_json(workspace, "search", "l’observatoire de la forêt", "--mode", "lexical")
    found = run_json(workspace, "search", "l observatoire de la foret", "--mode", "lexical")

    assert found["hits"][0]["passage_id"] == wanted["hits"][0]["passage_id"]


def test_filters_leave_only_what_they_say(workspace):
    assert run_json(workspace, "search", "fibre", "--collection", "notes")["hits"]
    assert not run_json(workspace, "search", "fibre", "--collection", "autre")["hits"]
    assert not run_json(workspace, "search", "fibre", "--speaker", "Durand")["hits"]


def test_an_extractive_answer_quotes_exactly_and_leaves_a_closed_record(workspace):
    answer = run_json(
        workspace, "ask", "Quelle part des foyers de Valmont la fibre couvre-t-elle ?",
        "--mode", "extractive",
    )  # fmt: skip

    assert set(answer) == {
        "status", "reason", "suggestion", "claims", "disagreements", "evidence", "question",
        "record", "model", "seconds", "tokens", "energy_wh",
    }  # fmt: skip
    assert answer["status"] == "answered"
    assert any("87 %" in c["quote"] for claim in answer["claims"] for c in claim["citations"])
    text = {}
    for claim in answer["claims"]:
        assert claim["verdict"] == "exact"
        for citation in claim["citations"]:
            document = citation["document"]["id"]
            text[document] = text.get(document) or run(workspace, "text", document).stdout
            assert text[document][citation["start"] : citation["end"]] == citation["quote"]
    shown = run_json(workspace, "audit", "show", answer["record"])
    assert shown["state"] == "closed"
    assert shown["payload"]["claims"] == answer["claims"]
    assert run_json(workspace, "audit", "verify")["ok"]


def test_a_question_about_what_no_document_says_is_an_abstention_with_its_reason(workspace):
    answer = run_json(workspace, "ask", "Quel est le tarif du TER ?", "--mode", "extractive")

    assert answer["status"] == "abstained"
    assert answer["claims"] == []
    assert "TER" in answer["reason"] or "demandé" in answer["reason"]


def test_one_bad_file_never_stops_the_others_and_the_exit_code_says_so(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=2)
    (folder / "corpus" / "notes" / "abime.pdf").write_bytes(b"%PDF-1.7\n%garbage")
    (folder / "corpus" / "notes" / "vide.txt").write_bytes(b"")

    report = run_json(folder, "ingest", expect=4)

    assert report["added"] == 2
    assert {f["path"] for f in report["failed"]} == {"notes/abime.pdf", "notes/vide.txt"}
    assert all(f["error"] and f["remedy"] for f in report["failed"])


def test_without_a_model_the_best_sentences_answer_word_for_word(workspace):
    answer = run_json(
        workspace, "ask", "Combien d’inscrits au covoiturage ?", "--mode", "extractive"
    )

    assert answer["status"] == "answered"
    assert answer["model"] == {"name": None, "sha256": None}
    assert answer["tokens"] == {"prompt": 0, "prefilled": 0, "generated": 0}
    first = answer["claims"][0]
    assert first["verdict"] == "exact"
    assert "18 300 inscrits" in first["citations"][0]["quote"]


def test_a_follow_up_is_completed_shown_and_kept_in_the_record(workspace):
    former = run_json(
        workspace, "ask", "Quel est le montant pour les lycées en 2025 ?", "--mode", "extractive"
    )
    answer = run_json(
        workspace, "ask", "Et en 2026 ?", "--after", former["record"], "--mode", "extractive"
    )

    assert answer["question"] == "Quel est le montant pour les lycées en 2026 ?"
    shown = run(workspace, "ask", "Et en 2027 ?", "--after", "last", "--mode", "extractive").stdout
    assert "Question comprise : « Quel est le montant pour les lycées en 2027 ? »" in shown
    kept = run_json(workspace, "audit", "show", answer["record"])["payload"]
    assert kept["question"] == "Et en 2026 ?"
    assert kept["standalone"] == answer["question"]


def test_following_up_an_unknown_record_says_what_to_do(workspace):
    done = run(workspace, "ask", "Et en 2026 ?", "--after", "zzzz", expect=3)

    assert "Remède :" in done.stderr


def test_a_refusal_says_what_is_missing_and_suggests_better(workspace):
    answer = run_json(workspace, "ask", "Combien de signalements en 2019 ?", "--mode", "extractive")

    assert answer["status"] == "abstained"
    assert "2019" in answer["reason"]
    assert "2025" in answer["suggestion"]
    assert answer["evidence"], "the nearest excerpts are shown all the same"


def test_changed_removed_and_withdrawn_files_leave_and_come_back(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=3)
    run_json(folder, "ingest")
    write_note(folder, 0, extra="Le budget passe à 9 999 euros.")
    (folder / "corpus" / "notes" / "note-01.md").unlink()

    report = run_json(folder, "ingest")
    assert (report["updated"], report["removed"], report["unchanged"]) == (1, 1, 1)
    assert "9 999" in run_json(folder, "search", "budget 9 999 euros")["hits"][0]["text"]

    run(folder, "forget", "note-02.md")
    assert [d["path"] for d in run_json(folder, "documents")["documents"]] == ["notes/note-00.md"]
    assert run_json(folder, "ingest")["added"] == 0
    report = run_json(folder, "ingest", str(folder / "corpus" / "notes" / "note-02.md"))
    assert report["added"] == 1


def test_a_file_from_elsewhere_is_copied_into_the_corpus_and_never_overwrites(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=1)
    outside = tmp_path / "ailleurs.txt"
    outside.write_text("Le tram relie la gare au port en 14 minutes, selon l’étude.", "utf-8")

    assert run_json(folder, "ingest", str(outside), "--collection", "etudes")["added"] == 1
    assert (folder / "corpus" / "etudes" / "ailleurs.txt").is_file()
    outside.write_text("Un autre texte, sous le même nom, bien différent du premier.", "utf-8")
    report = run_json(folder, "ingest", str(outside), "--collection", "etudes", expect=4)
    assert "existe déjà" in report["failed"][0]["error"]


def test_errors_name_the_thing_and_the_remedy_and_exit_with_three(tmp_path):
    done = run(tmp_path, "documents", expect=3)
    assert "Erreur :" in done.stderr and "Remède :" in done.stderr and done.stdout == ""

    empty = make_workspace(tmp_path / "ws", documents=0)
    done = run(empty, "search", "budget", expect=3)
    assert "assistant ingest" in done.stderr
    done = run(empty, "search", "budget", "--language", "en", expect=3)
    assert "Remedy:" in done.stderr


def test_wrong_usage_exits_with_two(workspace):
    run(workspace, "search", expect=2)
    run(workspace, "ask", "   ", expect=2)
    run(workspace, "search", "x", "--since", "hier", expect=2)
    run(workspace, "ingest", "--collection", "../ailleurs", expect=2)


def test_a_writer_that_finds_another_one_says_who_holds_the_workspace(tmp_path):
    from assistant.workspace import Workspace

    folder = make_workspace(tmp_path / "ws", documents=1)
    with Workspace.open(folder).writing():
        done = run(folder, "ingest", "--wait", "0.5", expect=3)

    assert "pid" in done.stderr


def test_init_makes_a_workspace_that_ingests(tmp_path, workspace):
    made = tmp_path / "nouveau"
    run(workspace, "init", str(made))
    (made / "corpus" / "note.txt").write_text("La gare de Valmont ouvre en mai 2027.", "utf-8")

    assert run_json(made, "ingest")["added"] == 1


def test_doctor_says_what_is_missing(tmp_path, workspace):
    assert run_json(workspace, "doctor")["well"] is True
    empty = make_workspace(tmp_path / "ws", documents=0)
    findings = run_json(empty, "doctor", expect=3)["findings"]
    assert any(not f["well"] and f["remedy"] for f in findings)


def test_checkpoint_gives_path_records_and_head(workspace):
    found = run_json(workspace, "audit", "checkpoint")
    assert set(found) == {"path", "records", "head"}


def test_a_checkpoint_as_printed_is_what_verify_takes(workspace, tmp_path):
    deposited = tmp_path / "point.txt"
    deposited.write_text(run(workspace, "audit", "checkpoint").stdout, "utf-8")

    assert run_json(workspace, "audit", "verify", "--against", str(deposited))["ok"]
    missing = run(workspace, "audit", "verify", "--against", str(tmp_path / "x"), expect=3)
    assert "Remède :" in missing.stderr and "Traceback" not in missing.stderr


def test_every_command_explains_itself_in_french(workspace):
    for name in ("ingest", "documents", "forget", "text", "search", "ask", "models", "audit",
                 "init", "doctor", "serve", "evaluate"):  # fmt: skip
        shown = run(workspace, name, "--help").stdout
        assert "utilisation :" in shown and "cette aide" in shown


def test_json_is_the_only_thing_on_stdout(workspace):
    lines = run(workspace, "search", "fibre", "--json").stdout.splitlines()
    assert len(lines) == 1
    json.loads(lines[0])
