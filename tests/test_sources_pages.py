"""A citation of a PDF is shown on its page, with its words marked where they stand."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import DocumentNotFound, UnreadableDocument
from assistant.french.sentences import split_sentences
from assistant.reading.pdf import ocr
from assistant.reading.pdf.apart import in_process_apart
from assistant.reading.pdf.page import SeenPage, see_page
from assistant.reading.pdf.refusals import PdfLimits
from assistant.reading.pdf.tiling import letters
from assistant.records import Document
from assistant.sources import WIDTHS_PX, PageView, drawing, page_png, pages, view
from assistant.sources.kept import Kept
from assistant.workspace import Workspace
from tests import pdf_samples as samples
from tests.conftest import REPOSITORY
from tests.shelves import put, shelf, span, text_of

QUOTE = "développement durable en Auvergne-Rhône-Alpes"


def dark(picture: bytes, shown: PageView) -> list[float]:
    """Share of dark pixels in each box: words are there, or they are not."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    assert image.size == (shown.width_px, shown.height_px)
    shares = []
    for box in shown.boxes:
        left, top = box.left * image.width, box.top * image.height
        right, bottom = left + box.width * image.width, top + box.height * image.height
        pixels = image.crop((round(left), round(top), round(right), round(bottom))).tobytes()
        shares.append(sum(value < 128 for value in pixels) / max(1, len(pixels)))
    return shares


def on_second_page(workspace: Workspace, document: Document) -> tuple[int, int]:
    """The quotation stands on every page of the sample."""
    text = text_of(workspace, document)
    start = text.index(QUOTE, text.index(QUOTE) + 1)
    return start, start + len(QUOTE)


@pytest.mark.parametrize("width_px", WIDTHS_PX)
def test_a_quotation_is_marked_on_the_picture_of_its_page(tmp_path: Path, width_px: int) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/rapport.pdf", samples.report())
    start, end = on_second_page(workspace, document)

    found = view(workspace, document.document_id, start, end, width_px=width_px)

    assert found.quote == QUOTE
    assert found.changed is None and found.unshown is None
    (page,) = found.pages
    assert (page.page, page.page_count) == (2, document.page_count)
    assert page.page == found.locator.page
    picture = page_png(workspace, document.document_id, page.page, width_px=width_px)
    shares = dark(picture, page)
    assert len(shares) == 3 and min(shares) > 0.05


