"""``assistant users add|list|remove|change|password``: who may use the interface."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from assistant.accounts import Accounts, Role, User
from assistant.errors import PasswordRefused
from assistant.terminal import note, say, say_json, table
from assistant.wording import Words

_LONGEST_LINE: Final = 5000  # a password of 1,000 characters, and room to say that one is too long


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``users`` and what it does."""
    users = commands.add_parser(
        "users", parents=[shared], help=str(Words("les comptes et leurs droits", "accounts"))
    )
    actions = users.add_subparsers(dest="action", required=True)

    def action(name: str, run: Any, what: Words) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = actions.add_parser(name, parents=[shared], help=str(what))
        parser.set_defaults(run=run)
        return parser

    def name_in(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", metavar=str(Words("NOM", "NAME")))

    add = action("add", _add, Words("ouvrir un compte", "make an account"))
    name_in(add)
    _role_in(add, required=True)
    _groups_in(add)
    _password_in(add)
    action("list", _list, Words("tous les comptes", "all accounts")).add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )
    name_in(action("remove", _remove, Words("supprimer un compte", "remove an account")))
    change = action("change", _change, Words("changer rôle, groupes, état", "change an account"))
    name_in(change)
    _role_in(change, required=False)
    groups = change.add_mutually_exclusive_group()
    _groups_in(groups)
    groups.add_argument(
        "--no-group", action="store_true", help=str(Words("plus aucun groupe", "no group any more"))
    )
    state = change.add_mutually_exclusive_group()
    state.add_argument(
        "--disable",
        dest="active",
        action="store_false",
        default=None,
        help=str(Words("plus de connexion avec ce compte", "nobody logs in with it")),
    )
    state.add_argument(
        "--enable",
        dest="active",
        action="store_true",
        default=None,
        help=str(Words("de nouveau utilisable", "usable again")),
    )
    change.set_defaults(wrong_usage=change.error)
    password = action("password", _password, Words("changer un mot de passe", "change a password"))
    name_in(password)
    _password_in(password)


def _role_in(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--role",
        choices=[role.value for role in Role],
        required=required,
        help=str(
            Words(
                "agent : interroge ; rapporteur : recueille aussi ; evaluator : audite aussi ; "
                "admin : tient le corpus, sans auditer",
                "agent: asks; rapporteur: collects too; evaluator: audits too; "
                "admin: keeps the corpus, does not audit",
            )
        ),
    )


def _groups_in(parser: Any) -> None:
    parser.add_argument(
        "--group",
        dest="groups",
        action="extend",
        nargs="+",
        metavar=str(Words("GROUPE", "GROUP")),
        help=str(Words("groupes, pour les collections réservées", "groups, for restricted ones")),
    )


def _password_in(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help=str(
            Words(
                "lire le mot de passe sur la première ligne de l’entrée",
                "read the password from the first line of the input",
            )
        ),
    )


def _accounts(options: argparse.Namespace) -> Accounts:
    from assistant.workspace import Workspace

    return Workspace.open(options.workspace).accounts


def _add(options: argparse.Namespace) -> int:
    accounts = _accounts(options)
    accounts.check_free(options.name)  # nobody types a password twice for nothing
    first = not accounts.any()
    password = _typed_password(options.password_stdin)
    user = accounts.add(options.name, Role(options.role), options.groups or (), password)
    say(
        Words(
            f"Compte « {user.name} » ouvert ({user.role}, {user.user_id}).",
            f"Account {user.name!r} made ({user.role}, {user.user_id}).",
        )
    )
    if first:
        note(
            Words(
                "C’est le premier compte : l’interface demande désormais nom et mot de passe.",
                "It is the first account: the interface now asks for a name and a password.",
            )
        )
    _say_who_is_missing(accounts)
    return 0


def _list(options: argparse.Namespace) -> int:
    users = _accounts(options).users()
    if options.json:
        say_json({"users": [_listed(user) for user in users]})
        return 0
    rows = [
        (
            user.name,
            user.role,
            ", ".join(sorted(user.groups)),
            user.user_id,
            user.created,
            str(Words("actif", "active") if user.active else Words("désactivé", "disabled")),
        )
        for user in users
    ]
    header = Words("nom,rôle,groupes,identifiant,créé le,état", "name,role,groups,id,created,state")
    say(table(rows, str(header).split(",")))
    return 0


