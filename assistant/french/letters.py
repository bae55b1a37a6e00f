"""French letters made comparable: accents, ligatures, apostrophes, hyphens, spaces.

``fold`` gives the key under which two spellings are the same word. ``plain`` and
``level`` do part of it and keep every offset, for those who must say where.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_MARKS = {
    "’": "'", "‘": "'", "ʼ": "'", "′": "'", "＇": "'",
    "‐": "-", "‑": "-", "−": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ",
}  # fmt: skip
_TYPOGRAPHY = str.maketrans(_MARKS)
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "\u00ad": ""})


_KNOWN = 8192  # letters; a hostile text could bring a million


class _Letters(dict[int, str]):
    """A table for ``str.translate`` that learns a letter the first time it is met."""

    def __init__(self, made: Callable[[str], str]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, code: int) -> str:
        made = self._made(chr(code))
        if len(self) < _KNOWN:
            self[code] = made
        return made


def _bare_letter(char: str) -> str:
    marked = char.translate(_TYPOGRAPHY).translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", marked)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.translate(_TYPOGRAPHY)


_BARE = _Letters(_bare_letter)


def fold(text: str) -> str:
    """Lower case, accents off, ligatures open, typographic marks and spaces plain."""
    return text.translate(_BARE).lower()


def plain(text: str) -> str:
    """Typographic apostrophes, hyphens and spaces made plain; the same length as the text."""
    return text.translate(_TYPOGRAPHY)


def level(text: str) -> str:
    """``plain``, lower case and without accents; the same length as the text."""
    return text.translate(_LEVEL)


def _level_letter(char: str) -> str:
    marked = plain(char)
    lowered = unicodedata.normalize("NFD", marked)[0].lower()
    return lowered if len(lowered) == 1 else marked


_LEVEL = _Letters(_level_letter)
