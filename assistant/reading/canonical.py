r"""The one rule that turns what a file says into canonical text.

Every offset of this program counts code points of this text, so the rule must
be deterministic: NFC; line ends are ``\n``; any run of horizontal space is one
plain space; soft hyphens, control and direction-changing characters are gone;
blocks are separated by one blank line.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.records import Block, Locator, Role
from assistant.wording import UNSAFE

_HORIZONTAL = re.compile(r"[^\S\n]+")
_AROUND_NEWLINE = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{2,}")
# A word cut at the end of a line: "déve-\nloppement". A capital or a digit after
# the hyphen is left alone ("Auvergne-\nRhône", "2025-\n2026").
_CUT_WORD = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_])(?=[a-zà-öø-ÿœæ])")


def normalise(text: str) -> str:
    """Apply the rule to one block; idempotent.

    Args:
        text: Anything a library extracted.

    Returns:
        NFC text without leading or trailing space; line ends inside it are kept,
        at most one in a row.
    """
    text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in UNSAFE)
    text = _HORIZONTAL.sub(" ", text)
    text = _AROUND_NEWLINE.sub("\n", text)
    # Dropping characters can bring a letter and its accent together.
    return unicodedata.normalize("NFC", _BLANK_LINES.sub("\n", text).strip())


def join_lines(text: str) -> str:
    """Make one paragraph of the lines of a laid-out page: cut words are rejoined."""
    return _CUT_WORD.sub("", normalise(text)).replace("\n", " ")


class CanonicalText:
    """Collects blocks in reading order and gives the text with their exact offsets."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(self, text: str, role: Role, locator: Locator) -> None:
        """Append one block; text that normalises to nothing is left out."""
        clean = normalise(text)
        if not clean:
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(clean)
        self._length += len(clean)
        self._blocks.append(Block(start=start, end=self._length, role=role, locator=locator))

    def build(self) -> tuple[str, tuple[Block, ...]]:
        """The whole text, and the blocks that tile it."""
        return "".join(self._parts), tuple(self._blocks)
