"""What a Markdown renderer shows of an export is the text itself, whatever the text tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from assistant.desk import Excerpt
from assistant.excerpts.exported import file_name
from assistant.excerpts.markdown import markdown
from assistant.excerpts.report import printable, report
from assistant.excerpts.rereading import Reread
from assistant.records import Document, DocumentKind, Locator
from tests.conftest import document

DAY = date(2026, 3, 2)
HOSTILE = (
    "[x](javascript:alert(1))",
    "![x](http://example.org/pixel.png)",
    "<script>alert(1)</script>",
    "<!-- rien -->\n\n<div>",
    "# Titre\n## Autre\n===\n---\n***\n___",
    "fin\n===",
    "```\ncode\n```\n~~~\n    indenté",
    "`code` ``double`` \\` \\\\ \\",
    "- a\n+ b\n* c\n1. d\n2) e\n12345678. f",
    "> cité\n>> deux fois",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "**gras** _italique_ ~~barré~~ ^2^ $x$ ==surligné== {#id .classe} :smile:",
    "&lt;b&gt; &amp; &#60; &nbsp; &copy",
    "https://example.org www.example.org moi@example.org <https://example.org>",
    "[ref]: http://example.org 'titre'\n[ref]",
    "[^1] note\n\n[^1]: note",
    "deux  espaces  \nligne",
    "  marge\n    quatre\n\u00a0insécable\u00a0\n\n\nvide",
    "» « ’ … — \u202f%",
    "fin de ligne\\\nsuite",
    "Terme\n: définition",
)


def taken(quote: str, *, note: str = "", source: Document | None = None) -> Reread:
    source = source or document()
    excerpt = Excerpt(
        excerpt_id="0",
        document_id=source.document_id,
        sha256=source.sha256,
        start=0,
        end=len(quote),
        quote=quote,
        note=note,
        added=datetime(2026, 3, 1, 12, tzinfo=UTC),
        document=source,
        locator=Locator(page=3),
        passage_id="x",
    )
    return Reread(excerpt, source)


def rendered(*found: Reread, title: str = "Essai") -> html.HtmlElement:
    text = markdown(report(found, title=title, today=DAY)).decode()
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return html.fromstring(f"<main>{renderer.render(text)}</main>")


def shown(page: html.HtmlElement) -> str:
    """The text of the one block quotation; nothing is in it but line breaks."""
    (block,) = page.iter("blockquote")
    (paragraph,) = block
    assert {part.tag for part in paragraph} <= {"br"}
    return paragraph.text_content()


@pytest.mark.parametrize("quote", HOSTILE)
def test_a_hostile_quotation_is_shown_to_the_letter(quote: str) -> None:
    assert shown(rendered(taken(quote))) == f"«\u00a0{quote}\u00a0»"


ALPHABET = "a1é .,:;!?'\"-+=*_`~#>|<&[](){}\\/$^@\n\u00a0\u202f\u2028www"


@given(st.text(ALPHABET, min_size=1, max_size=60))
@example("\n")
@example(" \n ")
def test_any_text_is_shown_to_the_letter_in_quotations_and_notes(text: str) -> None:
    page = rendered(taken(text, note=text), title="x")

    assert shown(page) == f"«\u00a0{text}\u00a0»"
    note = [p for p in page.iterfind("p") if p.text_content().startswith("Note\u00a0:")]
    kept = text.strip()
    assert [p.text_content() for p in note] == ([f"Note\u00a0: {kept}"] if kept else [])


@given(st.text(ALPHABET, min_size=1, max_size=60))
def test_a_title_opens_nothing_but_one_heading(title: str) -> None:
    source = replace(document(), title=title, path=f"notes/{title}", commission=title)
    page = rendered(taken("Une phrase.", source=source), title=title)

    assert [h.tag for h in page.iter("h1", "h2", "h3")] == ["h1", "h2", "h2"]
    assert {part.tag for part in page.iter()} <= {
        "main", "h1", "h2", "p", "blockquote", "em", "strong", "ul", "li", "br",
    }  # fmt: skip
    (entry,) = page.iter("li")
    assert entry.text_content().strip().startswith(" ".join(title.split()))


@pytest.mark.parametrize("quote", HOSTILE)
def test_a_hostile_title_makes_no_link_and_no_tag(quote: str) -> None:
    source = replace(document(), title=quote, kind=DocumentKind.HEARING)
    page = rendered(taken("Une phrase.", source=source), title=quote)

    assert not list(page.iter("a", "img", "script", "code", "pre", "div", "table"))


def test_excerpts_are_numbered_and_each_source_is_listed_once_with_who_cites_it() -> None:
    other = replace(document("notes/b.md", "Autre note"), sha256="b" * 64)
    page = rendered(taken("Un."), taken("Deux.", source=other), taken("Trois."))

    paragraphs = [p.text_content() for p in page.iterfind("p")]
    for number in (1, 2, 3):
        assert any(p.startswith(f"[{number}] ") for p in paragraphs)
    first, second = (entry.text_content() for entry in page.iter("li"))
    assert first.endswith("Cité en [1], [3].")
    assert second.endswith("Cité en [2].")
    for part in ("notes/b.md", "b" * 64, "Consulté le 2\u00a0mars 2026", "14\u00a0janvier 2026"):
        assert part in second


def test_what_cannot_be_shown_is_replaced_in_sight_and_said() -> None:
    page = rendered(taken("a\x00b\x1bc\u202ed\ud800e\ufffef"))

    assert shown(page) == "«\u00a0a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\u00a0»"
    assert "caractères non imprimables" in page.text_content()
    assert printable("Un texte sain.\nDeux lignes.") == "Un texte sain.\nDeux lignes."


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Énergie & IA : « l’essai » n° 2", "energie-ia-l-essai-n-2.docx"),
        ("../../etc/passwd", "etc-passwd.docx"),
        ("C:\\Windows\\x\x00.exe", "c-windows-x-exe.docx"),
        ("CON", "extraits-con.docx"),
        ("日本語 …", "extraits.docx"),
        ("Cœur", "coeur.docx"),
        ("a" * 500, "a" * 80 + ".docx"),
    ],
)
def test_a_file_name_is_plain_bounded_and_never_a_path(title: str, name: str) -> None:
    assert file_name(title, "docx") == name