def test_a_page_has_the_label_that_is_printed_on_it(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/r.pdf", samples.labelled(samples.report(), 2))
    start, end = on_second_page(workspace, document)

    (page,) = view(workspace, document.document_id, start, end).pages

    assert (page.page, page.label) == (2, "ii")


def test_a_quotation_over_two_pages_is_marked_on_both(tmp_path: Path) -> None:
    def draw(c: Canvas) -> None:
        samples.paragraph(c, "Le rapport propose trois mesures, toutes chiffrées.", 72, 700)
        c.showPage()
        samples.paragraph(c, "Elles seront votées en juin par la commission.", 72, 700)
        c.showPage()

    workspace = shelf(tmp_path)
    document = put(workspace, "notes/deux.pdf", samples.made(draw))
    start, _ = span(workspace, document, "trois mesures")
    _, end = span(workspace, document, "votées en juin")

    found = view(workspace, document.document_id, start, end)

    assert [page.page for page in found.pages] == [1, 2]
    for page in found.pages:
        picture = page_png(workspace, document.document_id, page.page)
        assert min(dark(picture, page)) > 0.05


@pytest.mark.parametrize("name", ["note-energie-centres-de-donnees", "note-budget-srdia-2025-11"])
def test_every_sentence_of_a_demonstration_note_is_marked_on_its_own_letters(
    tmp_path: Path, name: str
) -> None:
    file = REPOSITORY / "corpus" / "notes" / f"{name}.pdf"
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.pdf", file.read_bytes())
    catalogue = workspace.catalogue
    row = catalogue.find(document.document_id, catalogue.generation).row
    text, blocks, sentences = catalogue.text(row), catalogue.blocks(row), 0
    for number in range(1, document.page_count + 1):
        page = see_page(file.read_bytes(), name, number, PdfLimits())
        on_page = [block for block in blocks if block.locator.page == number]
        first, last = on_page[0].start, on_page[-1].end
        for start, end in split_sentences(text[first:last]):
            boxes = page.boxes(text[first:last], start, end)
            wanted = letters(text[first + start : first + end])
            assert sorted(under(page, boxes)) == sorted(wanted), wanted
            sentences += 1
    assert sentences > 30


def under(page: SeenPage, boxes: list[tuple[float, float, float, float]]) -> str:
    """The letters of the words whose middle stands in one of the boxes."""
    return "".join(
        letters(word.text)
        for word in page.orders[0]
        if any(
            left <= (word.x0 + word.x1) / 2 <= right and low <= (word.y0 + word.y1) / 2 <= high
            for left, low, right, high in boxes
        )
    )


@pytest.mark.skipif(ocr.tesseract() is None, reason="tesseract is not installed")
def test_a_scanned_page_is_recognised_once_for_all_its_quotations(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/numérisé.pdf", samples.scanned())
    start, end = span(workspace, document, "une subvention de 45 000 euros")

    found = view(workspace, document.document_id, start, end)

    (page,) = found.pages
    assert found.locator.ocr
    assert min(dark(page_png(workspace, document.document_id, page.page), page)) > 0.05
    recognised = in_process_apart(pages_seen, timeout_s=20)
    start, end = span(workspace, document, "45 000 euros")
    assert view(workspace, document.document_id, start, end).pages[0].boxes
    assert in_process_apart(pages_seen, timeout_s=20) == recognised


def pages_seen() -> int:
    """How many pages the process apart has read the words of."""
    return drawing._seen.cache_info().misses


def test_a_picture_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/a.pdf", samples.one_page("Une page que personne n’a vue."))
    start, end = span(workspace, document, "personne")
    picture = page_png(workspace, document.document_id, 1)
    first = view(workspace, document.document_id, start, end)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr(pages, "in_process_apart", never)

    assert page_png(workspace, document.document_id, 1) == picture
    assert view(workspace, document.document_id, start, end) == first


def test_a_kept_picture_is_shown_only_to_those_who_may_read(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "secret/a.pdf", samples.one_page())
    assert page_png(workspace, document.document_id, 1)

    with pytest.raises(DocumentNotFound):
        page_png(workspace, document.document_id, 1, hidden=frozenset({"secret"}))


@pytest.mark.parametrize("page", [0, -1, 2, 10**9])
def test_a_page_that_is_not_there_is_refused(tmp_path: Path, page: int) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/a.pdf", samples.one_page())

    with pytest.raises(UnreadableDocument):
        page_png(workspace, document.document_id, page)


def test_a_text_has_no_picture(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/a.md", "# Titre\n\nUne phrase.\n")

    with pytest.raises(UnreadableDocument, match="page"):
        page_png(workspace, document.document_id, 1)


@pytest.mark.parametrize(("asked", "given"), [(-5, 700), (701, 1100), (1100, 1100), (10**6, 1600)])
def test_widths_are_few(asked: int, given: int) -> None:
    assert pages.drawn_width(asked) == given


def test_another_file_of_that_name_is_never_shown_as_the_source(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/a.pdf", samples.one_page("Le taux retenu est de 14 %."))
    start, end = span(workspace, document, "14 %")
    file = workspace.settings.corpus_folder / "notes" / "a.pdf"
    file.write_bytes(samples.one_page("Le taux retenu est de 41 %."))

    found = view(workspace, document.document_id, start, end)

    assert found.pages == () and found.changed is not None
    assert found.quote == "14 %"
    assert found.section is not None and found.section.quoted[0].quote == "14 %"
    with pytest.raises(UnreadableDocument):
        page_png(workspace, document.document_id, 1)


def test_a_file_that_was_exchanged_under_its_date_is_noticed_where_it_is_drawn(
    tmp_path: Path,
) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/a.pdf", samples.one_page("Le taux retenu est de 15 %."))
    start, end = span(workspace, document, "15 %")
    file = workspace.settings.corpus_folder / "notes" / "a.pdf"
    file.write_bytes(samples.one_page("Le taux retenu est de 51 %."))
    status = file.stat()
    workspace.catalogue.keep_hash(
        document.path, status.st_size, status.st_mtime_ns, document.sha256
    )

    found = view(workspace, document.document_id, start, end)

    assert found.pages == () and found.changed is not None


@pytest.mark.parametrize("gone", ["deleted", "folder", "fifo"])
def test_a_file_that_is_gone_leaves_its_text(tmp_path: Path, gone: str) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/a.pdf", samples.one_page())
    file = workspace.settings.corpus_folder / "notes" / "a.pdf"
    file.unlink()
    if gone == "folder":
        file.mkdir()
    elif gone == "fifo":
        import os

        os.mkfifo(file)  # opening it would wait for ever

    found = view(workspace, document.document_id, 0, 9)

    assert found.changed is not None and found.section is not None


def test_a_page_that_cannot_be_read_in_time_leaves_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of a word a hundred thousand times makes the search for a place endless."""

    def draw(c: Canvas) -> None:
        c.setFont("Helvetica", 1)
        for row in range(200):
            c.drawString(20, 820 - 4 * row, "a " * 240)
        c.showPage()

    workspace = shelf(tmp_path)
    document = put(workspace, "notes/bombe.pdf", samples.made(draw))
    monkeypatch.setattr(pages, "_PRINTED_TIMEOUT_S", 1.5)

    found = view(workspace, document.document_id, 0, 15_001)

    assert found.pages == () and found.unshown is not None
    assert found.section is not None and found.section.quoted[0].quote.startswith("a a a")


def test_a_photograph_travels_as_one(tmp_path: Path) -> None:
    def draw(c: Canvas) -> None:
        channels = [Image.radial_gradient("L").rotate(angle) for angle in (0, 30, 60)]
        noise = [Image.effect_noise((256, 256), 8 * (n + 1)) for n in range(3)]
        mixed = [Image.blend(a, b, 0.2) for a, b in zip(channels, noise, strict=True)]
        c.drawImage(ImageReader(Image.merge("RGB", mixed)), 50, 50, 500, 700)
        samples.paragraph(c, samples.LOREM * 3, 60, 800, size=8)
        c.showPage()

    workspace = shelf(tmp_path)
    document = put(workspace, "notes/photo.pdf", samples.made(draw))
    text = put(workspace, "notes/texte.pdf", samples.one_page("Du texte, rien que du texte."))

    assert page_png(workspace, document.document_id, 1).startswith(b"\xff\xd8\xff")
    assert page_png(workspace, text.document_id, 1).startswith(b"\x89PNG")


def test_white_paper_stays_white(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/blanc.pdf", samples.one_page("Une page blanche, ou presque."))

    image = Image.open(io.BytesIO(page_png(workspace, document.document_id, 1))).convert("RGB")

    assert image.getpixel((2, 2)) == (255, 255, 255)


def test_what_is_kept_stays_within_its_bytes() -> None:
    kept: Kept[int, bytes] = Kept(1_000, len)
    for number in range(50):
        kept.put(number, bytes(300))
        kept.get(0)

    assert kept.bytes == 900
    assert kept.get(0) is not None and kept.get(49) is not None and kept.get(30) is None
    kept.put(99, bytes(2_000))
    assert kept.get(99) is None and kept.bytes == 900
    kept.put(49, bytes(100))
    assert kept.bytes == 700


def test_the_same_content_in_two_places_is_drawn_once_and_guarded_twice(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    data = samples.one_page("Le même contenu, rangé deux fois.")
    public = put(workspace, "notes/a.pdf", data)
    secret = put(workspace, "secret/a.pdf", data)

    assert page_png(workspace, public.document_id, 1, hidden=frozenset({"secret"}))
    with pytest.raises(DocumentNotFound):
        page_png(workspace, secret.document_id, 1, hidden=frozenset({"secret"}))


def test_words_outside_the_page_are_clipped_to_it() -> None:
    assert drawing._share(-3.0, 100.0) == 0.0
    assert drawing._share(103.0, 100.0) == 1.0


def test_a_hostile_name_is_text(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    name = "notes/<img src=x onerror=alert(1)>.pdf"
    document = put(workspace, name, samples.one_page(), title="<script>alert(1)</script>")
    start, end = 0, len(text_of(workspace, document)) // 2

    found = view(workspace, document.document_id, start, end)

    assert found.document.title == "<script>alert(1)</script>"
    assert found.pages and page_png(workspace, document.document_id, 1)
    shutil.rmtree(workspace.settings.corpus_folder)
    with pytest.raises(UnreadableDocument) as caught:
        page_png(workspace, document.document_id, 1, width_px=1600)
    assert str(tmp_path) not in caught.value.message.fr
