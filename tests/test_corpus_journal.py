"""What an administrator is told of the corpus: failures, changes, states, and who may see them."""

import os
import shutil
import sqlite3
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalogue import Catalogue, FailedFile, Happening
from assistant.collection_picture import MONTHS, by_kind_and_month
from assistant.errors import DocumentNotFound
from assistant.ingestion import State, corpus_state, ingest, readmit, set_aside, withdraw
from assistant.records import DocumentKind
from assistant.wording import Words
from assistant.workspace import Workspace
from tests.conftest import document
from tests.workspaces import make_workspace, run, run_json, write_note

HOSTILE = 'abîmé "<img src=x>".pdf'


@pytest.fixture(scope="module")
def embedder(tmp_path_factory):
    return Workspace.open(make_workspace(tmp_path_factory.mktemp("e") / "ws")).embedder


@pytest.fixture
def workspace(tmp_path, embedder):
    opened = Workspace.open(make_workspace(tmp_path / "ws", documents=2))
    opened.embedder = embedder  # the real one, loaded once
    yield opened
    opened.generations.close()


def damage(workspace, path="notes/abime.pdf"):
    file = workspace.settings.corpus_folder / path
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"%PDF-1.7\n%garbage")
    return file


def happened(workspace, **asked):
    return [(c.what, c.path) for c in workspace.catalogue.changes(**asked)]


def states(workspace, hidden=frozenset()):
    return [(r.path, r.state) for r in corpus_state(workspace, hidden).rows]


def row_of(workspace, path, state):
    return next(r for r in corpus_state(workspace).rows if (r.path, r.state) == (path, state))


def keep(catalogue, path, **facts):
    """One pending document without passages: enough for a journal."""
    return catalogue.add(replace(document(path), **facts), "Un texte.", (), (), "r")


# --- failures ------------------------------------------------------------------


@pytest.mark.embedding
def test_a_failure_lasts_until_its_file_is_taken_in(workspace):
    file = damage(workspace, f"notes/{HOSTILE}")
    ingest(workspace)
    generation = workspace.catalogue.generation

    [kept] = Catalogue(workspace.settings.index_folder / "catalogue.sqlite3").failures()
    assert kept.path == f"notes/{HOSTILE}"
    assert kept.error.fr and kept.error.en and kept.remedy.fr and kept.remedy.en
    assert abs((datetime.now(UTC) - kept.since).total_seconds()) < 60

    report = ingest(workspace)
    assert [f.path for f in report.failed] == [kept.path]
    assert workspace.catalogue.failures() == [kept], "the same failure keeps its first moment"
    assert workspace.catalogue.generation == generation, "a failure makes no generation"

    file.write_text("Un texte, tout simplement, sous un nom de PDF.\n", "utf-8")
    file = file.rename(file.with_suffix(".txt"))
    ingest(workspace)
    assert workspace.catalogue.failures() == [], "its file is gone, another came"


@pytest.mark.embedding
def test_a_changed_file_that_fails_leaves_the_former_version_searched_and_both_are_listed(
    workspace,
):
    ingest(workspace)
    note = workspace.settings.corpus_folder / "notes" / "note-00.md"
    former = note.read_bytes()
    note.write_bytes(b"\x00\x01\x02" * 100)

    report = ingest(workspace)

    assert [f.path for f in report.failed] == ["notes/note-00.md"]
    assert (report.updated, report.removed) == (0, 0)
    assert states(workspace)[:2] == [
        ("notes/note-00.md", State.READY),
        ("notes/note-00.md", State.FAILED),
    ]
    failed = row_of(workspace, "notes/note-00.md", State.FAILED)
    assert failed.reason and failed.remedy and failed.since
    assert failed.title == "Note 0 sur le thème fibre"

    note.write_bytes(former)
    assert states(workspace)[1] == ("notes/note-00.md", State.PENDING), "touched since it failed"
    assert ingest(workspace).unchanged == 2
    assert workspace.catalogue.failures() == []


