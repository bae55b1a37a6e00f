"""The words of a French text, made comparable: folded, without elision, stemmed.

Two vocabularies come out of a text. ``content_words`` are what it is about, for
overlap and coverage. ``identifiers`` are what must be found to the letter
(acronyms, article and deliberation numbers, dates, figures), for an exact
lexical field.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

from assistant.french.letters import fold, plain
from assistant.french.numbers import QuantityKind, date_says, quantities

__all__ = [
    "STOP_WORDS",
    "content_words",
    "fold",
    "identifiers",
    "raw_words",
    "stem",
    "stems",
    "terms",
]

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:'[^\W_]+)*")
_DIGIT_GROUP = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d{3}(?!\d))")
_ELISION = re.compile(
    r"(?:l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)'(?=\w)", re.IGNORECASE
)

_STOP_LIST = """
    le la les l un une des du de d au aux a et ou ni mais donc or car que qu qui quoi dont
    ce c ca cela ceci cet cette ces celui celle ceux celles ci
    je j tu il elle on nous vous ils elles me m te t se s lui leur leurs y en moi toi soi eux
    mon ma mes ton ta tes son sa ses notre nos votre vos
    quel quelle quels quelles lequel laquelle lesquels lesquelles auquel duquel desquels
    auxquels auxquelles desquelles quelque quelques quelqu chaque tout toute tous toutes
    dans par pour sur sous avec sans chez vers entre contre depuis pendant lors des afin ainsi
    alors aussi comme si tres plus moins tant autant ne n pas point jamais rien
    est es suis sommes etes sont etait etaient etais etions etre ete etant sera seront serait
    seraient fut furent soit soient
    ai as avons avez ont avait avaient avais avoir eu ayant aura auront aurait auraient ait aient
    fait font faire faisait fera feront faisant faites
    peut peuvent pouvoir pourra pourront pourrait pourraient doit doivent devoir devra devront
    devrait devraient
    comment combien quand pourquoi parce puisque lorsque puis jusque jusqu
    meme memes autre autres tel telle tels telles ici la voici voila deja encore toujours
    selon notamment egalement dela via
    m mm mme mmes mlle
    """
STOP_WORDS = frozenset(_STOP_LIST.split())


def content_words(text: str) -> list[str]:
    """The stems of the words that carry meaning, in the order of the text, repeats kept."""
    return [stem(word) for word in raw_words(text) if _carries_meaning(word)]


def stems(text: str) -> frozenset[str]:
    """The set of ``content_words``."""
    return frozenset(content_words(text))


def terms(text: str) -> frozenset[str]:
    """All that a text can be found by: its ``stems`` and its ``identifiers``."""
    return stems(text) | frozenset(identifiers(text))


def raw_words(text: str) -> list[str]:
    """Every word, elision and hyphens split, accents and case as written; figures joined."""
    joined = _DIGIT_GROUP.sub("", plain(text))
    found: list[str] = []
    for match in _WORD.finditer(joined):
        word = match.group()
        while elided := _ELISION.match(word):
            word = word[elided.end() :]
        found.append(word)
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """One word's stem, folded: « régionales » and « REGIONAL » both give ``regional``.

    The stemmer sees the accents (its verb rules need them), the result does not
    keep them.
    """
    return fold(_stemmers.french.stemWord(unicodedata.normalize("NFC", word).lower()))


class _PerThread(threading.local):
    """A Snowball stemmer is not safe between threads, so each has its own."""

    def __init__(self) -> None:
        self.french = Stemmer.Stemmer("french")


_stemmers = _PerThread()


@lru_cache(maxsize=65_536)
def _carries_meaning(word: str) -> bool:
    folded = fold(word)
    return folded not in STOP_WORDS and (len(folded) > 1 or folded.isdigit())


_ACRONYM = re.compile(r"\b(?:[A-ZÀ-Ý](?:\.[A-ZÀ-Ý]){1,9}\.?|[A-ZÀ-Ý][A-ZÀ-Ý0-9]{1,14})(?![\w'’])")


def identifiers(text: str) -> list[str]:
    """What must be found to the letter, normalised and whole, in no promised order, no repeats.

    Acronyms (``ceser``), article numbers (``l4131-1``, ``art12``), numbers of acts
    (``2025-118``), dates with their month and year (``2026-01-14``, ``2026-01``,
    ``2026``) and figures with their unit (``1200``, ``12.5%``, ``3000000€``).
    """
    found = [
        word
        for match in _ACRONYM.finditer(plain(text))
        if (word := fold(match.group().replace(".", ""))) not in STOP_WORDS
    ]
    for quantity in quantities(text):
        if quantity.kind is QuantityKind.DATE:
            found += [said for said in date_says(str(quantity.value)) if not said.startswith("--")]
        elif any(char.isdigit() for char in quantity.text) or quantity.unit:
            found.append(quantity.key)
    return list(dict.fromkeys(found))
