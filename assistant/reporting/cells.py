"""What the tables of the report share: their heads, and how much of a long text a cell shows."""

from __future__ import annotations

from typing import Final

from assistant.figures.typography import Typography, shortened
from assistant.wording import Words

LONGEST_QUOTE: Final = 600  # characters, as the others; the files have the whole text
LONGEST_QUESTION: Final = 300
_LONGEST_NAME: Final = 120


def heads(t: Typography, words: Words) -> tuple[str, ...]:
    """The heads of a table, written as one sentence parted by bars."""
    return tuple(t.say(words).split("|"))


def named(name: str, nothing: str = "") -> str:
    """A name of somebody else's making as one short line; ``nothing`` where it is empty."""
    return shortened(name, _LONGEST_NAME) or nothing
