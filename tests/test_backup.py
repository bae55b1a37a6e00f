"""A backup taken while the program works is one moment of it, and comes back as it was."""

import os
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

from assistant.accounts import Role
from assistant.backup import back_up, check, restore
from assistant.errors import AssistantError, AuditError
from assistant.workspace import Workspace
from tests.audit_logs import fill
from tests.backups import filled, publish, texts_of
from tests.conftest import REPOSITORY
from tests.workspaces import command, make_workspace, run, run_json, write_note

DOCUMENTS = 30
PASSWORD = "trois chevaux gris au galop"


@pytest.fixture
def workspace(tmp_path):
    return filled(tmp_path / "ws")


def test_what_comes_back_is_what_was_there(workspace, tmp_path):
    made = back_up(workspace, tmp_path / "copie.tar.gz")
    restored = restore(made.archive, tmp_path / "retour")

    back = Workspace.open(restored.workspace)
    assert texts_of(back) == texts_of(workspace)
    assert restored.audit.ok and restored.audit.records == made.records == 6
    assert back.audit.checkpoint().head == workspace.audit.checkpoint().head == made.head
    assert back.desk.history("u-aaaaaaaaaa") == workspace.desk.history("u-aaaaaaaaaa")
    assert len(back.desk.history("u-aaaaaaaaaa")) == 1
    for file in workspace.settings.corpus_folder.rglob("*.md"):
        twin = back.settings.corpus_folder / file.relative_to(workspace.settings.corpus_folder)
        assert twin.read_bytes() == file.read_bytes()
        assert twin.stat().st_mtime_ns == file.stat().st_mtime_ns
    assert back.settings.model_dump(exclude={"workspace"}) == workspace.settings.model_dump(
        exclude={"workspace"}
    )


def test_the_restored_workspace_searches_with_indexes_made_of_the_catalogue_alone(
    workspace, tmp_path
):
    made = back_up(workspace, tmp_path / "copie.tar.gz")
    assert not any("generations" in name for name in check(made.archive).members)
    back = Workspace.open(restore(made.archive, tmp_path / "retour").workspace)

    assert back.generations.sound(back.catalogue.generation)
    found = run_json(back.settings.workspace, "search", "lycées publics", "--mode", "lexical")
    assert "62 lycées" in found["hits"][0]["text"]
    assert run_json(back.settings.workspace, "audit", "verify")["ok"]
    with (
        closing(workspace.generations) as mine,
        closing(back.generations) as theirs,
        mine.reading() as before,
        theirs.reading() as after,
    ):
        assert np.array_equal(before.vectors.rows, after.vectors.rows)


def test_a_log_that_goes_on_after_the_restoration_still_verifies(workspace, tmp_path):
    made = back_up(workspace, tmp_path / "copie.tar")
    back = Workspace.open(restore(made.archive, tmp_path / "retour").workspace)
    fill(back.audit, 2)

    assert back.audit.verify().records == made.records + 4
    assert back.audit.verify().ok


def test_backups_taken_while_documents_are_published_and_answers_recorded_are_each_one_moment(
    workspace, tmp_path
):
    rounds, over = 0, threading.Event()

    def publish_one():
        nonlocal rounds
        rounds += 1
        publish(workspace, extra=f"Tour {rounds} du document.")

    def until_over(step):
        while not over.is_set():
            step()

    steps = (
        publish_one,
        lambda: fill(workspace.audit, 1),
        lambda: write_note(workspace.settings.workspace, 1, extra="x" * 200_000),
    )
    with ThreadPoolExecutor(len(steps)) as writers:
        writing = [writers.submit(until_over, step) for step in steps]
        try:
            time.sleep(0.3)
            made = [back_up(workspace, tmp_path / f"copie-{n}.tar") for n in range(4)]
        finally:
            over.set()
        for writer in writing:
            writer.result()

    assert rounds > 1
    assert made[-1].records > made[0].records
    for n, one in enumerate(made):
        restored = restore(one.archive, tmp_path / f"retour-{n}")
        assert restored.audit.ok, restored.audit.message
        assert restored.audit.records == one.records
        back = Workspace.open(restored.workspace)
        seen = {text.rsplit("Tour ", 1)[-1] for text in texts_of(back).values()}
        assert len(seen) == 1, "two rounds in one backup"
        assert len(texts_of(back)) == 4
        assert back.generations.sound(back.catalogue.generation)


