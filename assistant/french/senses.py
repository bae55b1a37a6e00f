"""Families of sense: words that say one thing in administrative French, whatever their root.

« Confier une étude au bureau » and « le bureau est chargé de l'étude » are one fact. Who gives and
who receives, what is denied, and what is more or less are judged elsewhere: a family only says
that a word may stand for another.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.french.families import FAMILIES
from assistant.french.irregular import ROOTS
from assistant.french.synonyms import SYNONYMS
from assistant.french.words import stem

_SHORTEST_ROOT = 5
# What may follow the root that two words share: « raccord-er », « raccord-ement ».
_ENDINGS = frozenset(
    (
        *("", "e", "s", "er", "ent", "ant", "it", "ir", "iss", "issent", "u", "i", "ai", "aient"),
        *("ait", "era", "eront", "ation", "at", "ateur", "atric", "ition", "ion", "tion", "ement"),
        *("ment", "age", "ag", "ur", "ure", "eur", "eux", "euse", "if", "iv", "ibl", "abl", "anc"),
        *("enc", "ite", "al", "el", "iel", "ier", "ist", "aux", "eau", "elat", "atif", "ativ"),
        *("on", "onn", "ons", "onnement", "c", "t", "te"),
    )
)
_STRANGERS = frozenset({frozenset({"depart", "departement"}), frozenset({"commun", "commune"})})


@lru_cache(maxsize=262_144)
def akin(one: str, other: str) -> bool:
    """True for two stems (``words.stem``) of one word, one root or one family of sense."""
    return one == other or same_root(one, other) or bool(_senses(one) & _senses(other))


def same_root(one: str, other: str) -> bool:
    """True for stems that differ by an ending only: « numeriqu » and « numerisa » do not."""
    if one.removesuffix("ent") == other.removesuffix("ent"):
        return True
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    if shared < _SHORTEST_ROOT or frozenset({one, other}) in _STRANGERS:
        return False
    return one[shared:] in _ENDINGS and other[shared:] in _ENDINGS


@lru_cache(maxsize=65_536)
def _senses(root: str) -> frozenset[int]:
    """The numbers of the families of a stem."""
    beginnings, whole = _tables()
    found = set(whole.get(root, ()))
    if root.endswith("ent"):
        found |= whole.get(root.removesuffix("ent"), frozenset())
    for length in range(3, len(root) + 1):
        found |= beginnings.get(root[:length], frozenset())
    if len(root) > _SHORTEST_ROOT:  # « plafonnée » has the stem « plafon »
        found |= beginnings.get(root + root[-1], frozenset())
    return frozenset(found)


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    """Beginnings of stems and whole stems, each with the numbers of its families."""
    beginnings: dict[str, frozenset[int]] = {}
    whole: dict[str, frozenset[int]] = {}
    prefixed = [*_lines(FAMILIES), *_lines(ROOTS)]
    for number, line in enumerate(prefixed):
        for entry in line.split():
            kept = whole if entry.endswith("=") else beginnings
            key = entry.removesuffix("=")
            kept[key] = kept.get(key, frozenset()) | {number}
            for length in range(max(_SHORTEST_ROOT, len(key) - 3), len(key)):
                # « effectif » has the stem « effect »
                whole[key[:length]] = whole.get(key[:length], frozenset()) | {number}
    for number, line in enumerate(_lines(SYNONYMS), start=len(prefixed)):
        for word in line.split():
            key = stem(word)
            whole[key] = whole.get(key, frozenset()) | {number}
    return beginnings, whole


def _lines(text: str) -> list[str]:
    """One family a line, those that go on on the next line joined."""
    return text.strip().replace("\n  ", " ").splitlines()
