"""The ``assistant`` command: parses, installs the network guard, runs one command.

The only place of the command line that turns an error into an exit code: 0 done,
2 wrong usage, 3 an error with its remedy, 4 some files of an ingestion failed,
130 interrupted.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant import egress
from assistant.errors import AssistantError
from assistant.terminal import note
from assistant.wording import Words, safe, speak

EXIT_ERROR = 3
EXIT_INTERRUPTED = 130

_SUBJECTS = (
    "workspaces",
    "backup",
    "bundle",
    "documents",
    "questions",
    "models",
    "audit",
    "evaluate",
    "users",
    "serve",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned, and given to the shell by the script."""
    egress.offline_environment()
    asked = list(sys.argv[1:] if arguments is None else arguments)
    if "en" in (_after("--language", asked), os.environ.get("ASSISTANT_LANGUAGE")):
        speak("en")
    options = build_parser().parse_args(asked)
    try:
        _guard_network(options)
        code = options.run(options)
    except AssistantError as error:
        note(Words(f"Erreur : {error.message.fr}", f"Error: {error.message.en}"))
        note(Words(f"Remède : {error.remedy.fr}", f"Remedy: {error.remedy.en}"))
        return EXIT_ERROR
    except KeyboardInterrupt:
        note(Words("Interrompu ; rien n’est perdu.", "Interrupted; nothing is lost."))
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away
        return 0
    except Exception:  # noqa: BLE001 - the edge: an unexpected error is logged whole, then told
        return _unexpected(options)
    return int(code or 0)


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command, in the chosen language."""
    parser = _Parser(
        prog="assistant",
        description=str(
            Words(
                "Assistant documentaire souverain : des réponses citées, vérifiées, "
                "sur vos propres documents ; rien ne sort de cette machine.",
                "Sovereign documentary assistant: cited, verified answers from your own "
                "documents; nothing leaves this machine.",
            )
        ),
    )
    shared = argparse.ArgumentParser(add_help=False)
    for target, default in ((parser, None), (shared, argparse.SUPPRESS)):
        target.add_argument(
            "--workspace",
            type=Path,
            metavar=str(Words("DOSSIER", "DIR")),
            default=default,
            help=str(
                Words(
                    "espace de travail (sinon ASSISTANT_WORKSPACE, sinon ici ou au-dessus)",
                    "workspace (else ASSISTANT_WORKSPACE, else here or above)",
                )
            ),
        )
        target.add_argument(
            "--language",
            choices=("fr", "en"),
            default=default,
            help=str(Words("langue de l’affichage", "language of what is shown")),
        )
    commands = parser.add_subparsers(
        dest="command",
        required=True,
        metavar=str(Words("COMMANDE", "COMMAND")),
        parser_class=_Parser,
        title=str(Words("commandes", "commands")),
    )
    for subject in _SUBJECTS:
        import_module(f"assistant.commands.{subject}").register(commands, shared)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose own words are French too."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "add_help": False})
        self._optionals.title = "options"
        self._positionals.title = str(Words("arguments", "arguments"))
        self.add_argument("-h", "--help", action="help", help=str(Words("cette aide", "this help")))

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", str(Words("utilisation :", "usage:")), 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", str(Words("utilisation :", "usage:")), 1)


def _guard_network(options: argparse.Namespace) -> None:
    """Refuse the network before anything heavy is imported; a workspace may allow hosts."""
    from assistant.workspace import Workspace

    try:
        settings = Workspace.open(options.workspace).settings
    except AssistantError:
        if getattr(options, "needs_workspace", True):
            raise
        egress.install((), None)
        return
    if settings.language == "en" and options.language is None:
        speak("en")
    own = (options.host,) if hasattr(options, "host") else ()  # an interface greets itself
    hosts = (*settings.network.allowed_hosts, *own)
    egress.install(hosts, settings.index_folder / "egress.log")


def _unexpected(options: argparse.Namespace) -> int:
    logging.getLogger("assistant").exception("command %r failed", safe(str(options.command)))
    note(
        Words(
            "Erreur inattendue, décrite ci-dessus. Lancez « assistant doctor », "
            "puis signalez-la avec ce texte.",
            "Unexpected error, described above. Run `assistant doctor`, "
            "then report it with this text.",
        )
    )
    return EXIT_ERROR


def _after(option: str, arguments: Sequence[str]) -> str | None:
    """The value of an option, needed before the parser is built: its help is in that language."""
    for i, argument in enumerate(arguments):
        if argument == option and i + 1 < len(arguments):
            return arguments[i + 1]
        if argument.startswith(f"{option}="):
            return argument.removeprefix(f"{option}=")
    return None


if __name__ == "__main__":
    sys.exit(main())
