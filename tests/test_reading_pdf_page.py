"""Where a quotation stands on its page, and the picture of that page."""

from __future__ import annotations

from pathlib import Path

import pytest
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
