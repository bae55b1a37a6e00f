"""A collection kept from most people: not a word of it reaches them, by any way, in any state."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.served import (
    MARK,
    MOVED,
    OUTSIDERS,
    PRIME,
    RESERVED,
    Answered,
    Client,
    Heard,
    shared_house,
    tells,
)

pytestmark = pytest.mark.embedding

ACTS = ("withdraw", "set-aside", "readmit", "again")
QUESTIONS = (
    PRIME,
    "Quel est l’effectif du service des paies ?",
    "grille plafond 5 100 euros",
    "texte retiré, en attente",
)


@pytest.fixture(scope="module")
def home(request, tmp_path_factory):
    found = shared_house(request.config, tmp_path_factory.getbasetemp())
    yield found
    assert not found.egress.exists(), found.egress.read_text(encoding="utf-8")


class Reader:
    """Somebody who goes through the whole interface, press by press."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = client.page()

    def fire(self, elem_id: str, name: str, nth: int = 0, said: Any = None, **put: Any) -> Heard:
        """Fire an event; ``put`` gives some inputs by their place: ``_0="text"``."""
        event = self.page.event(elem_id, name, nth)
        values = self.page.values(event)
        for place, value in put.items():
            values[int(place[1:])] = value
        return self.client.fire(event, values, said)

    def open(self, elem_id: str, tab: str | None = None) -> Heard:
        """What is drawn when a tab is opened, or the page."""
        event = self.page.opening(elem_id, tab)
        return self.client.fire(event, self.page.values(event))

    def press(self, elem_id: str, act: str, item: str = "", nth: int = 0, value: str = "") -> Heard:
        said = {"act": act, "item": item, "value": value}
        return self.fire(elem_id, "select", nth, said)

    def ask(self) -> None:
        for event in self.page.events:
            if any(on in ("load", "then") for _, on in event["targets"]):
                self.client.fire(event, self.page.values(event))
        for question in QUESTIONS:
            answered = self.fire("send", "click", _0=question, _2=True)
            for number in re.findall(r'data-act="evidence" data-item="(\d+)"', answered.shown)[:3]:
                self.press("evidence", "evidence", number, nth=1)
            for place in set(re.findall(r'data-act="cite" data-item="([\d:]+)"', answered.shown)):
                self.press("answer", "cite", place)
        mine = self.open("history")
        for record in re.findall(r'data-act="reread" data-item="(\w+)"', mine.shown):
            self.press("history", "reread", record)
        self.client.get("/fr/")
        self.client.get("/fr/gradio_api/info")

    def collect(self) -> None:
        for event in self.page.events:  # among them the choices of the filters
            if self.page.tabs_of(event) == {"excerpts"}:
                self.client.fire(event, self.page.values(event))
        for question in QUESTIONS:
            found = self.fire("search-send", "click", _0=question)
            for place in re.findall(r'data-act="open" data-item="(\d+)"', found.shown)[:4]:
                self.press("results", "open", place)
                self.press("results", "take-all", place)
        drawn = self.open("basket", "excerpts")
        for kept in set(re.findall(r'data-act="open-kept" data-item="(\w+)"', drawn.shown)):
            self.press("basket", "open-kept", kept)
        for suffix in ("docx", "odt", "md"):
            self.client.get(f"/extraits.{suffix}")

    def feed(self) -> None:
        for event in self.page.events:
            if self.page.tabs_of(event) == {"corpus"} and event["backend_fn"]:
                self.client.fire(event, self.page.values(event))
        self.fire("ingest", "click")

    def audit(self) -> list[str]:
        """The records that are listed."""
        event = self.page.opening("records", "audit")
        values = self.page.values(event)
        listed: set[str] = set()
        for outcome in ("", "answered", "abstained", "open", "failed"):
            heard = self.client.fire(event, [outcome, *values[1:]])
            listed |= set(re.findall(r'data-act="record" data-item="(\w+)"', heard.shown))
        for record in listed:
            self.press("records", "record", record)
        for event in self.page.events:  # the chain is verified, too
            if self.page.tabs_of(event) == {"audit"}:
                self.client.fire(event, self.page.values(event))
        return sorted(listed)

    def review(self) -> int:
        """How many things there were to judge."""
        self.fire("draw-sample", "click", _1="20")
        seen = 0
        for act in ("judge", "compare"):
            drawn = self.open("samples", "review").shown
            for sample in set(re.findall(rf'data-act="{act}" data-item="([^"]+)"', drawn)):
                shown = self.press("samples", act, html.unescape(sample)).shown
                while following := re.search(r'data-act="skip" data-item="([^"]*)"', shown):
                    seen += 1
                    shown = self.press("judging", "skip", html.unescape(following[1])).shown
                    if seen > 30:
                        break
        for report in ("/bilan.html", "/bilan.json"):
            assert self.client.get(report).status == 200
        return seen


