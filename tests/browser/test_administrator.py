"""An administrator takes documents in, withdraws one, and brings it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newcomer, Visit
from tests.browser.hands import Hands, Keyboard, Mouse

FACT = "Le fonds d’amorçage reçoit 731 000 euros."


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_document_comes_leaves_and_comes_back(
    visit: Visit, newcomer: Newcomer, tmp_path: Path, hands: type[Hands]
) -> None:
    title = f"Note d’essai {hands.__name__}"
    file = tmp_path / f"essai-{hands.__name__.lower()}.md"
    file.write_text(f"# {title}\n\n## Budget\n\n{FACT}\n", encoding="utf-8")
    visitor = visit(newcomer("admin"))
    page, hand = visitor.page, hands(visitor.page)
    hand.press(page.get_by_role("tab", name="Corpus"))
    with page.expect_file_chooser() as chooser:
        hand.press(page.get_by_role("button", name="Déposer des documents"))
    chooser.value.set_files(file)
    expect(page.locator("#upload")).to_contain_text(file.stem)
    visitor.still()
    hand.press(page.get_by_role("button", name="Déposer et prendre en compte"))
    expect(page.locator("#going .progress")).to_be_visible()
    expect(page.locator("#going")).to_contain_text("1 ajouté,", timeout=60_000)
    row = page.locator("#corpus-state tr", has_text=title)
    expect(row).to_contain_text("interrogeable")
    expect(page.locator("#changes li").first).to_contain_text(title)
    visitor.still()

    hand.press(row.get_by_role("button", name="Retirer"))
    expect(row).to_contain_text("retiré", timeout=60_000)
    visitor.still()
    hand.press(row.get_by_role("button", name="Remettre"))
    expect(row).to_contain_text("interrogeable", timeout=60_000)


def test_a_file_that_is_refused_says_why_and_what_to_do(
    visit: Visit, newcomer: Newcomer, tmp_path: Path
) -> None:
    broken = tmp_path / "abîmé.pdf"
    broken.write_bytes(b"%PDF-1.7\nceci n'est pas un PDF\n")
    visitor = visit(newcomer("admin"))
    page = visitor.page
    visitor.tab("Corpus")
    page.set_input_files("#upload input[type=file]", broken)
    visitor.still()
    page.get_by_role("button", name="Déposer et prendre en compte").click()

    banner = page.locator("#going .banner")
    expect(banner).to_contain_text("abîmé.pdf", timeout=60_000)
    row = page.locator("#corpus-state tr", has_text="abîmé.pdf")
    expect(row).to_contain_text("en échec")
    visitor.still()
    row.get_by_role("button", name="Laisser de côté").click()
    expect(row).to_contain_text("retiré", timeout=60_000)
