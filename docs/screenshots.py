"""The pictures of the README, taken of the real interface on the demo corpus.

    python -m docs.screenshots

makes ``docs/interface-*.png`` (1366 by 900 points) with Chromium. The demo corpus is ingested in a
folder of its own and the real model answers one question: about three minutes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image

from tests.browser.demo import ADMIN, ENVELOPE, EVALUATOR, RAPPORTEUR, make_demo, take_in
from tests.browser.visitor import Visitor, chromium
from tests.served import served

HERE = Path(__file__).parent
COLOURS = 128


def main() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as folder:
        demo = make_demo(Path(folder) / "demo")
        take_in(demo)
        with served(demo) as port, chromium() as browser:
            reader = Visitor(browser, port, color_scheme="light").enter(RAPPORTEUR)
            reader.page.set_default_timeout(300_000)
            opened(reader, with_model=True)
            taken(reader, "interroger")
            collected(reader)
            taken(reader, "extraits")
            reader.close()
            for name, who, colours, show in (
                ("sombre", RAPPORTEUR, "dark", opened),
                ("corpus", ADMIN, "light", corpus),
                ("audit", EVALUATOR, "light", audited),
                ("relecture", EVALUATOR, "light", judged),
            ):
                visitor = Visitor(browser, port, color_scheme=colours).enter(who)
                show(visitor)
                taken(visitor, name)
                visitor.close()


def opened(visitor: Visitor, *, with_model: bool = False) -> None:
    """An answer, its source beside it."""
    answer = visitor.ask(ENVELOPE, with_model=with_model)
    visitor.page.get_by_role("button", name="Où chercher").click()
    answer.locator("[data-act=cite]").first.click()
    visitor.page.wait_for_selector("#source .source .box")


def collected(visitor: Visitor) -> None:
    """Results, and a basket."""
    found = visitor.search("raccordement à la fibre des locaux")
    for place in (0, 2):
        found.nth(place).locator("[data-act=take]").click()
        visitor.still()
    found.first.locator("[data-act=open]").click()
    visitor.page.wait_for_selector("#seen .source")


def corpus(visitor: Visitor) -> None:
    """Documents with their state."""
    visitor.tab("Corpus")
    visitor.page.wait_for_selector("#corpus-state td")


def audited(visitor: Visitor) -> None:
    """One record whole."""
    visitor.tab("Audit")
    visitor.page.locator("#records [data-act=record]").last.click()
    visitor.page.wait_for_selector("#record h2")


def judged(visitor: Visitor) -> None:
    """One citation to judge."""
    visitor.tab("Relecture")
    visitor.page.get_by_label("Nombre de réponses").fill("2")
    visitor.page.click("#draw-sample")
    visitor.page.locator("#samples [data-act=judge]").first.click()
    visitor.page.wait_for_selector("#judging .judging")


def taken(visitor: Visitor, name: str) -> None:
    """One picture, small enough for a repository."""
    visitor.still()
    visitor.page.evaluate("window.scrollTo(0, 0)")
    visitor.page.wait_for_timeout(600)
    file = HERE / f"interface-{name}.png"
    visitor.page.screenshot(path=file)
    with Image.open(file) as image:
        image.convert("RGB").quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":
    main()
