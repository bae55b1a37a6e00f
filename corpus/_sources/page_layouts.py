"""Page formats and paragraph styles of the PDF documents; sizes in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle

BLUE = HexColor("#1f3f66")
GREY = HexColor("#5a6470")


@dataclass(frozen=True)
class Layout:
    """Sizes in points; ``columns`` share the width with a gutter of 18."""

    page: tuple[float, float] = A4
    margin: float = 76
    top: float = 86
    bottom: float = 80
    columns: int = 1
    size: float = 11.5
    leading: float = 17
    font: str = "Times"
    chapter_break: bool = False


LAYOUTS = {
    "report": Layout(chapter_break=True),
    "note": Layout(),
    "letter": Layout(margin=84, size=11.5, leading=17.5),
    "two-columns": Layout(margin=54, columns=2, size=10.5, leading=14.5),
    "sheets": Layout(chapter_break=True, font="Helvetica", size=10.5, leading=16),
    "slides": Layout(
        page=landscape(A4),
        margin=70,
        top=80,
        size=17,
        leading=26,
        font="Helvetica",
        chapter_break=True,
    ),
}


def styles(layout: Layout) -> dict[str, Any]:
    """Paragraph styles by name: body, headings, notes, table cells, title block."""
    roman = "Times-Roman" if layout.font == "Times" else "Helvetica"
    bold = f"{layout.font}-Bold"
    size, leading = layout.size, layout.leading
    body = ParagraphStyle(
        "p", fontName=roman, fontSize=size, leading=leading, spaceAfter=leading * 0.5,
        alignment=TA_JUSTIFY if layout.font == "Times" else 0, allowWidows=0, allowOrphans=0,
    )  # fmt: skip

    def derived(name: str, **changes: Any) -> Any:
        return ParagraphStyle(name, parent=body, **changes)

    heads = {
        f"h{n}": derived(
            f"h{n}", fontName=bold, textColor=BLUE, alignment=0, fontSize=size * scale,
            leading=size * scale * 1.3, spaceBefore=leading * 0.8, spaceAfter=leading * 0.5,
        )
        for n, scale in ((1, 1.5), (2, 1.2), (3, 1.05))
    }  # fmt: skip
    return heads | {
        "p": body,
        "item": derived("item", leftIndent=16, bulletIndent=4, spaceAfter=leading * 0.25),
        "caption": derived(
            "caption", fontName=bold, fontSize=size * 0.9, spaceBefore=6, alignment=0
        ),
        "note": derived("note", fontSize=8.5, leading=10.5, spaceAfter=0),
        "th": derived(
            "th",
            fontName=bold,
            fontSize=size * 0.82,
            leading=size * 1.05,
            alignment=0,
            spaceAfter=0,
        ),
        "td": derived("td", fontSize=size * 0.86, leading=size * 1.1, alignment=0, spaceAfter=0),
        "title": derived(
            "title",
            fontName=bold,
            fontSize=size * 1.9,
            leading=size * 2.4,
            textColor=BLUE,
            alignment=0,
        ),
        "subtitle": derived("subtitle", fontSize=size * 1.25, leading=size * 1.7, alignment=0),
        "byline": derived(
            "byline", fontName=roman, fontSize=size * 0.9, textColor=GREY, alignment=0
        ),
        "toc1": derived("toc1", fontName=bold, spaceAfter=2, spaceBefore=6, alignment=0),
        "toc2": derived("toc2", leftIndent=16, spaceAfter=0, alignment=0),
    }
