"""A real Chromium on the real interface; every address it asks for is written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.served import PASSWORD

# Without these, Chromium itself (not the page) looks up its maker's hosts at every start.
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system."""
    program = which("chromium")
    assert program, "install chromium: `make system` does"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """One person at one browser window.

    ``foreign`` are the addresses asked for outside the interface, ``faults`` what the page's
    own scripts complained of, ``alerts`` the dialogs that somebody's text managed to open.
    """

    def __init__(self, browser: Browser, port: int, **settings: Any) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.foreign: list[str] = []
        self.faults: list[str] = []
        self.alerts: list[str] = []
        self.context: BrowserContext = browser.new_context(
            **{"viewport": {"width": 1366, "height": 900}, "locale": "fr-FR", **settings}
        )
        self.context.on("request", self._note)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "dialog", lambda dialog: (self.alerts.append(dialog.message), dialog.dismiss())
        )

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def enter(self, name: str | None = None, language: str = "fr") -> Visitor:
        """Open the page, through the login when there are accounts."""
        self.page.goto(f"{self.address}/{language}/")
        if name is not None:
            self.page.fill("#nom", name)
            self.page.fill("#mot_de_passe", PASSWORD)
            self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#send")
        self.page.wait_for_selector(".masthead")
        return self

    def tab(self, name: str) -> None:
        """Go to a tab with the mouse."""
        self.page.get_by_role("tab", name=name).click()

    def close(self) -> None:
        """Leave."""
        self.context.close()


def picture(page: Page, path: Path) -> None:
    """A screenshot of what is to be seen without scrolling."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
