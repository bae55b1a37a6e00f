"""Actors: what one body does in the quote is not given to another by the claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.french.numbers import QuantityKind
from assistant.french.words import stem
from assistant.verification.equivalences import alike
from assistant.verification.light import LIGHT
from assistant.verification.statement import Segment, Source, Statement, matches

_BODIES = (
    r"region|departement|etat|commune|ville|mairie|municipalite|agglomeration|metropole"
    r"|intercommunalite"
    r"|conseil|bureau|societe|entreprise|association|commission|comite|prefet|prefecture"
    r"|presidente?|vice-presidente?"
    r"|maire|directeur|directrice|direction|chambre|agence|office|universite|ministere|ministre"
    r"|syndicat|groupement|fournisseur|employeur|salarie|assemblee|college|cabinet|tribunal|regie"
    r"|cooperative|federation|union|hopital|rectorat|rapporteur|rapporteure|ordonnateur|bailleur"
    r"|locataire|occupant|exploitant|proprietaire|prestataire|titulaire|delegataire|beneficiaire"
    r"|departements|communes|etudiants?|mineurs?|agents|services|usagers|chef de service|cadres?"
    r"|collectivite|employe|client|locataire|habitant|parent|eleve|patient|secretaire|tresorier"
    r"|adjointe?|deleguee?|juge|inspecteur|inspection|gestionnaire|operateur"
)
BODY = re.compile(rf"(?:{_BODIES})s?")
ACTOR_PHRASE = re.compile(
    rf"(?<![\w-])(?:{_BODIES})s?(?![\w-])(?: (?:de l[a'] ?|d[eu] |des |d')[\w-]+)?"
)
_SAME = re.compile(r" ?(?:d[eu] |d'|des |de la |de l')?")
_WORDS = re.compile(r"[\w-]{3,}")
_SUBJECT = re.compile(
    rf"(?:\A|[,;:] |\bet |\bque |\bqu')\s*(?:l[ea] |l'|les |une? |la societe "
    rf"|l'entreprise )?(?P<body>{_BODIES})\b"
)
_LEADS_OFF = frozenset(
    ["region", "etat", "departement", "prefet", "prefecture", "ministere", "ministre"]
)


@dataclass(frozen=True, slots=True)
class _Actor:
    """Who is named in a text, and where."""

    words: frozenset[str]
    start: int
    end: int


def check_actors(claim: Statement, sources: Sequence[Source]) -> str | None:
    """The body that the claim names does, in the quotes, what the claim says of it."""
    for match in _SUBJECT.finditer(claim.level):
        body = match["body"]
        known = [whole for source in sources for whole in (source.quote, source.context)]
        if body in _LEADS_OFF and not any(_speaks_of(body, whole) for whole in known):
            written = claim.text[match.start("body") : match.end("body")]
            return f"La source citée ne parle pas de « {written} »."
    named = _actors(claim)
    if len(named) != 1:
        return None
    reasons = [_done_by_another(claim, named[0], source.quote) for source in sources]
    return next((reason for reason in reasons if reason), None) if all(reasons) else None


def _speaks_of(body: str, whole: Statement) -> bool:
    if re.search(rf"\b{body}s?\b", whole.level):
        return True
    return bool(matches(frozenset([stem(body)]), whole.stems))


def _done_by_another(claim: Statement, actor: _Actor, quote: Statement) -> str | None:
    """The rest of the claim stands in a stretch with another actor, none of it beside this one."""
    rest = claim.stems - LIGHT - actor.words
    held: list[tuple[Segment, list[_Actor]]] = []
    for segment in quote.segments:
        own = _actors_in(quote, segment)
        if re.match(r"[\s,]*qui\b", segment.level) and held:
            own = held[-1][1][-1:] or own  # « le syndicat, qui apporte »
        held.append((segment, own))
    mine = [s for s, found in held if any(a.words & actor.words for a in found)]
    if not mine or not rest:
        return None
    scores = [(len(matches(rest, segment.stems)), segment, found) for segment, found in held]
    best = max(score for score, _, _ in scores)
    top = [(segment, found) for score, segment, found in scores if score == best]
    if best == 0 or len(top) != 1 or top[0][0] in mine or not top[0][1]:
        return None
    figures = {q for q in claim.quantities if q.kind is not QuantityKind.DATE}
    if any(
        matches(rest, segment.stems)
        or any(alike(q, mine) for q in segment.quantities for mine in figures)
        for segment in mine
    ):
        return None
    said = claim.text[actor.start :].split(" ")[0].strip(",;.")
    return f"Dans la source citée, cela n’est pas dit de « {said} »."


def _actors(whole: Statement) -> list[_Actor]:
    found = [
        _Actor(
            frozenset(stem(w) for w in _WORDS.findall(whole.plain[m.start() : m.end()])), *m.span()
        )
        for m in ACTOR_PHRASE.finditer(whole.level)
    ]
    found += [
        _Actor(frozenset(stem(word) for word in name.words), name.start, name.end)
        for name in whole.names
    ]
    found.sort(key=lambda actor: actor.start)
    merged: list[_Actor] = []
    for actor in found:
        if merged and _SAME.fullmatch(whole.level[merged[-1].end : actor.start]):
            merged[-1] = _Actor(merged[-1].words | actor.words, merged[-1].start, actor.end)
        else:
            merged.append(actor)
    return merged


def _actors_in(whole: Statement, segment: Segment) -> list[_Actor]:
    return [actor for actor in _actors(whole) if segment.start <= actor.start < segment.end]