def _listed(user: User) -> dict[str, Any]:
    return {
        "id": user.user_id,
        "name": user.name,
        "role": user.role,
        "groups": sorted(user.groups),
        "created": user.created,
        "active": user.active,
    }


def _remove(options: argparse.Namespace) -> int:
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    accounts = workspace.accounts
    user = accounts.named(options.name)
    accounts.remove(user.name)
    workspace.desk.forget(user.user_id)
    say(Words(f"Compte « {user.name} » supprimé.", f"Account {user.name!r} removed."))
    _say_who_is_missing(accounts)
    return 0


def _change(options: argparse.Namespace) -> int:
    groups = () if options.no_group else options.groups
    if options.role is None and groups is None and options.active is None:
        options.wrong_usage(
            str(
                Words(
                    "rien à changer : --role, --group, --no-group, --disable ou --enable",
                    "nothing to change: --role, --group, --no-group, --disable or --enable",
                )
            )
        )
    accounts = _accounts(options)
    before = accounts.named(options.name)
    role = None if options.role is None else Role(options.role)
    after = accounts.change(before.name, role=role, groups=groups, active=options.active)
    if after == before:
        say(Words(f"« {after.name} » : rien n’a changé.", f"{after.name!r}: nothing has changed."))
        return 0
    in_groups = ", ".join(sorted(after.groups)) or "—"
    state = Words("actif", "active") if after.active else Words("désactivé", "disabled")
    say(
        Words(
            f"« {after.name} » : {after.role}, groupes : {in_groups}, {state.fr} ; "
            "ses connexions sont closes.",
            f"{after.name!r}: {after.role}, groups: {in_groups}, {state.en}; "
            "logged out everywhere.",
        )
    )
    _say_who_is_missing(accounts)
    return 0


def _password(options: argparse.Namespace) -> int:
    accounts = _accounts(options)
    user = accounts.named(options.name)
    accounts.change_password(user.name, _typed_password(options.password_stdin))
    say(
        Words(
            f"« {user.name} » : mot de passe changé ; ses connexions sont closes.",
            f"{user.name!r}: password changed; logged out everywhere.",
        )
    )
    return 0


def _say_who_is_missing(accounts: Accounts) -> None:
    """What the change just made leaves nobody to do, or leaves open to everybody."""
    users = accounts.users()
    if not users:
        note(
            Words(
                "Attention : plus aucun compte. L’interface ne demande plus de mot de passe, et "
                "donne tous les droits à qui l’ouvre.",
                "Warning: no account is left. The interface asks for no password any more, and "
                "gives every right to whoever opens it.",
            )
        )
    elif not any(user.active and user.role is Role.ADMIN for user in users):
        note(
            Words(
                "Attention : aucun administrateur actif. Personne ne peut gérer le corpus "
                "depuis l’interface ; les commandes restent.",
                "Warning: no active administrator. Nobody can keep the corpus from the "
                "interface; the commands remain.",
            )
        )


def _typed_password(from_stdin: bool) -> str:
    """A new password: typed twice and never shown, or the first line of the input.

    Raises:
        PasswordRefused: Nobody is there to type it, or the two differ.
    """
    if from_stdin:
        line = sys.stdin.readline(_LONGEST_LINE)
        return line.removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        raise PasswordRefused(
            Words(
                "Aucun terminal pour taper le mot de passe.", "No terminal to type the password on."
            ),
            remedy=Words(
                "Lancez la commande dans un terminal, ou donnez le mot de passe sur l’entrée "
                "avec --password-stdin.",
                "Run the command on a terminal, or give the password on the input with "
                "--password-stdin.",
            ),
        )
    first = _asked(Words("Mot de passe : ", "Password: "))
    if first != _asked(Words("Encore une fois : ", "Once more: ")):
        raise PasswordRefused(
            Words("Les deux saisies diffèrent.", "The two passwords differ."),
            remedy=Words("Recommencez la commande.", "Run the command again."),
        )
    return first


def _asked(prompt: Words) -> str:
    import getpass
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # rather nothing than an echo
        try:
            return getpass.getpass(str(prompt))
        except getpass.GetPassWarning as error:
            raise PasswordRefused(
                Words(
                    "Ce terminal afficherait le mot de passe.",
                    "This terminal would show the password.",
                ),
                remedy=Words(
                    "Donnez-le sur l’entrée avec --password-stdin.",
                    "Give it on the input with --password-stdin.",
                ),
            ) from error
        except EOFError:
            raise KeyboardInterrupt from None
