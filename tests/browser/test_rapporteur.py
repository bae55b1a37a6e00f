"""A rapporteur searches, collects, orders and notes excerpts, and takes them into a report."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Newcomer, Visit
from tests.browser.hands import Hands, Keyboard, Mouse

HANDS = pytest.mark.parametrize("hands", [Mouse, Keyboard])
NOTE = "À citer en introduction : l’enveloppe révisée."


def searched(page: Page, hand: Hands, words: str, kind: str) -> Locator:
    """The results of a search, on the tab of excerpts."""
    hand.press(page.get_by_role("tab", name="Extraits"))
    hand.write(page.get_by_label("Chercher des extraits"), words)
    hand.choose(page.get_by_label("Nature").filter(visible=True), kind)
    hand.press(page.get_by_role("button", name="Chercher", exact=True))
    found = page.locator("#results .result")
    expect(found.first).to_be_visible()
    return found


def kept(page: Page) -> list[str]:
    """The quotations in the basket, in their order."""
    return page.locator("#basket blockquote").all_text_contents()


def marked(result: Locator) -> str:
    """The sentence that is marked in a result."""
    return result.locator("mark").text_content() or ""


@HANDS
def test_excerpts_are_collected_ordered_noted_and_still_there_after_a_reload(
    visit: Visit, newcomer: Newcomer, hands: type[Hands]
) -> None:
    visitor = visit(newcomer("rapporteur"))
    page, hand = visitor.page, hands(visitor.page)
    found = searched(page, hand, "enveloppe de la SRDIA", "note")
    visitor.still()
    for reference in found.locator(".reference").all_text_contents():
        assert ", note, " in reference
    first, second = marked(found.nth(0)), marked(found.nth(1))
    if isinstance(hand, Keyboard):
        hand.reach(found.nth(0))
        page.keyboard.press("ArrowDown")
        expect(found.nth(1)).to_be_focused()
        page.keyboard.press("a")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("a")  # at once: nothing pressed is lost
        expect(found.nth(0)).to_be_focused()
    else:
        hand.press(found.nth(1).get_by_role("button", name="Prendre la phrase"))
        hand.press(found.nth(0).get_by_role("button", name="Prendre la phrase"))
    basket = page.locator("#basket")
    expect(basket.locator("li")).to_have_count(2)
    assert kept(page) == [second, first]

    # a note stays with its excerpt when the order changes, even typed and moved in one go
    note = basket.get_by_label("Note sur l’extrait 1")
    hand.write(note, NOTE)
    hand.press(basket.get_by_role("button", name="Descendre l’extrait 1"))
    expect(basket.locator("blockquote").first).to_have_text(first)
    visitor.still()
    expect(basket.get_by_label("Note sur l’extrait 1")).to_have_value("")
    expect(basket.get_by_label("Note sur l’extrait 2")).to_have_value(NOTE)
    if isinstance(hand, Keyboard):  # it went down as far as it goes: the keyboard is still on it
        expect(basket.get_by_role("button", name="Monter l’extrait 2")).to_be_focused()

    hand.press(basket.get_by_role("button", name="Retirer").first)
    expect(basket.locator("li")).to_have_count(1)
    hand.press(page.get_by_role("button", name="Annuler"))
    expect(basket.locator("li")).to_have_count(2)

    page.reload()
    visitor.arrived()
    hand.press(page.get_by_role("tab", name="Extraits"))
    expect(basket.locator("li")).to_have_count(2)
    assert kept(page) == [first, second]
    expect(basket.get_by_label("Note sur l’extrait 2")).to_have_value(NOTE)

    hand.press(basket.get_by_role("button", name="Vider le panier"))
    expect(basket).to_contain_text("Panier (0)")


def test_no_press_is_lost_however_quickly_they_come(visit: Visit, newcomer: Newcomer) -> None:
    visitor = visit(newcomer("rapporteur"))
    page = visitor.page
    found = visitor.search("stratégie de la Région pour les données")
    found.first.focus()
    for _ in range(8):
        page.keyboard.press("a")
        page.keyboard.press("ArrowDown")
    expect(page.locator("#basket li")).to_have_count(8)


@HANDS
def test_the_exact_quotation_is_in_every_file_that_is_taken_away(
    visit: Visit, newcomer: Newcomer, hands: type[Hands]
) -> None:
    visitor = visit(newcomer("rapporteur"))
    page, hand = visitor.page, hands(visitor.page)
    found = searched(page, hand, "enveloppe de la SRDIA", "stratégie")
    quote = marked(found.first)
    hand.press(found.first.get_by_role("button", name="Prendre la phrase"))
    basket = page.locator("#basket")
    expect(basket.locator("li")).to_have_count(1)
    visitor.still()
    hand.write(basket.get_by_label("Titre du document"), "Contribution sur la SRDIA")
    taken = {}
    for name, suffix in (("Word", "docx"), ("LibreOffice", "odt"), ("Markdown", "md")):
        with page.expect_download() as download:
            hand.press(basket.get_by_role("button", name=name))
        assert download.value.suggested_filename.endswith(f".{suffix}")
        taken[suffix] = Path(download.value.path()).read_bytes()

    word = "\n".join(p.text for p in docx.Document(io.BytesIO(taken["docx"])).paragraphs)
    assert quote in word
    assert "Contribution sur la SRDIA" in word
    with ZipFile(io.BytesIO(taken["odt"])) as odt:
        assert quote in odt.read("content.xml").decode()
    assert quote in taken["md"].decode()

    hand.press(found.first.get_by_role("button", name="Ouvrir"))
    source = page.get_by_role("region", name="Source citée")
    expect(source).to_be_focused()
    with page.expect_download() as download:
        hand.press(source.get_by_role("link", name="Emporter la page surlignée"))
    pages = PdfReader(download.value.path()).pages
    assert len(pages) == 1
    assert [a.get_object()["/Subtype"] for a in pages[0]["/Annots"]] == ["/Highlight"]
    hand.press(basket.get_by_role("button", name="Vider le panier"))
    expect(basket).to_contain_text("Panier (0)")
