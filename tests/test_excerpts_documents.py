"""A basket becomes a document that opens, quotes to the letter, and says what has changed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import odfdo
import pypdfium2 as pdfium
import pytest
from lxml import etree

from assistant.desk import Excerpt
from assistant.excerpts import FORMATS, Exported, NothingToExport, UnknownFormat, export
from assistant.ingestion import ingest, withdraw
from assistant.records import Citation, DocumentKind, Status
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.test_excerpts_markdown import HOSTILE
from tests.workspaces import make_workspace, write_note

pytestmark = pytest.mark.embedding

DAY = date(2026, 3, 2)
ANNE = "u-anne"
HEARING = "auditions/audition-2025-10-09-comprendre-ia-energie.srt"
DRAFT = "strategies/charte-ia.docx"
TITLE = "Énergie : « l’essai » <b>&amp; [x](javascript:1)</b>"
SAID_CHANGED = "Source modifiée ou retirée depuis\u00a0: citation relevée le "


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a note, a hearing and a charter that is said to be provisional."""
    folder = make_workspace(tmp_path_factory.mktemp("documents"), documents=0)
    write_note(folder, 0)
    for path in (HEARING, DRAFT):
        target = folder / "corpus" / path
        target.parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / "corpus" / path, target)
    hearing = folder / "corpus" / HEARING
    cues = hearing.read_text(encoding="utf-8").split("\n\n")
    hearing.write_text("\n\n".join(cues[:20]) + "\n", encoding="utf-8")
    shutil.copy(REPOSITORY / "corpus/auditions/collection.toml", folder / "corpus/auditions")
    (folder / "corpus" / f"{DRAFT}.toml").write_text('status = "provisoire"\n', encoding="utf-8")
    assert ingest(Workspace.open(folder)).added == 3
    return folder


@pytest.fixture
def workspace(corpus: Path, tmp_path: Path) -> Workspace:
    """A copy that a test may change."""
    return Workspace.open(shutil.copytree(corpus, tmp_path / "w"))


def take(workspace: Workspace, path: str, begins: str, ends: str = ".", note: str = "") -> Excerpt:
    """Put a sentence of a document into Anne’s basket, from its first words to its last."""
    catalogue = workspace.catalogue
    stored = catalogue.find(path, catalogue.generation)
    text = catalogue.text(stored.row)
    start = text.index(begins)
    end = text.index(ends, start + len(begins)) + len(ends)
    rows = catalogue.passage_rows([stored.row]).tolist()
    passage = next(
        p for p, _ in catalogue.passages(rows).values() if p.start <= start and end <= p.end
    )
    citation = Citation(
        passage=passage, document=stored.document, quote=text[start:end], start=start, end=end
    )
    taken = workspace.desk.take(ANNE, citation)
    return workspace.desk.note(ANNE, taken.excerpt_id, note) if note else taken


def fill(workspace: Workspace) -> tuple[Excerpt, ...]:
    take(workspace, "note-00", "La fibre", note="À vérifier : <b>2026</b>.\n# et après")
    take(workspace, HEARING, "Un modèle de langage")
    take(workspace, DRAFT, "Région, personnes")
    take(workspace, "note-00", "Un point sera fait")
    return workspace.desk.basket(ANNE)


