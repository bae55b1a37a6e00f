"""``assistant audit forget|expire``: texts are erased, the chain stays and says so."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final

from assistant.commands.actions import add_action
from assistant.errors import UserNotFound
from assistant.terminal import say, say_json
from assistant.wording import Words

if TYPE_CHECKING:
    from assistant.workspace import Workspace

# What `assistant users` gives, and who asks where there are no accounts.
_PSEUDONYM: Final = re.compile(r"u-[a-z2-7]{10}|local")


def register(actions: Any, shared: argparse.ArgumentParser) -> None:
    """Add the two actions."""
    forget = add_action(
        actions,
        shared,
        "forget",
        _forget,
        Words("effacer les textes d’une réponse ou d’une personne", "erase texts"),
    )
    whose = forget.add_mutually_exclusive_group(required=True)
    whose.add_argument("record", nargs="?", metavar=str(Words("TRACE", "RECORD")))
    whose.add_argument(
        "--user",
        metavar=str(Words("NOM", "NAME")),
        help=str(
            Words(
                "tout ce que cette personne a demandé ou noté (nom du compte, ou pseudonyme)",
                "all that this person asked or noted (name of the account, or pseudonym)",
            )
        ),
    )
    forget.add_argument(
        "--reason",
        required=True,
        metavar=str(Words("MOTIF", "REASON")),
        help=str(Words("gardé avec l’ordre d’effacement", "kept with the order")),
    )
    expire = add_action(
        actions,
        shared,
        "expire",
        _expire,
        Words(
            "effacer ce qui a dépassé sa durée de conservation", "erase what was kept long enough"
        ),
    )
    expire.add_argument(
        "--dry-run",
        action="store_true",
        help=str(Words("dire seulement combien", "only say how much")),
    )


def _forget(options: argparse.Namespace) -> int:
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    if options.user is None:
        record = workspace.audit.find(options.record)
        said = {"record": record, "texts": workspace.audit.forget(record, options.reason)}
    else:
        user = _pseudonym(workspace, options.user)
        erased = workspace.audit.forget_person(user, options.reason)
        workspace.desk.forget_history(user)  # it would name records that nobody can read
        said = {"user": user, "answers": erased.answers, "texts": erased.texts}
    if options.json:
        say_json(said)
        return 0
    texts = said["texts"]
    say(
        Words(
            f"{texts} texte(s) effacé(s) ; la chaîne reste vérifiable.",
            f"{texts} text(s) erased; the chain still verifies.",
        )
    )
    return 0


def _pseudonym(workspace: Workspace, name: str) -> str:
    """Who is meant: an account, or the pseudonym of one that was removed.

    Raises:
        UserNotFound: Neither.
    """
    try:
        return workspace.accounts.named(name).user_id
    except UserNotFound:
        if not _PSEUDONYM.fullmatch(name):
            raise
        return name


def _expire(options: argparse.Namespace) -> int:
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    found = workspace.audit.expire(dry_run=options.dry_run)
    kept = workspace.settings.audit
    if options.json:
        say_json(
            {
                "answers": found.answers,
                "texts": found.texts,
                "erased": not options.dry_run,
                "keep_answers_months": kept.keep_answers_months,
                "keep_reviews_months": kept.keep_reviews_months,
            }
        )
        return 0
    done = Words("à effacer", "to erase") if options.dry_run else Words("effacé(s)", "erased")
    say(
        Words(
            f"{found.texts} texte(s) {done.fr}, de {found.answers} réponse(s).",
            f"{found.texts} text(s) {done.en}, of {found.answers} answer(s).",
        )
    )
    return 0
