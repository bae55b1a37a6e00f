"""``assistant audit``: list, verify, checkpoint, export; its other actions have their own rooms."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.actions import add_action, between_days, count
from assistant.errors import AuditError
from assistant.terminal import say, say_json, table
from assistant.wording import Words, plural, safe

if TYPE_CHECKING:
    from assistant.audit import AuditLog
    from assistant.auditing import RecordRow

EXIT_ALTERED = 3

OUTCOMES = {
    "answered": Words("répondue", "answered"),
    "abstained": Words("refusée", "refused"),
    "stopped": Words("arrêtée", "stopped"),
    "interrupted": Words("interrompue", "interrupted"),
    "failed": Words("en erreur", "failed"),
    "open": Words("jamais close", "never closed"),
    "forgotten": Words("textes effacés", "texts erased"),
}
"""How an answer ended, by the key that is recorded."""

_ROOMS = ("audit_show", "audit_forget", "audit_review", "audit_report")
_QUESTION_CHARS = 60


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``audit`` and what it does."""
    audit = commands.add_parser(
        "audit", parents=[shared], help=str(Words("le journal des réponses", "the answers' log"))
    )
    actions = audit.add_subparsers(dest="action", required=True)
    listed = add_action(
        actions, shared, "list", _list, Words("les dernières réponses", "the newest answers")
    )
    _filters(listed)
    verify = add_action(
        actions, shared, "verify", _verify, Words("recalculer toute la chaîne", "check the chain")
    )
    verify.add_argument(
        "--against",
        type=Path,
        metavar=str(Words("POINT", "CHECKPOINT")),
        help=str(
            Words(
                "prouver que rien n’a changé avant ce point de contrôle",
                "prove that nothing before this checkpoint changed",
            )
        ),
    )
    add_action(
        actions,
        shared,
        "checkpoint",
        _checkpoint,
        Words("la tête, à déposer ailleurs", "the chain's head"),
    )
    export = add_action(
        actions,
        shared,
        "export",
        _export,
        Words("traces et jugements en JSON Lines", "records and judgements as JSON Lines"),
    )
    export.add_argument("out", type=Path, metavar=str(Words("FICHIER", "FILE")))
    between_days(export)
    for room in _ROOMS:
        import_module(f"assistant.commands.{room}").register(actions, shared)


def log_of(options: argparse.Namespace) -> AuditLog:
    """The log of the workspace that was asked for."""
    from assistant.workspace import Workspace

    return Workspace.open(options.workspace).audit


def _filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--outcome",
        choices=list(OUTCOMES),
        metavar=str(Words("ISSUE", "OUTCOME")),
        help=", ".join(f"{key} ({words})" for key, words in OUTCOMES.items()),
    )
    between_days(parser)
    parser.add_argument(
        "--words",
        default="",
        metavar=str(Words("MOTS", "WORDS")),
        help=str(Words("que la question contient", "that the question contains")),
    )
    parser.add_argument(
        "--disputed",
        action="store_true",
        help=str(Words("signalées fausses seulement", "reported wrong only")),
    )
    parser.add_argument("--limit", type=count, default=20, metavar="N")


def _list(options: argparse.Namespace) -> int:
    from assistant.auditing import RecordFilter, records
    from assistant.workspace import Workspace

    wanted = RecordFilter(
        outcome=options.outcome,
        disputed=options.disputed,
        since=options.since,
        until=options.until,
        words=options.words,
    )
    workspace = Workspace.open(options.workspace)
    rows = records(workspace, wanted, frozenset(), limit=options.limit)
    if options.json:
        say_json({"answers": [_row_json(row) for row in rows]})
        return 0
    if not rows:
        say(Words("Aucune trace ne correspond.", "No record matches."))
        return 0
    header = Words(
        "trace,ouverte le,issue,signalée,question", "record,opened,outcome,wrong,question"
    )
    say(table([_row(row) for row in rows], str(header).split(",")))
    return 0


def _row(row: RecordRow) -> tuple[str, ...]:
    outcome = str(OUTCOMES[row.outcome])
    if row.unsupported:
        outcome += str(
            Words(
                f", {row.unsupported} non étayée{plural(row.unsupported).fr}",
                f", {row.unsupported} unsupported",
            )
        )
    question = " ".join(safe(row.question).split())
    if len(question) > _QUESTION_CHARS:
        question = f"{question[: _QUESTION_CHARS - 1]}…"
    return (
        row.record,
        f"{row.opened:%Y-%m-%d %H:%M}",
        outcome,
        str(len(row.disputes) or "—"),
        question or "—",
    )


def _row_json(row: RecordRow) -> dict[str, Any]:
    states = {"open": "open", "forgotten": "forgotten"}
    return {
        "record_id": row.record,
        "opened": row.opened.isoformat(timespec="milliseconds"),
        "state": states.get(row.outcome, "closed"),
        "outcome": row.outcome,
        "question": row.question,
        "user": row.user,
        "disputes": list(row.disputes),
        "unsupported": row.unsupported,
    }


def _verify(options: argparse.Namespace) -> int:
    from assistant.audit import Checkpoint

    against = None
    if options.against is not None:
        against = Checkpoint.parse(_read(options.against))
    found = log_of(options).verify(against)
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
    say_json(asdict(log_of(options).checkpoint()))
    return 0


def _export(options: argparse.Namespace) -> int:
    written = log_of(options).export(options.out, options.since, options.until)
    if options.json:
        say_json({"path": str(options.out.absolute()), "records": written})
    else:
        say(Words(f"{written} traces écrites dans {options.out}.", f"{written} records written."))
    return 0
