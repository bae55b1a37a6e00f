"""``assistant backup`` and ``assistant restore``."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.terminal import Bars, note, say, say_json
from assistant.wording import Words, plural

if TYPE_CHECKING:
    from assistant.backup import BackedUp, Restored
    from assistant.settings import Settings

EXIT_ALTERED = 3
EXIT_SOME_LEFT_OUT = 4


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the two commands."""
    backup = commands.add_parser(
        "backup",
        parents=[shared],
        help=str(
            Words(
                "sauvegarder l’espace de travail, même pendant qu’il sert",
                "back the workspace up, even while it is in use",
            )
        ),
        description=str(
            Words(
                "Une archive : documents, catalogue, journal d’audit, comptes, paniers, réglages. "
                "Les index dérivés se reconstruisent et les poids des modèles se reprennent : "
                "ils n’y sont pas. Elle contient des questions posées et des mots de passe "
                "hachés : gardez-la en lieu sûr.",
                "One archive: documents, catalogue, audit log, accounts, baskets, settings. The "
                "derived indexes are rebuilt and the models' weights fetched: they are not in "
                "it. It holds questions that were asked and hashed passwords: keep it safe.",
            )
        ),
    )
    backup.add_argument(
        "destination",
        type=Path,
        metavar=str(Words("FICHIER_OU_DOSSIER", "FILE_OR_DIR")),
        help=str(
            Words(
                "fichier .tar.gz, ou .tar sans compression ; dans un dossier, le nom est daté",
                "a .tar.gz file, or .tar uncompressed; in a folder, the name has the date",
            )
        ),
    )
    _json(backup)
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore",
        parents=[shared],
        help=str(Words("restaurer une sauvegarde", "restore a backup")),
        description=str(
            Words(
                "Tout est vérifié avant que rien ne soit mis en place ; les index sont "
                "reconstruits depuis le catalogue, sans relire ni vectoriser les documents.",
                "All is checked before anything is put in place; the indexes are rebuilt from "
                "the catalogue, without reading or embedding documents again.",
            )
        ),
    )
    restore.add_argument("archive", type=Path, metavar=str(Words("ARCHIVE", "ARCHIVE")))
    what = restore.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--to",
        type=Path,
        metavar=str(Words("DOSSIER", "DIR")),
        help=str(
            Words("dossier absent ou vide : le nouvel espace", "a folder that is absent or empty")
        ),
    )
    what.add_argument(
        "--check",
        action="store_true",
        help=str(Words("vérifier l’archive sans rien écrire", "check the archive, write nothing")),
    )
    restore.add_argument(
        "--models",
        type=Path,
        metavar=str(Words("DOSSIER", "DIR")),
        help=str(
            Words(
                "partager les modèles de ce dossier (défaut : celui des réglages s’il est là)",
                "share the models of this folder (default: the settings' own if it is there)",
            )
        ),
    )
    _json(restore)
    restore.set_defaults(run=_restore, needs_workspace=False)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )


def _backup(options: argparse.Namespace) -> int:
    from assistant.backup import back_up
    from assistant.workspace import Workspace

    with closing(Bars(unit="o")) as bars:
        made = back_up(Workspace.open(options.workspace), options.destination, progress=bars)
    if options.json:
        say_json(_backed_up_json(made))
    else:
        s = plural(made.documents)
        say(
            Words(
                f"Sauvegarde écrite : {made.archive} ({_size(made.bytes)}, {made.documents} "
                f"fichier{s.fr} du corpus, {made.records} enregistrements d’audit, "
                f"{made.seconds:.1f} s).",
                f"Backup written: {made.archive} ({_size(made.bytes)}, {made.documents} corpus "
                f"file{s.en}, {made.records} audit records, {made.seconds:.1f} s).",
            )
        )
        say(Words(f"Empreinte (sha256) : {made.sha256}", f"Its sha256: {made.sha256}"))
    for left in made.left_out:
        note(
            Words(
                f"Laissé de côté : corpus/{left.path} ({left.why.fr})",
                f"Left out: corpus/{left.path} ({left.why.en})",
            )
        )
    return EXIT_SOME_LEFT_OUT if made.left_out else 0


