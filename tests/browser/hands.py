"""The two ways to use a page: a mouse, or a keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

_MOST_TABS = 150
_FOCUSED = "e => e === document.activeElement"


class Mouse:
    """Points and presses; types where it has pointed."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """A button, a link, a tab, a fold."""
        target.click()

    def tick(self, target: Locator) -> None:
        """A box to tick."""
        target.click()

    def write(self, target: Locator, words: str) -> None:
        """Words in place of those of a field."""
        target.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, target: Locator, choice: str) -> None:
        """One choice of a list."""
        target.click()
        self.page.get_by_role("option", name=choice, exact=True).click()


class Keyboard:
    """Never touches the mouse: goes from part to part with Tab, as far as it takes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Go to a part of the page; what Tab does not reach, nobody without a mouse does."""
        expect(target).to_be_visible()
        for _ in range(_MOST_TABS):
            if target.evaluate(_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Space")

    def write(self, target: Locator, words: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, target: Locator, choice: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(choice)
        expect(self.page.get_by_role("option", name=choice, exact=True)).to_be_visible()
        self.page.keyboard.press("Enter")


Hands = Mouse | Keyboard
