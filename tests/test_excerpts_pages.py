"""The cited page comes out with its quotation marked, and with nothing else of its file."""

from __future__ import annotations

import ctypes
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    RectangleObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import DocumentNotFound
from assistant.excerpts import (
    Exported,
    NotAPdf,
    NotOnThePage,
    SourceChanged,
    TooManyPages,
    annotated_excerpt,
    annotated_page,
)
from assistant.excerpts.highlighting import CitedPage, highlight
from assistant.ingestion import ingest, withdraw
from assistant.reading.pdf.reader import read_pdf
from assistant.records import Citation
from assistant.workspace import Workspace
from tests import pdf_samples as samples
from tests.conftest import REPOSITORY
from tests.workspaces import make_workspace, write_note

pytestmark = pytest.mark.embedding

NOTE = "notes/note-budget-srdia-2025-11.pdf"
TURNED = "notes/tournee.pdf"
LONG = "notes/long.pdf"


def turned() -> bytes:
    """A page shown turned by a quarter and cut on each side by its visible box."""

    def draw(c: Canvas) -> None:
        c.setPageRotation(90)
        c.translate(samples.WIDTH, 0)
        c.rotate(90)
        samples.paragraph(c, "Le vote a lieu en juin. " * 2 + samples.LOREM, 160, 500, chars=60)
        c.showPage()

    writer = PdfWriter(clone_from=io.BytesIO(samples.made(draw)))
    writer.pages[0].cropbox = RectangleObject((30, 50, 500, 800))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def long() -> bytes:
    """Ten pages of one sentence each."""

    def draw(c: Canvas) -> None:
        for page in range(1, 11):
            samples.paragraph(c, f"La phrase numéro {page} tient sur sa page.", 72, 700)
            c.showPage()

    return samples.made(draw)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("pages"), documents=0)
    write_note(folder, 0)
    shutil.copy(REPOSITORY / "corpus" / NOTE, folder / "corpus" / NOTE)
    (folder / "corpus" / TURNED).write_bytes(turned())
    (folder / "corpus" / LONG).write_bytes(long())
    assert ingest(Workspace.open(folder)).added == 4
    return folder


