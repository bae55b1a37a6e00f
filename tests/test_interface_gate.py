"""The gate alone, before an application that says yes to everything: nothing reaches it unasked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.types import Message, Receive, Scope, Send

from assistant.accounts import Accounts, Role
from assistant.errors import AccountsUnreadable
from assistant.settings import AccessSettings
from assistant.workspace import Workspace
from tests.served import PASSWORD
from tests.workspaces import make_workspace
from ui.gate import COOKIE, Gate

HOST = "127.0.0.1:7860"
JOIN = "/fr/gradio_api/queue/join"
LONG = AccessSettings()


@dataclass
class Behind:
    """What stands behind the gate: it notes what reaches it, as whom."""

    reached: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = scope.get("state", {}).get("user")
        self.reached.append((scope["path"], user.name if user else "nobody"))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"yes"})


@dataclass
class Door:
    """A gate, what is behind it, and the workspace that has the accounts."""

    workspace: Workspace
    alone: bool = True
    behind: Behind = field(default_factory=Behind)

    def __post_init__(self) -> None:
        names = {"127.0.0.1", "localhost", "::1", "serveur.region.fr"}
        self.gate = Gate(self.behind, self.workspace, alone=self.alone, hosts=names)

    def knock(
        self, path: str, method: str = "GET", body: bytes = b"", query: str = "", **headers: str
    ) -> tuple[int, dict[str, str]]:
        """One request; its status and its headers."""
        said = {"host": HOST, **{name.replace("_", "-"): v for name, v in headers.items()}}
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in said.items()],
        }
        sent: list[Message] = []
        given = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Message:
            return next(given, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run(self.gate(scope, receive, send))
        start = sent[0]
        found = {k.decode(): v.decode("latin-1") for k, v in start["headers"]}
        return start["status"], found

    def enter(self, name: str, role: str = "agent") -> str:
        """A new account, logged in; its cookie."""
        self.workspace.accounts.add(name, Role(role), (), PASSWORD)
        return self.again(name)

    def again(self, name: str) -> str:
        token = self.workspace.accounts.log_in(name, PASSWORD, "127.0.0.1", lasts=LONG)
        return f"{COOKIE}={token}"

    def event(self, cookie: str, session: str = "aaaa", **said: Any) -> int:
        """The status of firing an event of Gradio's."""
        body = json.dumps({"session_hash": session, **said}).encode()
        return self.knock(JOIN, "POST", body, cookie=cookie)[0]


@pytest.fixture
def workspace(tmp_path):
    found = Workspace.open(make_workspace(tmp_path / "ws", documents=0))
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    found.accounts = Accounts(found.settings.index_folder / "accounts.sqlite3", hasher=quick)
    yield found
    found.accounts.close()


@pytest.fixture
def door(workspace):
    return Door(workspace)


@pytest.fixture
def elsewhere(workspace):
    """The same on an address that other machines reach."""
    return Door(workspace, alone=False)


def test_without_accounts_whoever_sits_at_the_machine_is_let_in(door):
    assert door.knock("/fr/")[0] == 200
    assert door.behind.reached == [("/fr/", "local")]


def test_the_first_account_closes_the_door_and_the_last_one_removed_opens_it_again(door):
    door.enter("zoe")
    assert door.knock("/fr/")[0] == 401

    door.workspace.accounts.remove("zoe")
    assert door.knock("/fr/")[0] == 200


def test_a_disabled_account_still_keeps_the_door_closed(door):
    door.enter("zoe")
    door.workspace.accounts.change("zoe", active=False)

    assert door.knock("/fr/")[0] == 401


def test_where_others_reach_the_server_nobody_is_ever_let_in_without_an_account(elsewhere):
    assert elsewhere.knock("/fr/")[0] == 401
    cookie = elsewhere.enter("zoe")
    assert elsewhere.knock("/fr/", cookie=cookie)[0] == 200

    elsewhere.workspace.accounts.remove("zoe")

    assert elsewhere.knock("/fr/", cookie=cookie)[0] == 401
    assert elsewhere.knock("/fr/")[0] == 401


def test_a_damaged_file_of_accounts_lets_nobody_in(workspace):
    file = workspace.settings.index_folder / "accounts.sqlite3"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"not a database " * 100)
    door = Door(workspace)

    with pytest.raises(AccountsUnreadable):
        door.knock("/fr/")
    assert door.behind.reached == []


def test_a_gradio_session_is_its_first_users_alone(door):
    zoe, max_ = door.enter("zoe"), door.enter("max", "admin")
    assert door.event(zoe, "aaaa") == 200

    stream = "/fr/gradio_api/queue/data"
    assert door.event(max_, "aaaa") == 403
    assert door.knock(stream, query="session_hash=aaaa", cookie=max_)[0] == 403
    assert door.knock(f"{stream}/", query="session_hash=aaaa", cookie=max_)[0] == 403
    assert door.knock("/fr/gradio_api/heartbeat/aaaa", cookie=max_)[0] == 403
    assert door.knock("/en/gradio_api/heartbeat/aaaa/", cookie=max_)[0] == 403
    assert door.knock(stream, query="session_hash=aaaa", cookie=zoe)[0] == 200


@pytest.mark.parametrize(
    "query",
    [
        "session_hash=mine&session_hash=aaaa",
        "session_hash=aaaa&session_hash=mine",
        "session_hash=&session_hash=aaaa",
        "session_hash=mine&session%5Fhash=aaaa",
        "session_hash=%61%61aa",
    ],
)
def test_a_session_named_twice_or_in_disguise_is_still_its_first_users(door, query):
    zoe, max_ = door.enter("zoe"), door.enter("max")
    door.event(zoe, "aaaa")
    door.event(max_, "mine")

    assert door.knock("/fr/gradio_api/queue/data", query=query, cookie=max_)[0] == 403


