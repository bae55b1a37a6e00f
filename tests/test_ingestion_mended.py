"""What a careful reader found: states that an ingestion must come out of by itself."""

import multiprocessing
import shutil
import time

import pytest

from assistant.ingestion import (
    EMBEDDING,
    READING,
    IngestionReport,
    State,
    corpus_state,
    ingest,
    withdraw,
)
from assistant.workspace import Workspace
from tests.workspaces import make_workspace, run_json, write_note

pytestmark = pytest.mark.embedding


def paths_of(workspace):
    catalogue = workspace.catalogue
    return [s.document.path for s in catalogue.documents(catalogue.generation)]


@pytest.fixture
def folder(tmp_path):
    return make_workspace(tmp_path / "ws", documents=2)


class Watched:
    """Counts what an ingestion does, and asks it to stop at a moment."""

    def __init__(self, *, after=None, times=0):
        self.after, self.times = after, times
        self.read, self.embedded, self.to_read, self.batch_end = 0, 0, 0, 0

    def progress(self, what, done, total):
        if what is READING:
            self.read, self.to_read = done, total
        if what is EMBEDDING:
            self.embedded += done > self.batch_end
            self.batch_end = done

    def stop(self):
        done = {READING: self.read, EMBEDDING: self.embedded}
        return self.after is not None and done[self.after] >= self.times


def ingest_watched(folder, *paths, **moment):
    watched = Watched(**moment)
    report = ingest(Workspace.open(folder), paths, progress=watched.progress, stop=watched.stop)
    return report, watched


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


def test_a_stopped_ingestion_publishes_nothing_and_the_next_one_goes_on_from_there(folder):
    others = set(multiprocessing.active_children())  # the process apart stays warm
    for number in range(2, 8):
        write_note(folder, number)

    report, _ = ingest_watched(folder, after=READING, times=3)

    assert report.stopped
    assert (report.added, report.passages, report.failed) == (0, 0, [])
    assert Workspace.open(folder).catalogue.generation == 0
    kept = [s.document.path for s in Workspace.open(folder).catalogue.pending()]
    assert len(kept) == 4
    waiting = corpus_state(Workspace.open(folder))
    assert waiting.counts()[State.PENDING] == 8
    assert [r.path for r in waiting.rows if r.document is not None] == kept
    assert set(multiprocessing.active_children()) <= others

    report, watched = ingest_watched(folder)
    assert (report.stopped, report.added, watched.to_read) == (False, 8, 4)


def test_a_stop_between_batches_keeps_every_batch_that_is_done(folder, monkeypatch):
    monkeypatch.setattr("assistant.ingestion.workforce.ThisProcess.at_once", 1)
    passages = ingest(Workspace.open(folder)).passages
    shutil.rmtree(folder / "index")

    report, watched = ingest_watched(folder, after=EMBEDDING, times=2)
    assert report.stopped and watched.embedded == 2
    left = Workspace.open(folder).catalogue.unembedded()

    report, watched = ingest_watched(folder)
    assert report.passages == passages
    assert watched.embedded == passages - 2 >= left


def test_a_reader_under_way_is_ended_at_once_by_a_stop(folder):
    others = set(multiprocessing.active_children())  # the process apart stays warm
    for number in range(3):
        long = "La région publie une note sur ce sujet. " * 800_000
        (folder / "corpus" / "notes" / f"note-01-{number}.txt").write_text(long, "utf-8")

    told = []

    def progress(*said):
        told.append(time.monotonic())

    report = ingest(Workspace.open(folder), progress=progress, stop=lambda: bool(told))

    assert time.monotonic() - told[0] < 5, "the second file takes half a minute"
    assert report.stopped and set(multiprocessing.active_children()) <= others


def test_an_ingestion_stopped_before_it_began_reads_nothing(folder, monkeypatch):
    monkeypatch.setattr("assistant.ingestion.workforce.read_each", pytest.fail)

    report, _ = ingest_watched(folder, after=READING, times=0)

    assert report.stopped
    assert Workspace.open(folder).catalogue.pending() == []


def test_taking_one_file_in_loses_nothing_of_a_stopped_ingestion(folder):
    for number in range(2, 6):
        write_note(folder, number)
    ingest_watched(folder, after=READING, times=2)
    kept = len(Workspace.open(folder).catalogue.pending())
    write_note(folder, 0, extra="Changé depuis : ce qui était lu ne tient plus.")
    urgent = folder / "corpus" / "notes" / "note-05.md"

    report, watched = ingest_watched(folder, urgent)

    assert watched.to_read == 1
    assert report.added == 1 + kept - 1, "but for the one that changed since"
    assert "notes/note-00.md" not in paths_of(Workspace.open(folder))
    report, _ = ingest_watched(folder)
    assert report.added == 6 - kept and len(paths_of(Workspace.open(folder))) == 6


def test_a_document_withdrawn_after_a_stop_does_not_come_back_with_the_next_run(folder):
    ingest(Workspace.open(folder))
    for number in range(2):
        write_note(folder, number, extra="Révision.")
    ingest_watched(folder, after=READING, times=1)
    assert len(Workspace.open(folder).catalogue.pending()) == 2
    withdraw(Workspace.open(folder), "notes/note-00.md")

    report, _ = ingest_watched(folder, folder / "corpus" / "notes" / "note-01.md")

    assert (report.added, report.updated) == (0, 1)
    assert paths_of(Workspace.open(folder)) == ["notes/note-01.md"]


def test_a_stopped_rebuild_leaves_what_was_published(folder):
    workspace = Workspace.open(folder)
    ingest(workspace)

    report = ingest(workspace, rebuild=True, stop=lambda: True)

    assert report.stopped and workspace.catalogue.generation == 1
    with workspace.generations.reading() as generation:
        assert generation.lexical.search("fibre", 3)
    workspace.generations.close()


def test_the_json_of_an_ingestion_tells_of_a_stop_only_when_there_was_one():
    assert "stopped" not in IngestionReport().as_json()
    assert IngestionReport(stopped=True).as_json()["stopped"] is True
