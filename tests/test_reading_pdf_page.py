"""Where a quotation stands on its page, and the picture of that page."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import UnreadableDocument
from assistant.reading.pdf import ocr
from assistant.reading.pdf.page import page_image, quote_boxes
from assistant.reading.pdf.reader import read_pdf
from tests import pdf_samples as samples


def dark(path: Path, page: int, box: tuple[float, float, float, float]) -> float:
    """Share of dark pixels in a box: words are there, or they are not."""
    scale = 2.0
    image = page_image(path, page, scale).convert("L")
    x0, y0, x1, y1 = (round(v * scale) for v in box)
    crop = image.crop((x0, image.height - y1, x1, image.height - y0))
    pixels = crop.tobytes()
    return sum(value < 128 for value in pixels) / max(1, len(pixels))


def test_a_quotation_of_several_lines_has_a_box_on_each(tmp_path: Path) -> None:
    path = samples.saved(tmp_path, samples.report())

    boxes = quote_boxes(path, 2, "développement durable en Auvergne-Rhône-Alpes")

    assert len(boxes) == 3
    assert [round(b[0]) for b in boxes[1:]] == [72, 72]
    assert boxes[0][1] > boxes[1][1] > boxes[2][1]
    assert all(dark(path, 2, box) > 0.05 for box in boxes)


def test_every_block_of_a_reading_is_found_on_its_page(tmp_path: Path) -> None:
    for data in (samples.report(), samples.two_columns(), samples.table(ruled=True)):
        path = samples.saved(tmp_path, data)
        reading = read_pdf(path)
        for block in reading.blocks:
            assert block.locator.page is not None
            assert quote_boxes(path, block.locator.page, reading.text[block.start : block.end])


def places(path: Path, words: str) -> list[list[tuple[float, float, float, float]]]:
    """Boxes of each occurrence of some words, told apart by the text of their page."""
    reading = read_pdf(path)
    found, start = [], reading.text.find(words)
    while start >= 0:
        block = next(b for b in reading.blocks if b.start <= start < b.end)
        page = [b for b in reading.blocks if b.locator.page == block.locator.page]
        text = reading.text[page[0].start : page[-1].end]
        at = start - page[0].start
        found.append(quote_boxes(path, block.locator.page or 0, words, page_text=text, at=at))
        start = reading.text.find(words, start + 1)
    return found


def test_what_a_page_says_several_times_is_found_where_it_is_quoted(tmp_path: Path) -> None:
    def draw(c: Canvas) -> None:
        for number in range(4):
            text = f"Article {number}. La commission rend son avis. Le vote a lieu en juin."
            samples.paragraph(c, text, 72, 700 - 60 * number)
        c.showPage()

    found = places(samples.saved(tmp_path, samples.made(draw)), "Le vote a lieu en juin.")

    assert [round(700 - box[1]) // 60 for (box,) in found] == [0, 1, 2, 3]


def test_a_quotation_is_found_across_columns_and_around_a_footnote(tmp_path: Path) -> None:
    """It begins at the foot of the left column, over the note, in a word that is cut."""

    def draw(c: Canvas) -> None:
        left = [*textwrap.wrap(samples.LOREM, 40), "Les crédits sont suivis par la commis-"]
        right = ["sion permanente, chaque trimestre.", *textwrap.wrap(samples.LOREM * 2, 40)]
        for x, lines in ((60, left), (320, right)):
            for row, line in enumerate(lines):
                c.setFont("Helvetica", 10)
                c.drawString(x, 700 - 12 * row, line)
        samples.paragraph(c, "1. Cette commission permanente siège en juin.", 60, 90, size=7)
        c.showPage()

    path = samples.saved(tmp_path, samples.made(draw))
    quote = "Les crédits sont suivis par la commission permanente, chaque trimestre."
    reading = read_pdf(path)
    assert quote in reading.text

    ((first, second),) = places(path, quote)

    assert first[0] == pytest.approx(60, abs=1) and second[0] == pytest.approx(320, abs=1)
    assert second[1] > first[1] > 100


def test_cells_are_found_in_their_row_whatever_order_they_were_drawn_in(tmp_path: Path) -> None:
    columns = [
        ["Commune", "Valmont", "Castelnoir", "Aubrelande"],
        ["Fibre", "oui", "non", "oui"],
        ["Part", "12 %", "12 %", "12 %"],
    ]

    def draw(c: Canvas) -> None:
        samples.paragraph(c, "Castelnoir non 12 % est une valeur provisoire.", 70, 760)
        c.setFont("Helvetica", 10)
        for x, cells in zip((70, 200, 300), columns, strict=True):
            for row, cell in enumerate(cells):
                c.drawString(x, 700 - 16 * row, cell)
        c.showPage()

    path = samples.saved(tmp_path, samples.made(draw))

    ((name, fibre, part),) = places(path, "Castelnoir | non | 12 %")

    assert [round(box[0]) for box in (name, fibre, part)] == [70, 200, 300]
    assert {round(box[1]) for box in (name, fibre, part)} == {round(name[1])}
    assert name[1] == pytest.approx(700 - 32, abs=4)


def test_words_with_accents_apart_capitals_and_raised_figures_are_found(tmp_path: Path) -> None:
    def draw(c: Canvas) -> None:
        samples.with_call(c, 700, "Une superficie de 40 m", "2", " a été mesurée en 2025.")
        c.showPage()

    path = samples.saved(tmp_path, samples.made(draw))

    assert "40 m²" in read_pdf(path).text
    assert len(quote_boxes(path, 1, "superficie de 40 m² a été mesurée")) == 1
    assert len(quote_boxes(path, 1, "SUPERFICIE de 40 m2 a e\u0301te\u0301 mesuree")) == 1


def test_boxes_fall_on_the_words_of_a_page_that_is_cut_to_a_part(tmp_path: Path) -> None:
    reader = PdfReader(io.BytesIO(samples.one_page()))
    writer = PdfWriter()
    writer.add_page(reader.pages[0])
    writer.pages[0].mediabox = RectangleObject((-20, -30, 600, 850))
    writer.pages[0].cropbox = RectangleObject((50, 500, 580, 800))
    path = samples.saved(tmp_path, samples.written(writer))

    boxes = quote_boxes(path, 1, "dans leurs usages du numérique")

    assert boxes and all(dark(path, 1, box) > 0.05 for box in boxes)
    assert page_image(path, 1, 1.0).size == (530, 300)


def test_boxes_follow_the_turn_of_the_page(tmp_path: Path) -> None:
    def draw(c: Canvas) -> None:
        c.setPageRotation(90)
        c.translate(samples.WIDTH, 0)
        c.rotate(90)
        samples.paragraph(c, "Le vote a lieu en juin. " * 6, 60, 500, chars=60)
        c.showPage()

    path = samples.saved(tmp_path, samples.made(draw))

    (box,) = quote_boxes(path, 1, "Le vote a lieu en juin. Le vote")
    assert box[2] - box[0] > 5 * (box[3] - box[1])
    assert dark(path, 1, box) > 0.05


def test_words_that_are_not_there_have_no_box(tmp_path: Path) -> None:
    path = samples.saved(tmp_path, samples.report())

    assert quote_boxes(path, 1, "une phrase que personne n’a écrite") == []
    assert quote_boxes(path, 1, "…") == []


def test_a_page_that_is_not_there_is_a_document_error(tmp_path: Path) -> None:
    path = samples.saved(tmp_path, samples.one_page())

    for page in (0, 2):
        with pytest.raises(UnreadableDocument):
            quote_boxes(path, page, "Région")
        with pytest.raises(UnreadableDocument):
            page_image(path, page, 1.0)


def test_a_picture_has_the_size_asked_for_within_the_limits(tmp_path: Path) -> None:
    path = samples.saved(tmp_path, samples.one_page())

    assert page_image(path, 1, 1.0).size == pytest.approx((595, 842), abs=1)
    width, height = page_image(path, 1, 1_000.0).size
    assert width * height < 41_000_000


@pytest.mark.skipif(ocr.tesseract() is None, reason="tesseract is not installed")
def test_a_quotation_of_a_scanned_page_is_found_on_the_picture(tmp_path: Path) -> None:
    path = samples.saved(tmp_path, samples.scanned())

    (box,) = quote_boxes(path, 2, "une subvention de 45 000 euros")

    assert dark(path, 2, box) > 0.05
