"""What people read, in French first and in English by a switch.

A sentence meant for a person is written once, in both languages, where it
arises; the language is chosen when the sentence is shown, not when it is made,
so that one running interface can serve both.
"""

from __future__ import annotations

import unicodedata
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]

# Controls, format characters (soft hyphen, zero width, bidi) and lone surrogates: what can move a
# cursor or turn a line around. Never part of canonical text, never shown.
UNSAFE = frozenset({"Cc", "Cf", "Cs"})

_language: ContextVar[Language] = ContextVar("language", default="fr")


def speak(language: Language) -> None:
    """Choose the language of everything shown from here on in this context."""
    _language.set(language)


def spoken() -> Language:
    """The language chosen for this context; French unless told otherwise."""
    return _language.get()


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence for a person, in both languages; ``str()`` picks the chosen one."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.fr if _language.get() == "fr" else self.en


def plural(number: int) -> Words:
    """The « s » that a count asks of its noun: « 0 jugement », but "0 judgements"."""
    return Words("" if abs(number) < 2 else "s", "" if number == 1 else "s")


def safe(text: str) -> str:
    """Text without control, format or direction-changing characters; line ends stay.

    Canonical text has none of these, so it passes unchanged and offsets into it hold.
    """
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in UNSAFE)
