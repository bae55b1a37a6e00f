"""An agent asks, reads where the answer comes from, and says so when it is wrong."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from assistant.auditing import RecordFilter, records
from assistant.reading.pdf.page import quote_boxes
from assistant.workspace import Workspace
from tests.browser.conftest import Newcomer, Visit
from tests.browser.demo import ENVELOPE
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.browser.visitor import Visitor
from tests.workspaces import run_json

HANDS = pytest.mark.parametrize("hands", [Mouse, Keyboard])
OFF = 0.004  # of a page: less than a third of a line
SOON_S = 10.0  # while the model has both cores


@pytest.fixture(scope="module")
def files(demo: Path) -> dict[str, Path]:
    """Where each document of the corpus lies, by its id."""
    return {
        document["id"]: demo / "corpus" / document["path"]
        for document in run_json(demo, "documents")["documents"]
    }


@pytest.fixture
def workspace(demo: Path) -> Iterator[Workspace]:
    """The workspace itself, as another process opens it."""
    opened = Workspace.open(demo)
    yield opened
    opened.accounts.close()
    opened.desk.close()


def source_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Source citée")


def places(boxes: Locator, image: Locator) -> list[tuple[float, ...]]:
    """Where boxes are drawn over an image: left, top, right, bottom as fractions of it."""
    within = image.bounding_box()
    assert within is not None
    found = []
    for box in boxes.all():
        drawn = box.bounding_box()
        assert drawn is not None
        left = (drawn["x"] - within["x"]) / within["width"]
        top = (drawn["y"] - within["y"]) / within["height"]
        found.append(
            (
                left,
                top,
                left + drawn["width"] / within["width"],
                top + drawn["height"] / within["height"],
            )
        )
    return found


def expected(file: Path, number: int, quote: str) -> list[tuple[float, ...]]:
    """Where the reader of PDF files finds the words of the quotation."""
    with pypdfium2.PdfDocument(file) as document:
        width, height = document[number - 1].get_size()
    return [
        (left / width, 1 - top / height, right / width, 1 - bottom / height)
        for left, bottom, right, top in quote_boxes(file, number, quote)
    ]


def inked(box: Locator) -> float:
    """The share of dark pixels under a box: print has some, an empty margin none."""
    grey = Image.open(io.BytesIO(box.screenshot())).convert("L")
    return sum(grey.histogram()[:110]) / (grey.width * grey.height)


def check_marked(source: Locator, files: dict[str, Path]) -> None:
    """The words of the quotation are marked on the image of their page, and nothing else is."""
    image = source.get_by_role("img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 600
    asked = parse_qs(urlsplit(image.get_attribute("src") or "").query)
    quote = source.locator("blockquote").text_content() or ""
    wanted = expected(files[asked["document"][0]], int(asked["page"][0]), quote)
    boxes = source.locator(".page .box")
    drawn = places(boxes, image)
    assert len(drawn) == len(wanted) > 0
    for seen, place in zip(drawn, wanted, strict=True):
        assert seen == pytest.approx(place, abs=OFF)
        assert all(0 <= edge <= 1 for edge in seen)
    assert inked(boxes.first) > 0.03


@HANDS
def test_an_agent_goes_from_question_to_source_and_back(
    visit: Visit, newcomer: Newcomer, files: dict[str, Path], hands: type[Hands]
) -> None:
    visitor = visit(newcomer("agent"), permissions=["clipboard-read", "clipboard-write"])
    page, hand = visitor.page, hands(visitor.page)
    hand.press(page.get_by_role("button", name="Où chercher"))
    hand.tick(page.get_by_label("Répondre par les extraits seuls"))
    hand.write(page.get_by_label("Votre question"), ENVELOPE)
    hand.press(page.get_by_role("button", name="Demander"))
    answer = page.locator("#answer .answer.answered")
    expect(answer.locator(".claims li").first).to_contain_text("12,4 M€")
    expect(page.locator("#evidence li")).not_to_have_count(0)

    # from a number to the page, the words marked on it; Escape goes back to the number
    cite = answer.get_by_role("button", name="Ouvrir la source 1")
    expect(cite).to_have_text("1")
    for _ in range(2):  # the second time, the same source is there already
        hand.press(cite)
        expect(source_of(page)).to_be_focused()
        check_marked(source_of(page), files)
        page.keyboard.press("Escape")
        expect(cite).to_be_focused()

    hand.press(answer.get_by_role("button", name="Copier avec les références"))
    expect(answer.get_by_role("button", name="Copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(ENVELOPE)
    assert re.search(r"12,4 M€.* \[1\]", copied)
    assert re.search(r"\[1\] « .+ » .+p\.\s\d", copied)

    # two presses, and the evaluators know
    hand.press(answer.get_by_text("Cette réponse est fausse"))
    hand.press(answer.get_by_role("button", name="Il manque l’essentiel"))
    expect(page.locator("#doing")).to_contain_text("Signalé aux évaluateurs")

    # a follow-up says what it was taken to mean, and can be asked as it was written
    hand.write(page.get_by_label("Votre question"), "Et pour l’axe 2 ?")
    hand.press(page.get_by_role("button", name="Demander"))
    understood = page.locator("#evidence .understood")
    expect(understood).to_contain_text("Question comprise comme")
    expect(understood).to_contain_text("SRDIA")
    expect(page.locator("#answer .provenance")).to_contain_text("trace")
    visitor.still()
    hand.press(understood.get_by_role("button", name="Poser la question telle quelle"))
    expect(understood).to_have_count(0)
    expect(page.locator("#answer .provenance")).to_contain_text("trace")
    visitor.still()

    # what was asked before opens again, in another window too
    hand.press(page.get_by_role("button", name="Autre sujet"))
    expect(page.locator("#answer .answer")).to_have_count(0)
    page.reload()
    visitor.arrived()
    hand.press(page.get_by_role("button", name="Mes questions"))
    hand.press(page.locator("#history").get_by_role("button", name=ENVELOPE))
    expect(answer).to_contain_text("12,4 M€")
    hand.press(answer.get_by_role("button", name="Ouvrir la source 1"))
    expect(source_of(page)).to_be_focused()


def soon(begun: float) -> bool:
    return time.monotonic() - begun < SOON_S


def outcome(workspace: Workspace, words: str) -> str:
    """How the newest answer to a question ended."""
    return records(workspace, RecordFilter(words=words), frozenset())[0].outcome


def stopped_within_s(workspace: Workspace, words: str) -> float:
    """How long until the log says that an answer was stopped."""
    begun = time.monotonic()
    while outcome(workspace, words) != "stopped":
        assert soon(begun), outcome(workspace, words)
        time.sleep(0.1)
    return time.monotonic() - begun


def begin(visitor: Visitor, hand: Hands, question: str) -> None:
    """Ask the model, and wait until it has begun: the excerpts are there, the answer is not."""
    page = visitor.page
    hand.write(page.get_by_label("Votre question"), question)
    hand.press(page.get_by_role("button", name="Demander"))
    expect(page.locator("#answer .answer")).to_have_count(0)
    expect(page.locator("#evidence li").first).to_be_visible()
    assert page.locator("#answer .answer").count() == 0
    expect(page.locator("#doing .progress")).to_be_visible()
    expect(page.get_by_role("button", name="Arrêter")).to_be_enabled()


@pytest.mark.model
def test_the_model_answers_one_while_others_work_and_stops_when_told(
    visit: Visit, newcomer: Newcomer, workspace: Workspace
) -> None:
    asker, other, searcher = (visit(newcomer(role)) for role in ("agent", "agent", "rapporteur"))
    page, hand = asker.page, Keyboard(asker.page)
    begin(asker, hand, ENVELOPE)

    begun = time.monotonic()
    other.ask("Combien de signalements le CSIRT a-t-il traités en 2025 ?")
    assert soon(begun)
    begun = time.monotonic()
    searcher.search("locaux sans fibre")
    assert soon(begun)
    assert page.locator("#answer .answer:not(.drafted)").count() == 0, "the model was at work"

    answer = page.locator("#answer .answer.answered")
    expect(answer).to_contain_text("12,4", timeout=300_000)
    expect(answer.locator(".claims .cites button").first).to_have_text("1")
    expect(answer.locator(".provenance")).to_contain_text("Rédigé par une IA")
    asker.still()
    hand.press(answer.get_by_role("button", name="Ouvrir la source 1"))
    expect(source_of(page)).to_be_focused()
    page.keyboard.press("Escape")

    # stopped by a press: the excerpts stay, the log says so
    question = "Quel plafond d’énergie par réponse la SRDIA fixe-t-elle ?"
    begin(asker, hand, question)
    hand.press(page.get_by_role("button", name="Arrêter"))
    expect(page.locator("#doing")).to_contain_text("Arrêté")
    stopped_within_s(workspace, question)
    expect(page.locator("#evidence li").first).to_be_visible()
    expect(page.get_by_role("button", name="Arrêter")).to_be_disabled()

    # and by a window that is closed: the model is free for the next one
    question = "Combien de postes de conseillers numériques sont prévus ?"
    begin(asker, hand, question)
    asker.close()
    assert stopped_within_s(workspace, question) < 5