@pytest.mark.embedding
def test_a_backup_in_the_middle_of_a_real_ingestion_goes_on_where_it_was(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=6)
    for number in range(6, DOCUMENTS):
        write_note(folder, number, extra=f"Suite {number}. " * 30)
    ingestion = subprocess.Popen(command(folder, "ingest"), cwd=REPOSITORY)
    workspace = Workspace.open(folder)
    while ingestion.poll() is None and len(workspace.catalogue.pending()) < 10:
        time.sleep(0.02)
    made = back_up(workspace, tmp_path / "copie.tar")
    under_way = ingestion.poll() is None
    assert ingestion.wait(timeout=300) == 0

    assert under_way, "the backup must be taken while the ingestion runs"
    restored = restore(made.archive, tmp_path / "retour")
    assert restored.audit.ok
    report = run_json(restored.workspace, "ingest")
    assert (report["added"], report["failed"]) == (DOCUMENTS, [])
    assert texts_of(Workspace.open(restored.workspace)) == texts_of(workspace)

    whole = restore(
        back_up(workspace, tmp_path / "ensuite.tar").archive, tmp_path / "entier"
    ).workspace
    report = run_json(whole, "ingest")
    assert (report["unchanged"], report["added"], report["updated"]) == (DOCUMENTS, 0, 0)
    assert run_json(whole, "search", "couverture de la fibre")["hits"]


def test_nobody_stays_logged_in_through_a_backup_and_passwords_still_work(workspace, tmp_path):
    lasts = workspace.settings.access
    workspace.accounts.add("lea", Role.AGENT, (), PASSWORD)
    token = workspace.accounts.log_in("lea", PASSWORD, "ici", lasts=lasts)
    made = back_up(workspace, tmp_path / "copie.tar")
    back = Workspace.open(restore(made.archive, tmp_path / "retour").workspace)

    assert workspace.accounts.session(token) is not None
    assert back.accounts.session(token) is None
    assert back.accounts.log_in("lea", PASSWORD, "ici", lasts=lasts)
    accounts = back.settings.index_folder / "accounts.sqlite3"
    assert accounts.stat().st_mode & 0o077 == 0


def test_an_empty_workspace_comes_back_too(tmp_path):
    workspace = Workspace.open(make_workspace(tmp_path / "ws", documents=0))
    restored = restore(back_up(workspace, tmp_path / "vide.tar.gz").archive, tmp_path / "retour")

    assert (restored.documents, restored.audit.records) == (0, 0)
    assert restored.audit.ok


def test_models_stay_out_and_their_names_and_hashes_are_in(workspace, tmp_path):
    manifest = check(back_up(workspace, tmp_path / "copie.tar").archive)

    assert not any(name.endswith((".gguf", ".onnx")) for name in manifest.members)
    chosen = workspace.manifest.get(workspace.settings.models.language)
    assert chosen.sha256 in {model.sha256 for model in manifest.models}


def test_settings_that_name_folders_elsewhere_are_brought_home_and_kept_aside(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=2)
    elsewhere = tmp_path / "ailleurs"
    (folder / "assistant.toml").write_text(
        f'[paths]\nindex = "{elsewhere}"\nmodels = "/nulle/part"\n[retrieval]\ntop = 7\n', "utf-8"
    )
    workspace = Workspace.open(folder)
    fill(workspace.audit, 1)
    before = sorted(elsewhere.rglob("*"))
    back = restore(back_up(workspace, tmp_path / "copie.tar").archive, tmp_path / "retour")

    settings = Workspace.open(back.workspace).settings
    assert settings.index_folder == back.workspace / "index"
    assert settings.models_folder == back.workspace / "models"
    assert settings.retrieval.top == 7
    assert str(elsewhere) in (back.workspace / "assistant.toml.former").read_text("utf-8")
    assert back.audit.records == 2
    assert sorted(elsewhere.rglob("*")) == before


def test_a_folder_of_models_can_be_shared_with_what_is_restored(workspace, tmp_path):
    made = back_up(workspace, tmp_path / "copie.tar")
    back = restore(made.archive, tmp_path / "retour", models=tmp_path / "poids")

    assert Workspace.open(back.workspace).settings.models_folder == tmp_path / "poids"
    assert not (back.workspace / "models").exists()


