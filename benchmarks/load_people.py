"""People at their browsers: one tab asks, one tab searches, over HTTP as Gradio's page does.

What each was shown is kept, with the moment at which it came (monotonic seconds).
"""

from __future__ import annotations

import html
import json
import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from benchmarks.load_server import Server
from tests.served import Client, Page, _strings

_NEXT = "c’est ensuite votre tour"
_BEFORE = re.compile(r"(\d+) questions passent avant la vôtre")
_TRACE = re.compile(r"trace ([0-9a-z]{17})\b")
_JUDGING = "Le modèle juge les extraits"
_EVIDENCE = 'class="evidence'
_THINKS_S = (0.5, 2.0)  # after an answer, and between two searches
_SEARCHES_S = (2.0, 4.0)


@dataclass
class Asked:
    """One question on its way, as its page showed it; moments are ``None`` until they come."""

    question: str
    sent: float
    settled: bool = True  # the server had been up for a while
    noted: float | None = None  # the page says that it was heard
    evidence: float | None = None
    judging: float | None = None
    done: float | None = None
    positions: list[int] = field(default_factory=list)
    shown: str = ""
    cut: bool = False  # the server went away meanwhile
    left: bool = False  # the tab was closed
    error: str = ""

    @property
    def record(self) -> str | None:
        """The record that the answer names."""
        found = _TRACE.findall(self.shown)
        return found[-1] if found else None

    def hear(self, moment: float, said: str) -> None:
        """Take one step of the page in."""
        text = html.unescape(said)
        self.shown += text + "\n"
        if self.noted is None:
            self.noted = moment
        if self.evidence is None and _EVIDENCE in text:
            self.evidence = moment
        if self.judging is None and _JUDGING in text:
            self.judging = moment
        if (found := _BEFORE.search(text)) or _NEXT in text:
            self.positions.append(int(found[1]) if found else 1)


@dataclass(frozen=True)
class Searched:
    """One search: when, how long, what it found; ``settled`` when the server had been up."""

    query: str
    began: float
    took_s: float
    shown: str
    settled: bool


class Tab(Client):
    """One tab of a browser: what is sent back is read as it comes."""

    def steps(self, event: dict[str, Any], data: list[Any]) -> Iterator[tuple[float, str, bool]]:
        """(moment, all text of the step, whether it is the last one).

        Raises:
            OSError, HTTPException: The server went away.
            RuntimeError: It refused, or the event failed.
        """
        joined = self.join(event["id"], data)
        if joined.status != 200:
            raise RuntimeError(f"{joined.status} {joined.text[:200]}")
        path = f"{self.api}/queue/data?session_hash={self.session}"
        with self._answer("GET", path, None, {}) as response:
            for line in response:
                if not line.startswith(b"data: "):
                    continue
                message = json.loads(line[6:])
                kind = message["msg"]
                if kind in ("process_generating", "process_completed"):
                    if kind == "process_completed" and not message.get("success"):
                        raise RuntimeError(str(message.get("output"))[:300])
                    text = "\n".join(_strings(message.get("output")))
                    yield time.monotonic(), text, kind == "process_completed"
                if kind in ("process_completed", "close_stream"):
                    return
        raise HTTPException("the stream ended in the middle")


class Person:
    """Somebody with an account, their own questions and their own searches."""

    def __init__(
        self, name: str, user: str, server: Server, questions: list[str], queries: list[str]
    ) -> None:
        self.name, self.user = name, user
        self.questions, self.queries = questions, queries
        self.asked: list[Asked] = []
        self.searched: list[Searched] = []
        self.failed_searches = 0
        self.faults: list[str] = []
        self._server = server
        self._random = random.Random(name)
        self._asks, self._searches = Tab(server.port), Tab(server.port)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def enter(self) -> None:
        """Log in, once for both tabs."""
        answered = self._asks.log_in(self.name)
        if answered.status != 303:
            raise RuntimeError(f"{self.name}: {answered.status}")
        self._searches.cookie = self._asks.cookie
        self._asks.page()
        self._searches.known = self._asks.known

    def begin(self, *, asking: bool) -> None:
        """Search, and ask where wanted, until `close`."""
        self._over.clear()
        works = [self._keep_searching, *([self._keep_asking] if asking else [])]
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Close the tabs; an answer that is still coming is left."""
        self._over.set()

    def end(self) -> None:
        """Wait until both tabs are closed."""
        for thread in self._threads:
            thread.join(60)

    def history(self) -> str:
        """What « Mes questions » shows."""
        tab = Tab(self._server.port, cookie=self._asks.cookie)
        return html.unescape(tab.fire(tab.page().opening("history"), []).shown)

    def keep_an_excerpt(self) -> None:
        """Search, and take the first result into the basket."""
        tab = Tab(self._server.port, cookie=self._asks.cookie)
        page = tab.page()
        tab.fire(page.event("search-send", "click"), _data(page, "search-send", self.queries[0]))
        taken = tab.fire(page.event("results", "select"), [None], {"act": "take", "item": "0"})
        if not taken.done:
            self.faults.append(f"nothing was taken into the basket: {taken.error}")

    def basket(self) -> str:
        """What the basket shows."""
        tab = Tab(self._server.port, cookie=self._asks.cookie)
        return html.unescape(tab.fire(tab.page().opening("basket", "excerpts"), []).shown)

    def _keep_asking(self) -> None:
        self._pause((0.0, 1.0))
        for number in range(10_000):
            if not self._wait_up():
                return
            self._ask(self.questions[number % len(self.questions)])
            self._pause(_THINKS_S)

    def _ask(self, question: str) -> None:
        sent = time.monotonic()
        asked = Asked(question, sent, settled=self._server.settled(sent))
        self.asked.append(asked)
        page = self._asks.page()
        data = _data(page, "send", question)
        steps = self._asks.steps(page.event("send", "click"), data)
        try:
            for moment, text, last in steps:
                asked.hear(moment, text)
                if last:
                    asked.done = moment
                elif self._over.is_set():
                    asked.left = True
                    return
        except (OSError, HTTPException):
            asked.cut = True
        except RuntimeError as error:
            asked.error = str(error)
        finally:
            steps.close()

    def _keep_searching(self) -> None:
        self._pause((0.0, 2.0))
        number = 0
        while self._wait_up():
            self._search(self.queries[number % len(self.queries)])
            number += 1
            self._pause(_SEARCHES_S)

    def _search(self, query: str) -> None:
        page = self._searches.page()
        began, settled = time.monotonic(), self._server.settled(time.monotonic())
        shown = ""
        try:
            event = page.event("search-send", "click")
            for _, text, _ in self._searches.steps(event, _data(page, "search-send", query)):
                shown = text
        except (OSError, HTTPException, RuntimeError) as error:
            self.failed_searches += 1
            if settled and self._server.up.is_set() and self._server.alive:
                self.faults.append(f"a search failed: {error}")
            return
        took_s = time.monotonic() - began
        self.searched.append(Searched(query, began, took_s, shown, settled))

    def _wait_up(self) -> bool:
        """Wait for the server; False once it is time to leave."""
        while not self._over.is_set():
            if self._server.up.wait(0.2):
                return True
        return False

    def _pause(self, between_s: tuple[float, float]) -> None:
        self._over.wait(self._random.uniform(*between_s))


def _data(page: Page, button: str, text: str) -> list[Any]:
    """The inputs of a tab as nobody has touched them, but for the words."""
    return [text, *page.values(page.event(button, "click"))[1:]]
