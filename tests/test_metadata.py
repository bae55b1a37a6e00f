"""What is known of a document, where it was found, and which files are documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UnreadableDocument
from assistant.metadata import Metadata, corpus_files, describe, description_files
from assistant.metadata.said import LINE_CHARS, one_line
from assistant.reading import read
from assistant.records import Block, DocumentKind, Locator, Reading, Role, Status


def reading_of(text: str = "Un texte.", **metadata: str) -> Reading:
    block = Block(start=0, end=len(text), role=Role.BODY, locator=Locator())
    return Reading(format="text", text=text, blocks=(block,), metadata=metadata)


def write(root: Path, name: str, text: str = "x") -> Path:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def described(root: Path, name: str, reading: Reading | None = None) -> Metadata:
    return describe(write(root, name), root, reading or reading_of())


def test_a_sidecar_wins_over_everything_else(tmp_path):
    write(
        tmp_path,
        "avis/note.pdf.toml",
        'title = "Avis sur la SRDIA"\ndate = 2026-06-11\nkind = "avis"\nstatus = "provisoire"\n'
        'commission = "Numérique"\ncollection = "ceser"\nsuperseded_by = "note-2.pdf"\n',
    )
    write(tmp_path, "avis/collection.toml", 'kind = "rapport"\ncollection = "autre"\n')

    found = described(tmp_path, "avis/note.pdf", reading_of(title="Note", date="2025-01-02"))

    assert (found.title, found.date, found.kind) == (
        "Avis sur la SRDIA",
        date(2026, 6, 11),
        DocumentKind.OPINION,
    )
    assert (found.status, found.commission, found.collection, found.superseded_by) == (
        Status.PROVISIONAL,
        "Numérique",
        "ceser",
        "note-2.pdf",
    )
    assert set(found.origins.values()) == {"sidecar"}


def test_the_file_wins_over_its_collection_and_its_collection_over_its_name(tmp_path):
    write(
        tmp_path,
        "c/collection.toml",
        'name = "Auditions 2026"\nkind = "note"\ncommission = "Énergie"\n'
        '[documents."rapport-2026-01-14.pdf"]\ntitle = "Selon la collection"\ndate = "2026-02-01"\n',
    )
    found = described(tmp_path, "c/rapport-2026-01-14.pdf", reading_of(title="Selon le fichier"))

    assert found.title == "Selon le fichier"
    assert found.date == date(2026, 2, 1)
    assert found.kind is DocumentKind.NOTE
    assert found.collection == "Auditions 2026"
    assert found.commission == "Énergie"
    assert found.origins == {
        "title": "file",
        "date": "collection",
        "kind": "collection",
        "commission": "collection",
        "collection": "collection",
    }


def test_only_the_nearest_collection_file_counts(tmp_path):
    write(tmp_path, "collection.toml", 'kind = "rapport"\ncommission = "A"\n')
    write(tmp_path, "c/collection.toml", 'kind = "avis"\n')

    found = described(tmp_path, "c/sous/x.pdf")

    assert (found.kind, found.commission) == (DocumentKind.OPINION, None)
    assert described(tmp_path, "y.pdf").commission == "A"


@pytest.mark.parametrize(
    ("name", "day", "kind"),
    [
        ("audition-2026-01-14.pdf", date(2026, 1, 14), DocumentKind.HEARING),
        ("20251127_deliberation.pdf", date(2025, 11, 27), DocumentKind.DELIBERATION),
        ("Compte rendu 14-01-2026.pdf", date(2026, 1, 14), DocumentKind.MINUTES),
        ("avis_srdia.pdf", None, DocumentKind.OPINION),
        ("notes-de-bas-de-page.pdf", None, DocumentKind.OTHER),
        ("2026-13-45-plan.pdf", None, DocumentKind.OTHER),
        ("budget-0000-00-00.pdf", None, DocumentKind.OTHER),
    ],
)
def test_a_name_suggests_a_date_and_a_kind(tmp_path, name, day, kind):
    found = described(tmp_path, name)

    assert (found.date, found.kind) == (day, kind)
    assert found.origins.get("date", "file name") == "file name"


def test_what_is_found_nowhere_has_a_default_and_no_origin(tmp_path):
    found = described(tmp_path, "c/plan_vert.pdf")

    assert (found.title, found.collection) == ("Plan vert", "c")
    assert (found.kind, found.status, found.date) == (DocumentKind.OTHER, Status.FINAL, None)
    assert set(found.origins) == {"title", "collection"}
    assert described(tmp_path, "plan.pdf").collection == "general"


def test_a_transcript_is_a_hearing_and_a_text_may_date_and_name_itself(tmp_path):
    text = (
        "Transition numérique\n\nAudition du 14 janvier 2026 devant la commission.\n\n"
        "M. Durand : Bonjour à tous, la commission vous remercie d’être venus aujourd’hui.\n\n"
        "Mme Leroy : Merci de votre invitation, je commencerai par les chiffres du réseau.\n\n"
        "M. Durand : Nous vous écoutons avec intérêt.\n"
    )
    file = write(tmp_path, "x.txt", text)
    found = describe(file, tmp_path, read(file))

    assert found.kind is DocumentKind.HEARING
    assert found.date == date(2026, 1, 14)
    assert found.title == "Transition numérique"
    assert {found.origins[key] for key in ("kind", "date", "title")} == {"text"}


def test_a_date_met_in_passing_dates_nothing(tmp_path):
    text = "La loi du 7 octobre 2016 s’applique. Le réseau date de mars 2012."

    assert described(tmp_path, "x.txt", reading_of(text)).date is None


@pytest.mark.parametrize(
    "title", ["Microsoft Word - x.doc", "rapport final.docx", "Sans titre 1", "12", "Untitled", ""]
)
def test_a_title_that_a_program_gave_is_not_a_title(tmp_path, title):
    found = described(tmp_path, "plan.pdf", reading_of(title=title))

    assert (found.title, found.origins["title"]) == ("Plan", "file name")


@pytest.mark.parametrize("day", ["1601-01-01", "1970-01-01", "2999-01-01", "hier", "2025-02-30"])
def test_a_date_that_cannot_be_is_not_a_date(tmp_path, day):
    assert described(tmp_path, "plan.pdf", reading_of(date=day)).date is None


def test_a_superseded_document_says_so(tmp_path):
    write(tmp_path, "projet.pdf.toml", 'superseded_by = "final.pdf"\n')

    found = described(tmp_path, "projet.pdf")

    assert (found.status, found.origins["status"]) == (Status.SUPERSEDED, "sidecar")


def test_kinds_are_understood_without_accents_or_capitals(tmp_path):
    write(tmp_path, "a.pdf.toml", 'kind = "Deliberation"\nstatus = "Definitif"\n')

    found = described(tmp_path, "a.pdf")

    assert (found.kind, found.status) == (DocumentKind.DELIBERATION, Status.FINAL)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('kind = "roman"', "délibération, rapport, avis"),
        ('status = "peut-être"', "définitif, provisoire, remplacé"),
        ('date = "14/01/2026"', "AAAA-MM-JJ"),
        ('titel = "x"', "title, commission"),
        ("title = 3", "title"),
        ('title = "\u202e"', "title"),
        ("title =", "TOML"),
        ("kind = 3", "rapport"),
    ],
)
@pytest.mark.parametrize("name", ["a.pdf.toml", "collection.toml"])
def test_a_mistake_in_a_description_names_the_file_and_what_is_allowed(
    tmp_path, name, content, told
):
    if name == "collection.toml" and content.startswith("title = "):
        content = f'[documents."a.pdf"]\n{content}'
    write(tmp_path, name, content)
    with pytest.raises(UnreadableDocument) as refused:
        described(tmp_path, "a.pdf")
    assert name in refused.value.message.fr
    assert told in refused.value.message.fr
    assert refused.value.remedy.en


def test_titles_are_bounded_lines_without_hostile_characters(tmp_path):
    title = "Rapport\u202e\n\x1b[31m" + "long " * 200

    found = described(tmp_path, "a.pdf", reading_of(title=title))

    assert len(found.title) <= LINE_CHARS
    assert found.title.startswith("Rapport [31mlong")
    assert not set("\n\x1b\u202e") & set(found.title)


@given(st.text(max_size=400))
def test_a_line_is_a_line_whatever_it_was(text):
    line = one_line(text)

    assert one_line(line) == line
    assert len(line) <= LINE_CHARS
    assert len(line.splitlines()) <= 1


@given(
    st.text(
        st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60
    ).filter(lambda name: name not in (".", ".."))
)
def test_any_name_gives_a_title(name):
    root = Path("corpus")
    found = describe(root / name, root, reading_of())

    assert found.title


def test_the_files_of_a_corpus_are_the_documents_in_order(tmp_path):
    for name in (
        *("b.pdf", "a/z.txt", "a/y.txt", "README.md", "a/README.md", "collection.toml"),
        *("b.pdf.toml", "a/.cache/x.pdf", ".hidden.pdf", "_sources/x.md", "_brouillon.pdf"),
        *("a/~$rapport.docx", "a/.~lock.rapport.odt#", "a/rapport.docx~", "Thumbs.db"),
    ):
        write(tmp_path, name)

    found = [file.relative_to(tmp_path).as_posix() for file in corpus_files(tmp_path)]

    assert found == ["a/README.md", "a/y.txt", "a/z.txt", "b.pdf"]
    assert list(corpus_files(tmp_path / "absent")) == []


def test_a_link_out_of_the_corpus_is_not_followed_and_a_loop_ends(tmp_path):
    root = tmp_path / "corpus"
    inside = write(root, "a/x.txt")
    secret = write(tmp_path, "secret.txt")
    (root / "dehors.txt").symlink_to(secret)
    (root / "dossier-dehors").symlink_to(tmp_path)
    (root / "a" / "boucle").symlink_to(root)
    (root / "soi").symlink_to(root / "soi")
    (root / "brise.txt").symlink_to(root / "absent.txt")
    (root / "lien.txt").symlink_to(inside)

    found = [file.relative_to(root).as_posix() for file in corpus_files(root)]

    assert found == ["a/x.txt", "lien.txt"]


def test_the_files_that_describe_a_document_are_known(tmp_path):
    file = write(tmp_path, "a/x.pdf")
    assert description_files(file, tmp_path) == []

    above = write(tmp_path, "collection.toml", "")
    sidecar = write(tmp_path, "a/x.pdf.toml", "")
    assert description_files(file, tmp_path) == [sidecar, above]


def test_a_name_too_long_to_have_a_sidecar_is_described_all_the_same(tmp_path):
    name = f"{'n' * 248}.pdf"

    assert described(tmp_path, name).title.startswith("Nnn")
    assert description_files(tmp_path / name, tmp_path) == []
