"""The Gradio application: theme, tabs, and how it is served."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from assistant.wording import Words
from assistant.workspace import Workspace
from ui import ask_tab, search_tab

_STYLE = Path(__file__).with_name("style.css")


def build(workspace: Workspace) -> gr.Blocks:
    """Wire the tabs to a workspace."""
    app: gr.Blocks
    with gr.Blocks(title="Assistant documentaire", analytics_enabled=False) as app:
        gr.HTML(
            "<header class='masthead'><h1>Assistant documentaire</h1><p>"
            + str(
                Words(
                    "Des réponses citées, vérifiées dans vos documents. Rien ne sort "
                    "de cette machine.",
                    "Cited answers, verified in your documents. Nothing leaves this machine.",
                )
            )
            + "</p></header>"
        )
        with gr.Tab(str(Words("Interroger", "Ask"))):
            ask_tab.build(workspace)
        with gr.Tab(str(Words("Extraits", "Excerpts"))):
            search_tab.build(workspace)
    return app


def serve(workspace: Workspace, *, host: str, port: int, block: bool = True) -> gr.Blocks:
    """Serve until interrupted.

    Args:
        workspace: Where answers come from.
        host: Address to listen on; loopback unless an administrator says otherwise.
        port: TCP port.
        block: Return at once when false (tests).
    """
    app = build(workspace)
    app.queue(default_concurrency_limit=4, api_open=False)
    app.launch(
        server_name=host,
        server_port=port,
        share=False,
        quiet=True,
        ssr_mode=False,
        allowed_paths=[],
        footer_links=[],
        prevent_thread_lock=not block,
        theme=_theme(),
        css_paths=[_STYLE],
    )
    return app


def _theme() -> gr.themes.Base:
    """Sober, and with the machine's own fonts: none is fetched."""
    fonts = ("system-ui", "-apple-system", "Segoe UI", "Liberation Sans", "sans-serif")
    return gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=fonts, font_mono=fonts)
