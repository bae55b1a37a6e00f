"""The door, the languages, the colours; and nothing is asked of any other machine."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newcomer, Visit
from tests.browser.demo import ADMIN, AGENT, ENVELOPE, EVALUATOR
from tests.browser.hands import Keyboard
from tests.served import PASSWORD

TABS = {
    "fr": (("Interroger", "Extraits", "Audit", "Relecture"), ("Interroger", "Extraits", "Corpus")),
    "en": (("Ask", "Excerpts", "Audit", "Review"), ("Ask", "Excerpts", "Corpus")),
}


def test_one_enters_and_leaves_with_the_keyboard_alone(visit: Visit) -> None:
    visitor = visit()
    page, hand = visitor.page, Keyboard(visitor.page)
    page.goto(f"{visitor.address}/fr/")
    expect(page.get_by_label("Identifiant")).to_be_focused()
    page.keyboard.type(AGENT)
    hand.write(page.get_by_label("Mot de passe"), "ce n’est pas le bon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("mot de passe")
    expect(page.get_by_label("Identifiant")).to_have_value(AGENT)

    hand.write(page.get_by_label("Mot de passe"), PASSWORD)
    hand.press(page.get_by_role("button", name="Se connecter"))
    visitor.arrived()
    expect(page.locator(".masthead")).to_contain_text(f"{AGENT} · agent")
    hand.press(page.get_by_role("button", name="Se déconnecter"))
    expect(page.get_by_label("Identifiant")).to_be_focused()
    page.go_back()  # the browser has kept nothing
    expect(page.get_by_label("Identifiant")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Votre question")


def test_a_session_that_ended_leads_to_the_login_page_and_back(visit: Visit) -> None:
    visitor = visit(AGENT, "en")
    page = visitor.page
    visitor.context.clear_cookies()
    page.fill("#question textarea", ENVELOPE)
    page.click("#send")
    page.wait_for_url("**/connexion?vers=/en/")
    page.fill("#nom", AGENT)
    page.fill("#mot_de_passe", PASSWORD)
    page.keyboard.press("Enter")
    visitor.arrived()
    assert page.url.endswith("/en/")


@pytest.mark.parametrize("language", TABS)
def test_every_tab_speaks_the_language_of_its_address_and_asks_nothing_elsewhere(
    visit: Visit, language: str
) -> None:
    browsers = "en-US" if language == "fr" else "fr-FR"  # the browser's own does not decide
    for name, tabs in zip((EVALUATOR, ADMIN), TABS[language], strict=True):
        visitor = visit(name, language, locale=browsers)
        page = visitor.page
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("tab")).to_have_text(list(tabs))
        for tab in tabs:
            visitor.tab(tab)
            expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        if name == ADMIN:  # words of Gradio's own parts
            given = {"fr": "Déposez des fichiers ici", "en": "Drop files here"}[language]
            expect(page.locator("#upload button")).to_have_accessible_name(re.compile(given))
        fonts = page.evaluate("[...document.fonts].filter(f => f.status !== 'unloaded').length")
        assert fonts == 0, "only fonts of this machine"
        assert visitor.foreign == []


def test_the_chosen_colours_stay(visit: Visit, newcomer: Newcomer) -> None:
    visitor = visit(newcomer("agent"), color_scheme="light")
    page = visitor.page
    paper = "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Clair ou sombre").click()
    visitor.still()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    visitor.arrived()
    assert page.evaluate(paper) == dark


def test_a_question_in_a_language_is_answered_by_the_page_of_that_language(visit: Visit) -> None:
    visitor = visit(AGENT, "en", locale="fr-FR")
    page = visitor.page
    page.get_by_role("button", name="Where to look").click()
    page.get_by_label("Answer with the excerpts alone").check()
    page.fill("#question textarea", ENVELOPE)
    page.click("#send")
    answer = page.locator("#answer .answer.answered")
    expect(answer).to_contain_text("exact quotation")
    answer.get_by_role("button", name="Open source 1").click()
    expect(page.get_by_role("region", name="Cited source")).to_be_focused()
