"""PDF files made for the tests: each has one thing that readers get wrong."""

from __future__ import annotations

import io
import textwrap
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

WIDTH, HEIGHT = A4
LOREM = (
    "La Région accompagne les communes dans leurs usages du numérique et finance des "
    "équipements partagés. Les crédits votés sont suivis par la commission chaque trimestre. "
)


def made(draw: Callable[[Canvas], None], *, title: str = "", author: str = "") -> bytes:
    """Draw with reportlab; returns the file."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def saved(folder: Path, data: bytes, name: str = "document.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def paragraph(
    canvas: Canvas, text: str, x: float, y: float, *, chars: int = 88, size: float = 10
) -> float:
    """Write wrapped lines from (x, y) down; returns the y of the line that would follow."""
    canvas.setFont("Helvetica", size)
    for line in textwrap.wrap(text, chars):
        canvas.drawString(x, y, line)
        y -= 1.2 * size
    return y


def one_page(text: str = LOREM) -> bytes:
    return made(lambda c: (paragraph(c, text, 72, 700), c.showPage())[0])


def two_columns() -> bytes:
    """A title across the page, then two columns drawn row by row, as some printers do."""
    left = textwrap.wrap("GAUCHE commence ici. " + LOREM * 2 + "GAUCHE finit là.", 44)
    right = textwrap.wrap("DROITE commence ici. " + LOREM * 2 + "DROITE finit là.", 44)

    def draw(c: Canvas) -> None:
        c.setFont("Helvetica-Bold", 18)
        c.drawString(72, 760, "Un titre qui traverse les deux colonnes de la page")
        c.setFont("Helvetica", 10)
        for row, (a, b) in enumerate(zip(left, right, strict=True)):
            c.drawString(60, 700 - 12 * row, a)
            c.drawString(310, 700 - 12 * row, b)
        paragraph(c, "PIED en pleine largeur. " + LOREM * 2, 60, 400)
        c.showPage()

    return made(draw)


def report(pages: int = 4) -> bytes:
    """Running head, numbered feet, headings, a footnote, text that goes on over the page."""

    def draw(c: Canvas) -> None:
        for page in range(1, pages + 1):
            c.setFont("Helvetica", 8)
            c.drawString(72, 810, "Région Val d’Ancre — document fictif")
            c.drawRightString(WIDTH - 72, 30, f"Page {page} sur {pages}")
            c.setFont("Helvetica-Bold", 14)
            c.drawString(72, 760, f"{page}. Chapitre numéro {page}")
            y = paragraph(c, LOREM * 3, 72, 730)
            c.setFont("Helvetica-Bold", 10)
            c.drawString(72, y - 10, f"{page}.1. Calendrier du chapitre")
            with_call(c, y - 30, "Le budget atteint 14 millions en 2025", "1", " selon la note.")
            c.setFont("Helvetica", 10)
            c.drawString(72, y - 60, f"La phrase de la page {page} parle de déve-")
            c.drawString(72, y - 72, "loppement durable en Auvergne-")
            c.drawString(72, y - 84, "Rhône-Alpes et ne finit pas")
            c.line(72, 92, 200, 92)
            with_call(c, 80, "", "1", f" Source : comptes de la Région, page {page}.", size=8)
            c.showPage()

    return made(draw, title="Rapport d’étape", author="Direction du numérique")


def with_call(c: Canvas, y: float, before: str, mark: str, after: str, *, size: float = 10) -> None:
    text = c.beginText(72, y)
    text.setFont("Helvetica", size)
    text.textOut(before)
    text.setFont("Helvetica", 0.6 * size)
    text.setRise(0.35 * size)
    text.textOut(mark)
    text.setRise(0)
    text.setFont("Helvetica", size)
    text.textOut(after)
    c.drawText(text)


ROWS = [
    ["Territoire", "Crédits 2025", "Part"],
    ["Pays de Mer", "12,5 M€", "38 %"],
    ["Hautes Terres", "8,1 M€", "25 %"],
    ["Vallée d’Ancre", "12,2 M€", "37 %"],
]


def table(*, ruled: bool) -> bytes:
    def draw(c: Canvas) -> None:
        paragraph(c, "AVANT le tableau. " + LOREM, 72, 740)
        grid = Table(ROWS, colWidths=[150, 120, 80])
        style = [("FONTSIZE", (0, 0), (-1, -1), 10)]
        if ruled:
            style.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
        grid.setStyle(TableStyle(style))
        grid.wrapOn(c, 400, 400)
        grid.drawOn(c, 72, 560)
        paragraph(c, "APRÈS le tableau. " + LOREM, 72, 520)
        c.showPage()

    return made(draw)


def labelled(data: bytes, roman: int) -> bytes:
    """The first pages are numbered i, ii…; the next ones from 1."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    count = len(writer.pages)
    writer.set_page_label(0, roman - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(roman, count - 1, style=PageLabelStyle.DECIMAL)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password=password, owner_password="maître", algorithm="AES-256")
    return written(writer)


def page_picture(lines: list[str]) -> Image.Image:
    """An A4 page of text as a 200 dpi scan."""
    image = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype("DejaVuSans.ttf", 40)
    for row, line in enumerate(lines):
        draw.text((180, 260 + 64 * row), line, font=font, fill=0)
    return image


SCANNED = [
    "La commission permanente s’est réunie le 12 mars 2026",
    "et a voté une subvention de 45 000 euros à la commune.",
]


def scanned(*, stamp: str = "") -> bytes:
    """A printed page, then a scanned one; ``stamp`` is printed over the scan."""
    from reportlab.lib.utils import ImageReader

    def draw(c: Canvas) -> None:
        paragraph(c, LOREM, 72, 700)
        c.showPage()
        c.drawImage(ImageReader(page_picture(SCANNED)), 0, 0, WIDTH, HEIGHT)
        c.setFont("Helvetica", 8)
        c.drawString(400, 20, stamp)
        c.showPage()

    return made(draw)


def raw_pdf(page: str, *streams: tuple[str, bytes]) -> bytes:
    """A PDF by hand: one page dictionary's entries, then numbered streams from object 4."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {page} >>".encode(),
    ]
    for entries, data in streams:
        head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode()
        objects.append(head + data + b"\nendstream")
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    xref = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n".encode()
    )
    return bytes(out)


def bomb() -> bytes:
    """100 KB that decompress to 100 MB of drawing instructions."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m 9 9 l S\n" * 75_000) for _ in range(100))
    return raw_pdf(
        "/MediaBox [0 0 595 842] /Contents 4 0 R",
        ("/Filter /FlateDecode", packed + packer.flush()),
    )


def nested_forms() -> bytes:
    """Ten levels of forms, each drawing the next ten times: ten thousand million strokes."""
    streams = [("", b"/F0 Do")]
    names = " ".join(f"/F{i} {5 + i} 0 R" for i in range(11))
    resources = f"/Resources << /XObject << {names} >> >>"
    for level in range(10):
        body = f"/F{level + 1} Do ".encode() * 10
        streams.append((f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}", body))
    streams.append(("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 0 m 9 9 l S"))
    return raw_pdf(f"/MediaBox [0 0 595 842] {resources} /Contents 4 0 R", *streams)


def page_count(data: bytes) -> int:
    return len(PdfReader(io.BytesIO(data)).pages)
