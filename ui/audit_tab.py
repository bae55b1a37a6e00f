"""Audit: the answers that were given, one of them whole, and whether the log holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.accounts import Right
from assistant.auditing import RecordFilter, record_whole, records
from assistant.wording import Words
from ui import filters, render
from ui.handlers import Action, Told, handler, reaction
from ui.live import live, on_action
from ui.site import Person, Site

_ANY = ""


def build(site: Site) -> Callable[[Any], None]:
    """Lay the tab out and wire it; what is returned draws it when it is opened."""
    every = (str(Words("toutes", "any")), _ANY)
    with gr.Row(elem_classes="collect"):
        with gr.Column(scale=5, min_width=320):
            with gr.Row(elem_classes="filters"):
                outcome = gr.Dropdown(
                    [every, *((str(said), key) for key, said in render.OUTCOMES.items())],
                    value=_ANY,
                    label=str(Words("Issue", "Outcome")),
                    min_width=150,
                )
                since = filters.day(Words("Depuis le", "Since"))
                until = filters.day(Words("Jusqu’au", "Until"))
            with gr.Row(elem_classes="filters"):
                words = gr.Textbox(
                    label=str(Words("Mots de la question", "Words of the question")),
                    max_length=200,
                )
                disputed = gr.Checkbox(
                    label=str(Words("Signalées fausses seulement", "Reported wrong only"))
                )
            with gr.Row(elem_classes="actions"):
                send = gr.Button(str(Words("Afficher", "Show")), variant="primary")
                check = gr.Button(str(Words("Vérifier la chaîne", "Verify the chain")))
            told = live("chain", polite=True)
            listed = live("records")
            live("report-form", render.report_form())
        with gr.Column(scale=7, min_width=320):
            whole = live("record", render.no_record())

    def table(person: Person, outcome: str, since: str, until: str, words: str, odd: bool) -> str:
        wanted = RecordFilter(
            outcome=outcome or None,  # type: ignore[arg-type]  # one of the choices
            disputed=odd,
            since=filters.date_of(str(since or "").strip()),
            until=filters.date_of(str(until or "").strip()),
            words=str(words or "").strip()[:200],
        )
        return render.records(records(site.workspace, wanted, person.hidden))

    def verify(_: Person) -> str:
        found = site.workspace.audit.verify()
        return render.notice(found.message) if found.ok else render.banner(found.message)

    def open_record(person: Person, pressed: Action) -> str:
        return render.record(record_whole(site.workspace, pressed.item, person.hidden))

    asked: dict[str, Any] = {
        "inputs": [outcome, since, until, words, disputed],
        "outputs": listed,
        "show_progress": "hidden",
    }
    gr.on([send.click, words.submit], handler(site, Right.AUDIT, table, Told(0, 1)), **asked)
    check.click(
        handler(site, Right.AUDIT, verify, Told(0, 1)), outputs=told, show_progress="minimal"
    )
    on_action(
        listed,
        reaction(site, Right.AUDIT, open_record, Told(0, 1)),
        outputs=whole,
        show_progress="hidden",
    )

    def opened(event: Any) -> None:
        event(handler(site, Right.AUDIT, table, Told(0, 1)), **asked)

    return opened
