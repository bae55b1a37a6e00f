"""``assistant serve``: the interface, on this machine."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.terminal import say
from assistant.wording import Words


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command."""
    serve = commands.add_parser(
        "serve",
        parents=[shared],
        help=str(Words("ouvrir l’interface dans un navigateur", "serve the interface")),
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=7860)
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from assistant.workspace import Workspace
    from ui.app import serve

    workspace = Workspace.open(options.workspace)
    say(
        Words(
            f"Interface : http://{options.host}:{options.port} — Ctrl-C pour arrêter.",
            f"Interface: http://{options.host}:{options.port} - Ctrl-C to stop.",
        )
    )
    serve(workspace, host=options.host, port=options.port)
    return 0