@pytest.fixture
def workspace(corpus: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy that a test may change."""
    opened = Workspace.open(shutil.copytree(corpus, tmp_path / "w"))
    yield opened
    opened.generations.close()


def place(workspace: Workspace, path: str, begins: str, ends: str) -> tuple[str, int, int, str]:
    """(document id, start, end, quotation) from some words of a document to others."""
    catalogue = workspace.catalogue
    stored = catalogue.find(path, catalogue.generation)
    text = catalogue.text(stored.row)
    start = text.index(begins)
    end = text.index(ends, start) + len(ends)
    return stored.document.document_id, start, end, text[start:end]


def marks(content: bytes) -> list[list[DictionaryObject]]:
    """The highlights of each page."""
    return [
        [
            note.get_object()
            for note in page.get("/Annots", ())
            if note.get_object()["/Subtype"] == "/Highlight"
        ]
        for page in PdfReader(io.BytesIO(content)).pages
    ]


def under(content: bytes, page: int = 0) -> str:
    """Letters and figures whose middle lies under a highlight, in the order of the page."""
    quads = []
    for mark in marks(content)[page]:
        values = [float(value) for value in mark["/QuadPoints"]]
        for i in range(0, len(values), 8):
            xs, ys = values[i : i + 8 : 2], values[i + 1 : i + 8 : 2]
            quads.append((min(xs), min(ys), max(xs), max(ys)))
    found = []
    with pdfium.PdfDocument(content) as document:
        text = document[page].get_textpage()
        box = raw.FS_RECTF()
        for index in range(text.count_chars()):
            raw.FPDFText_GetLooseCharBox(text.raw, index, ctypes.byref(box))
            x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
            if any(a <= x <= c and b <= y <= d for a, b, c, d in quads):
                found.append(chr(raw.FPDFText_GetUnicode(text.raw, index)))
    return letters("".join(found))


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def yellow(content: bytes) -> float:
    """Share of the page that is painted as a highlight when it is shown."""
    with pdfium.PdfDocument(content) as document:
        pixels = document[0].render(scale=1).to_pil().convert("RGB").tobytes()
    triples = list(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))
    return sum(r > 200 and g > 180 and b < 140 for r, g, b in triples) / len(triples)


def test_the_letters_under_the_highlight_are_those_of_the_quotation(workspace: Workspace) -> None:
    document, start, end, quote = place(workspace, NOTE, "Mission donnée", "2025")

    made = annotated_page(workspace, document, start, end)

    assert (made.media_type, made.refused) == ("application/pdf", ())
    assert made.name == "note-budgetaire-revisee-srdia-2026-2028-p1.pdf"
    assert letters(quote) == under(made.content)
    ((mark,),) = marks(made.content)
    assert mark["/Contents"] == (
        "Note budgétaire révisée — SRDIA 2026-2028, note, 24\u00a0novembre 2025, p.\u00a01 "
        "(définitif)"
    )
    assert mark["/T"] == "Assistant documentaire"
    assert 0.005 < yellow(made.content) < 0.2


def test_every_passage_of_a_real_note_is_marked_whole(workspace: Workspace) -> None:
    catalogue = workspace.catalogue
    stored = catalogue.find(NOTE, catalogue.generation)
    rows = catalogue.passage_rows([stored.row]).tolist()

    for passage, document in catalogue.passages(rows).values():
        made = annotated_page(workspace, document.document_id, passage.start, passage.end)

        assert made.refused == ()
        # Cells of a table are not in the file in the order in which they are read.
        assert sorted(under(made.content)) == sorted(letters(passage.text))


def test_a_page_that_is_turned_and_cut_is_marked_where_the_words_are(workspace: Workspace) -> None:
    document, start, end, quote = place(workspace, TURNED, "La Région", "partagés.")

    made = annotated_page(workspace, document, start, end)

    assert letters(quote) == under(made.content)
    page = PdfReader(io.BytesIO(made.content)).pages[0]
    assert page.rotation == 90
    assert [float(v) for v in page.cropbox] == [30, 50, 500, 800]
    assert yellow(made.content) > 0.005
    for mark in marks(made.content)[0]:
        # Upper left, upper right, lower left, as shown: up on the page is to the left in the file.
        x0, y0, x1, y1, x2, y2 = (float(value) for value in mark["/QuadPoints"][:6])
        assert (x0 == x1, y0 == y2) == (True, True)
        assert y1 > y0
        assert x2 > x0


def test_a_quotation_over_two_pages_gives_both_each_marked(workspace: Workspace) -> None:
    document, start, end, _ = place(workspace, LONG, "numéro 2", "numéro 3")

    made = annotated_page(workspace, document, start, end)

    assert len(marks(made.content)) == 2
    assert under(made.content, 0) == letters("numéro 2 tient sur sa page")
    assert under(made.content, 1) == letters("La phrase numéro 3")


def test_a_quotation_of_many_pages_is_refused(workspace: Workspace) -> None:
    document, start, end, _ = place(workspace, LONG, "numéro 1", "numéro 10")

    with pytest.raises(TooManyPages, match="10 pages"):
        annotated_page(workspace, document, start, end)


def excerpt_of(workspace: Workspace, path: str, begins: str, ends: str):
    _, start, end, quote = place(workspace, path, begins, ends)
    catalogue = workspace.catalogue
    stored = catalogue.find(path, catalogue.generation)
    (passage, document), *_ = catalogue.passages(
        catalogue.passage_rows([stored.row]).tolist()
    ).values()
    return workspace.desk.take(
        "u-anne", Citation(passage=passage, document=document, quote=quote, start=start, end=end)
    )


def test_an_excerpt_gives_its_page_only_while_its_source_is_the_same(workspace: Workspace) -> None:
    excerpt = excerpt_of(workspace, LONG, "La phrase numéro 4", "page.")
    assert under(annotated_excerpt(workspace, excerpt).content) == letters(excerpt.quote)

    for other in (
        replace(excerpt, sha256="f" * 64),
        replace(excerpt, quote=excerpt.quote.upper()),
        replace(excerpt, end=excerpt.end + 1),
    ):
        with pytest.raises(SourceChanged):
            annotated_excerpt(workspace, other)

    file = workspace.settings.corpus_folder / LONG
    whole = file.read_bytes()
    file.write_bytes(whole + b"\n% une autre version\n")
    with pytest.raises(SourceChanged) as refused:
        annotated_excerpt(workspace, excerpt)
    assert "ingestion" in str(refused.value.remedy)
    file.unlink()
    with pytest.raises(SourceChanged):
        annotated_excerpt(workspace, excerpt)

    file.write_bytes(whole)
    withdraw(workspace, LONG)
    with pytest.raises(DocumentNotFound):
        annotated_excerpt(workspace, excerpt)


def test_only_a_pdf_that_the_person_may_read_gives_pages(workspace: Workspace) -> None:
    document, start, end, _ = place(workspace, "note-00", "La fibre", ".")
    with pytest.raises(NotAPdf, match="DOCX"):
        raise_with_remedy(lambda: annotated_page(workspace, document, start, end))

    document, start, end, _ = place(workspace, NOTE, "Mission", "2025")
    for hidden, name in ((frozenset({"notes"}), document), (frozenset(), "../../etc/passwd")):
        with pytest.raises(DocumentNotFound):
            annotated_page(workspace, name, start, end, hidden=hidden)
    for a, b in ((end, start), (start, start), (-5, end), (start, 10**9)):
        with pytest.raises(SourceChanged):
            annotated_page(workspace, document, a, b)


def raise_with_remedy(act: Callable[[], Exported]) -> None:
    try:
        act()
    except NotAPdf as error:
        error.message = error.remedy
        raise


# --- what the file holds besides its page ------------------------------------------


def cite(data: bytes, folder: Path, words: str, page: int = 1) -> bytes:
    """The page of a file with some words marked, made in this very process."""
    file = samples.saved(folder, data)
    text = read_pdf(file).text
    start = text.index(words)
    cited = CitedPage(page, text, ((start, start + len(words)),))
    made = highlight(file, [cited], "Référence", "Titre")
    assert made.marked == (page,)
    return made.content


def trapped() -> bytes:
    """Two pages, and everything that a PDF may carry besides."""

    def draw(c: Canvas) -> None:
        for number in (1, 2):
            samples.paragraph(c, f"Page {number}. La Région finance la fibre.", 72, 700)
            c.showPage()

    writer = PdfWriter(clone_from=io.BytesIO(samples.made(draw, author="Mme Secrète")))
    writer.add_attachment("cachette.txt", b"contenu de la cachette")
    writer.add_outline_item(title="Signet secret", page_number=1)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("alert")}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    writer.root_object["/Names"][NameObject("/JavaScript")] = DictionaryObject(
        {NameObject("/Names"): ArrayObject([TextStringObject("piège"), script])}
    )
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    xmp = DecodedStreamObject()
    xmp.set_data(b"<x>Mme Secrete</x>")
    page[NameObject("/Metadata")] = writer._add_object(xmp)
    writer.add_annotation(0, Link(rect=(72, 690, 200, 710), url="http://pisteur.example/"))
    writer.add_annotation(0, Link(rect=(72, 690, 200, 710), target_page_index=1))
    drawn = DecodedStreamObject()
    drawn.set_data(b"1 0 0 rg 0 0 100 40 re f")
    drawn[NameObject("/Type")] = NameObject("/XObject")
    drawn[NameObject("/Subtype")] = NameObject("/Form")
    drawn[NameObject("/BBox")] = RectangleObject((0, 0, 100, 40))
    writer.add_annotation(
        0,
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Stamp"),
                NameObject("/Rect"): RectangleObject((300, 400, 400, 440)),
                NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(drawn)}),
                NameObject("/A"): script,
                NameObject("/T"): TextStringObject("Mme Secrète"),
                NameObject("/Contents"): TextStringObject("remarque privée"),
            }
        ),
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_scripts_attachments_links_names_and_other_pages_stay_behind(tmp_path: Path) -> None:
    content = cite(trapped(), tmp_path, "La Région finance la fibre.")

    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    assert dict(reader.metadata or {}) == {
        "/Title": "Titre — Référence",
        "/Author": "Assistant documentaire",
        "/Producer": "Assistant documentaire",
    }
    assert set(reader.root_object) == {"/Type", "/Pages"}
    assert (reader.attachments, reader.outline, reader.xmp_metadata) == ({}, [], None)
    writer = PdfWriter(clone_from=reader)
    everything = " ".join(
        str(held) + (held.get_data().decode("latin-1") if hasattr(held, "get_data") else "")
        for held in writer._objects
        if held is not None
    )
    for secret in (
        "JavaScript", "/AA", "pisteur", "Secr", "cachette", "Signet", "remarque", "Page 2", "/Dest",
    ):  # fmt: skip
        assert secret not in everything
    stamp, mark = (note.get_object() for note in reader.pages[0]["/Annots"])
    assert set(stamp) <= {"/Type", "/Subtype", "/Rect", "/AP", "/P"}
    assert mark["/Subtype"] == "/Highlight"


def test_what_was_stamped_over_the_page_is_still_seen(tmp_path: Path) -> None:
    content = cite(trapped(), tmp_path, "La Région finance la fibre.")

    with pdfium.PdfDocument(content) as document:
        image = document[0].render(scale=1).to_pil().convert("RGB")
    assert image.getpixel((350, image.height - 420)) == (255, 0, 0)


def test_a_layer_that_the_file_hides_stays_hidden(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(samples.one_page("La Région finance la fibre.")))
    layer = writer._add_object(
        DictionaryObject(
            {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("x")}
        )
    )
    page = writer.pages[0]
    page["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/L"): layer})
    drawn = DecodedStreamObject()
    drawn.set_data(page.get_contents().get_data() + b"\n/OC /L BDC 0 g 100 100 300 300 re f EMC\n")
    page[NameObject("/Contents")] = writer._add_object(drawn)
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {
            NameObject("/OCGs"): ArrayObject([layer]),
            NameObject("/D"): DictionaryObject({NameObject("/OFF"): ArrayObject([layer])}),
        }
    )
    out = io.BytesIO()
    writer.write(out)

    content = cite(out.getvalue(), tmp_path, "La Région finance la fibre.")

    with pdfium.PdfDocument(content) as document:
        image = document[0].render(scale=1).to_pil().convert("RGB")
    assert image.getpixel((250, image.height - 250)) == (255, 255, 255)


def test_a_file_locked_against_changes_gives_its_page_in_the_open(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(samples.one_page()))
    writer.encrypt("", "propriétaire", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)

    content = cite(out.getvalue(), tmp_path, "La Région accompagne les communes")

    assert not PdfReader(io.BytesIO(content)).is_encrypted
    assert under(content) == letters("La Région accompagne les communes")


def test_a_sentence_that_the_page_says_twice_is_marked_where_it_was_cited(tmp_path: Path) -> None:
    def draw(c: Canvas) -> None:
        samples.paragraph(c, "Le vote a lieu en juin.", 72, 700)
        samples.paragraph(c, "Un autre paragraphe les sépare.", 72, 600)
        samples.paragraph(c, "Le vote a lieu en juin.", 72, 500)
        c.showPage()

    file = samples.saved(tmp_path, samples.made(draw))
    text = read_pdf(file).text
    places = [text.index("Le vote"), text.rindex("Le vote")]

    heights = []
    for start in places:
        cited = CitedPage(1, text, ((start, start + 23),))
        ((mark,),) = marks(highlight(file, [cited], "Référence", "Titre").content)
        heights.append(float(FloatObject(mark["/Rect"][1])))
    assert heights[0] > 690
    assert heights[1] < 510


def test_words_that_are_not_on_the_page_are_said_not_to_be(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = samples.saved(tmp_path, samples.one_page())
    text = "Une phrase que personne n’a écrite. La Région accompagne les communes"
    nothing = highlight(file, [CitedPage(1, text, ((0, 35),))], "r", "t")
    assert (nothing.marked, nothing.incomplete) == ((), (1,))
    half = highlight(file, [CitedPage(1, text, ((0, 35), (36, len(text))))], "r", "t")
    assert (half.marked, half.incomplete) == ((1,), (1,))
    assert under(half.content) == letters(text[36:])

    monkeypatch.setattr("assistant.excerpts.pages.in_process_apart", lambda *_, timeout_s: nothing)
    document, start, end, _ = place(workspace, NOTE, "Mission", "2025")
    with pytest.raises(NotOnThePage):
        annotated_page(workspace, document, start, end)
