"""An agent asks, reads where the answer comes from, and says so when it is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.demo import AGENT, ENVELOPE
from tests.browser.hands import Hands, Keyboard, Mouse

HANDS = pytest.mark.parametrize("hands", [Mouse, Keyboard])


@HANDS
def test_an_agent_goes_from_question_to_source_and_back(visit: Visit, hands: type[Hands]) -> None:
    visitor = visit(AGENT)
    page, hand = visitor.page, hands(visitor.page)
    hand.press(page.get_by_role("button", name="Où chercher"))
    hand.tick(page.get_by_label("Répondre par les extraits seuls"))
    hand.write(page.get_by_label("Votre question"), ENVELOPE)
    hand.press(page.get_by_role("button", name="Demander"))

    answer = page.locator("#answer .answer.answered")
    expect(answer).to_contain_text("12,4 M€")
    visitor.still()
    cite = answer.get_by_role("button", name="Ouvrir la source 1")
    expect(cite).to_have_text("1")
    hand.press(cite)
    source = page.get_by_role("region", name="Source citée")
    expect(source).to_be_focused()
    expect(source.locator(".page .box").first).to_be_visible()

    page.keyboard.press("Escape")
    expect(cite).to_be_focused()
