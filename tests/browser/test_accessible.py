"""axe-core finds no fault on any tab with something in it, light and dark, at 200 % and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Newcomer, Visit
from tests.browser.demo import ENVELOPE
from tests.browser.visitor import Visitor

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# A screen of 1366 by 900; the same at 200 %, where it has half as many points; and a phone.
WINDOWS = {"whole": (1366, 900), "zoomed": (683, 450), "phone": (390, 844)}


def answered(visitor: Visitor) -> None:
    """An answer with its source open."""
    answer = visitor.ask(ENVELOPE)
    answer.get_by_role("button", name="Ouvrir la source 1").click()
    visitor.page.wait_for_selector("#source .source .box")


def collected(visitor: Visitor) -> None:
    """Results, a source, and a basket with an excerpt."""
    visitor.search("enveloppe de la SRDIA")
    visitor.page.locator("#results [data-act=take]").first.click()
    visitor.page.wait_for_selector("#basket li")
    visitor.page.locator("#results [data-act=open]").first.click()
    visitor.page.wait_for_selector("#seen .source")


def corpus(visitor: Visitor) -> None:
    """Every document with its state."""
    visitor.tab("Corpus")
    visitor.page.wait_for_selector("#corpus-state td")


def audited(visitor: Visitor) -> None:
    """One record whole."""
    visitor.ask(ENVELOPE)
    visitor.tab("Audit")
    visitor.page.locator("#records [data-act=record]").first.click()
    visitor.page.wait_for_selector("#record h2")


def judged(visitor: Visitor) -> None:
    """One citation to judge."""
    visitor.ask(ENVELOPE)
    visitor.tab("Relecture")
    visitor.page.get_by_label("Nombre de réponses").fill("1")
    visitor.page.click("#draw-sample")
    visitor.page.locator("#samples [data-act=judge]").first.click()
    visitor.page.wait_for_selector("#judging .judging")


STATES: dict[str, tuple[str, Callable[[Visitor], None]]] = {
    "Interroger": ("rapporteur", answered),
    "Extraits": ("rapporteur", collected),
    "Corpus": ("admin", corpus),
    "Audit": ("evaluator", audited),
    "Relecture": ("evaluator", judged),
}


def faults(page: Page) -> list[str]:
    """What axe holds against the page, a line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in found
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """Points by which the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def looked_at(page: Page) -> dict[str, list[str]]:
    """The faults of what is shown, in windows of every size, light and dark."""
    found: dict[str, list[str]] = {}
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        for name, (width, height) in WINDOWS.items():
            page.set_viewport_size({"width": width, "height": height})
            found[f"{name}, {colours}"] = [] if name == "phone" else faults(page)
            if (beyond := overflow(page)) > 0:
                found[f"{name}, {colours}"].append(f"wider than its window by {beyond}")
    return {window: said for window, said in found.items() if said}


@pytest.mark.parametrize("tab", STATES)
def test_a_tab_with_something_in_it_has_no_fault_and_fits_every_window(
    visit: Visit, newcomer: Newcomer, tab: str
) -> None:
    role, fill = STATES[tab]
    visitor = visit(newcomer(role), reduced_motion="reduce")
    fill(visitor)
    visitor.still()

    assert looked_at(visitor.page) == {}


def test_the_login_page_has_no_fault_also_when_it_refuses(visit: Visit) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.page
    page.goto(f"{visitor.address}/fr/")
    assert looked_at(page) == {}

    page.fill("#nom", "personne")
    page.fill("#mot_de_passe", "un mot de passe quelconque")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")

    assert looked_at(page) == {}
