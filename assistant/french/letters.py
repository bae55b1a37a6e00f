"""French letters made comparable: accents, ligatures, apostrophes, hyphens, spaces.

``fold`` gives the key under which two spellings are the same word. ``plain`` and
``level`` do part of it and keep every offset, for those who must say where.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_MARKS = {
    "’": "'", "‘": "'", "ʼ": "'", "′": "'", "＇": "'",
    "‐": "-", "‑": "-", "−": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ",
}  # fmt: skip
_TYPOGRAPHY = str.maketrans(_MARKS)
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "\u00ad": ""})


def fold(text: str) -> str:
    """Lower case, accents off, ligatures open, typographic marks and spaces plain."""
    marked = text.translate(_TYPOGRAPHY).translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", marked)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.translate(_TYPOGRAPHY).lower()


def plain(text: str) -> str:
    """Typographic apostrophes, hyphens and spaces made plain; the same length as the text."""
    return text.translate(_TYPOGRAPHY)


def level(text: str) -> str:
    """``plain``, lower case and without accents; the same length as the text."""
    return "".join(_level_letter(char) for char in plain(text))


@lru_cache(maxsize=4096)
def _level_letter(char: str) -> str:
    lowered = unicodedata.normalize("NFD", char)[0].lower()
    return lowered if len(lowered) == 1 else char