def leaks(client: Client) -> list[str]:
    """Where the word stands in what a person has received, with a little of what is around it."""
    return [
        f"{answered.status} …{text[max(0, text.casefold().find(MARK) - 120) :][:200]}…"
        for answered in client.seen
        if tells(answered)
        for text in [answered.text]
    ]


# --- who may read it does ---------------------------------------------------------------------


def test_whoever_may_read_the_collection_is_given_it(home):
    denis = Reader(home.browser("denis"))
    denis.ask()
    denis.collect()
    edith, diane = Reader(home.browser("edith")), Reader(home.browser("diane"))

    assert leaks(denis.client)
    assert home.records["prime"] in edith.audit()
    assert RESERVED in diane.open("corpus-state", "corpus").shown
    hidden = home.hidden_ids()[f"{RESERVED}/zorglub-grille.pdf"]
    assert denis.client.get(f"/page.png?document={hidden}&page=1").status == 200
    page = denis.client.get(f"/page.pdf?document={hidden}&start=0&end=30")
    assert page.status == 200
    assert tells(page)
    assert tells(denis.client.get("/extraits.docx"))


# --- whoever may not never receives a word ------------------------------------------------------


@pytest.mark.parametrize("name", OUTSIDERS)
def test_asking_never_gives_a_word_of_it(home, name):
    reader = Reader(home.browser(name))

    reader.ask()

    assert not leaks(reader.client)


@pytest.mark.parametrize("name", [name for name in OUTSIDERS if name != "agnes"])
def test_collecting_never_gives_a_word_of_it(home, name):
    reader = Reader(home.browser(name))

    reader.collect()

    assert not leaks(reader.client)


def test_feeding_the_corpus_never_gives_a_word_of_it(home):
    reader = Reader(home.browser("ada"))

    reader.feed()

    assert not leaks(reader.client)


def test_auditing_never_gives_a_word_of_it(home):
    reader = Reader(home.browser("eve"))

    listed = reader.audit()

    assert not leaks(reader.client)
    assert home.records["public"] in listed
    assert not {home.records[key] for key in ("prime", "within", "nothing")} & set(listed)


def test_reviewing_and_reporting_never_give_a_word_of_it(home):
    reader = Reader(home.browser("eve"))

    assert reader.review()

    assert not leaks(reader.client)


def test_what_was_kept_before_a_document_was_restricted_is_hidden_with_it(home):
    """It was anybody's when it was taken and cited; it is not any more."""
    remi = Reader(home.browser("remi"))
    assert any(e.document.path == MOVED for e in home.basket("remi"))

    remi.open("basket", "excerpts")
    mine = remi.open("history")
    remi.press("basket", "open-kept", home.basket("remi")[0].excerpt_id)
    remi.press("history", "reread", home.records["before"])
    remi.client.get("/extraits.md")

    assert home.records["before"] not in mine.shown
    assert not leaks(remi.client)


def test_who_leaves_the_group_takes_nothing_of_it_along(home):
    with home.opened() as workspace:
        assert any(e.document.collection == RESERVED for e in home.basket("paule"))
        workspace.accounts.change("paule", groups=())
    client = home.browser("paule")
    reader = Reader(client)
    drawn = reader.open("basket", "excerpts")
    mine = reader.open("history")
    reader.press("history", "reread", home.records["prime"])
    exported = client.get("/extraits.md")

    assert "fibre" in drawn.shown
    assert "fibre" in exported.text
    assert home.records["prime"] not in mine.shown
    assert not leaks(client)


# --- what is hidden is told as what does not exist ----------------------------------------------


def same(first: Answered, second: Answered, *named: str) -> bool:
    """Whether two answers are one but for the names that were asked for."""

    def bare(answered: Answered) -> tuple[int, str, dict[str, str]]:
        text = answered.text
        for name in named:
            text = text.replace(name, "")
        varying = ("date", "content-length")
        kept = {k: v for k, v in answered.headers.items() if k not in varying}
        return answered.status, text, kept

    return bare(first) == bare(second)


