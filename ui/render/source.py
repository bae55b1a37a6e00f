"""A source beside the answer: the quotation in its place, on its page or in its text."""

from __future__ import annotations

from urllib.parse import urlencode

from assistant.records import Role, Verdict
from assistant.references import placed_reference
from assistant.sources import (
    PageView,
    QuotedBlock,
    SectionView,
    SourceView,
    TextBlock,
    Turn,
    TurnView,
)
from assistant.wording import Words
from ui.render.answer import VERDICTS
from ui.render.markup import banner, button, options, status_mark, text, waiting

_WIDTH = 1100  # pixels of a page's image


def no_source() -> str:
    """Before one is opened."""
    return waiting(
        Words(
            "Ouvrez une citation : sa source s’affiche ici, à sa page.",
            "Open a citation: its source is shown here, on its page.",
        )
    )


def source(
    seen: SourceView,
    *,
    verdict: Verdict | None = None,
    reason: str = "",
    may_keep: bool = False,
    may_export: bool = False,
) -> str:
    """The document, its date, place and status, the verdict, and the quotation in its place.

    Args:
        seen: What `assistant.sources` found.
        verdict: What verification said of the claim that cites it, if a claim does.
        reason: Why, in words.
        may_keep: Whether it can be put in the basket from here.
        may_export: Whether this person may take the page along.
    """
    reference = text(placed_reference(seen.document, seen.locator, titled=False))
    changed = banner(seen.changed) if seen.changed is not None else ""
    unshown = waiting(seen.unshown) if seen.unshown is not None else ""
    label = text(Words("Source citée", "Cited source"))
    return (
        f'<section class="source" tabindex="-1" aria-label="{label}">'
        f"<h2>{text(seen.document.title)}</h2>"
        f'<p class="reference">{reference}{status_mark(seen.document.status)}</p>{changed}'
        f"<blockquote>{text(seen.quote)}</blockquote>{_judged(verdict, reason)}"
        f"{unshown}{''.join(_page(seen, page) for page in seen.pages)}"
        f"{_taken(seen, may_keep=may_keep, may_export=may_export)}{_around(seen)}</section>"
    )


def _judged(verdict: Verdict | None, reason: str) -> str:
    if verdict is None:
        return ""
    said = text(VERDICTS[verdict]) + (f" — {text(reason)}" if reason else "")
    return options([(str(Words("Vérification", "Verification")), said)])


def _page(seen: SourceView, page: PageView) -> str:
    """The image of a page, the words of the quotation marked at their place."""
    document = seen.document
    asked = {
        "document": document.document_id,
        "page": page.page,
        "width": _WIDTH,
        "v": document.sha256[:12],
    }
    shown = page.label or str(page.page)
    said = Words(
        f"Page {shown} ({page.page} sur {page.page_count}) de « {document.title} »"
        + (", le passage cité surligné" if page.boxes else ""),
        f"Page {shown} ({page.page} of {page.page_count}) of {document.title!r}"
        + (", the cited words marked" if page.boxes else ""),
    )
    boxes = "".join(
        f'<span class="box" style="left:{box.left:.3%};top:{box.top:.3%};'
        f'width:{box.width:.3%};height:{box.height:.3%}"></span>'
        for box in page.boxes
    )
    return (
        f'<div class="page"><img src="/page.png?{text(urlencode(asked))}" alt="{text(said)}" '
        f'width="{page.width_px}" height="{page.height_px}">{boxes}</div>'
    )


def _taken(seen: SourceView, *, may_keep: bool, may_export: bool) -> str:
    """What a rapporteur may do with it."""
    tools = button(Words("Ajouter au panier", "Add to the basket"), "keep") if may_keep else ""
    if may_export and seen.pages:
        asked = {"document": seen.document.document_id, "start": seen.start, "end": seen.end}
        words = text(
            Words("Emporter la page surlignée (PDF)", "Take the highlighted page away (PDF)")
        )
        tools += f'<a href="/page.pdf?{text(urlencode(asked))}" download>{words}</a>'
    return f'<div class="tools">{tools}</div>' if tools else ""


def _around(seen: SourceView) -> str:
    """The words around the quotation: folded away where the page shows them already."""
    if seen.turn is not None:
        return _turns(seen.turn)
    if seen.section is None:
        return ""
    section = _section(seen.section)
    if not seen.pages:
        return section
    read = text(Words("Lire le texte", "Read the text"))
    return f"<details><summary>{read}</summary>{section}</details>"


def _turns(turn: TurnView) -> str:
    cited = (
        f'<div class="turn cited">{_speaker(turn)}<p class="said">{text(turn.before)}'
        f"<mark>{text(turn.quote)}</mark>{text(turn.after)}</p></div>"
    )
    earlier = "".join(map(_turn, turn.earlier))
    later = "".join(map(_turn, turn.later))
    return f'<div class="around">{earlier}{cited}{later}</div>'


def _turn(turn: Turn) -> str:
    return f'<div class="turn">{_speaker(turn)}<p class="said">{text(turn.text)}</p></div>'


def _speaker(turn: Turn | TurnView) -> str:
    role = f" ({turn.role})" if turn.role else ""
    parts = [part for part in (turn.time, f"{turn.speaker or '—'}{role}") if part]
    return f'<p class="who">{text(" · ".join(parts))}</p>'


def _section(section: SectionView) -> str:
    path = f'<p class="provenance">{text(section.path)}</p>' if section.path else ""
    heading = f'<p class="heading">{text(section.heading)}</p>' if section.heading else ""
    blocks = "".join(
        (
            *map(_block, section.earlier),
            *map(_quoted, section.quoted),
            *map(_block, section.later),
        )
    )
    return f'<div class="around">{path}{heading}{blocks}</div>'


def _block(block: TextBlock) -> str:
    return f'<p class="{_look(block.role)}">{text(block.text)}</p>'


def _quoted(block: QuotedBlock) -> str:
    return (
        f'<p class="{_look(block.role)}">{text(block.before)}<mark>{text(block.quote)}</mark>'
        f"{text(block.after)}</p>"
    )


def _look(role: Role) -> str:
    return {Role.HEADING: "heading", Role.TABLE: "row"}.get(role, "body")
