"""``assistant models list|fetch|verify|add``."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.terminal import Bars, say, say_json, table
from assistant.wording import Words

_FETCHING = Words("Téléchargement", "Fetching")
_HASHING = Words("Vérification", "Verifying")


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``models`` and what it does."""
    models = commands.add_parser(
        "models", parents=[shared], help=str(Words("les modèles et leur provenance", "models"))
    )
    actions = models.add_subparsers(dest="action", required=True)
    listed = actions.add_parser(
        "list", parents=[shared], help=str(Words("modèles connus", "known models"))
    )
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=_list)
    for name, run, what in (
        ("fetch", _fetch, Words("installer et vérifier", "install and verify")),
        ("verify", _verify, Words("recalculer les empreintes", "hash again")),
    ):
        action = actions.add_parser(name, parents=[shared], help=str(what))
        action.add_argument(
            "names",
            nargs="*",
            metavar=str(Words("NOM", "NAME")),
            help=str(Words("sans nom : tous ceux du manifeste", "without a name: all of them")),
        )
        action.set_defaults(run=run)
    add = actions.add_parser(
        "add",
        parents=[shared],
        help=str(Words("ajouter un modèle (fichier GGUF ou dossier)", "add your own model")),
    )
    add.add_argument("path", type=Path, metavar=str(Words("CHEMIN", "PATH")))
    add.add_argument(
        "--link", action="store_true", help=str(Words("lier sans copier", "link, do not copy"))
    )
    add.set_defaults(run=_add)


def _list(options: argparse.Namespace) -> int:
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    models = [(m, workspace.ready(m.name)) for m in workspace.manifest.models]
    if options.json:
        say_json(
            {"models": [{**m.model_dump(exclude={"parts"}), "installed": r} for m, r in models]}
        )
        return 0
    rows = [
        (
            m.name,
            m.kind,
            m.licence,
            f"{m.bytes / 1e6:,.0f} Mo".replace(",", " "),
            m.sha256[:16],
            str(Words("oui", "yes") if ready else Words("non", "no")),
        )
        for m, ready in models
    ]
    header = Words(
        "nom,type,licence,taille,sha256,installé", "name,kind,licence,size,sha256,installed"
    )
    say(table(rows, str(header).split(",")))
    return 0


def _fetch(options: argparse.Namespace) -> int:
    from assistant.model_manifest import ensure_verified
    from assistant.provisioning import fetch
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    folder = workspace.settings.models_folder
    names = options.names or [m.name for m in workspace.manifest.models if m.parts]
    for name in names:
        model = workspace.manifest.get(name)
        with closing(Bars(unit="o")) as bars:
            if workspace.ready(name):
                ensure_verified(model, folder, lambda done, total: bars(_HASHING, done, total))
                say(Words(f"{name} : déjà installé, vérifié.", f"{name}: installed, verified."))
                continue
            fetch(model, folder, lambda done, total: bars(_FETCHING, done, total))
        say(Words(f"{name} : installé et vérifié.", f"{name}: installed and verified."))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from assistant.model_manifest import verify
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    names = options.names or [m.name for m in workspace.manifest.models if workspace.ready(m.name)]
    for name in names:
        model = workspace.manifest.get(name)
        with closing(Bars(unit="o")) as bars:
            verify(
                model,
                workspace.settings.models_folder,
                lambda done, total: bars(_HASHING, done, total),
            )
        say(Words(f"{name} : conforme ({model.sha256}).", f"{name}: matches ({model.sha256})."))
    return 0


def _add(options: argparse.Namespace) -> int:
    from assistant.provisioning import add
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    model = add(options.path, workspace.settings.models_folder, link=options.link)
    key = "language" if model.kind == "language" else "embedding"
    say(
        Words(
            f"« {model.name} » est enregistré (sha256 {model.sha256[:16]}…). Pour l’utiliser, "
            f'écrivez {key} = "{model.name}" sous [models] dans assistant.toml.',
            f"{model.name!r} is registered (sha256 {model.sha256[:16]}…). To use it, "
            f'write {key} = "{model.name}" under [models] in assistant.toml.',
        )
    )
    return 0
