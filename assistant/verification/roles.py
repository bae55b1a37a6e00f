"""Roles: who acts and who is acted upon. « A saisit B » is not « B saisit A »."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.french.letters import fold
from assistant.french.words import STOP_WORDS, stem
from assistant.verification.statement import Source, Statement

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BY = re.compile(r"\bpar (?:l[ea] |l'|les |m\. |mme )?\Z")


def check_roles(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Two names on either side of a verb keep their sides, unless the voice changes with them."""
    for first, pivot, second, passive in _roles(claim):
        for source in sources:
            said = [
                (one, other, by)
                for one, middle, other, by in _roles(source.quote)
                if middle == pivot and {one, other} == {first, second}
            ]
            if said and all((one == first) == (by != passive) for one, _, by in said):
                return "Dans la source citée, les rôles sont inversés : qui agit et qui subit."
    return None


def _roles(whole: Statement) -> Iterator[tuple[str, str, str, bool]]:
    """Each (name, word between, next name), and whether the second is introduced by « par »."""
    names = list(_capitalised(whole))
    for (one, _, end), (other, start, _) in pairwise(names):
        passive = _BY.search(whole.level[:start]) is not None
        for match in _WORD.finditer(whole.plain, end, start):
            if fold(match.group()) not in STOP_WORDS and one != other:
                yield one, stem(match.group()), other, passive


def _capitalised(whole: Statement) -> Iterator[tuple[str, int, int]]:
    """Words with a capital, institutions included (« la Région »); a first article is not one."""
    for match in _WORD.finditer(whole.plain):
        word = match.group()
        if word[0].isupper() and fold(word) not in STOP_WORDS:
            yield fold(word), match.start(), match.end()
