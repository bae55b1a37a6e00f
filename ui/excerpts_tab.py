"""Extraits: search, collect sentences in a basket, note, order, and take them into a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.accounts import Right
from assistant.answering import search
from assistant.desk import Excerpt
from assistant.evidence import best_sentences
from assistant.records import Citation, Evidence, Hit
from assistant.sources import view
from assistant.wording import Words
from ui import filters, render
from ui.handlers import Action, Told, handler, reaction
from ui.live import live, on_action, redrawn
from ui.site import Person, Site

_MOST_CHARS = 1000
_FOUND = 20


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, kept on the server; ``sentences`` go with ``hits`` one by one."""

    hits: tuple[Hit, ...] = ()
    sentences: tuple[Evidence | None, ...] = ()


def build(site: Site) -> Callable[[Any], None]:
    """Lay the tab out and wire it; what is returned draws it when it is opened."""
    found = gr.State(Results())
    with gr.Row(elem_classes="collect"):
        with gr.Column(scale=7, min_width=320):
            words = gr.Textbox(
                label=str(Words("Chercher des extraits", "Search for excerpts")),
                max_length=_MOST_CHARS,
                elem_id="search",
            )
            within = filters.build(site)
            send = gr.Button(
                str(Words("Chercher", "Search")), variant="primary", elem_id="search-send"
            )
            looking = live("looking", polite=True)
            results = live("results")
        with gr.Column(scale=5, min_width=320):
            seen = live("seen", render.no_source())
            told = live("told", polite=True)
            basket = live("basket")

    def find(person: Person, text: str, *within: Any) -> tuple[Any, ...]:
        text = str(text or "").strip()[:_MOST_CHARS]
        if not text:
            write = Words("Écrivez quelques mots.", "Write a few words.")
            return render.notice(write), gr.skip(), gr.skip()
        hits = search(
            site.workspace, text, filters=person.within(filters.read(*within)), top=_FOUND
        ).hits
        sentences = best_sentences(text, hits)
        return "", render.results(hits, sentences), Results(hits, sentences)

    def on_result(person: Person, pressed: Action, now: Results) -> tuple[Any, Any, Any]:
        place = int(pressed.item) if pressed.item.isascii() and pressed.item.isdigit() else -1
        if not 0 <= place < len(now.hits):
            return gr.skip(), gr.skip(), gr.skip()
        hit, sentence = now.hits[place], now.sentences[place]
        if pressed.name == "open":
            return shown(person, sentence or _whole(hit)), gr.skip(), gr.skip()
        if pressed.name in ("take", "take-all"):
            site.workspace.desk.take(
                person.user.user_id, sentence if pressed.name == "take" and sentence else hit
            )
            taken = Words("Dans le panier.", "In the basket.")
            return gr.skip(), render.notice(taken), mine(person)
        return gr.skip(), gr.skip(), gr.skip()

    def shown(person: Person, source: Citation | Evidence) -> str:
        opened = view(
            site.workspace,
            source.document.document_id,
            source.start,
            source.end,
            sha256=source.document.sha256,
            quote=source.text if isinstance(source, Evidence) else source.quote,
            hidden=person.hidden,
        )
        return redrawn(render.source(opened, may_export=True))

    def mine(person: Person) -> str:
        return render.basket(theirs(person))

    def theirs(person: Person) -> list[Excerpt]:
        """What is in the basket and may still be read."""
        kept = site.workspace.desk.basket(person.user.user_id)
        hides = site.workspace.catalogue.hides
        return [e for e in kept if not hides(e.document, person.hidden)]

    def on_basket(person: Person, pressed: Action) -> tuple[Any, Any, Any]:
        desk, user = site.workspace.desk, person.user.user_id
        said = ""
        match pressed.name:
            case "open-kept":
                kept = next((e for e in theirs(person) if e.excerpt_id == pressed.item), None)
                if kept is None:
                    return gr.skip(), gr.skip(), mine(person)
                opened = view(
                    site.workspace,
                    kept.document_id,
                    kept.start,
                    kept.end,
                    sha256=kept.sha256,
                    quote=kept.quote,
                    hidden=person.hidden,
                )
                return redrawn(render.source(opened, may_export=True)), gr.skip(), gr.skip()
            case "note":
                desk.note(user, pressed.item, pressed.value)
                saved = Words("Note enregistrée.", "Note saved.")
                return gr.skip(), render.notice(saved), gr.skip()
            case "up":
                desk.move(user, pressed.item, -1)
            case "down":
                desk.move(user, pressed.item, 1)
            case "put-back":
                desk.put_back(user, pressed.item)
                said = render.undo(Words("Extrait retiré.", "Excerpt removed."))
            case "clear":
                desk.clear(user)
                said = render.undo(Words("Panier vidé.", "Basket emptied."))
            case "restore":
                desk.restore(user)
        return gr.skip(), said, mine(person)

    quiet: dict[str, Any] = {"show_progress": "hidden"}
    gr.on(
        [send.click, words.submit],
        handler(site, Right.COLLECT, find, Told(0, 3)),
        inputs=[words, *within],
        outputs=[looking, results, found],
        concurrency_limit=4,
        **quiet,
    )
    took = on_action(
        results,
        reaction(site, Right.COLLECT, on_result, Told(1, 3)),
        inputs=found,
        outputs=[seen, told, basket],
        **quiet,
    )
    changed = [
        on_action(
            area,
            reaction(site, Right.COLLECT, on_basket, Told(1, 3)),
            outputs=[seen, told, basket],
            **quiet,
        )
        for area in (basket, told)
    ]
    for pressed in (took, *changed):
        # Of two presses at once, the one that is drawn last need not be the one that was done
        # last: the basket is drawn once more after each, one after the other.
        pressed.then(
            handler(site, Right.COLLECT, mine),
            outputs=basket,
            trigger_mode="multiple",
            concurrency_limit=1,
            concurrency_id="basket",
            **quiet,
        )

    def opened(event: Any) -> None:
        event(handler(site, Right.COLLECT, mine), outputs=basket, **quiet)
        event(
            handler(site, Right.COLLECT, lambda person: filters.collections(site, person)),
            outputs=within[0],
            **quiet,
        )

    return opened


def _whole(hit: Hit) -> Citation:
    """A whole passage, as something that can be opened."""
    return Citation(
        passage=hit.passage,
        document=hit.document,
        quote=hit.passage.text,
        start=hit.passage.start,
        end=hit.passage.end,
    )