@pytest.mark.embedding
def test_a_failure_goes_when_its_file_is_gone_withdrawn_or_left_out(workspace):
    files = [damage(workspace, f"notes/abime-{n}.pdf") for n in range(3)]
    ingest(workspace)

    files[0].unlink()
    set_aside(workspace, "notes/abime-1.pdf")
    report = ingest(workspace)

    assert [f.path for f in report.failed] == ["notes/abime-2.pdf"]
    assert [f.path for f in workspace.catalogue.failures()] == ["notes/abime-2.pdf"]
    assert ("notes/abime-1.pdf", State.WITHDRAWN) in states(workspace)
    for path in ("notes/note-00.md", "notes/abime-0.pdf", "../assistant.toml"):
        with pytest.raises(DocumentNotFound):
            set_aside(workspace, path)
    # a part of the corpus says nothing of the rest
    ingest(workspace, [workspace.settings.corpus_folder / "notes" / "note-00.md"])
    assert [f.path for f in workspace.catalogue.failures()] == ["notes/abime-2.pdf"]


@pytest.mark.embedding
def test_the_list_of_documents_shows_failures_in_lines_of_their_own(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=1)
    (folder / "corpus" / "notes" / "a\nRemède : rien.pdf").write_bytes(b"%PDF-1.7\n%garbage")
    run(folder, "ingest", expect=4)

    told = run_json(folder, "documents")
    shown = run(folder, "documents").stdout

    assert set(told) == {"documents", "withdrawn", "failed"}
    assert set(told["failed"][0]) == {"path", "error", "remedy", "since"}
    assert shown.count("En échec depuis le ") == 1
    assert not any(line.startswith("Remède") for line in shown.splitlines())


def test_another_error_on_a_file_begins_anew(tmp_path):
    catalogue = Catalogue(tmp_path / "catalogue.sqlite3")
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    failed = FailedFile(
        path="a/x.pdf", error=Words("Vide.", "Empty."), remedy=Words("r", "r"), since=first
    )

    catalogue.keep_failure(failed)
    catalogue.keep_failure(replace(failed, since=second, size=3))
    assert catalogue.failures() == [replace(failed, size=3)]
    catalogue.keep_failure(replace(failed, since=second, error=Words("Abîmé \ud800.", "Damaged.")))
    assert catalogue.failures()[0].since == second


# --- the journal ---------------------------------------------------------------


@pytest.mark.embedding
def test_the_journal_tells_what_came_changed_left_and_came_back(workspace):
    began = datetime.now(UTC)
    ingest(workspace)
    write_note(workspace.settings.workspace, 0, extra="Révision.")
    (workspace.settings.corpus_folder / "notes" / "note-01.md").unlink()
    ingest(workspace)
    withdraw(workspace, "notes/note-00.md")
    middle = datetime.now(UTC)
    readmit(workspace, "notes/note-00.md")
    ingest(workspace)  # nothing changed, nothing is told

    assert happened(workspace) == [
        (Happening.READMITTED, "notes/note-00.md"),
        (Happening.WITHDRAWN, "notes/note-00.md"),
        (Happening.REMOVED, "notes/note-01.md"),
        (Happening.UPDATED, "notes/note-00.md"),
        (Happening.ADDED, "notes/note-01.md"),
        (Happening.ADDED, "notes/note-00.md"),
    ]
    newest = workspace.catalogue.changes()[0]
    assert newest.generation == workspace.catalogue.generation == 4
    assert (newest.title, newest.collection) == ("Note 0 sur le thème fibre", "notes")
    assert began < newest.when < datetime.now(UTC)
    assert happened(workspace, since=middle) == [(Happening.READMITTED, "notes/note-00.md")]
    assert happened(workspace, limit=1) == [(Happening.READMITTED, "notes/note-00.md")]
    assert happened(workspace, since=datetime.now(UTC)) == []


