"""Whatever a document, a question or a note holds is shown as text: it never becomes the page."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Newcomer, Visit
from tests.browser.hostile import CODE, COLLECTION, FACT, NAME, QUESTION, RARE, SPEAKER, TITLE
from tests.browser.visitor import Visitor

# What only somebody's text can have made: none of our own markup has any of it.
_MADE = """() => [...document.querySelectorAll('*')].filter(element =>
  element.getAttributeNames().some(name => name.startsWith('on'))
  || (element.getAttribute('href') ?? '').startsWith('javascript:')
  || (element.closest('.live') && element.matches('script, iframe, object, embed, style, base'))
  || (element.matches('.live img') && !element.getAttribute('src').startsWith('/page.png?'))
).map(element => element.outerHTML.slice(0, 200))"""


def check(visitor: Visitor, *shown: tuple[Locator, str]) -> None:
    """Nothing was made of the text, nothing ran, and it is there to be read."""
    for area, words in shown:
        expect(area).to_contain_text(words)
    visitor.still()
    assert visitor.page.evaluate(_MADE) == []
    assert "\u202e" not in visitor.page.content(), "a mark that turns the text around"
    assert visitor.alerts == []
    assert visitor.faults == []


def test_hostile_text_is_only_ever_text(visit: Visit, newcomer: Newcomer) -> None:
    visitor = visit(newcomer("rapporteur"))
    page = visitor.page
    answer = visitor.ask(QUESTION)
    check(visitor, (answer, FACT), (page.locator("#evidence"), CODE))
    answer.get_by_role("button", name="Ouvrir la source 1").click()
    source = page.locator("#source .source")
    check(visitor, (source, FACT), (source, f"Montant {CODE}"), (source, TITLE.split("\u202e")[0]))
    page.get_by_role("button", name="Mes questions").click()
    check(visitor, (page.locator("#history"), QUESTION))
    page.locator("#history .opens").first.click()
    check(visitor, (page.locator("#answer"), FACT))
    assert page.locator("#question textarea").input_value() == QUESTION

    results = visitor.search(f"lutin {RARE} {CODE}")
    check(visitor, (page.locator("#results"), CODE))
    spoken = results.filter(has_text="lutin").first
    spoken.get_by_role("button", name="Ouvrir").click()
    who = SPEAKER.replace("&lt;", "<").replace("&gt;", ">")
    check(visitor, (page.locator("#seen .source"), who))
    results.filter(has_text="millions").first.get_by_role("button", name="Prendre tout").click()
    note = page.get_by_label("Note sur l’extrait 1")
    note.fill(f"{CODE}\u202e")
    note.blur()
    check(visitor, (page.locator("#basket"), FACT))
    page.reload()
    visitor.arrived()
    visitor.tab("Extraits")
    check(visitor, (page.locator("#basket"), FACT))
    assert note.input_value() == CODE
    collection = page.get_by_label("Collection").filter(visible=True)
    collection.click()
    expect(page.get_by_role("option", name=COLLECTION)).to_be_visible()
    check(visitor)


def test_hostile_text_is_only_text_for_those_who_keep_the_corpus_and_the_log(
    visit: Visit, newcomer: Newcomer
) -> None:
    keeper = visit(newcomer("admin"))
    keeper.tab("Corpus")
    table = keeper.page.locator("#corpus-state")
    check(keeper, (table, NAME), (table, COLLECTION), (table, TITLE.split("\u202e")[0]))
    check(keeper, (keeper.page.locator("#changes"), CODE))

    evaluator = visit(newcomer("evaluator"))
    evaluator.ask(QUESTION)
    evaluator.tab("Audit")
    page = evaluator.page
    check(evaluator, (page.locator("#records"), RARE))
    page.locator("#records .opens").first.click()
    check(evaluator, (page.locator("#record"), QUESTION), (page.locator("#record"), FACT))
    for folded in page.locator("#record summary").all():
        folded.click()
    check(evaluator)
    page.get_by_label("Mots de la question").fill(CODE)
    page.get_by_role("button", name="Afficher").click()
    check(evaluator, (page.locator("#records"), RARE))


def test_a_hostile_name_is_repeated_as_text(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.address}/connexion?vers=/fr/%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    page.fill("#nom", '"><img src=x onerror=alert(1)>{{this}}${alert(1)}')
    page.fill("#mot_de_passe", CODE)
    page.keyboard.press("Enter")
    check(visitor, (page.get_by_role("alert"), ""))
    assert page.input_value("#nom") == '"><img src=x onerror=alert(1)>{{this}}${alert(1)}'
