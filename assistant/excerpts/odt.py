"""The report as ODT: real styles, numbers that lead to their source and back."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from odfdo import (
    BookmarkEnd,
    BookmarkStart,
    Document,
    Header,
    Link,
    Paragraph,
    Span,
    Style,
    VarPageNumber,
)

from assistant.excerpts.exported import AUTHOR
from assistant.excerpts.report import (
    EXCERPTS,
    NOTE,
    SOURCES,
    Listed,
    Quoted,
    Report,
    guillemets,
)

_FONT = "Liberation Sans"
_INK, _ALERT = "#1f2933", "#9b1c1c"
_LANGUAGE = "fr-FR"
_TITLE, _SUBTITLE, _HEADING = "Title", "Subtitle", "Heading_20_1"
# LibreOffice's own name for a block quotation: it knows it in every language.
_QUOTE = "Quotations"
_REFERENCE, _NOTE, _WARNING, _SOURCE = "Reference", "Reader_20_note", "Warning", "Source"
_BOLD = "Strong_20_Emphasis"
_FOOTER = "Footer"


def odt(report: Report) -> bytes:
    """The whole report."""
    document = Document("text")
    document.body.clear()
    document.set_language(_LANGUAGE)
    _define_styles(document)
    _describe(document, report)
    body = document.body
    body.append(_paragraph(report.title, _TITLE))
    body.append(_paragraph(report.summary, _SUBTITLE))
    body.append(_heading(EXCERPTS))
    for quoted in report.excerpts:
        _add_excerpt(body, quoted)
    body.append(_heading(SOURCES))
    for place, listed in enumerate(report.sources, start=1):
        body.append(_source(listed, place))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_excerpt(body: Any, quoted: Quoted) -> None:
    body.append(_paragraph(guillemets(quoted.quote), _QUOTE))
    reference = _paragraph("", _REFERENCE)
    mark = f"extrait_{quoted.number}"
    reference.append(BookmarkStart(mark))
    reference.append(_link(f"[{quoted.number}]", f"source_{quoted.source}"))
    reference.append(BookmarkEnd(mark))
    reference.append_plain_text(f" {quoted.reference}")
    body.append(reference)
    for warning in quoted.warnings:
        body.append(_paragraph(warning, _WARNING))
    if quoted.note:
        note = _paragraph("", _NOTE)
        note.append(Span(NOTE, style=_BOLD))
        note.append_plain_text(f" {quoted.note}")
        body.append(note)


def _source(listed: Listed, place: int) -> Any:
    paragraph = _paragraph("", _SOURCE)
    paragraph.append(BookmarkStart(f"source_{place}"))
    paragraph.append_plain_text(listed.text)
    paragraph.append(BookmarkEnd(f"source_{place}"))
    paragraph.append_plain_text(" Cité en ")
    for number in listed.cited_by:
        if number != listed.cited_by[0]:
            paragraph.append_plain_text(", ")
        paragraph.append(_link(f"[{number}]", f"extrait_{number}"))
    paragraph.append_plain_text(".")
    return paragraph


def _heading(text: str) -> Any:
    # The template numbers its headings: "1.Extraits" would look like an excerpt's number.
    heading = Header(1, text)
    heading.style = _HEADING
    heading.set_attribute("text:is-list-header", "true")
    return heading


def _paragraph(text: str, style: str) -> Any:
    """Line ends become line breaks, runs of spaces stay."""
    paragraph = Paragraph(style=style)
    paragraph.append_plain_text(text)
    return paragraph


def _link(text: str, anchor: str) -> Any:
    """A number that leads to a bookmark of this document."""
    link = Link(f"#{anchor}", style=_BOLD, visited_style=_BOLD)
    link.append(text)
    return link


def _define_styles(document: Any) -> None:
    """Named styles, which a person changes once for the whole document."""
    for style in (
        _style(_TITLE, "Title", 20, bold=True, after="0.2cm"),
        _style(_SUBTITLE, "Subtitle", 10, after="0.5cm"),
        _style(_QUOTE, "Quotations", 10.5, side="0.9cm", before="0.5cm", together=True),
        _style(_REFERENCE, "Référence", 9, side="0.9cm"),
        _style(_WARNING, "Avertissement", 9, side="0.9cm", bold=True, color=_ALERT),
        _style(_NOTE, "Note du lecteur", 10, side="0.9cm"),
        _style(_SOURCE, "Source", 9.5, after="0.3cm"),
        _style(_FOOTER, "Footer", 9),
    ):
        document.insert_style(style)
    strong = Style("text", name=_BOLD, display_name="Strong Emphasis")
    strong.set_properties(area="text", **{"fo:font-weight": "bold"})
    document.insert_style(strong)
    heading = document.get_style("paragraph", _HEADING)
    heading.set_properties(area="text", **{"style:font-name": _FONT, "fo:color": _INK})
    page = document.get_style("master-page", "Standard")
    footer = Paragraph(style=_FOOTER)
    footer.append(VarPageNumber())
    page.set_page_footer(footer)


def _style(
    name: str,
    shown: str,
    size: float,
    *,
    side: str = "0cm",
    before: str = "0cm",
    after: str = "0.12cm",
    bold: bool = False,
    color: str = _INK,
    together: bool = False,
) -> Any:
    style = Style("paragraph", name=name, display_name=shown, parent_style="Standard")
    style.set_properties(
        area="paragraph",
        **{
            "fo:margin-left": side,
            "fo:margin-right": side,
            "fo:margin-top": before,
            "fo:margin-bottom": after,
            "fo:keep-with-next": "always" if together else "auto",
            "fo:text-align": "center" if name == _FOOTER else "start",
        },
    )
    style.set_properties(
        area="text",
        **{
            "style:font-name": _FONT,
            "fo:font-size": f"{size}pt",
            "fo:font-weight": "bold" if bold else "normal",
            "fo:color": color,
            "fo:language": "fr",
            "fo:country": "FR",
        },
    )
    return style


def _describe(document: Any, report: Report) -> None:
    """What the file says of itself: nothing of the template, nor of who made it."""
    said = document.meta
    day = datetime.combine(report.day, datetime.min.time())
    said.title, said.language = report.title, _LANGUAGE
    said.generator = said.creator = said.initial_creator = AUTHOR
    said.creation_date = said.date = day
