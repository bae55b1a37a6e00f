"""``assistant users``: the real command; a password is never an argument and never shown."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from assistant.accounts import Accounts, Role
from assistant.cli import build_parser
from assistant.settings_access import AccessSettings
from tests.conftest import REPOSITORY
from tests.workspaces import command

PASSWORD = "girafe tuile mardi cobalt"
OTHER = "cinq autres mots bien choisis"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "assistant.toml").touch()
    return tmp_path


def users(
    workspace: Path, *arguments: str, given: str = "", expect: int = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(workspace, "users", *arguments),
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=REPOSITORY,
        check=False,
    )
    assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    for secret in (PASSWORD, OTHER):
        assert secret not in done.stdout + done.stderr
    return done


def quick(workspace: Path, *arguments: str) -> int:
    """The same command within this process, for what needs no process of its own."""
    options = build_parser().parse_args(["users", *arguments, "--workspace", str(workspace)])
    return int(options.run(options))


def accounts(workspace: Path) -> Accounts:
    return Accounts(workspace / "index" / "accounts.sqlite3")


def logs_in(workspace: Path, name: str, password: str) -> bool:
    return bool(accounts(workspace).log_in(name, password, "::1", lasts=AccessSettings()))


def test_an_account_is_made_listed_changed_and_removed(workspace: Path) -> None:
    made = users(
        workspace, "add", "Zoé", "--role", "admin", "--group", "DRH", "dg", "--password-stdin",
        given=f"{PASSWORD}\nune autre ligne\n",
    )  # fmt: skip
    assert "premier compte" in made.stderr
    assert logs_in(workspace, "zoe", PASSWORD)

    [listed] = json.loads(users(workspace, "list", "--json").stdout)["users"]
    assert listed == {
        "id": accounts(workspace).named("zoé").user_id,
        "name": "Zoé",
        "role": "admin",
        "groups": ["dg", "drh"],
        "created": listed["created"],
        "active": True,
    }
    assert "Zoé" in users(workspace, "list").stdout

    users(workspace, "password", "zoé", "--password-stdin", given=f"{OTHER}\r\n")
    assert logs_in(workspace, "zoé", OTHER)

    assert "aucun administrateur actif" in users(workspace, "change", "zoé", "--disable").stderr
    assert "plus aucun compte" in users(workspace, "remove", "zoé").stderr
    assert json.loads(users(workspace, "list", "--json").stdout) == {"users": []}


def test_a_name_that_exists_is_refused_before_a_password_is_read(workspace: Path) -> None:
    accounts(workspace).add("Zoé", Role.ADMIN, (), PASSWORD)

    refused = users(workspace, "add", "ZOE", "--role", "agent", expect=3)

    assert "existe déjà" in refused.stderr
    assert refused.stdout == ""


def test_without_a_terminal_a_password_must_be_announced(workspace: Path) -> None:
    refused = users(workspace, "add", "zoé", "--role", "agent", given=f"{PASSWORD}\n", expect=3)

    assert "--password-stdin" in refused.stderr
    assert accounts(workspace).users() == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "trop court"),
        ("\n", "trop court"),
        ("motdepasse123\n", "parmi les premiers"),
        ("x" * 2000 + "\n", "trop long"),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(workspace: Path, given: str, said: str) -> None:
    refused = users(
        workspace, "add", "zoé", "--role", "agent", "--password-stdin", given=given, expect=3
    )

    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "zoé"),
        ("add", "zoé", "--role", "chef"),
        ("add", "zoé", "--role", "agent", "--password", PASSWORD),
        ("change", "zoé"),
        ("change", "zoé", "--disable", "--enable"),
        ("change", "zoé", "--group", "a", "--no-group"),
    ],
)
def test_wrong_usage_stops_before_anything_is_done(
    workspace: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        quick(workspace, *arguments)

    assert caught.value.code == 2
    assert not (workspace / "index").exists()
    assert "utilisation" in capsys.readouterr().err


def test_a_change_says_what_the_account_is_now(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts(workspace).add("chef", Role.ADMIN, (), PASSWORD)
    accounts(workspace).add("zoé", Role.AGENT, ["drh"], OTHER)
    token = accounts(workspace).log_in("zoé", OTHER, "::1", lasts=AccessSettings())

    quick(workspace, "change", "zoé", "--role", "rapporteur", "--group", "dg", "--group", "cese")
    said = capsys.readouterr()

    assert "rapporteur, groupes : cese, dg, actif" in said.out
    assert said.err == ""
    assert accounts(workspace).session(token) is None
    quick(workspace, "change", "zoé", "--no-group")
    quick(workspace, "change", "zoé", "--no-group")
    assert "rien n’a changé" in capsys.readouterr().out


def test_losing_the_last_administrator_is_allowed_and_said(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("un", "deux"):
        accounts(workspace).add(name, Role.ADMIN, (), PASSWORD)
    quick(workspace, "change", "un", "--role", "evaluator")
    assert capsys.readouterr().err == ""

    quick(workspace, "remove", "deux")

    assert "aucun administrateur actif" in capsys.readouterr().err
    assert [user.name for user in accounts(workspace).users()] == ["un"]


def on_a_terminal(workspace: Path, *arguments: str, typed: list[str]) -> tuple[int, str]:
    """Run the command with a terminal for its input; its exit code and all that it shows there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(workspace, "users", *arguments),
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=REPOSITORY, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while part := _read(ours):
            shown += part
            if typed and shown.endswith(b": "):  # a prompt
                os.write(ours, typed.pop(0).encode() + b"\n")
    finally:
        os.close(ours)
    return process.wait(timeout=60), shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:  # how Linux says that the other side is gone
        return b""


def test_on_a_terminal_the_password_is_typed_twice_and_never_shown(workspace: Path) -> None:
    code, shown = on_a_terminal(
        workspace, "add", "zoé", "--role", "admin", typed=[PASSWORD, PASSWORD]
    )

    assert code == 0, shown
    assert "Mot de passe" in shown and "Encore une fois" in shown
    assert PASSWORD not in shown
    assert logs_in(workspace, "zoé", PASSWORD)


def test_two_passwords_that_differ_make_no_account(workspace: Path) -> None:
    code, shown = on_a_terminal(workspace, "add", "zoé", "--role", "admin", typed=[PASSWORD, OTHER])

    assert code == 3
    assert "diffèrent" in shown
    assert PASSWORD not in shown and OTHER not in shown
    assert accounts(workspace).users() == []