@pytest.mark.embedding
def test_reading_everything_again_changes_no_document(workspace):
    ingest(workspace)
    report = ingest(workspace, rebuild=True)

    assert report.updated == 2
    assert len(happened(workspace)) == 2

    sidecar = workspace.settings.corpus_folder / "notes" / "note-00.md.toml"
    sidecar.write_text('status = "provisoire"\n', "utf-8")
    assert ("notes/note-00.md", State.PENDING) in states(workspace)
    ingest(workspace)
    assert happened(workspace)[0] == (Happening.UPDATED, "notes/note-00.md")


def test_a_change_is_in_the_journal_exactly_when_it_is_published(tmp_path, monkeypatch):
    catalogue = Catalogue(tmp_path / "catalogue.sqlite3")
    row = keep(catalogue, "a/un.txt")

    with pytest.raises(sqlite3.Error):
        catalogue.publish(1, adds=[row], retires=[], embedding=object())

    assert (catalogue.generation, catalogue.changes()) == (0, [])
    catalogue.publish(1, adds=[row], retires=[])
    assert [c.generation for c in catalogue.changes()] == [1]


def test_a_catalogue_from_before_the_journal_opens_with_an_empty_one(tmp_path):
    path = tmp_path / "catalogue.sqlite3"
    catalogue = Catalogue(path)
    catalogue.publish(1, adds=[keep(catalogue, "a/un.txt")], retires=[])
    catalogue.close()
    with sqlite3.connect(path) as db:
        db.executescript("DROP TABLE failures; DROP TABLE journal; PRAGMA user_version = 2")
    db.close()

    migrated = Catalogue(path)

    assert [s.document.path for s in migrated.documents(1)] == ["a/un.txt"]
    assert migrated.changes() == [] and migrated.failures() == []
    migrated.publish(2, adds=[], retires=[migrated.documents(1)[0].row])
    assert [(c.what, c.path) for c in migrated.changes()] == [(Happening.REMOVED, "a/un.txt")]


def test_a_catalogue_of_a_newer_program_is_not_taken_back(tmp_path):
    path = tmp_path / "catalogue.sqlite3"
    Catalogue(path).fact("generation")
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()

    assert Catalogue(path).generation == 0
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()


def test_nothing_of_a_hidden_collection_is_in_the_journal_nor_counts_in_its_limit(tmp_path):
    catalogue = Catalogue(tmp_path / "catalogue.sqlite3")
    rows = [
        keep(catalogue, "notes/vu.txt"),
        keep(catalogue, "rh/un.txt"),
        keep(catalogue, "notes/dit-rh.txt", collection="rh"),
        keep(catalogue, "racine.txt", collection="general"),
        keep(catalogue, "notes/part-en-rh.txt"),
    ]
    catalogue.publish(1, adds=rows, retires=[])
    catalogue.publish(
        2, adds=[keep(catalogue, "notes/part-en-rh.txt", collection="rh")], retires=[rows[-1]]
    )

    def seen(*hidden, limit=100):
        return [c.path for c in catalogue.changes(None, limit, frozenset(hidden))]

    assert len(seen()) == 6
    assert seen("rh") == ["racine.txt", "notes/vu.txt"]
    assert seen("rh", limit=1) == ["racine.txt"]
    assert seen("rh", "general") == ["notes/vu.txt"]


def test_the_journal_of_a_hundred_thousand_documents_is_quick(tmp_path):
    catalogue = Catalogue(tmp_path / "catalogue.sqlite3")
    catalogue.generation  # noqa: B018 - opens it
    with sqlite3.connect(tmp_path / "catalogue.sqlite3") as db:
        db.executemany(
            "INSERT INTO documents (document_id, path, sha256, format, title, kind, collection, "
            "status, page_count, origins, recipe) "
            "VALUES (?, ?, 'x', 'text', 'Titre', 'note', 'notes', 'définitif', 0, '{}', 'r')",
            ((str(n), f"notes/{n:06d}.txt") for n in range(100_000)),
        )
    db.close()

    began = time.monotonic()
    catalogue.publish(1, adds=range(1, 100_001), retires=[])
    published = time.monotonic()
    page = catalogue.changes(limit=50)
    hidden = catalogue.changes(None, 50, frozenset({"notes"}))
    told = time.monotonic()

    assert len(page) == 50 and hidden == []
    assert published - began < 20 and told - published < 10


