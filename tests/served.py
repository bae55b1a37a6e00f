"""The real interface on a free port, and people who use it over HTTP as a browser would."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from assistant.accounts import Accounts, Role
from tests.conftest import REPOSITORY
from tests.workspaces import command

PASSWORD = "une phrase longue pour l’essai"
FORM = "application/x-www-form-urlencoded"
_API = "/fr/gradio_api"
_START_S = 120.0


@dataclass(frozen=True)
class Answered:
    """A response, read whole."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Heard:
    """What an event of the page came to."""

    status: int  # of the request that fires it
    messages: tuple[dict[str, Any], ...]
    text: str

    @property
    def done(self) -> bool:
        """Whether it ran to its end without an error."""
        return bool(self._last.get("success"))

    @property
    def error(self) -> str:
        output = self._last.get("output") or {}
        return str(output.get("error") or "")

    @property
    def shown(self) -> str:
        """The markup of every step, one after the other."""
        return "\n".join(_strings([m.get("output") for m in self.messages]))

    @property
    def _last(self) -> dict[str, Any]:
        ended = [m for m in self.messages if m["msg"] == "process_completed"]
        return ended[-1] if ended else {}


@dataclass
class Client:
    """One browser without a screen: a cookie, a Gradio session, an address of its own.

    ``origin`` is any address of this machine (127.0.0.0/8): failed logins count by address.
    """

    port: int
    origin: str = "127.0.0.1"
    cookie: str = ""
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    seen: list[Answered] = field(default_factory=list)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answered:
        connection = HTTPConnection(
            "127.0.0.1", self.port, timeout=120, source_address=(self.origin, 0)
        )
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            if self.cookie:
                sent.setdefault("Cookie", self.cookie)
            connection.request(method, path, body, sent)
            answered = _read(connection.getresponse())
        finally:
            connection.close()
        self.seen.append(answered)
        return answered

    def get(self, path: str, **headers: str) -> Answered:
        return self.send("GET", path, **headers)

    def post_json(self, path: str, said: Any, **headers: str) -> Answered:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        return self.send("POST", path, body, Content_Type="application/json", **headers)

    def log_in(self, name: str, password: str = PASSWORD) -> Answered:
        form = urlencode({"nom": name, "mot_de_passe": password}).encode()
        answered = self.send("POST", "/connexion", form, Content_Type=FORM)
        if answered.status == 303:
            self.cookie = answered.cookies[0].split(";")[0]
        return answered

    def page(self) -> Page:
        """What Gradio's page knows, as this person is given it."""
        return Page(json.loads(self.get("/fr/config").body))

    def fire(self, event: dict[str, Any], data: list[Any], said: Any = None) -> Heard:
        """Call an event of the page, and hear all that comes back."""
        joined = self.join(event["id"], data, said)
        if joined.status != 200:
            return Heard(joined.status, (), joined.text)
        heard = self.get(f"{_API}/queue/data?session_hash={self.session}")
        return Heard(joined.status, _messages(heard), heard.text)

    def join(self, number: int, data: list[Any], said: Any = None, **more: Any) -> Answered:
        """Put an event in the queue, without hearing what becomes of it."""
        return self.post_json(
            f"{_API}/queue/join",
            {
                "data": data,
                "event_data": said,
                "fn_index": number,
                "trigger_id": None,
                "session_hash": self.session,
                **more,
            },
        )


@dataclass(frozen=True)
class Page:
    """Components and events of Gradio's page, all of them, visible or not."""

    config: dict[str, Any]

    @property
    def components(self) -> dict[int, dict[str, Any]]:
        return {component["id"]: component for component in self.config["components"]}

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.config["dependencies"]
        return found

    def event(self, elem_id: str, name: str, nth: int = 0) -> dict[str, Any]:
        """The ``nth`` event of that name on the component with that id."""
        number = next(
            c["id"] for c in self.components.values() if c["props"].get("elem_id") == elem_id
        )
        return [e for e in self.events if [number, name] in map(list, e["targets"])][nth]

    def values(self, event: dict[str, Any]) -> list[Any]:
        """What the page sends with an event before anybody has touched anything."""
        return [
            None if self.components[number]["type"] == "state" else self._value(number)
            for number in event["inputs"]
        ]

    def _value(self, number: int) -> Any:
        return self.components[number]["props"].get("value")

    def tabs(self) -> dict[int, str]:
        """The id of the tab that each component is in, its own for a tab; absent outside all."""
        found: dict[int, str] = {}

        def walk(node: dict[str, Any], tab: str | None) -> None:
            number = node.get("id")
            if number in self.components and self.components[number]["type"] == "tabitem":
                tab = str(self.components[number]["props"]["id"])
            if number is not None and tab is not None:
                found[number] = tab
            for child in node.get("children") or ():
                walk(child, tab)

        walk(self.config["layout"], None)
        return found


def _strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for value in found.values():
            yield from _strings(value)
    elif isinstance(found, list):
        for value in found:
            yield from _strings(value)


def _messages(heard: Answered) -> tuple[dict[str, Any], ...]:
    return tuple(
        json.loads(line.removeprefix("data: "))
        for line in heard.text.splitlines()
        if line.startswith("data: ")
    )


def _read(response: HTTPResponse) -> Answered:
    headers = {name.lower(): value for name, value in response.getheaders()}
    cookies = tuple(response.headers.get_all("set-cookie") or ())
    return Answered(response.status, headers, response.read(), cookies)


def accounts_of(folder: Path) -> Accounts:
    """The accounts of a workspace, as ``assistant users`` opens them."""
    return Accounts(folder / "index" / "accounts.sqlite3")


def add_user(folder: Path, name: str, role: str, *groups: str) -> str:
    """An account; its pseudonym is returned."""
    accounts = accounts_of(folder)
    try:
        return accounts.add(name, Role(role), groups, PASSWORD).user_id
    finally:
        accounts.close()


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[int]:
    """``assistant serve`` on a free port, which is given once it answers.

    What it writes is in ``serve.log`` beside the workspace.
    """
    log = folder.with_name(f"{folder.name}-serve.log")
    with (
        log.open("w", encoding="utf-8") as out,
        subprocess.Popen(
            command(folder, "serve", "--port", "0", *arguments),
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
        ) as server,
    ):
        try:
            yield _port(server, log)
        finally:
            server.terminate()


def _port(server: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        said = log.read_text(encoding="utf-8", errors="replace")
        if found := re.search(r"http://[^ ]+:(\d+)", said):
            return int(found[1])
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"the interface did not start:\n{log.read_text(errors='replace')}")