def _backed_up_json(made: BackedUp) -> dict[str, Any]:
    return {
        "archive": str(made.archive),
        "bytes": made.bytes,
        "sha256": made.sha256,
        "members": made.members,
        "documents": made.documents,
        "audit": {"records": made.records, "head": made.head},
        "left_out": [{"path": left.path, "error": str(left.why)} for left in made.left_out],
        "seconds": made.seconds,
    }


def _restore(options: argparse.Namespace) -> int:
    from assistant.backup import restore
    from assistant.backup.restoring import REBUILDING

    if options.check:
        return _check(options)
    with closing(Bars(unit="o")) as sized, closing(Bars()) as counted:

        def show(name: Words, done: int, total: int) -> None:
            if name == REBUILDING:
                sized.close()
                counted(name, done, total)
            else:
                sized(name, done, total)

        made = restore(
            options.archive, options.to, models=options.models, progress=show, known=_guard
        )
    if options.json:
        say_json(_restored_json(made))
    else:
        _say_restored(made)
    return 0 if made.audit.ok else EXIT_ALTERED


def _guard(settings: Settings) -> None:
    """From here on the network is what the restored settings allow."""
    from assistant import egress

    egress.install(settings.network.allowed_hosts, None)


def _check(options: argparse.Namespace) -> int:
    from assistant.backup import check
    from assistant.backup.restoring import CHECKING

    with closing(Bars(unit="o")) as bars:
        found = check(options.archive, lambda done, total: bars(CHECKING, done, total))
    if options.json:
        say_json(
            {
                "members": len(found.members),
                "bytes": found.bytes,
                "made": found.made.isoformat(timespec="seconds"),
                "program": found.program,
                "audit": {"records": found.records, "head": found.head},
            }
        )
    else:
        say(
            Words(
                f"Archive intacte : {len(found.members)} fichiers, {_size(found.bytes)}, prise "
                f"le {found.made:%Y-%m-%d à %H:%M} UTC, {found.records} enregistrements d’audit.",
                f"The archive is whole: {len(found.members)} files, {_size(found.bytes)}, taken "
                f"on {found.made:%Y-%m-%d at %H:%M} UTC, {found.records} audit records.",
            )
        )
    return 0


def _say_restored(made: Restored) -> None:
    s = plural(made.documents)
    say(
        Words(
            f"Espace de travail restauré : {made.workspace} ({made.documents} document{s.fr}, "
            f"génération {made.generation}, {made.seconds:.1f} s).",
            f"Workspace restored: {made.workspace} ({made.documents} document{s.en}, "
            f"generation {made.generation}, {made.seconds:.1f} s).",
        )
    )
    say(made.audit.message)
    if not made.audit.ok:
        note(
            Words(
                "Le journal d’audit était déjà altéré quand la sauvegarde a été prise ; "
                "gardez l’archive comme pièce et prévenez l’évaluateur.",
                "The audit log was altered before this backup was taken; keep the archive as "
                "evidence and tell the evaluator.",
            )
        )
    for name in made.missing:
        say(
            Words(
                f"Il manque le modèle {name} : assistant --workspace {made.workspace} "
                f"models fetch {name}",
                f"The model {name} is missing: assistant --workspace {made.workspace} "
                f"models fetch {name}",
            )
        )


def _restored_json(made: Restored) -> dict[str, Any]:
    return {
        "workspace": str(made.workspace),
        "members": len(made.manifest.members),
        "bytes": made.manifest.bytes,
        "made": made.manifest.made.isoformat(timespec="seconds"),
        "documents": made.documents,
        "generation": made.generation,
        "audit": {
            "ok": made.audit.ok,
            "records": made.audit.records,
            "head": made.audit.head,
            "message": str(made.audit.message),
        },
        "missing_models": list(made.missing),
        "seconds": made.seconds,
    }


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} Mo".replace(",", " ").replace(".", ",")