# --- states --------------------------------------------------------------------


@pytest.mark.embedding
def test_every_file_is_listed_with_how_it_stands(workspace):
    damage(workspace)
    ingest(workspace)
    withdraw(workspace, "notes/note-01.md")
    (workspace.settings.corpus_folder / "nouveau.txt").write_text("Un nouveau texte.\n", "utf-8")

    found = corpus_state(workspace)

    assert [(r.path, r.state) for r in found.rows] == [
        ("nouveau.txt", State.PENDING),
        ("notes/abime.pdf", State.FAILED),
        ("notes/note-00.md", State.READY),
        ("notes/note-01.md", State.WITHDRAWN),
    ]
    assert found.counts() == dict.fromkeys(State, 1)
    new, failed, ready, withdrawn = found.rows
    assert new.collection == "general" and new.reason and new.remedy
    assert ready.passages > 0 and ready.document.title == ready.title and ready.reason is None
    assert withdrawn.title == "Note 1 sur le thème cyber" and withdrawn.there
    changes = {c.path: c.when for c in workspace.catalogue.changes(limit=1)}
    assert withdrawn.since == changes["notes/note-01.md"]
    assert all(row.since is not None for row in (new, failed, ready))


@pytest.mark.embedding
def test_what_changed_on_disk_waits_and_is_not_hashed_to_be_shown(workspace, monkeypatch):
    ingest(workspace)
    assert [state for _, state in states(workspace)] == [State.READY, State.READY]
    monkeypatch.setattr("assistant.corpus_scope.sha256_of_file", pytest.fail)
    write_note(workspace.settings.workspace, 0, extra="Révision.")
    (workspace.settings.corpus_folder / "notes" / "note-01.md").unlink()

    rows = corpus_state(workspace).rows

    assert [(r.path, r.state, r.there) for r in rows] == [
        ("notes/note-00.md", State.READY, True),
        ("notes/note-00.md", State.PENDING, True),
        ("notes/note-01.md", State.READY, False),
    ]
    assert rows[1].reason.fr != rows[2].reason.fr


@pytest.mark.embedding
def test_a_withdrawn_document_is_brought_back_if_its_file_is_there(workspace):
    ingest(workspace)
    for name in ("notes/note-00.md", "notes/note-01.md"):
        withdraw(workspace, name)
    (workspace.settings.corpus_folder / "notes" / "note-01.md").unlink()

    report = readmit(workspace, "notes/note-00.md")

    assert (report.added, report.removed, report.failed) == (1, 0, [])
    assert states(workspace) == [
        ("notes/note-00.md", State.READY),
        ("notes/note-01.md", State.WITHDRAWN),
    ]
    assert not row_of(workspace, "notes/note-01.md", State.WITHDRAWN).there
    for path in ("notes/note-00.md", "notes/note-01.md", "../assistant.toml", "absent.txt"):
        with pytest.raises(DocumentNotFound) as refusal:
            readmit(workspace, path)
        assert refusal.value.remedy.fr
    assert "notes/note-01.md" in workspace.catalogue.withdrawn()


