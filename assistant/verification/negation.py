"""Negation: what the source denies is not affirmed, what it affirms is not denied."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.letters import fold
from assistant.french.words import STOP_WORDS, raw_words, stem
from assistant.verification.statement import LIGHT, Source, Statement, matches

_SCOPE_WORDS = 5  # content words after « ne … pas » that it denies, at most
_NEAR_WORDS = 2  # content words after « sans », « aucun », « non »
_HALF = 0.5  # share of a denied stretch that a claim must repeat to be about it

_NE = re.compile(
    r"\bn(?:e |')(?=(?:[\w'-]+ ){0,5}?"
    r"(?:pas|plus|jamais|aucune?|rien|guere|point|personne|ni|nulle?)\b)"
)
_ALONE = re.compile(
    r"\b(?:sauf|hormis|excepte|a l'(?:exception|exclusion) d[e']s?|sans|aucune?|nulle?|ni"
    r"|non(?:-| )(?=\w)|pas d[e'])"
)
_SECOND_PARTS = frozenset(["pas", "plus", "jamais", "rien", "guere", "point", "personne"])


def check_negation(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Both sides deny the same things."""
    mine = denied(claim)
    theirs = [denied(source.quote) for source in sources]
    for scope in mine:
        if not any(_same(scope, other) for scopes in theirs for other in scopes):
            return "La phrase nie ce que la source citée ne nie pas."
    for source, scopes in zip(sources, theirs, strict=True):
        for scope in scopes:
            if not scope or len(matches(scope, claim.stems)) < _HALF * len(scope):
                continue
            if any(_same(scope, other) for other in mine):
                continue
            if not _affirmed_elsewhere(scope, source, sources, theirs):
                return "La source citée nie ce que la phrase affirme."
    return None


def denied(whole: Statement) -> list[frozenset[str]]:
    """For each negation of a text, the content stems it bears on."""
    scopes: list[frozenset[str]] = []
    for cue in _NE.finditer(whole.level):
        scopes.append(_scope(whole, cue.end(), _SCOPE_WORDS))
    for cue in _ALONE.finditer(whole.level):
        scopes.append(_scope(whole, cue.end(), _NEAR_WORDS))
    return scopes


def _scope(whole: Statement, start: int, most: int) -> frozenset[str]:
    """The content stems after a cue, up to the end of its segment."""
    end = next((s.end for s in whole.segments if s.start <= start < s.end), len(whole.text))
    if re.match(r"qu[e']", whole.level[end:]):  # « ne dit pas que … » denies what follows
        end = next((s.end for s in whole.segments if s.start <= end < s.end), len(whole.text))
    busy = [(q.start, q.end) for q in whole.quantities if start <= q.start < end]
    stretch = "".join(
        " " if any(a <= place < b for a, b in busy) else whole.text[place]
        for place in range(start, min(end, len(whole.text)))
    )
    words = [
        stem(word)
        for word in raw_words(stretch)
        if len(word) > 1 and fold(word) not in STOP_WORDS | _SECOND_PARTS
    ]
    telling = [word for word in words if word not in LIGHT]
    return frozenset((telling or words)[:most])


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(matches(one, other))


def _affirmed_elsewhere(
    scope: frozenset[str],
    denier: Source,
    sources: Sequence[Source],
    denials: Sequence[list[frozenset[str]]],
) -> bool:
    """True when another cited quote says the same words without denying them."""
    for source, scopes in zip(sources, denials, strict=True):
        if source is denier:
            continue
        says = len(matches(scope, source.quote.stems)) >= _HALF * len(scope)
        if says and not any(_same(scope, other) for other in scopes):
            return True
    return False