def hostile(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Excerpts as only a damaged or forged desk could hold them."""
    first = excerpts[0]
    awful = "a\x00b\x08c\x1b[31md\u202ee\ud800f\uffff]]>&<w:p/>"
    source = replace(first.document, title=awful, commission=awful, path=f"../../{awful}")
    return [
        *(replace(first, quote=quote, note=quote) for quote in HOSTILE),
        replace(first, quote=awful, note=awful, document=source, document_id="x"),
    ]


def exported(workspace: Workspace, excerpts: Sequence[Excerpt], format: str) -> Exported:
    return export(workspace, excerpts, format=format, title=TITLE, today=DAY)  # type: ignore[arg-type]


def paragraphs(made: Exported) -> list[tuple[str, str]]:
    """(style, text) of each paragraph, as python-docx or odfdo reads them back."""
    if made.name.endswith(".docx"):
        document = docx.Document(io.BytesIO(made.content))
        return [(p.style.name, p.text) for p in document.paragraphs]
    document = odfdo.Document(io.BytesIO(made.content))
    body = etree.fromstring(document.get_part("content").serialize()).find(f".//{OFFICE}text")
    return [
        (p.get(f"{TEXT}style-name"), plain(p)) for p in body if p.tag in (f"{TEXT}h", f"{TEXT}p")
    ]


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def plain(element: etree._Element) -> str:
    """The text of a paragraph of ODT: its spaces and line breaks are elements."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}s":
            parts.append(" " * int(child.get(f"{TEXT}c", "1")))
        parts.append("\n" if child.tag == f"{TEXT}line-break" else plain(child))
        parts.append(child.tail or "")
    return "".join(parts)


QUOTE = {"docx": "Quote", "odt": "Quotations"}
HEADING = {"docx": "Heading 1", "odt": "Heading_20_1"}


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_quotations_references_notes_and_sources_stand_in_their_styles(
    workspace: Workspace, format: str
) -> None:
    basket = fill(workspace)

    made = exported(workspace, basket, format)

    assert made.refused == ()
    assert made.name == f"energie-l-essai-b-amp-x-javascript-1-b.{format}"
    found = paragraphs(made)
    assert found[0] == ("Title", TITLE)
    assert [text for style, text in found if style == HEADING[format]] == ["Extraits", "Sources"]
    quotes = [text for style, text in found if style == QUOTE[format]]
    assert quotes == [f"«\u00a0{e.quote}\u00a0»" for e in basket]
    references = [text for _, text in found if re.match(r"\[\d\] ", text)]
    assert references[0] == (
        "[1] Note 0 sur le thème fibre, note, 1er\u00a0mars 2026, §\u00a0Situation (définitif)"
    )
    assert references[1].startswith("[2] Audition du 9 octobre 2025")
    assert references[1].endswith(", M. Okonsky (université de Saint-Ervan), 00:01:05")
    assert references[2].endswith("(provisoire)")
    (note,) = [text for _, text in found if text.startswith("Note\u00a0:")]
    assert note == "Note\u00a0: À vérifier : <b>2026</b>.\n# et après"
    sources = [text for _, text in found if "SHA-256" in text]
    assert len(sources) == 3
    assert sources[0].endswith("Consulté le 2\u00a0mars 2026. Cité en [1], [4].")
    for source, excerpt in zip(sources, basket, strict=False):
        assert excerpt.sha256 in source
        assert excerpt.document.path in source
    assert "provisoire" in sources[2]


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_each_number_leads_to_its_source_and_back(workspace: Workspace, format: str) -> None:
    made = exported(workspace, fill(workspace), format)

    member = "word/document.xml" if format == "docx" else "content.xml"
    tree = etree.fromstring(zipfile.ZipFile(io.BytesIO(made.content)).read(member))
    names = [one for one in tree.iter() if etree.QName(one).localname.startswith("bookmark")]
    marks = {
        v for one in names for k, v in one.attrib.items() if etree.QName(k).localname == "name"
    }
    anchors = [
        v.removeprefix("#")
        for one in tree.iter()
        if etree.QName(one).localname in ("hyperlink", "a")
        for k, v in one.attrib.items()
        if etree.QName(k).localname in ("anchor", "href")
    ]
    assert set(anchors) == marks
    assert len([a for a in anchors if a.startswith("extrait_")]) == 4
    assert [a for a in anchors if a.startswith("source_")] == [
        "source_1", "source_2", "source_3", "source_1",
    ]  # fmt: skip


def test_the_files_say_nothing_of_who_made_them(workspace: Workspace) -> None:
    basket = fill(workspace)

    said = docx.Document(io.BytesIO(exported(workspace, basket, "docx").content)).core_properties
    assert (said.author, said.last_modified_by) == ("Assistant documentaire",) * 2
    assert (said.title, said.language, said.comments) == (TITLE, "fr-FR", "")
    assert said.created.date() == said.modified.date() == DAY
    made = exported(workspace, basket, "odt")
    meta = odfdo.Document(io.BytesIO(made.content)).meta
    assert (meta.creator, meta.initial_creator, meta.generator) == ("Assistant documentaire",) * 3
    assert (meta.title, meta.language, meta.date.date()) == (TITLE, "fr-FR", DAY)


def test_the_files_speak_french_and_are_whole_packages(workspace: Workspace) -> None:
    basket = fill(workspace)

    word = zipfile.ZipFile(io.BytesIO(exported(workspace, basket, "docx").content))
    assert word.testzip() is None
    styles = word.read("word/styles.xml").decode()
    assert re.search(r'<w:lang w:val="fr-FR"', styles)
    assert 'w:val="en-US"' not in styles
    assert not [n for n in word.namelist() if "thumbnail" in n]
    text = zipfile.ZipFile(io.BytesIO(exported(workspace, basket, "odt").content))
    first = text.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert text.read("mimetype") == b"application/vnd.oasis.opendocument.text"
    manifest = etree.fromstring(text.read("META-INF/manifest.xml"))
    listed = {value for one in manifest for key, value in one.attrib.items() if "full-path" in key}
    members = {n for n in text.namelist() if not n.startswith("META-INF/") and n[-1] != "/"}
    assert members - {"mimetype"} <= listed
    assert {n for n in listed if n[-1] != "/"} <= members
    assert b'fo:language="fr"' in text.read("styles.xml")


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_hostile_texts_are_shown_to_the_letter_and_break_nothing(
    workspace: Workspace, format: str
) -> None:
    awful = hostile(fill(workspace))

    made = exported(workspace, awful, format)

    quotes = [text for style, text in paragraphs(made) if style == QUOTE[format]]
    assert quotes[:-1] == [f"«\u00a0{quote}\u00a0»" for quote in HOSTILE]
    assert quotes[-1] == "«\u00a0a\ufffdb\ufffdc\ufffd[31md\ufffde\ufffdf\ufffd]]>&<w:p/>\u00a0»"
    package = zipfile.ZipFile(io.BytesIO(made.content))
    for member in (n for n in package.namelist() if n.endswith((".xml", ".rels"))):
        assert not (data := package.read(member)) or etree.fromstring(data) is not None
    assert [one.number for one in made.refused] == list(range(1, len(awful) + 1))


@pytest.mark.parametrize("format", FORMATS)
def test_a_source_that_changed_or_left_is_marked_never_silently(
    workspace: Workspace, format: str
) -> None:
    basket = fill(workspace)
    note = workspace.settings.corpus_folder / "notes" / "note-00.md"
    note.write_text(note.read_text().replace("87 %", "78 %"), encoding="utf-8")
    ingest(workspace)
    withdraw(workspace, HEARING)

    made = exported(workspace, basket, format)

    assert [one.number for one in made.refused] == [1, 2, 4]
    if format == "md":
        text = made.content.decode()
        assert text.count(SAID_CHANGED) == 3
        assert "87 %" in text
        return
    found = paragraphs(made)
    places = [i for i, (_, text) in enumerate(found) if text.startswith(SAID_CHANGED)]
    assert [found[place - 1][1][:4] for place in places] == ["[1] ", "[2] ", "[4] "]
    quotes = [text for style, text in found if style == QUOTE[format]]
    assert quotes == [f"«\u00a0{e.quote}\u00a0»" for e in basket]
    sources = [text for _, text in found if "SHA-256" in text]
    assert ["modifiée ou retirée depuis" in text for text in sources] == [True, True, False]


def test_a_forged_quotation_of_a_present_source_is_marked(workspace: Workspace) -> None:
    real = take(workspace, "note-00", "La fibre")
    forged = replace(real, quote=real.quote.replace("87", "97"))

    made = exported(workspace, [forged, real], "md")

    assert [one.number for one in made.refused] == [1]
    assert made.content.decode().count(SAID_CHANGED) == 1


def test_a_document_that_was_superseded_meanwhile_is_said_to_be(workspace: Workspace) -> None:
    basket = fill(workspace)
    sidecar = workspace.settings.corpus_folder / f"{DRAFT}.toml"
    sidecar.write_text('status = "remplacé"\nsuperseded_by = "strategies/b.docx"\n')
    ingest(workspace)

    text = exported(workspace, basket, "md").content.decode()

    assert "(remplacé)" in text
    assert "remplacé par strategies/b.docx" in text
    assert SAID_CHANGED not in text


def test_what_the_person_may_not_read_any_more_is_left_out_and_said(workspace: Workspace) -> None:
    basket = fill(workspace)

    made = export(
        workspace,
        basket,
        format="md",
        title="Essai",
        today=DAY,
        hidden=frozenset({"auditions", "Auditions de la commission Mobilités-Énergie-Numérique"}),
    )

    assert basket[1].quote not in made.content.decode()
    assert "Okonsky" not in made.content.decode()
    (refused,) = made.refused
    assert refused.reason.fr.endswith(" : 1.")


def test_an_empty_basket_and_an_unknown_format_are_refused(workspace: Workspace) -> None:
    with pytest.raises(NothingToExport):
        exported(workspace, [], "docx")
    with pytest.raises(UnknownFormat, match="format"):
        exported(workspace, fill(workspace), "../exe")


def test_a_document_of_no_known_kind_or_date_is_still_cited(workspace: Workspace) -> None:
    bare = take(workspace, "note-00", "La fibre")
    document = replace(bare.document, kind=DocumentKind.OTHER, date=None, status=Status.FINAL)

    text = exported(workspace, [replace(bare, document=document, sha256="f" * 64)], "md").content

    assert "sans date" in text.decode()


def test_libreoffice_opens_both_files_and_shows_every_quotation(
    workspace: Workspace, tmp_path: Path
) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.fail("LibreOffice (soffice) is missing: install libreoffice-writer to run this test")
    excerpts = [*fill(workspace), *hostile(workspace.desk.basket(ANNE))]
    files = []
    for format in ("docx", "odt"):
        file = tmp_path / f"en-{format}.{format}"
        file.write_bytes(exported(workspace, excerpts, format).content)
        files.append(file)

    done = subprocess.run(
        [
            program,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path / "out"),
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    complaints = [
        line
        for line in (done.stderr + done.stdout).splitlines()
        # LibreOffice says this of itself on a machine without Java, whatever the file.
        if line.strip() and "javaldx" not in line and not line.startswith("convert ")
    ]
    assert (done.returncode, complaints) == (0, [])
    for file in files:
        text = text_of(tmp_path / "out" / f"{file.stem}.pdf")
        assert {"Extraits", "Sources"} <= {line.strip() for line in text.splitlines()}
        shown = letters(text)
        for number, excerpt in enumerate(excerpts, start=1):
            assert letters(excerpt.quote) in shown
            assert letters(f"[{number}]") in shown
        for part in ("00:01:05", "M. Okonsky (université", TITLE, excerpts[0].sha256, HEARING):
            assert letters(part) in shown
        assert letters(SAID_CHANGED) in shown


def text_of(file: Path) -> str:
    with pdfium.PdfDocument(file) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def letters(text: str) -> str:
    """Letters and figures: where lines end no longer matters."""
    return "".join(c for c in text if c.isalnum() and c.isprintable())
