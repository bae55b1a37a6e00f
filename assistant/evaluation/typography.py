"""French figures and spaces, for a page that is read in French whatever the terminal speaks."""

from __future__ import annotations

from assistant.figures.typography import FRENCH, NO_BREAK, NONE

__all__ = ["NONE", "NO_BREAK", "bounds", "number", "percent", "ratio", "seconds", "typeset"]

typeset = FRENCH.typeset
number = FRENCH.number
percent = FRENCH.percent
bounds = FRENCH.bounds
ratio = FRENCH.ratio
seconds = FRENCH.seconds
