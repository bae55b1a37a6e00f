"""``assistant serve``: the interface, on this machine."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from assistant.terminal import note, say
from assistant.wording import Words

if TYPE_CHECKING:
    from assistant.workspace import Workspace


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command."""
    serve = commands.add_parser(
        "serve",
        parents=[shared],
        help=str(Words("ouvrir l’interface dans un navigateur", "serve the interface")),
    )
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        help=str(
            Words(
                "adresse d’écoute ; une autre que cette machine demande des comptes",
                "address to listen on; any but this machine needs accounts",
            )
        ),
    )
    serve.add_argument("--port", type=int, default=7860)
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from assistant.workspace import Workspace
    from ui.server import serve

    workspace = Workspace.open(options.workspace)
    if not workspace.accounts.any():
        say(
            Words(
                "Aucun compte : l’interface n’est ouverte qu’à cette machine, sans mot de passe. "
                "« assistant users add NOM --role admin » en crée un.",
                "No accounts: the interface is open to this machine only, without a password. "
                "`assistant users add NAME --role admin` makes one.",
            )
        )
    for name in sorted(_misspelt(workspace)):
        note(
            Words(
                f"Attention : [access] restricted nomme « {name} », qui n’est aucune collection.",
                f"Warning: [access] restricted names {name!r}, which is no collection.",
            )
        )
    serve(
        workspace,
        host=options.host,
        port=options.port,
        ready=lambda address: say(
            Words(
                f"Interface : {address} — Ctrl-C pour arrêter.",
                f"Interface: {address} - Ctrl-C to stop.",
            )
        ),
    )
    return 0


def _misspelt(workspace: Workspace) -> set[str]:
    """Collections that are meant to be kept from some people and that nothing is in."""
    catalogue = workspace.catalogue
    known = {s.document.collection for s in catalogue.documents(catalogue.generation)}
    return set(workspace.settings.access.restricted) - known
