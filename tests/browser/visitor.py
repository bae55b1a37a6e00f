"""One person at one window of a real Chromium; every address it asks for is written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.served import PASSWORD

WAIT_MS = 20_000  # two slow cores, a few visitors at once
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
# Whether nothing was drawn for that long: Gradio draws an area once more when its event ends.
_STILL = """ms => new Promise(done => {
  let timer = setTimeout(done, ms);
  const seen = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, ms); });
  seen.observe(document.body, {childList: true, subtree: true, characterData: true});
  setTimeout(done, 10000);
})"""


# The line under an answer that names its record; nothing while it is drafted.
_RECORD = "document.querySelector('#answer .answer:not(.drafted) .provenance')?.textContent ?? ''"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system."""
    program = which("chromium")
    assert program, "install chromium: `make system` does"
    expect.set_options(timeout=WAIT_MS)
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
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("websocket", lambda socket: self.foreign.append(socket.url))
        self.page.on("dialog", self._hush)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.foreign.append(request.url)

    def _hush(self, dialog: Dialog) -> None:
        self.alerts.append(dialog.message)
        dialog.dismiss()

    def enter(self, name: str | None = None, language: str = "fr") -> Visitor:
        """Open the page, through the login when there are accounts."""
        self.page.goto(f"{self.address}/{language}/")
        if name is not None:
            self.page.fill("#nom", name)
            self.page.fill("#mot_de_passe", PASSWORD)
            self.page.keyboard.press("Enter")
        self.arrived()
        return self

    def arrived(self) -> None:
        """Wait until the page is there and says who is logged in."""
        self.page.wait_for_selector("#send")
        self.page.wait_for_selector(".masthead")
        self.still()

    def tab(self, name: str) -> None:
        """Go to a tab."""
        self.page.get_by_role("tab", name=name).click()
        self.still()

    def still(self, ms: int = 120) -> None:
        """Wait until nothing has been drawn for a while."""
        self.page.evaluate(_STILL, ms)

    def ask(self, question: str, *, with_model: bool = False) -> Locator:
        """Put a question and wait for its answer."""
        page = self.page
        alone = page.get_by_label("Répondre par les extraits seuls")
        if not alone.is_visible():
            page.get_by_role("button", name="Où chercher").click()
        alone.set_checked(not with_model)
        page.fill("#question textarea", question)
        former = page.evaluate(_RECORD)
        page.click("#send")
        page.wait_for_function(
            f"former => {{ const now = {_RECORD}; return now && now !== former }}", arg=former
        )
        self.still()
        return page.locator("#answer .answer")

    def search(self, words: str) -> Locator:
        """Search on the tab of excerpts, and wait for what is found."""
        self.tab("Extraits")
        self.page.fill("#search textarea", words)
        self.page.click("#search-send")
        self.page.wait_for_selector("#results .result")
        self.still()
        return self.page.locator("#results .result")

    def close(self) -> None:
        """Leave."""
        self.context.close()
