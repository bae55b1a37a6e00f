"""``assistant audit list|show|verify|checkpoint|export|forget|replay``."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import AuditError
from assistant.terminal import say, say_json, table
from assistant.wording import Words

EXIT_ALTERED = 3


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``audit`` and what it does."""
    audit = commands.add_parser(
        "audit", parents=[shared], help=str(Words("le journal des réponses", "the answers' log"))
    )
    actions = audit.add_subparsers(dest="action", required=True)

    def action(name: str, run: Any, what: Words) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = actions.add_parser(name, parents=[shared], help=str(what))
        parser.add_argument(
            "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
        )
        parser.set_defaults(run=run)
        return parser

    action("list", _list, Words("les dernières réponses", "the newest answers")).add_argument(
        "--limit", type=int, default=20, metavar="N"
    )
    action("show", _show, Words("tout d’une réponse", "all of one answer")).add_argument("record")
    action("verify", _verify, Words("recalculer toute la chaîne", "check the chain")).add_argument(
        "--against", type=Path, metavar=str(Words("POINT", "CHECKPOINT"))
    )
    action("checkpoint", _checkpoint, Words("la tête, à déposer ailleurs", "the chain's head"))
    action(
        "replay", _replay, Words("répondre à nouveau et comparer", "answer again, compare")
    ).add_argument("record")
    action("export", _export, Words("écrire en JSON Lines", "write as JSON Lines")).add_argument(
        "out", type=Path
    )
    forget = action("forget", _forget, Words("effacer les textes d’une réponse", "erase texts"))
    forget.add_argument("record")
    forget.add_argument("--reason", required=True)


def _log(options: argparse.Namespace) -> Any:
    from assistant.workspace import Workspace

    return Workspace.open(options.workspace).audit


def _list(options: argparse.Namespace) -> int:
    answers = _log(options).answers(options.limit)
    if options.json:
        say_json({"answers": [asdict(summary) for summary in answers]})
        return 0
    states = {
        "open": Words("ouverte (interrompue)", "open (interrupted)"),
        "closed": Words("close", "closed"),
        "forgotten": Words("effacée", "forgotten"),
    }
    rows = [(s.record_id, s.opened, str(states[s.state])) for s in answers]
    header = Words("trace,ouverte le,état", "record,opened,state")
    say(table(rows, str(header).split(",")))
    return 0


def _show(options: argparse.Namespace) -> int:
    import json

    shown = _log(options).show(options.record)
    if options.json:
        say_json(shown)
    else:
        say(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from assistant.audit import Checkpoint

    against = None
    if options.against is not None:
        against = Checkpoint.parse(_read(options.against))
    found = _log(options).verify(against)
    if options.json:
        say_json({**asdict(found), "message": str(found.message)})
    else:
        say(found.message)
    return 0 if found.ok else EXIT_ALTERED


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError(
            Words(f"« {path} » est illisible.", f"{str(path)!r} cannot be read."),
            remedy=Words("Vérifiez le chemin.", "Check the path."),
        ) from error


def _checkpoint(options: argparse.Namespace) -> int:
    # one form only: what is deposited elsewhere must be what `verify --against` takes
    say_json(asdict(_log(options).checkpoint()))
    return 0


def _export(options: argparse.Namespace) -> int:
    count = _log(options).export(options.out)
    say(Words(f"{count} traces écrites dans {options.out}.", f"{count} records written."))
    return 0


def _forget(options: argparse.Namespace) -> int:
    _log(options).forget(options.record, options.reason)
    say(Words("Textes effacés ; la chaîne reste vérifiable.", "Erased; the chain still verifies."))
    return 0


def _replay(options: argparse.Namespace) -> int:
    from assistant.replaying import replay
    from assistant.workspace import Workspace

    found = replay(Workspace.open(options.workspace), options.record)
    if options.json:
        say_json({**asdict(found), "differences": [str(words) for words in found.differences]})
        return 0 if found.same else EXIT_ALTERED
    say(
        Words("Réponse identique, au caractère près.", "The same reply, to the letter.")
        if found.same
        else Words("Réponse différente.", "A different reply.")
    )
    for words in found.differences:
        say(f"  • {words}")
    if not found.same:
        say(f"— {Words('alors', 'then')} :\n{found.recorded}")
        say(f"— {Words('maintenant', 'now')} :\n{found.raw}")
    return 0 if found.same else EXIT_ALTERED
