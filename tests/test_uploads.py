"""An uploaded file lands where it was meant to, whole, under a safe name, over nothing."""

import errno
import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import DocumentError
from assistant.metadata import corpus_files
from assistant.uploads import AlreadyThere, UploadRefused, is_collection_name, take_upload
from assistant.uploads.names import file_name
from assistant.workspace import Workspace
from tests.workspaces import make_workspace, run


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(make_workspace(tmp_path / "ws", documents=1))


@pytest.fixture
def upload(tmp_path):
    def make(text: str = "Un texte à garder.\n") -> Path:
        file = tmp_path / "gradio-tmp-1234"
        file.write_text(text, "utf-8")
        return file

    return make


def corpus_of(workspace):
    """Everything in the corpus folder, hidden or not, with what it holds."""
    root = workspace.settings.corpus_folder
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_an_upload_lands_in_its_collection_and_the_temporary_file_stays(workspace, upload):
    source = upload()

    kept = take_upload(workspace, source, "Rapport 2025.txt", "études")

    assert kept == workspace.settings.corpus_folder.resolve() / "études" / "Rapport 2025.txt"
    assert kept.read_bytes() == source.read_bytes()
    assert kept in list(corpus_files(workspace.settings.corpus_folder.resolve()))
    assert [p.name for p in kept.parent.iterdir()] == [kept.name], "no part is left"


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\agent\\Avis du CESER.pdf", "Avis du CESER.pdf"),
        ("bilan\x00.pdf", "bilan.pdf"),
        ("avis\n final.md", "avis final.md"),
        ("note\u202efdp.\u200ftxt", "notefdp.txt"),
        ("compte  rendu\u00a0: mars.odt", "compte rendu - mars.odt"),
        ("e\u0301tude.PDF", "\u00e9tude.PDF"),
        ('<img src=x onerror="a">.html', "-img src=x onerror=-a--.html"),
    ],
)
def test_a_hostile_name_is_cleaned_without_meaning_another_file(shown, kept):
    assert file_name(shown) == kept


