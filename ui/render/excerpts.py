"""Search results and the basket."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.desk import Excerpt
from assistant.records import Evidence, Hit
from assistant.references import NO_BREAK, placed_reference
from assistant.wording import Words, plural, spoken
from ui.render.markup import button, status_mark, text, waiting

_AROUND = 260  # code points on each side of the marked sentence; the source shows the rest
_FORMATS = (("docx", "Word (DOCX)"), ("odt", "LibreOffice (ODT)"), ("md", "Markdown"))


def results(hits: Sequence[Hit], sentences: Sequence[Evidence | None]) -> str:
    """Passages, best first, the sentence nearest to the question marked."""
    if not hits:
        return waiting(
            Words(
                "Aucun extrait ne correspond. Essayez d’autres mots, ou moins de filtres.",
                "No excerpt matches. Try other words, or fewer filters.",
            )
        )
    rows = "".join(
        _result(place, hit, sentence)
        for place, (hit, sentence) in enumerate(zip(hits, sentences, strict=True))
    )
    many = plural(len(hits))
    words = Words(
        f"{len(hits)} extrait{many.fr}. Flèches : parcourir ; Entrée : ouvrir ; "
        "A : ajouter au panier.",
        f"{len(hits)} excerpt{many.en}. Arrows: go through; Enter: open; A: add to the basket.",
    )
    return f'<p class="count">{text(words)}</p><ol class="results">{rows}</ol>'


def _result(place: int, hit: Hit, sentence: Evidence | None) -> str:
    reference = placed_reference(hit.document, hit.passage.locator)
    label = text(Words(f"Extrait {place + 1}", f"Excerpt {place + 1}"))
    take = (
        button(Words("Prendre la phrase", "Take the sentence"), "take", str(place))
        if sentence is not None
        else ""
    )
    return (
        f'<li class="result" tabindex="0" aria-label="{label}" data-key="result{place}">'
        f'<blockquote>{_marked(hit, sentence)}</blockquote><p class="reference">{text(reference)}'
        f'{status_mark(hit.document.status)}</p>{_elsewhere(hit)}<div class="tools">'
        f"{button(Words('Ouvrir', 'Open'), 'open', str(place))}{take}"
        f"{button(Words('Prendre tout l’extrait', 'Take it whole'), 'take-all', str(place))}"
        "</div></li>"
    )


def _elsewhere(hit: Hit) -> str:
    """Where else the same words stand."""
    if not hit.copies:
        return ""
    head = text(Words(f"Même texte{NO_BREAK}:", "Same text:"))
    rows = "".join(
        f"<li>{text(placed_reference(copy.document, copy.passage.locator))}"
        f"{status_mark(copy.document.status)}</li>"
        for copy in hit.copies
    )
    return f'<div class="reference copies">{head}<ul>{rows}</ul></div>'


def _marked(hit: Hit, sentence: Evidence | None) -> str:
    passage = hit.passage
    if sentence is None:
        return text(passage.text)
    start, end = sentence.start - passage.start, sentence.end - passage.start
    before, after = passage.text[:start], passage.text[end:]
    if len(before) > _AROUND:
        before = "[…] " + before[-_AROUND:].split(" ", 1)[-1]
    if len(after) > _AROUND:
        after = after[:_AROUND].rsplit(" ", 1)[0] + " […]"
    return f"{text(before)}<mark>{text(passage.text[start:end])}</mark>{text(after)}"


def basket(excerpts: Sequence[Excerpt]) -> str:
    """What a person keeps, in their order, with their notes, and how to take it away."""
    title = text(Words(f"Panier ({len(excerpts)})", f"Basket ({len(excerpts)})"))
    head = f"<h2>{title}</h2>"
    if not excerpts:
        how = Words(
            "Vide. « Prendre la phrase » y met un extrait avec sa source.",
            "Empty. “Take the sentence” puts an excerpt here with its source.",
        )
        return f'<section class="basket">{head}{waiting(how)}</section>'
    rows = "".join(_kept(e, place, len(excerpts)) for place, e in enumerate(excerpts))
    clear = button(Words("Vider le panier", "Empty the basket"), "clear", look="danger")
    return f'<section class="basket">{head}{_exports()}<ol>{rows}</ol>{clear}</section>'


def undo(words: Words) -> str:
    """What was just taken away, and the way back."""
    return (
        f'<p class="notice">{text(words)} '
        f"{button(Words('Annuler', 'Undo'), 'restore', look='plain')}</p>"
    )


def _exports() -> str:
    """A form that asks for the person's own basket; nothing names anybody's file."""
    label = text(Words("Titre du document", "Title of the document"))
    given = text(Words("Extraits sourcés", "Sourced excerpts"))
    legend = text(Words("Emporter", "Take away"))
    buttons = "".join(
        f'<button class="act plain" formaction="/extraits.{suffix}">{text(name)}</button>'
        for suffix, name in _FORMATS
    )
    return (
        f'<form class="exports" method="get" action="/extraits.docx"><fieldset>'
        f"<legend>{legend}</legend>"
        f'<label>{label} <input name="titre" value="{given}" maxlength="200"></label>'
        f'<input type="hidden" name="langue" value="{spoken()}">{buttons}</fieldset></form>'
    )


def _kept(excerpt: Excerpt, place: int, count: int) -> str:
    number = place + 1
    named = text(Words(f"Note sur l’extrait {number}", f"Note on excerpt {number}"))
    hint = text(Words("Votre note", "Your note"))
    identity = excerpt.excerpt_id
    up = (
        button(
            "↑",
            "up",
            identity,
            title=Words(f"Monter l’extrait {number}", f"Move excerpt {number} up"),
        )
        if place
        else ""
    )
    down = (
        button(
            "↓",
            "down",
            identity,
            title=Words(f"Descendre l’extrait {number}", f"Move excerpt {number} down"),
        )
        if number < count
        else ""
    )
    reference = placed_reference(excerpt.document, excerpt.locator)
    return (
        f"<li><blockquote>{text(excerpt.quote)}</blockquote>"
        f'<p class="reference">{text(reference)}{status_mark(excerpt.document.status)}</p>'
        f'<textarea rows="2" maxlength="5000" aria-label="{named}" placeholder="{hint}" '
        f'data-act="note" data-item="{text(identity)}" data-key="note{text(identity)}">'
        f'{text(excerpt.note)}</textarea><div class="tools">'
        f"{button(Words('Ouvrir', 'Open'), 'open-kept', identity)}{up}{down}"
        f"{button(Words('Retirer', 'Remove'), 'put-back', identity)}</div></li>"
    )
