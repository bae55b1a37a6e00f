"""The real interface on a free port, and people who use it over HTTP as a browser would."""

from __future__ import annotations

import html
import io
import json
import os
import re
import secrets
import sqlite3
import subprocess
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from assistant.accounts import Accounts, Role
from assistant.answering import AnswerReady, Question, ask, search
from assistant.desk import Excerpt
from assistant.ingestion import ingest, withdraw
from assistant.records import Filters
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.pdf_samples import one_page, saved
from tests.workspaces import command, make_workspace

PASSWORD = "une phrase longue pour l’essai"
FORM = "application/x-www-form-urlencoded"
_START_S = 120.0


class NotStarted(Exception):
    """The interface did not start; what it wrote instead."""


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
    language: str = "fr"
    known: Page | None = None

    @property
    def api(self) -> str:
        return f"/{self.language}/gradio_api"

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answered:
        with self._answer(method, path, body, headers) as response:
            answered = _read(response)
        self.seen.append(answered)
        return answered

    def status(self, path: str) -> int:
        """The status alone, for what may be a stream without an end."""
        with self._answer("GET", path, None, {}) as response:
            return response.status

    @contextmanager
    def _answer(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Iterator[HTTPResponse]:
        with closing(
            HTTPConnection("127.0.0.1", self.port, timeout=120, source_address=(self.origin, 0))
        ) as connection:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            if self.cookie:
                sent.setdefault("Cookie", self.cookie)
            connection.request(method, path, body, sent)
            with closing(connection.getresponse()) as response:
                yield response

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

    def upload(self, name: str, content: bytes) -> Answered:
        """Send a file as the page does, before any event names it."""
        body = (
            b'--X\r\nContent-Disposition: form-data; name="files"; filename="'
            + name.encode()
            + b'"\r\nContent-Type: text/markdown\r\n\r\n'
            + content
            + b"\r\n--X--\r\n"
        )
        form = "multipart/form-data; boundary=X"
        return self.send("POST", f"{self.api}/upload", body, Content_Type=form)

    def page(self) -> Page:
        """What Gradio's page knows, as this person is given it."""
        if self.known is None:
            self.known = Page(json.loads(self.get(f"/{self.language}/config").body))
        return self.known

    def fire(self, event: dict[str, Any], data: list[Any], said: Any = None, **more: Any) -> Heard:
        """Call an event of the page, and hear all that comes back."""
        joined = self.join(event["id"], data, said, **more)
        if joined.status != 200:
            return Heard(joined.status, (), joined.text)
        heard = self.get(f"{self.api}/queue/data?session_hash={self.session}")
        return Heard(joined.status, _messages(heard), heard.text)

    def join(self, number: int, data: list[Any], said: Any = None, **more: Any) -> Answered:
        """Put an event in the queue, without hearing what becomes of it."""
        return self.post_json(
            f"{self.api}/queue/join",
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

    @cached_property
    def components(self) -> dict[int, dict[str, Any]]:
        return {component["id"]: component for component in self.config["components"]}

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.config["dependencies"]
        return found

    def event(self, elem_id: str, name: str, nth: int = 0) -> dict[str, Any]:
        """The ``nth`` event of that name on the component with that id."""
        number = self._number(elem_id)
        return [e for e in self.events if [number, name] in map(list, e["targets"])][nth]

    def opening(self, elem_id: str, tab: str | None = None) -> dict[str, Any]:
        """The event that draws a component when its tab is opened, or the page."""
        number = self._number(elem_id)
        opened = (
            [None]
            if tab is None
            else [
                n
                for n, c in self.components.items()
                if c["type"] == "tabitem" and self.tabs[n] == tab
            ]
        )
        on = "load" if tab is None else "select"
        return next(
            e
            for e in self.events
            if number in e["outputs"]
            and any(name == on and (tab is None or n in opened) for n, name in e["targets"])
        )

    def tabs_of(self, event: dict[str, Any]) -> set[str]:
        """The tabs that an event is fired from, reads or draws in; showing a tab is not that."""
        targets = [target for target, _ in event["targets"] if target is not None]
        drawn = [n for n in event["outputs"] if self.components[n]["type"] != "tabitem"]
        return {self.tabs[n] for n in (*targets, *event["inputs"], *drawn) if n in self.tabs}

    def values(self, event: dict[str, Any]) -> list[Any]:
        """What the page sends with an event before anybody has touched anything."""
        return [
            None if self.components[number]["type"] == "state" else self._value(number)
            for number in event["inputs"]
        ]

    def _number(self, elem_id: str) -> int:
        return next(
            number
            for number, component in self.components.items()
            if component["props"].get("elem_id") == elem_id
        )

    def _value(self, number: int) -> Any:
        component = self.components[number]
        value = component["props"].get("value")
        return "" if component["type"] == "textbox" and value is None else value

    @cached_property
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
    raise NotStarted(log.read_text(encoding="utf-8", errors="replace"))


# A small house behind the interface. Every text, title and file name of its restricted collection
# holds one word that stands nowhere else: whoever may not read it never receives that word.
MARK = "zorglub"
RESERVED = "réservé-zorglub"
MOVED = "notes/deplacee.md"
PEOPLE = {
    "agnes": ("agent",),
    "aline": ("agent",),
    "remi": ("rapporteur",),
    "rose": ("rapporteur",),
    "eve": ("evaluator",),
    "ada": ("admin",),
    "denis": ("rapporteur", "drh"),
    "edith": ("evaluator", "drh"),
    "diane": ("admin", "drh"),
    "paule": ("rapporteur", "drh"),
}
OUTSIDERS = ("agnes", "remi", "eve", "ada")  # one of each role, none may read the collection
PRIME = "Quelle prime mensuelle est versée au directeur ?"


@dataclass(frozen=True)
class House:
    """The served workspace, and everybody's pseudonym."""

    folder: Path
    port: int
    people: dict[str, str]
    records: dict[str, str]  # of answers that were given before the server started, by their name
    cookies: dict[str, str] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)

    def browser(self, name: str = "", origin: str = "127.0.0.1") -> Client:
        """A new browser of somebody, logged in; of nobody without a name."""
        client = Client(self.port, origin=origin)
        if name and name not in self.cookies:
            assert client.log_in(name).status == 303
            self.cookies[name] = client.cookie
        client.cookie = self.cookies.get(name, "")
        self.clients.append(client)
        return client

    @contextmanager
    def opened(self) -> Iterator[Workspace]:
        """The workspace itself, as another process opens it."""
        workspace = Workspace.open(self.folder)
        try:
            yield workspace
        finally:
            workspace.accounts.close()
            workspace.desk.close()

    def hidden_ids(self) -> dict[str, str]:
        """The ids of the documents of the restricted collection, by path."""
        with self.opened() as workspace:
            stored = workspace.catalogue.documents(workspace.catalogue.generation)
        return {
            s.document.path: s.document.document_id
            for s in stored
            if s.document.collection == RESERVED
        }

    def basket(self, name: str) -> tuple[Excerpt, ...]:
        """What somebody keeps."""
        with self.opened() as workspace:
            return workspace.desk.basket(self.people[name])

    def kept(self) -> dict[str, object]:
        """All that a person can change: the corpus, what is ingested, desks, disputes."""
        corpus = self.folder / "corpus"
        files = {str(f.relative_to(corpus)): f.read_bytes() for f in corpus.rglob("*.*")}
        index = self.folder / "index"
        return {
            "corpus": files,
            "desks": _rows(index / "desks.sqlite3", "excerpts", "history"),
            "generation": _rows(index / "catalogue.sqlite3", "documents", "withdrawn"),
            "uploads": sorted(str(f) for f in (index / "uploads").rglob("*") if f.is_file()),
            "audit": sum(f.stat().st_size for f in (index / "audit").glob("*.jsonl")),
        }

    @property
    def egress(self) -> Path:
        return self.folder / "index" / "egress.log"


def _rows(file: Path, *tables: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return [row for table in tables for row in db.execute(f"SELECT * FROM {table}")]


_SHARED = pytest.StashKey[House]()


def shared_house(config: pytest.Config, folder: Path) -> House:
    """One house for all modules of a run: built for the first that asks, closed after the last."""
    if _SHARED not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[_SHARED] = stack.enter_context(house(folder / "house"))
    return config.stash[_SHARED]


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Build it, and serve it."""
    made = make_workspace(folder, documents=3)
    settings = made / "assistant.toml"
    settings.write_text(
        # no language model of that name: none is loaded
        f'{settings.read_text(encoding="utf-8")}\n[models]\nlanguage = "aucun"\n\n'
        f'[access]\nrestricted = {{ "{RESERVED}" = ["drh"] }}\n',
        encoding="utf-8",
    )
    people = {name: add_user(made, name, *said) for name, said in PEOPLE.items()}
    records = _furnish(made, people)
    with served(made) as port:
        yield House(made, port, people, records)


def _furnish(folder: Path, people: dict[str, str]) -> dict[str, str]:
    """Documents in every state, and what people asked and kept before."""
    corpus, kept_away = folder / "corpus", folder / "corpus" / RESERVED
    kept_away.mkdir()
    saved(
        corpus / "notes",
        one_page("Le rapport public recense 41 maisons de services dans la région en 2025."),
        "rapport-public.pdf",
    )
    saved(
        kept_away,
        one_page(
            "La grille zorglub fixe la prime mensuelle du directeur au plafond de 5 100 euros."
        ),
        "zorglub-grille.pdf",
    )
    (kept_away / "zorglub-primes.md").write_text(
        "# Primes zorglub\n\n## Direction\n\nLa prime mensuelle zorglub versée au directeur est de "
        "4 200 euros en 2025.\n",
        encoding="utf-8",
    )
    (kept_away / "zorglub-retire.md").write_text("# Zorglub retiré\n\nTexte zorglub retiré.\n")
    (kept_away / "zorglub-casse.pdf").write_bytes(b"%PDF-1.7 zorglub, no PDF at all")
    (corpus / "notes" / "zorglub-ailleurs.pdf").write_bytes(b"%PDF-1.7 zorglub, no PDF either")
    _described(corpus / "notes" / "zorglub-ailleurs.pdf")
    _write_moved(corpus, 37)
    workspace = Workspace.open(folder)
    ingest(workspace)
    unhidden = Filters(hidden=frozenset({RESERVED}))
    question = "Quel est l’effectif du service des paies ?"
    records = {"before": _asked(workspace, people["remi"], question, unhidden)}
    hits = search(workspace, "effectif du service des paies", filters=Filters()).hits
    workspace.desk.take(people["remi"], next(h for h in hits if h.document.path == MOVED))
    _described(corpus / MOVED)
    _write_moved(corpus, 39)  # corrected as it was restricted: the version that was cited is gone
    ingest(workspace)
    for words, path in (("fibre optique", "notes/note-00.md"), ("prime mensuelle", RESERVED)):
        hits = search(workspace, words, filters=Filters()).hits
        for name in ("denis", "paule"):
            workspace.desk.take(people[name], next(h for h in hits if path in h.document.path))
    withdraw(workspace, "zorglub-retire.md")
    question = "Combien de foyers ont la fibre ?"
    records["public"] = _asked(workspace, people["agnes"], question, unhidden)
    for name, filters in (
        ("prime", Filters()),
        ("within", Filters(collection=RESERVED)),
        ("nothing", Filters(collection=RESERVED, speaker="Personne")),
    ):
        records[name] = _asked(workspace, people["denis"], PRIME, filters)
    workspace.desk.remember(people["paule"], records["prime"])
    (kept_away / "zorglub-attend.md").write_text("# Zorglub en attente\n\nTexte zorglub.\n")
    workspace.generations.close()
    workspace.accounts.close()
    workspace.desk.close()
    return records


def _write_moved(corpus: Path, agents: int) -> None:
    (corpus / MOVED).write_text(
        "# Note zorglub déplacée\n\n## Effectifs\n\nL’effectif zorglub du service des paies est de "
        f"{agents} agents au 1er janvier 2026.\n",
        encoding="utf-8",
    )


def _described(file: Path) -> None:
    """Put a document of another folder into the restricted collection."""
    file.with_name(f"{file.name}.toml").write_text(f'collection = "{RESERVED}"\n', encoding="utf-8")


def _asked(workspace: Workspace, user: str, text: str, filters: Filters | None = None) -> str:
    asked = Question(text=text, filters=filters or Filters(), extractive=True, user=user)
    *_, last = ask(workspace, asked)
    assert isinstance(last, AnswerReady)
    return last.record


def tells(answered: Answered) -> bool:
    """Whether a response holds the word, in any spelling and any wrapping."""
    said = [*answered.headers.values(), *map(_readable, _unpacked(answered.body))]
    return any(MARK in _plain(one) for one in said)


def _unpacked(body: bytes) -> Iterator[bytes]:
    yield body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if body.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(body))
        yield "\n".join(page.extract_text() for page in reader.pages).encode()
        yield str(reader.metadata).encode()


def _readable(body: bytes) -> str:
    return re.sub(r"<[^>]*>", "", html.unescape(body.decode("utf-8", "replace"))) + body.decode(
        "latin-1"
    )


@cache
def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", bare)