@pytest.mark.parametrize(
    "shown",
    [
        "", "../", "..", ".", "/", "\x00", ".htaccess.txt", "_brouillon.md", "~$rapport.docx",
        "._rapport.pdf", "\u200b.cache.txt", "con.txt", "CON", "Lpt1.notes.pdf", "nul .txt",
        "a" * 300 + ".pdf", "a" * 5000 + ".pdf", "é" * 120 + ".pdf", "sans suffixe", "rapport.",
        "virus.exe", "rapport.pdf.toml", "collection.toml", "tableau.xlsx", ".pdf", "--.pdf",
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_cleaned_is_refused_with_a_remedy(workspace, upload, shown):
    before = corpus_of(workspace)

    with pytest.raises(UploadRefused) as refusal:
        take_upload(workspace, upload(), shown, "notes")

    said = f"{refusal.value.message.fr}{refusal.value.message.en}"
    assert refusal.value.remedy.fr and refusal.value.remedy.en
    assert "\n" not in said and "\x00" not in said and "\u200b" not in said and len(said) < 600
    assert corpus_of(workspace) == before


def test_the_same_content_under_the_same_name_is_the_same_file(workspace, upload):
    first = take_upload(workspace, upload(), "avis.txt", "notes")
    then = first.stat()

    assert take_upload(workspace, upload(), "avis.txt", "notes") == first
    assert (first.stat().st_ino, first.stat().st_mtime_ns) == (then.st_ino, then.st_mtime_ns)


def test_another_content_replaces_only_when_asked(workspace, upload):
    kept = take_upload(workspace, upload("Première version.\n"), "avis.txt", "notes")

    with pytest.raises(AlreadyThere) as refusal:
        take_upload(workspace, upload("Seconde version.\n"), "avis.txt", "notes")
    assert "avis.txt" in str(refusal.value) and "notes" in str(refusal.value)
    assert kept.read_text("utf-8") == "Première version.\n"

    with kept.open(encoding="utf-8") as reader:  # who reads it now reads one or the other
        assert (
            take_upload(workspace, upload("Seconde version.\n"), "avis.txt", "notes", replace=True)
            == kept
        )
        assert reader.read() == "Première version.\n"
    assert kept.read_text("utf-8") == "Seconde version.\n"


def test_of_many_at_once_under_one_name_one_is_kept_and_the_others_are_told(workspace, tmp_path):
    sources = [tmp_path / f"source-{n}" for n in range(16)]
    for n, source in enumerate(sources):
        source.write_text(f"Version {n}.\n" * 5000, "utf-8")

    def take(source):
        try:
            return take_upload(workspace, source, "avis.txt", "nouvelle")
        except AlreadyThere:
            return None

    with ThreadPoolExecutor(8) as pool:
        kept = [found for found in pool.map(take, sources) if found is not None]

    assert len(kept) == 1
    assert kept[0].read_bytes() in [source.read_bytes() for source in sources]
    assert [p.name for p in kept[0].parent.iterdir()] == ["avis.txt"]


def test_no_link_in_the_corpus_leads_a_write_elsewhere(workspace, upload, tmp_path):
    outside = tmp_path / "ailleurs"
    outside.mkdir()
    (outside / "cible.txt").write_text("À ne pas toucher.\n", "utf-8")
    corpus = workspace.settings.corpus_folder
    (corpus / "piège").symlink_to(outside)
    (corpus / "notes" / "lien.txt").symlink_to(outside / "cible.txt")
    (corpus / "notes" / "vide.txt").symlink_to(outside / "absent.txt")

    for name, collection in (("a.txt", "piège"), ("lien.txt", "notes"), ("vide.txt", "notes")):
        for replace in (False, True):
            with pytest.raises(UploadRefused):
                take_upload(workspace, upload(), name, collection, replace=replace)

    assert [p.name for p in outside.iterdir()] == ["cible.txt"]
    assert (outside / "cible.txt").read_text("utf-8") == "À ne pas toucher.\n"


def test_only_an_ordinary_file_is_uploaded_and_only_over_one(workspace, upload, tmp_path):
    (workspace.settings.corpus_folder / "notes" / "dossier.txt").mkdir()
    os.mkfifo(tmp_path / "tuyau")
    (tmp_path / "lien").symlink_to(upload())

    with pytest.raises(UploadRefused):
        take_upload(workspace, upload(), "dossier.txt", "notes", replace=True)
    for source in (tmp_path / "tuyau", tmp_path / "lien", tmp_path, tmp_path / "absent"):
        with pytest.raises(UploadRefused) as refusal:
            take_upload(workspace, source, "avis.txt", "notes")
        assert refusal.value.remedy.fr


def test_an_empty_or_too_large_file_leaves_nothing_behind(tmp_path, upload):
    folder = make_workspace(tmp_path / "ws", documents=0)
    with (folder / "assistant.toml").open("a", encoding="utf-8") as file:
        file.write("\n[limits]\nmax_file_mb = 1\n")
    workspace = Workspace.open(folder)

    with pytest.raises(UploadRefused, match="vide"):
        take_upload(workspace, upload(""), "avis.txt", "notes")
    with pytest.raises(UploadRefused, match="1 Mo"):
        take_upload(workspace, upload("x" * 1_000_001), "avis.txt", "notes")
    assert take_upload(workspace, upload("x" * 1_000_000), "avis.txt", "notes").is_file()
    assert list(corpus_of(workspace)) == ["notes/avis.txt"]


def test_a_file_system_without_hard_links_never_overwrites_either(workspace, upload, monkeypatch):
    def no_links(*_, **__):
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "link", no_links)

    kept = take_upload(workspace, upload("Première.\n"), "avis.txt", "notes")
    with pytest.raises(AlreadyThere):
        take_upload(workspace, upload("Seconde.\n"), "avis.txt", "notes")

    assert kept.read_text("utf-8") == "Première.\n"
    assert sorted(p.name for p in kept.parent.iterdir()) == ["avis.txt", "note-00.md"]


def test_a_full_disk_is_told_and_leaves_nothing_behind(workspace, upload, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = corpus_of(workspace)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UploadRefused) as refusal:
        take_upload(workspace, upload(), "avis.txt", "notes")
    assert "place libre" in refusal.value.remedy.fr
    assert corpus_of(workspace) == before


def test_what_a_killed_upload_left_is_cleared_a_day_later(workspace, upload):
    notes = workspace.settings.corpus_folder / "notes"
    old, fresh = notes / ".upload-0123456789abcdef.part", notes / ".upload-fedcba9876543210.part"
    old.touch()
    fresh.touch()
    os.utime(old, (0, 0))

    take_upload(workspace, upload(), "avis.txt", "notes")

    assert not old.exists() and fresh.exists()


def test_a_folder_or_a_file_spelt_with_loose_accents_is_the_same_one(workspace, upload):
    loose = unicodedata.normalize("NFD", "délibérations")
    (workspace.settings.corpus_folder / loose).mkdir()
    (workspace.settings.corpus_folder / loose / unicodedata.normalize("NFD", "été.txt")).write_text(
        "Un texte à garder.\n", "utf-8"
    )

    kept = take_upload(workspace, upload(), "été.txt", "délibérations")

    assert kept.parent.name == loose
    assert len(list(kept.parent.iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("notes", True), ("Délibérations 2025", True), ("avis n° 3", True),
        ("", False), ("..", False), ("../ailleurs", False), ("a/b", False), ("a\\b", False),
        (".git", False), ("_sources", False), ("~$x", False), ("x~", False), ("x.toml", False),
        ("a\x00b", False), ("a\nb", False), ("a\u202eb", False), ("con", False), ("…", False),
        ("x" * 81, False), ("𝔸" * 80, False), ("/etc", False), ("Thumbs.db", False),
    ],
)  # fmt: skip
def test_one_rule_says_which_names_a_collection_may_have(workspace, upload, name, plain):
    assert is_collection_name(name) is plain
    if plain:
        assert take_upload(workspace, upload(), "avis.txt", name).is_file()
        return
    with pytest.raises(UploadRefused):
        take_upload(workspace, upload(), "avis.txt", name)
    if name and "\x00" not in name:
        run(workspace.settings.workspace, "ingest", f"--collection={name}", expect=2)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.one_of(st.text(max_size=40), st.text("./\\_~$: \u202ecoń\x00ntp1", max_size=12)).map(
        lambda stem: f"{stem}.txt"
    ),
    collection=st.one_of(st.just("notes"), st.text("./\\_~ aé\u200b", min_size=1, max_size=5)),
)
def test_whatever_the_names_a_file_is_refused_or_found_by_the_next_ingestion(
    workspace, upload, name, collection
):
    root = workspace.settings.corpus_folder.resolve()
    try:
        kept = take_upload(workspace, upload(), name, collection)
    except DocumentError:
        return
    assert kept.parent.parent == root and kept.read_text("utf-8") == "Un texte à garder.\n"
    assert kept in list(corpus_files(root))
    assert set(root.parent.iterdir()) == {root, root.parent / "assistant.toml"}
