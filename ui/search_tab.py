"""Extraits: search the passages, without a model."""

from __future__ import annotations

import gradio as gr

from assistant.answering import search
from assistant.errors import AssistantError
from assistant.records import DocumentKind, Filters, Status
from assistant.wording import Words
from assistant.workspace import Workspace
from ui import render

_ANY = ""


def build(workspace: Workspace) -> None:
    """Lay the tab out and wire it."""
    every = str(Words("toutes", "any"))
    with gr.Row():
        words = gr.Textbox(
            label=str(Words("Rechercher", "Search")), max_length=1000, scale=5, autofocus=False
        )
        kind = gr.Dropdown(
            [(every, _ANY), *((str(k), str(k)) for k in DocumentKind)],
            value=_ANY,
            label=str(Words("Nature", "Kind")),
        )
        status = gr.Dropdown(
            [(every, _ANY), *((str(s), str(s)) for s in Status)],
            value=_ANY,
            label=str(Words("Statut", "Status")),
        )
        speaker = gr.Textbox(label=str(Words("Intervenant", "Speaker")), max_length=120)
        send = gr.Button(str(Words("Chercher", "Search")), variant="primary")
    results = gr.HTML(elem_id="results")

    def find(text: str, of_kind: str, of_status: str, by: str) -> str:
        if not text.strip():
            return render.waiting(Words("Écrivez quelques mots.", "Write a few words."))
        filters = Filters(
            kind=DocumentKind(of_kind) if of_kind else None,
            status=Status(of_status) if of_status else None,
            speaker=by.strip() or None,
        )
        try:
            return render.hit_list(search(workspace, text.strip(), filters=filters).hits)
        except AssistantError as error:
            return render.banner(error.message, error.remedy)

    gr.on(
        [send.click, words.submit],
        find,
        inputs=[words, kind, status, speaker],
        outputs=results,
        concurrency_limit=4,
        show_progress="minimal",
    )
