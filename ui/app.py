"""The page: its frame and its tabs, a module each.

Whoever may not open a tab does not see it; that they cannot use it either is the business of
`ui.handlers`.
"""

from __future__ import annotations

import gradio as gr

from assistant.accounts import Right
from assistant.wording import Words
from ui import ask_tab, audit_tab, corpus_tab, excerpts_tab, render, review_tab
from ui.handlers import handler
from ui.site import Person, Site

_THREADS = 128  # whoever waits for the model holds one: searches have theirs beside 64 of them
_LEFT_OVER_S = (600, 3600)  # uploads that nobody took: looked for, and how old


def build(site: Site) -> gr.Blocks:
    """One language of the interface."""
    page: gr.Blocks
    with gr.Blocks(
        title=str(render.NAME), analytics_enabled=False, fill_width=True, delete_cache=_LEFT_OVER_S
    ) as page:
        head = gr.HTML(elem_id="masthead", apply_default_css=False)
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            with gr.Tab(str(Words("Interroger", "Ask")), id="ask"):
                opened_ask = ask_tab.build(site)
            with gr.Tab(str(Words("Extraits", "Excerpts")), id="excerpts", visible=False) as mine:
                opened_excerpts = excerpts_tab.build(site)
            with gr.Tab(str(Words("Corpus", "Corpus")), id="corpus", visible=False) as corpus:
                opened_corpus = corpus_tab.build(site)
            with gr.Tab(str(Words("Audit", "Audit")), id="audit", visible=False) as audit:
                opened_audit = audit_tab.build(site)
            with gr.Tab(str(Words("Relecture", "Review")), id="review", visible=False) as review:
                opened_review = review_tab.build(site)

        def greet(person: Person) -> tuple[object, ...]:
            seen = (Right.COLLECT, Right.CORPUS, Right.AUDIT, Right.AUDIT)
            return (
                render.masthead(person.user),
                *(gr.Tab(visible=person.may(right)) for right in seen),
            )

        page.load(
            handler(site, Right.ASK, greet),
            outputs=[head, mine, corpus, audit, review],
            show_progress="hidden",
        )
        opened_ask(page.load)
        for tab, opened in (
            (mine, opened_excerpts),
            (corpus, opened_corpus),
            (audit, opened_audit),
            (review, opened_review),
        ):
            opened(tab.select)
    page.max_threads = _THREADS  # read by the queue, and when the server starts
    page.queue(default_concurrency_limit=8, api_open=False)
    return page
