"""``assistant bundle``: all that installs this program where there is no network."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.terminal import Bars, say, say_json
from assistant.wording import Words


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command."""
    bundle = commands.add_parser(
        "bundle",
        parents=[shared],
        help=str(
            Words("préparer une installation sans réseau", "make an installation without network")
        ),
        description=str(
            Words(
                "Un dossier : paquets Python, modèles, installeur, empreintes. Se fait depuis un "
                "clone du projet, avec accès au dépôt de paquets ; s’installe sans réseau.",
                "One folder: Python packages, models, installer, hashes. Made from a clone of the "
                "project with access to the package index; installs without a network.",
            )
        ),
    )
    bundle.add_argument("folder", type=Path, metavar=str(Words("DOSSIER", "DIR")))
    bundle.add_argument(
        "--model",
        action="append",
        dest="models",
        metavar=str(Words("NOM", "NAME")),
        help=str(
            Words(
                "un modèle à joindre, répétable (défaut : ceux des réglages)",
                "a model to take along, can be repeated (default: those of the settings)",
            )
        ),
    )
    bundle.add_argument(
        "--without-models",
        action="store_true",
        help=str(Words("sans aucun modèle", "without any model")),
    )
    bundle.add_argument(
        "--without-torch",
        action="store_true",
        help=str(
            Words(
                "sans torch : tout marche, sauf ajouter un modèle de plongement",
                "without torch: all works but adding an embedding model",
            )
        ),
    )
    bundle.add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )
    bundle.set_defaults(run=_bundle)


def _bundle(options: argparse.Namespace) -> int:
    from assistant.bundling import make_bundle
    from assistant.bundling.making import MODELS
    from assistant.workspace import Workspace

    with closing(Bars(unit="o")) as sized, closing(Bars()) as counted:

        def show(name: Words, done: int, total: int) -> None:
            if name == MODELS:
                sized(name, done, total)
            else:
                sized.close()
                counted(name, done, total)

        made = make_bundle(
            Workspace.open(options.workspace),
            options.folder,
            models=() if options.without_models else options.models,
            torch=not options.without_torch,
            progress=show,
        )
    if options.json:
        say_json(
            {
                "folder": str(made.folder),
                "release": made.release,
                "packages": made.packages,
                "models": list(made.models),
                "bytes": made.bytes,
                "sha256": made.sha256,
                "seconds": made.seconds,
            }
        )
        return 0
    size = f"{made.bytes / 1e6:,.0f}".replace(",", " ")
    say(
        Words(
            f"Lot {made.release} : {made.folder} ({made.packages} paquets, "
            f"{len(made.models)} modèle(s), {size} Mo, {made.seconds:.0f} s).",
            f"Bundle {made.release}: {made.folder} ({made.packages} packages, "
            f"{len(made.models)} model(s), {size} MB, {made.seconds:.0f} s).",
        )
    )
    say(
        Words(
            f"Empreinte de SHA256SUMS, à transmettre par une autre voie : {made.sha256}",
            f"The sha256 of SHA256SUMS, to be sent by another way: {made.sha256}",
        )
    )
    say(
        Words(
            f"Là-bas : sh {made.folder.name}/install.sh --help (voir LISEZMOI.md)",
            f"There: sh {made.folder.name}/install.sh --help (see LISEZMOI.md)",
        )
    )
    return 0
