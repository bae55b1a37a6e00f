"""What a file's name and first lines suggest, when nobody said anything."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from assistant.records import DocumentKind, Reading, Role, Status

_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})([-_.]?)(\d{2})\2(\d{2})(?!\d)")
_FRENCH = re.compile(r"(?<!\d)(\d{2})([-_.])(\d{2})\2((?:19|20)\d{2})(?!\d)")
_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
# Only where a text dates itself: a date met in passing is the date of something else.
_DATED = re.compile(
    r"(?:seance|audition|reunion|session|deliberation|avis|rapport|version|assemblee pleniere|fait)"
    r"(?: [a-z]+){0,3}?,? (?:du|en date du|le)(?: (?:lundi|mardi|mercredi|jeudi|vendredi|samedi))?"
    rf" (\d{{1,2}})(?:er)? ({'|'.join(_MONTHS)}) ((?:19|20)\d{{2}})\b"
)
_FIRST_CHARS = 1500
_FIRST_BLOCKS = 6
_TITLE_CHARS = 200
_WORDS_OF_KINDS = {
    "compte rendu": DocumentKind.MINUTES,
    "cr": DocumentKind.MINUTES,
    "proces verbal": DocumentKind.MINUTES,
    "pv": DocumentKind.MINUTES,
    "releve de decisions": DocumentKind.MINUTES,
    "audition": DocumentKind.HEARING,
    "auditions": DocumentKind.HEARING,
    "verbatim": DocumentKind.HEARING,
    "transcription": DocumentKind.HEARING,
    "deliberation": DocumentKind.DELIBERATION,
    "avis": DocumentKind.OPINION,
    "contribution": DocumentKind.OPINION,
    "rapport": DocumentKind.REPORT,
    "strategie": DocumentKind.STRATEGY,
    "scoran": DocumentKind.STRATEGY,
    "srdia": DocumentKind.STRATEGY,
    "note": DocumentKind.NOTE,
    "courrier": DocumentKind.LETTER,
    "lettre": DocumentKind.LETTER,
}
_KIND_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(_WORDS_OF_KINDS, key=len, reverse=True))})\b")
_PROVISIONAL = re.compile(
    r"\b(?:provisoires?|brouillon|draft|document de travail"
    r"|projet d(?:e|u|es)? ?(?:deliberation|avis|rapport|contribution|strategie|note))\b"
)


def plausible_day(day: date) -> bool:
    """False for the epochs and far futures that programs write when they know nothing."""
    return date(1945, 1, 1) <= day <= date.today() + timedelta(days=366) and day not in (
        date(1970, 1, 1),
        date(1980, 1, 1),
        date(2000, 1, 1),
    )


def day_in_name(stem: str) -> date | None:
    """``2026-01-14``, ``20260114`` or ``14-01-2026`` in a file's name."""
    for found in _ISO.finditer(stem):
        if day := _day(found[1], found[3], found[4]):
            return day
    for found in _FRENCH.finditer(stem):
        if day := _day(found[4], found[3], found[1]):
            return day
    return None


def day_in_text(reading: Reading) -> date | None:
    """« Séance du 14 janvier 2026 » in the first lines."""
    found = _DATED.search(_folded(reading.text[:_FIRST_CHARS], keep=","))
    return _day(found[3], str(_MONTHS.index(found[2]) + 1), found[1]) if found else None


def kind_of_text(reading: Reading) -> DocumentKind | None:
    """A text of which most is speech is a hearing."""
    turns = sum(block.end - block.start for block in reading.blocks if block.role is Role.TURN)
    return DocumentKind.HEARING if turns * 2 > len(reading.text) else None


def kind_in_words(words: str) -> DocumentKind | None:
    """The first word of a name or a title that says what the document is."""
    found = _KIND_WORDS.search(_folded(words))
    return _WORDS_OF_KINDS[found[0]] if found else None


def status_in_words(words: str) -> Status | None:
    """Provisional when the name says so; nothing else is deduced."""
    return Status.PROVISIONAL if _PROVISIONAL.search(_folded(words)) else None


def title_in_text(reading: Reading) -> str | None:
    """The first heading, if it stands at the top."""
    for block in reading.blocks[:_FIRST_BLOCKS]:
        if block.role is Role.HEADING and block.end - block.start <= _TITLE_CHARS:
            return reading.text[block.start : block.end].replace("\n", " ")
    return None


def title_of_name(stem: str) -> str:
    """A file's name as a title: ``compte-rendu_2026`` is « Compte rendu 2026 »."""
    dates = [found.span() for found in _ISO.finditer(stem)]
    spaced = "".join(
        " " if c in "-_" and not any(a <= at < b for a, b in dates) else c
        for at, c in enumerate(stem)
    )
    words = " ".join(spaced.split())
    return words[:1].upper() + words[1:]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if plausible_day(found) else None


def _folded(words: str, keep: str = "") -> str:
    """Lower case without accents; everything but letters, digits and ``keep`` is a space."""
    bare = unicodedata.normalize("NFD", words.casefold())
    kept = (c if c.isalnum() or c in keep else " " for c in bare if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