def test_a_session_is_kept_from_the_same_person_of_another_account(door):
    zoe = door.enter("zoe")
    door.event(zoe, "aaaa")
    door.workspace.accounts.remove("zoe")

    assert door.event(door.enter("zoe"), "aaaa") == 403


@pytest.mark.parametrize("role", ["agent", "rapporteur", "evaluator"])
@pytest.mark.parametrize(
    "file", ["/etc/passwd", "http://10.0.0.1/x", "https://example.org/x", "assistant.toml"]
)
def test_who_may_not_upload_cannot_have_gradio_read_a_file_or_an_address(door, role, file):
    cookie = door.enter("zoe", role)
    named = {"path": file, "meta": {"_type": "gradio.FileData"}}

    for data in ([named], [[named]], [{"deep": [{"deeper": named}]}]):
        assert door.event(cookie, data=data) == 403
    assert door.event(cookie, data=["un chemin : path, /etc/passwd"]) == 200


def test_an_administrator_names_only_files_that_were_uploaded(door):
    uploads = door.workspace.settings.index_folder / "uploads"
    (uploads / "ab").mkdir(parents=True)
    (uploads / "ab" / "note.md").write_text("# Note", encoding="utf-8")
    (uploads / "ab" / "lien.md").symlink_to(door.workspace.settings.workspace / "assistant.toml")
    cookie = door.enter("ada", "admin")

    def named(file: object) -> int:
        return door.event(cookie, data=[{"path": str(file), "meta": {"_type": "gradio.FileData"}}])

    assert named(uploads / "ab" / "note.md") == 200
    for file in (
        uploads,
        uploads / "ab" / ".." / ".." / "accounts.sqlite3",
        uploads / "ab" / "lien.md",
        f"{uploads}-not/note.md",
        door.workspace.settings.corpus_folder / "notes" / "note-00.md",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "\0",
        "\ud800",
        "x" * 10_000,
    ):
        assert named(file) == 403, file


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7860",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example@127.0.0.1",
        "127.0.0.1#evil.example",
        "127.0.0.1/evil.example",
        "127.0.0.1:7860:7860",
        "[::1",
        "[evil",
        "½",
        "",
        "a" * 400,
    ],
)
def test_another_name_than_the_servers_own_is_refused(door, host):
    status, headers = door.knock("/connexion", host=host)

    assert status == 421
    assert "content-security-policy" in headers
    assert door.behind.reached == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "LOCALHOST:7860", "[::1]:7860", "serveur.region.fr", "Serveur.Region.fr"]
)
def test_the_servers_own_names_are_answered_whatever_their_case(door, host):
    assert door.knock("/fr/", host=host)[0] == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1",  # another server of this machine: the same site for a browser
        "http://127.0.0.1:8080",
        "http://localhost:7860",
        "http://127.0.0.1:7860.evil.example",
        "null",
        "http://[::1",
        "",
    ],
)
def test_another_pages_script_is_refused_whatever_its_method(door, method, origin):
    assert door.knock("/fr/config", method, origin=origin)[0] == 403
    assert door.behind.reached == []


def test_the_pages_own_script_is_let_in(door):
    assert door.knock("/fr/config", origin=f"http://{HOST}")[0] == 200
    assert door.knock(JOIN, "POST", b"{}", origin=f"http://{HOST}")[0] == 200
    assert door.knock("/fr/config", sec_fetch_site="same-origin", sec_fetch_mode="cors")[0] == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_from_elsewhere_opens_the_page_and_nothing_else_from_there_is_answered(door, site):
    assert door.knock("/fr/", sec_fetch_site=site, sec_fetch_mode="navigate")[0] == 200
    assert door.knock("/page.png", sec_fetch_site=site, sec_fetch_mode="no-cors")[0] == 403
    assert door.knock("/fr/config", sec_fetch_site=site, sec_fetch_mode="cors")[0] == 403
    posted = door.knock("/deconnexion", "POST", sec_fetch_site=site, sec_fetch_mode="navigate")
    assert posted[0] == 403


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[" * 500_000, b'{"session_hash": 5}', b"\xff\xfe\x00", b"null"]
)
def test_a_body_that_is_no_event_breaks_nothing(door, body):
    assert door.knock(JOIN, "POST", body, cookie=door.enter("zoe"))[0] == 200  # Gradio refuses it


def test_a_body_larger_than_any_event_is_refused(door):
    cookie = door.enter("zoe")

    assert door.knock(JOIN, "POST", b" " * 1_000_001, cookie=cookie)[0] == 413
    assert door.behind.reached == []


@pytest.mark.parametrize("path", ["/fr/static/../x", "/fr/assets/..", "/fr/static/a/..%2fx"])
def test_no_path_climbs(door, path):
    assert door.knock(path)[0] == 404


@pytest.mark.parametrize(
    "cookie",
    [
        f"{COOKIE}=",
        f"{COOKIE}=x",
        f"{COOKIE}={'a' * 43}",
        f"{COOKIE}={'a' * 5000}",
        f"{COOKIE}={'é' * 43}",
        f'{COOKIE}="unclosed',
        "=;=;\0",
        ";" * 9000,
    ],
)
def test_a_cookie_that_we_did_not_give_is_nobodys(door, cookie):
    door.enter("zoe")

    assert door.knock("/fr/", cookie=cookie)[0] == 401
    assert door.behind.reached == []
