"""An evaluator finds what readers hold for wrong, reads a record whole, and reviews a sample."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newcomer, Visit
from tests.browser.demo import ENVELOPE
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.workspaces import run_json

HANDS = pytest.mark.parametrize("hands", [Mouse, Keyboard])
QUESTIONS = (  # two that the corpus answers, with citations to judge, and three that it refuses
    ENVELOPE,
    "Qui porte la saisine du CESER ?",
    "Combien de licornes vivent à Rennes ?",
    "Quel est le prix du billet de train pour Lisbonne ?",
    "Qui a remporté le tour de France en 1987 ?",
)


@HANDS
def test_what_a_reader_disputes_reaches_the_evaluator(
    visit: Visit, newcomer: Newcomer, hands: type[Hands]
) -> None:
    reader = visit(newcomer("agent"))
    answer = reader.ask(ENVELOPE)
    hand = hands(reader.page)
    hand.press(answer.get_by_text("Cette réponse est fausse"))
    hand.press(answer.get_by_role("button", name="La réponse est à côté de la question"))
    expect(reader.page.locator("#doing")).to_contain_text("Signalé aux évaluateurs")

    visitor = visit(newcomer("evaluator"))
    page, hand = visitor.page, hands(visitor.page)
    hand.press(page.get_by_role("tab", name="Audit"))
    hand.tick(page.get_by_label("Signalées fausses seulement"))
    hand.press(page.get_by_role("button", name="Afficher"))
    visitor.still()
    first = page.locator("#records tbody tr").first
    expect(first).to_contain_text("à côté de la question")
    hand.press(first.get_by_role("button"))
    record = page.locator("#record")
    expect(record).to_contain_text(ENVELOPE)
    expect(record).to_contain_text("12,4 M€")
    hand.press(page.get_by_role("button", name="Vérifier la chaîne"))
    expect(page.locator("#chain .notice")).to_be_visible()


def test_a_sample_of_twenty_is_judged_whole_from_the_keyboard(
    visit: Visit, newcomer: Newcomer, demo
) -> None:
    reader = visit(newcomer("agent"))
    for number in range(20):
        reader.ask(QUESTIONS[number % len(QUESTIONS)])
    name = newcomer("evaluator")
    visitor = visit(name)
    page, hand = visitor.page, Keyboard(visitor.page)
    hand.press(page.get_by_role("tab", name="Relecture"))
    hand.write(page.get_by_label("Nombre de réponses"), "20")
    hand.press(page.get_by_role("button", name="Tirer", exact=True))
    expect(page.locator("#review-told")).to_contain_text("20 réponses")
    hand.press(page.locator("#samples").get_by_role("button", name="Juger").first)

    judging = page.locator("#judging .judging")
    expect(judging).to_be_focused()
    for said in ("citation exacte", "étayé par la source", "Vérification"):
        expect(judging).not_to_contain_text(said)  # blind to the verifier
    judged = 0
    while judging.count():
        counted = judging.locator(".count").text_content()
        letter = judging.locator("[data-letter]").first.get_attribute("data-letter")
        page.keyboard.press(letter or "")
        expect(page.locator("#judging")).not_to_contain_text(counted or "?")
        visitor.still(60)
        judged += 1

    expect(page.locator("#judging")).to_contain_text("Vous avez tout jugé")
    assert judged >= 20
    assert run_json(demo, "audit", "verify")["ok"] is True
    bilan = page.request.get(f"{visitor.address}/bilan.html")
    assert bilan.status == 200 and "Précision des citations" in bilan.text()


def test_a_note_on_one_thing_does_not_stay_for_the_next(visit: Visit, newcomer: Newcomer) -> None:
    visitor = visit(newcomer("evaluator"))
    page = visitor.page
    for question in QUESTIONS[:2]:  # a refusal is one thing to judge; two answers are more
        visitor.ask(question)
    visitor.tab("Relecture")
    page.get_by_label("Nombre de réponses").fill("2")
    page.get_by_role("button", name="Tirer", exact=True).click()
    page.locator("#samples").get_by_role("button", name="Juger").first.click()
    note = page.locator("#judging").get_by_label("Note")
    note.fill("Le montant est celui de l’axe 1.")
    page.locator("#judging [data-letter]").first.click()
    expect(page.locator("#judging .count")).to_contain_text("(1 jugé)")
    expect(note).to_have_value("")

    visitor.still()
    page.locator("#judging").get_by_role("button", name="Précédent").click()
    expect(note).to_have_value("Le montant est celui de l’axe 1.")
