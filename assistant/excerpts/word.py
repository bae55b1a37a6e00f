"""The report as DOCX: real styles, numbers that lead to their source and back."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx as python_docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

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

_FONT = "Arial"
_INK = RGBColor(0x1F, 0x29, 0x33)
_ALERT = RGBColor(0x9B, 0x1C, 0x1C)
_LANGUAGE = "fr-FR"
_REFERENCE, _NOTE, _WARNING, _SOURCE = "Référence", "Note du lecteur", "Avertissement", "Source"


def docx(report: Report) -> bytes:
    """The whole report."""
    document = python_docx.Document()
    _lay_out(document)
    _describe(document, report)
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.summary, style="Subtitle")
    document.add_heading(EXCERPTS, level=1)
    for quoted in report.excerpts:
        _add_excerpt(document, quoted)
    document.add_heading(SOURCES, level=1)
    for place, listed in enumerate(report.sources, start=1):
        _add_source(document, listed, place)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_excerpt(document: Any, quoted: Quoted) -> None:
    document.add_paragraph(guillemets(quoted.quote), style="Quote")
    reference = document.add_paragraph(style=_REFERENCE)
    with_mark = _mark(f"extrait_{quoted.number}", quoted.number)
    reference._p.append(with_mark[0])
    _link(reference, f"[{quoted.number}]", f"source_{quoted.source}")
    reference._p.append(with_mark[1])
    reference.add_run(f" {quoted.reference}")
    for warning in quoted.warnings:
        document.add_paragraph(warning, style=_WARNING)
    if quoted.note:
        note = document.add_paragraph(style=_NOTE)
        note.add_run(NOTE).bold = True
        note.add_run(f" {quoted.note}")


def _add_source(document: Any, listed: Listed, place: int) -> None:
    paragraph = document.add_paragraph(style=_SOURCE)
    begins, ends = _mark(f"source_{place}", 10_000 + place)
    paragraph._p.append(begins)
    paragraph.add_run(listed.text)
    paragraph._p.append(ends)
    paragraph.add_run(" Cité en ")
    for number in listed.cited_by:
        if number != listed.cited_by[0]:
            paragraph.add_run(", ")
        _link(paragraph, f"[{number}]", f"extrait_{number}")
    paragraph.add_run(".")


def _mark(name: str, number: int) -> tuple[Any, Any]:
    """The two ends of a bookmark; ``number`` is unique in the document."""
    begins, ends = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    begins.set(qn("w:id"), str(number))
    begins.set(qn("w:name"), name)
    ends.set(qn("w:id"), str(number))
    return begins, ends


def _link(paragraph: Any, text: str, anchor: str) -> None:
    """A number that leads to a bookmark of this document."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(text)
    run.bold = True
    link.append(run._r)
    paragraph._p.append(link)


def _lay_out(document: Any) -> None:
    """A4, one sans-serif typeface, dark ink, French."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    styles = document.styles
    for name, size in (("Normal", 10.5), ("Title", 20), ("Subtitle", 10), ("Heading 1", 14)):
        _letter(styles[name], size)
    _letter(styles["Quote"], 10.5)
    quote = styles["Quote"].paragraph_format
    quote.left_indent, quote.right_indent = Cm(0.9), Cm(0.9)
    quote.space_before, quote.space_after = Pt(14), Pt(3)
    quote.keep_with_next = True
    for name, size in ((_REFERENCE, 9), (_WARNING, 9), (_NOTE, 10), (_SOURCE, 9.5)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _letter(style, size)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.left_indent = Cm(0 if name == _SOURCE else 0.9)
    styles[_WARNING].font.bold = True
    styles[_WARNING].font.color.rgb = _ALERT
    styles[_SOURCE].paragraph_format.space_after = Pt(8)
    _speak_french(document)
    _number_pages(section.footer.paragraphs[0])


def _letter(style: Any, size: float) -> None:
    """One typeface for a style; the theme's own fonts would otherwise win over it."""
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:spacing", "w:kern"):
        for former in properties.findall(qn(tag)):
            properties.remove(former)
    style.font.name = _FONT
    style.element.rPr.rFonts.set(qn("w:cs"), _FONT)
    style.font.size = Pt(size)
    style.font.color.rgb = _INK
    style.font.italic = False


def _speak_french(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for language in (*defaults.iter(qn("w:lang")), *_theme_languages(document)):
        language.set(qn("w:val"), _LANGUAGE)


def _theme_languages(document: Any) -> Any:
    return document.settings.element.iter(qn("w:themeFontLang"))


def _number_pages(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _describe(document: Any, report: Report) -> None:
    """What the file says of itself: nothing of the template, nor of who made it."""
    said = document.core_properties
    said.title, said.language = report.title, _LANGUAGE
    said.author = said.last_modified_by = AUTHOR
    said.created = said.modified = datetime.combine(report.day, datetime.min.time())
    said.comments = said.keywords = said.subject = said.category = ""
    said.revision = 1
    relations = document.part.package.rels
    for name in [n for n, one in relations.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[name]
