"""Coverage: the words of the claim are the words of its quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.letters import fold
from assistant.french.numbers import QuantityKind
from assistant.french.words import raw_words, stem
from assistant.verification.direction import DOWN, UP
from assistant.verification.statement import LIGHT, Source, Statement, matches

# One content word in five may be the model's own (a verb, a link word); with two in
# five another subject slips in. So under five content words none may be missing.
COVERAGE_THRESHOLD = 0.8
# Two words of a single family of sense count as one.
_FAMILIES = tuple(
    re.compile(rf"(?:{family})\Z")
    for family in (
        UP,
        DOWN,
        r"vot\w*|adopt\w*|approuv\w*|approb\w*|valid\w*|deliber\w*",
        r"cre|creat\w*|creation\w*|cree\w*|institu\w*|mis|mettr\w*|instaur\w*",
        r"commenc\w*|debut\w*|demarr\w*|lanc\w*",
        r"termin\w*|achev\w*|fin|fini\w*|conclu\w*",
        r"consacr\w*|allou\w*|attribu\w*|accord\w*|octroi\w*|affect\w*|destin\w*|dedi\w*|reserv\w*"
        r"|mobilis\w*|depens\w*|finan\w*|vers\w*|invest\w*",
        r"prevoi\w*|prevu\w*|prevision\w*|program\w*|planifi\w*",
        r"transm\w*|remi\w*|remett\w*|envo\w*|adress\w*",
        r"expliqu\w*|rais\w*|motif\w*|caus\w*",
        r"pres\w*|present\w*|expos\w*",
        r"chois\w*|choix|reten\w*|retien\w*|retenu\w*|design\w*|selection\w*",
        r"reun\w*|rencontr\w*",
        r"besoin\w*|necess\w*|necessit\w*",
        r"rec|recoi\w*|recev\w*|recu\w*|recept\w*|benefic\w*",
        r"ouvr\w*|ouvert\w*",
        r"maxim\w*",
        r"minim\w*",
        r"obten\w*|obtien\w*|obtin\w*",
        r"vien\w*|ven|venu\w*|venir",
        r"soum\w*|soumet\w*",
        r"constru\w*|bat\w*|edif\w*",
        r"elu\w*|elect\w*|elir\w*|elis\w*",
        r"acquer\w*|acquis\w*|achat\w*|achet\w*",
    )
)


def check_coverage(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Enough content words are in the quotes, and all of those that stand with a figure."""
    asked = _asked(claim)
    if not asked and not claim.quantities and not claim.names:
        return "La phrase ne dit rien qui puisse être vérifié."
    missing = missing_stems(claim, sources)
    if not missing:
        return None
    with_figure = {
        word
        for segment in claim.segments
        if any(q.kind is not QuantityKind.DATE for q in segment.quantities)
        for word in segment.stems
    }
    enough = len(asked) - len(missing) >= COVERAGE_THRESHOLD * len(asked)
    if enough and not missing & with_figure:
        return None
    written = _as_written(claim, missing)
    return f"Ces mots ne se retrouvent pas dans la source citée : {', '.join(written)}."


def missing_stems(claim: Statement, sources: Sequence[Source]) -> frozenset[str]:
    """Content stems of the claim that neither the quotes nor their documents' names have."""
    asked = _asked(claim)
    known: frozenset[str] = frozenset()
    for source in sources:
        known |= source.quote.stems | source.context.stems
    missing = asked - matches(asked, known)
    return frozenset(word for word in missing if not _family_in(word, known))


def _asked(claim: Statement) -> frozenset[str]:
    in_names = {stem(word) for name in claim.names for word in raw_words(name.text)}
    return claim.stems - LIGHT - in_names


def _family_in(word: str, known: frozenset[str]) -> bool:
    for family in _FAMILIES:
        if family.match(word):
            return any(family.match(other) for other in known)
    return False


def _as_written(claim: Statement, missing: frozenset[str]) -> list[str]:
    written = dict.fromkeys(w for w in raw_words(claim.text) if stem(w) in missing)
    return [f"« {word} »" for word in written if fold(word)][:4]
