"""One served demo corpus for all of these tests; a browser a module, a window a person."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.demo import make_demo, take_in
from tests.browser.hostile import plant
from tests.browser.visitor import Visitor, chromium
from tests.served import add_user, served


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo corpus, and a document that attacks the page, ingested."""
    folder = make_demo(tmp_path_factory.mktemp("browser") / "demo")
    plant(folder)
    take_in(folder)
    return folder


@pytest.fixture(scope="package")
def port(demo: Path) -> Iterator[int]:
    """Where it is served."""
    with served(demo) as number:
        yield number


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not longer than a module: Playwright keeps a loop running in this thread meanwhile."""
    with chromium() as opened:
        yield opened


Visit = Callable[..., Visitor]
Newcomer = Callable[[str], str]


@pytest.fixture
def newcomer(demo: Path) -> Newcomer:
    """An account of a role that nobody used: its basket and its history are empty."""

    def made(role: str) -> str:
        name = f"{role}-{secrets.token_hex(3)}"
        add_user(demo, name, role)
        return name

    return made


@pytest.fixture
def visit(browser: Browser, port: int, demo: Path) -> Iterator[Visit]:
    """Open a window; what holds for every visit is checked when they all leave."""
    visitors: list[Visitor] = []

    def open_window(name: str | None = None, language: str = "fr", **settings: Any) -> Visitor:
        visitor = Visitor(browser, port, **settings)
        visitors.append(visitor)
        return visitor if name is None else visitor.enter(name, language)

    yield open_window
    for visitor in visitors:
        visitor.close()
    assert [address for visitor in visitors for address in visitor.foreign] == []
    assert [fault for visitor in visitors for fault in visitor.faults] == []
    assert [alert for visitor in visitors for alert in visitor.alerts] == []
    assert not (demo / "index" / "egress.log").exists()