def said(heard: Heard, named: str) -> str:
    """All that an event came to, but for the name that was asked for."""
    return f"{heard.done} {heard.error} {heard.shown}".replace(named, "")


@pytest.mark.parametrize("name", OUTSIDERS)
def test_a_hidden_document_is_no_document(home, name):
    client = home.browser(name)
    for path, hidden in home.hidden_ids().items():
        made_up = hidden[::-1]
        for where in (
            "/page.png?document={}&page=1",
            "/page.png?document={}&page=99",
            "/page.png?document={}&page=1&width=700&langue=en",
            "/page.pdf?document={}&start=0&end=30",
            "/page.pdf?document={}&start=5000000&end=0",
        ):
            given = client.get(where.format(hidden))
            unknown = client.get(where.format(made_up))
            assert same(given, unknown, hidden, made_up), (path, where, given, unknown)
            assert given.status == (403 if name == "agnes" and "pdf" in where else 404)
    for named in (RESERVED, f"{RESERVED}/zorglub-grille.pdf", MOVED, "07bba2c9", ""):
        assert client.get(f"/page.png?{urlencode({'document': named, 'page': 1})}").status == 404


def test_a_hidden_collection_is_chosen_by_nobody_else(home):
    """By the filter of a page that never offered it, as by a name that exists nowhere."""
    decomposed = unicodedata.normalize("NFD", RESERVED)
    for name in ("agnes", "remi"):
        for elem_id, place in (("send", "_3"), ("search-send", "_1")):
            if name == "agnes" and elem_id != "send":
                continue
            told = []
            for wanted in (RESERVED, decomposed, "inexistante"):
                reader = Reader(home.browser(name))
                heard = reader.fire(elem_id, "click", **{"_0": PRIME, place: wanted})
                if elem_id == "send":
                    heard = reader.fire(
                        elem_id, "click", **{"_0": PRIME, "_2": True, place: wanted}
                    )
                shown = f"{heard.done} {heard.error} {heard.shown}".replace(wanted, "X")
                told.append(re.sub(r"1m\w{15}|\d+,\d s", "", shown))
            assert told[0] == told[1] == told[2]
            assert MARK not in told[0].casefold()


def test_a_hidden_row_of_the_corpus_is_no_row(home):
    reader = Reader(home.browser("ada"))
    before = home.kept()
    for path in (
        f"{RESERVED}/zorglub-primes.md",
        f"{RESERVED}/zorglub-attend.md",
        f"{RESERVED}/zorglub-casse.pdf",
        f"{RESERVED}/zorglub-retire.md",
        f"notes/../{RESERVED}/zorglub-primes.md",
        MOVED,
        "notes/zorglub-ailleurs.pdf",
        *home.hidden_ids().values(),
    ):
        for act in ACTS:
            heard = reader.press("corpus-state", act, path)
            unknown = reader.press("corpus-state", act, "notes/inexistante.md")
            assert said(heard, path) == said(unknown, "notes/inexistante.md"), (path, act)
    assert home.kept() == before


@pytest.mark.parametrize("spelling", ["NFC", "NFD"])
@pytest.mark.parametrize("over", [False, True])
def test_nothing_is_put_into_a_hidden_collection(home, spelling, over):
    reader = Reader(home.browser("ada"))
    before = home.kept()["corpus"]
    for name in ("zorglub-primes.md", "nouveau.md"):
        (path,) = json.loads(reader.client.upload(name, b"# Autre\n\nTexte.").body)
        named = {"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": name}
        wanted = unicodedata.normalize(spelling, RESERVED)
        heard = reader.fire("deposit", "click", _0=[named], _1=wanted, _2=over)
        assert "ne peut pas être choisie" in heard.shown + heard.error

    assert home.kept()["corpus"] == before


def test_a_hidden_record_is_no_record(home):
    reader = Reader(home.browser("eve"))
    for key in ("prime", "within", "nothing"):
        record = home.records[key]
        for wanted in (record, record[:-3]):
            made_up = f"zz{wanted[2:]}"
            heard = reader.press("records", "record", wanted)
            unknown = reader.press("records", "record", made_up)
            assert "answer" not in heard.shown, key
            assert said(heard, wanted) == said(unknown, made_up), key
