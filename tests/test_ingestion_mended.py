"""What a careful reader found: states that an ingestion must come out of by itself."""

import shutil

import pytest

from assistant.ingestion import ingest, withdraw
from assistant.workspace import Workspace
from tests.workspaces import make_workspace, run_json

pytestmark = pytest.mark.embedding


def paths_of(workspace):
    catalogue = workspace.catalogue
    return [s.document.path for s in catalogue.documents(catalogue.generation)]


@pytest.fixture
def folder(tmp_path):
    return make_workspace(tmp_path / "ws", documents=2)


def test_a_file_name_that_is_not_utf8_is_refused_and_the_others_go_in(folder):
    bad = bytes(folder / "corpus" / "notes") + b"/d\xe9lib.md"
    with open(bad, "wb") as file:  # noqa: PTH123 - pathlib cannot spell this name
        file.write(b"# Titre\n\nUn texte.\n")

    report = ingest(Workspace.open(folder))

    assert report.added == 2
    assert len(report.failed) == 1 and report.failed[0].remedy


def test_a_corpus_behind_a_link_is_ingested(tmp_path, folder):
    (folder / "corpus").rename(tmp_path / "ailleurs")
    (folder / "corpus").symlink_to(tmp_path / "ailleurs")

    assert ingest(Workspace.open(folder)).added == 2


def test_a_forgotten_document_never_comes_back_even_after_a_kill_or_on_a_damaged_index(folder):
    workspace = Workspace.open(folder)
    ingest(workspace)
    workspace.catalogue.withdraw("notes/note-00.md", withdrawn=True)  # killed right after this
    assert ingest(Workspace.open(folder)).removed == 1

    shutil.rmtree(folder / "index" / "generations")
    withdraw(Workspace.open(folder), "notes/note-01.md")
    ingest(Workspace.open(folder))
    assert paths_of(Workspace.open(folder)) == []


def test_sidecars_come_along_with_a_folder_from_elsewhere(tmp_path, folder):
    outside = tmp_path / "dossier"
    outside.mkdir()
    (outside / "avis.md").write_text("# Avis\n\nLe comité rend un avis réservé.\n", "utf-8")
    (outside / "avis.md.toml").write_text('status = "provisoire"\n', "utf-8")

    ingest(Workspace.open(folder), [outside])

    known = run_json(folder, "documents")["documents"]
    assert [d["status"] for d in known if d["path"].endswith("avis.md")] == ["provisoire"]


def test_a_file_beyond_the_administrator_s_limit_is_refused(folder):
    (folder / "assistant.toml").write_text(
        (folder / "assistant.toml").read_text("utf-8") + "\n[limits]\nmax_file_mb = 1\n", "utf-8"
    )
    (folder / "corpus" / "notes" / "gros.txt").write_text("mot " * 300_000, "utf-8")

    report = ingest(Workspace.open(folder))

    assert [f.path for f in report.failed] == ["notes/gros.txt"]
    assert "max_file_mb" in report.failed[0].remedy


def test_an_open_reader_is_refused_an_index_that_another_model_made(folder):
    from assistant.errors import IndexModelMismatch

    workspace = Workspace.open(folder)
    ingest(workspace)
    with workspace.generations.reading():
        pass
    number = workspace.catalogue.generation
    shutil.copytree(
        workspace.generations.folder_of(number), workspace.generations.folder_of(number + 1)
    )
    workspace.catalogue.publish(number + 1, adds=[], retires=[], embedding="autre 0123")

    with pytest.raises(IndexModelMismatch), workspace.generations.reading():
        pass
    workspace.generations.close()
    with pytest.raises(IndexModelMismatch):
        ingest(Workspace.open(folder))
    report = ingest(Workspace.open(folder), rebuild=True)
    assert report.updated == 2


def test_a_lost_lexical_index_is_damage_and_is_rebuilt(folder):
    from assistant.errors import IndexDamaged

    workspace = Workspace.open(folder)
    ingest(workspace)
    shutil.rmtree(workspace.generations.folder_of(1) / "lexical")

    fresh = Workspace.open(folder)
    with pytest.raises(IndexDamaged), fresh.generations.reading():
        pass
    ingest(fresh)
    with fresh.generations.reading() as generation:
        assert generation.lexical.search("fibre", 3)
    fresh.generations.close()