def test_a_file_that_cannot_be_taken_is_said_and_the_others_are_there(workspace, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("hors du corpus", "utf-8")
    notes = workspace.settings.corpus_folder / "notes"
    (notes / "lien.md").symlink_to(secret)
    (notes / "copie.md").symlink_to(notes / "note-00.md")
    os.mkfifo(notes / "tube")

    done = run_json(workspace.settings.workspace, "backup", str(tmp_path / "copie.tar"), expect=4)

    assert [left["path"] for left in done["left_out"]] == ["notes/lien.md", "notes/tube"]
    members = check(tmp_path / "copie.tar").members
    assert "corpus/notes/lien.md" not in members
    assert members["corpus/notes/copie.md"] == members["corpus/notes/note-00.md"]


def test_a_file_that_somebody_changes_all_the_time_is_left_out_rather_than_torn(
    workspace, tmp_path, monkeypatch
):
    written_to = workspace.settings.corpus_folder / "notes" / "journal.txt"
    written_to.write_text("une ligne, puis", "utf-8")

    class WrittenToMeanwhile(tempfile.SpooledTemporaryFile):
        def write(self, raw):
            if raw.startswith(b"une ligne"):
                with written_to.open("a", encoding="utf-8") as out:
                    out.write(" une autre")
            return super().write(raw)

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", WrittenToMeanwhile)
    made = back_up(workspace, tmp_path / "copie.tar")

    assert [left.path for left in made.left_out] == ["notes/journal.txt"]
    assert made.documents == 4
    assert "corpus/notes/journal.txt" not in check(made.archive).members


def test_a_tampered_log_is_not_backed_up_as_if_it_were_whole(workspace, tmp_path):
    month = next(workspace.audit.folder.glob("*.jsonl"))
    month.write_bytes(month.read_bytes()[:-10])

    with pytest.raises(AuditError):
        back_up(workspace, tmp_path / "copie.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["ws"]


def test_a_damaged_store_is_named_and_no_archive_is_left(workspace, tmp_path):
    workspace.catalogue.close()
    store = workspace.settings.index_folder / "catalogue.sqlite3"
    for left in store.parent.glob("catalogue.sqlite3-*"):
        left.unlink()
    raw = bytearray(store.read_bytes())
    raw[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    store.write_bytes(raw)

    with pytest.raises(AssistantError, match=r"catalogue\.sqlite3"):
        back_up(workspace, tmp_path / "copie.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["ws"]


def test_a_backup_never_takes_the_place_of_another_nor_lies_in_what_it_holds(workspace, tmp_path):
    made = back_up(workspace, tmp_path / "copie.tar")
    before = made.archive.read_bytes()

    for place in (made.archive, workspace.settings.corpus_folder, tmp_path / "pas" / "la.tar"):
        with pytest.raises(AssistantError):
            back_up(workspace, place)
    assert made.archive.read_bytes() == before


def test_what_a_killed_backup_left_is_removed_by_the_next(workspace, tmp_path):
    left = tmp_path / ".assistant-backup-abcd"
    left.mkdir()
    (left / "archive").write_bytes(b"begun")

    back_up(workspace, tmp_path)

    assert not left.exists()
    assert len(list(tmp_path.glob("ws-*.tar.gz"))) == 1


def test_killed_at_any_moment_neither_command_leaves_half_of_anything(workspace, tmp_path):
    folder = workspace.settings.workspace
    archive, target = tmp_path / "copie.tar", tmp_path / "retour"
    for place, arguments in (
        (archive, ("backup", str(archive))),
        (target, ("restore", str(archive), "--to", str(target))),
    ):
        for wait_s in (0.25, 0.4, 0.55, 0.7, 0.85):
            process = subprocess.Popen(
                command(folder, *arguments), cwd=REPOSITORY, stdout=subprocess.DEVNULL
            )
            time.sleep(wait_s)
            process.kill()
            process.wait()
            if place.exists():
                break
        else:
            run(folder, *arguments)
        assert check(archive).records == 6
    assert Workspace.open(target).audit.verify().ok
    back_up(workspace, tmp_path / "encore.tar")
    restore(archive, tmp_path / "retour-2")
    left = {path.name for path in tmp_path.iterdir() if ".restoring-" not in path.name}
    assert left == {"ws", "copie.tar", "encore.tar", "retour", "retour-2"}


def test_a_restoration_never_mixes_with_what_is_there(workspace, tmp_path):
    made = back_up(workspace, tmp_path / "copie.tar")
    taken, empty = tmp_path / "pris", tmp_path / "vide"
    taken.mkdir()
    (taken / "note").write_text("à moi", "utf-8")
    empty.mkdir()

    with pytest.raises(AssistantError):
        restore(made.archive, taken)
    assert [path.name for path in taken.iterdir()] == ["note"]
    assert restore(made.archive, empty).workspace == empty


def test_the_commands_say_what_they_did(workspace, tmp_path):
    folder = workspace.settings.workspace
    made = run_json(folder, "backup", str(tmp_path))
    assert set(made) == {
        "archive", "bytes", "sha256", "members", "documents", "audit", "left_out", "seconds",
    }  # fmt: skip
    assert set(made["audit"]) == {"records", "head"}
    checked = run_json(tmp_path, "restore", made["archive"], "--check")
    assert checked["members"] == made["members"]
    back = run_json(tmp_path, "restore", made["archive"], "--to", str(tmp_path / "retour"))
    assert (back["documents"], back["audit"]["ok"]) == (4, True)

    refused = run(folder, "restore", made["archive"], "--to", str(folder), expect=3)
    assert "Erreur :" in refused.stderr and "Remède :" in refused.stderr
    run(folder, "restore", made["archive"], expect=2)
    for name in ("backup", "restore"):
        shown = run(folder, name, "--help").stdout
        assert "utilisation :" in shown and "cette aide" in shown
