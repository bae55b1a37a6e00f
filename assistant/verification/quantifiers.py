"""Quantifiers: « certaines communes » are not « les communes », « aussi » is not « seulement »."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.senses import same_root
from assistant.french.words import stem
from assistant.verification.statement import Source, Statement

_SOME = re.compile(
    r"\b(?:certaine?s|quelques|plusieurs|la plupart des|une partie des|la majorite des|beaucoup de"
    r"|de nombreu(?:x|ses)|peu de|de rares|une minorite de|une dizaine de|presque (?:tous"
    r"|toutes) les)"
    r" (?P<noun>[^\W\d_][\w-]{2,})"
)
_ALL_OF = re.compile(r"\b(?:les|tous les|toutes les|chaque|aux) (?P<noun>[^\W\d_][\w-]{2,})")
_TEMPERED = re.compile(
    r"\b(?:certaine?s|quelques|plusieurs|plupart|partie|major\w+|beaucoup|nombreu\w+|peu|rares?"
    r"|minorite|souvent|parfois|general\w*|presque|surtout|notamment|principalement|dizaine|parmi"
    r"|d'entre|quelquefois|tendance|peuvent|peut|des)\b"
)
_ONLY = re.compile(
    r"\b(?:seulement|uniquement|exclusivement|rien que|a l'exclusion)\b|\bseule?s? (?:l[ae]s?|un"
    r"|une)\b"
    r"|\bn(?:e |')(?![^.;:]*\b(?:plus|pas|jamais)\b)[^.;:]{1,60}?\bqu(?:e |')(?!\W*\d|en |au |a )"
)
_LIMITS = re.compile(
    r"\b(?:seule?s?|seulement|uniquement|exclusi\w+|unique\w*|reserv\w+|limit\w+|sauf|hors|hormis"
    r"|exclu\w*|aucun\w*|au plus|maxim\w+|rien|strict\w+|interdi\w+|sans|sinon|entierement"
    r"|toute?s?|tous|obligatoire\w*|quel\w* que|encore|a peine|moins|autres?)\b"
    r"|\bn(?:e |')[^.;:]{1,80}?\b(?:que |qu'|pas|aucun|jamais|peut|peuvent)"
)


def check_quantifiers(claim: Statement, sources: Sequence[Source]) -> str | None:
    """A claim is as wide, and as narrow, as its quotes."""
    quotes = [source.quote for source in sources]
    for quote in quotes:
        for some in _SOME.finditer(quote.level):
            if _TEMPERED.search(claim.level) or claim.quantities:
                continue
            if any(_same(some["noun"], every["noun"]) for every in _ALL_OF.finditer(claim.level)):
                return "La source citée ne le dit que d’une partie ; la phrase le dit de tous."
    if _ONLY.search(claim.level) and not any(_LIMITS.search(quote.level) for quote in quotes):
        return "La phrase y met une exclusivité que la source citée ne dit pas."
    return None


def _same(one: str, other: str) -> bool:
    return same_root(stem(one), stem(other))
