"""Interroger: a question, its evidence, then its verified answer."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from assistant.answering import AnswerReady, DraftPiece, EvidenceReady, Judged, Question, ask
from assistant.errors import AssistantError
from assistant.wording import Words
from assistant.workspace import Workspace
from ui import render

_MOST_CHARS = 1000
_READING = Words("Le modèle lit les extraits…", "The model is reading the excerpts…")
_DRAFTING = Words("Rédaction, puis vérification…", "Drafting, then verifying…")


def _judging(done: int, total: int) -> Words:
    return Words(
        f"Le modèle juge les extraits : {done} sur {total}…",
        f"The model is judging the excerpts: {done} of {total}…",
    )


def build(workspace: Workspace) -> None:
    """Lay the tab out and wire it."""
    with gr.Row():
        question = gr.Textbox(
            label=str(Words("Votre question", "Your question")),
            placeholder=str(
                Words("Quel budget est consacré à la SRDIA ?", "What is the SRDIA's budget?")
            ),
            max_length=_MOST_CHARS,
            scale=6,
            autofocus=True,
        )
        send = gr.Button(str(Words("Demander", "Ask")), variant="primary", scale=1)
        stop = gr.Button(str(Words("Arrêter", "Stop")), scale=1)
    answer = gr.HTML(elem_id="answer")
    evidence = gr.HTML(elem_id="evidence")

    def reply(text: str) -> Iterator[tuple[str, str]]:
        if not text.strip():
            yield render.waiting(Words("Écrivez une question.", "Write a question.")), ""
            return
        shown = ""
        try:
            for event in ask(workspace, Question(text=text.strip()[:_MOST_CHARS])):
                match event:
                    case EvidenceReady():
                        shown = render.evidence_list(event.evidence)
                        yield render.waiting(_READING), shown
                    case Judged(done, total):
                        yield render.waiting(_judging(done, total)), shown
                    case DraftPiece(text="["):
                        yield render.waiting(_DRAFTING), shown
                    case AnswerReady():
                        yield render.answer(event), shown
        except AssistantError as error:
            yield render.banner(error.message, error.remedy), shown

    asked = gr.on(
        [send.click, question.submit],
        reply,
        inputs=question,
        outputs=[answer, evidence],
        concurrency_limit=2,
        show_progress="minimal",
    )
    stop.click(lambda: None, cancels=[asked], queue=False)