@pytest.mark.embedding
def test_who_may_not_read_a_collection_sees_none_of_its_rows_counts_or_failures(workspace):
    corpus = workspace.settings.corpus_folder
    for name in ("rh", "divers"):
        (corpus / name).mkdir()
        for n in range(2):
            (corpus / name / f"{n}.md").write_text(f"# Fiche {n}\n\nUn texte.\n", "utf-8")
    damage(workspace, "rh/abime.pdf")
    damage(workspace, "divers/abime.pdf")
    (corpus / "divers" / "0.md.toml").write_text('collection = "rh"\n', "utf-8")
    (corpus / "divers" / "abime.pdf.toml").write_text('collection = "rh"\n', "utf-8")
    ingest(workspace)
    withdraw(workspace, "rh/1.md")
    withdraw(workspace, "divers/1.md")
    (corpus / "divers" / "1.md.toml").write_text('collection = "rh"\n', "utf-8")
    for name in ("rh/neuf.md", "divers/neuf.md", "divers/douteux.md"):
        (corpus / name).write_text("# Neuf\n\nUn texte.\n", "utf-8")
    (corpus / "divers" / "neuf.md.toml").write_text('collection = "rh"\n', "utf-8")
    (corpus / "divers" / "douteux.md.toml").write_text("collection = [\n", "utf-8")

    everything = corpus_state(workspace)
    restricted = corpus_state(workspace, frozenset({"rh"}))

    assert everything.counts() == {
        State.READY: 4, State.PENDING: 3, State.FAILED: 2, State.WITHDRAWN: 2,
    }  # fmt: skip
    assert {r.path for r in restricted.rows} == {"notes/note-00.md", "notes/note-01.md"}
    assert restricted.counts()[State.READY] == 2
    assert "rh" not in {c.collection for c in workspace.catalogue.changes(hidden=frozenset({"rh"}))}


@pytest.mark.embedding
def test_the_state_is_told_while_another_process_is_writing(workspace):
    ingest(workspace)
    other = sqlite3.connect(workspace.settings.index_folder / "catalogue.sqlite3")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE documents SET until = 1")
    assert [state for _, state in states(workspace)] == [State.READY, State.READY]
    other.rollback()
    other.close()


def test_a_file_of_an_impossible_time_or_name_is_listed_all_the_same(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=1)
    os.utime(folder / "corpus" / "notes" / "note-00.md", (2**62 // 10**9, 2**62 // 10**9))
    with open(bytes(folder / "corpus" / "notes") + b"/d\xe9lib.md", "wb") as file:  # noqa: PTH123
        file.write(b"# Titre\n")

    assert states(Workspace.open(folder)) == [
        ("notes/d?lib.md", State.PENDING),
        ("notes/note-00.md", State.PENDING),
    ]
    shutil.rmtree(folder)


# --- the picture ---------------------------------------------------------------

DATED = st.builds(
    lambda day, kind: replace(document(), date=day, kind=kind),
    st.one_of(st.none(), st.dates(), st.dates(date(2024, 1, 1), date(2026, 12, 31))),
    st.sampled_from(DocumentKind),
)


@given(st.lists(DATED, max_size=60))
def test_the_picture_counts_every_document_once(documents):
    picture = by_kind_and_month(documents)

    assert picture.total == len(documents)
    assert len(picture.months) <= MONTHS and len(picture.counts) == len(picture.months)
    for column, kind in enumerate(picture.kinds):
        dates = [d.date for d in documents if d.kind is kind]
        assert picture.undated[column] == dates.count(None)
        by_month = Counter(f"{d:%Y-%m}".zfill(7) for d in dates if d)
        drawn = {m: line[column] for m, line in zip(picture.months, picture.counts, strict=True)}
        assert all(count == by_month[month] for month, count in drawn.items())
        older = sum(n for month, n in by_month.items() if month not in drawn)
        assert picture.before[column] == older
    assert set(picture.kinds) == {d.kind for d in documents}


@given(st.lists(DATED, min_size=1, max_size=20))
def test_the_months_of_the_picture_have_no_gap_and_end_with_the_latest(documents):
    months = by_kind_and_month(documents).months
    dated = [d.date for d in documents if d.date]
    numbers = [int(m[:4]) * 12 + int(m[5:]) for m in months]

    assert numbers == list(range(numbers[0], numbers[-1] + 1)) if numbers else dated == []
    if dated:
        assert months[-1] == f"{max(dated).year:04d}-{max(dated).month:02d}"


def test_an_empty_collection_has_an_empty_picture():
    picture = by_kind_and_month([])

    assert (picture.months, picture.counts, picture.kinds, picture.total) == ((), (), (), 0)
