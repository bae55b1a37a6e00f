"""What is awaited: what a source expects, asks for or allows has not happened by that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import QuantityKind
from assistant.french.words import stem
from assistant.verification.direction import likeness
from assistant.verification.equivalences import says
from assistant.verification.statement import Segment, Source, Statement

_PLANS = (
    r"attendue?s?|prévue?s?|programmée?s?|planifiée?s?|projetée?s?|prévoi\w+|autorisée?s? à"
    r"|habilitée?s? à|demand(?:e|ent|ait|ant|é|ée)|sollicit\w+|réclam\w+|engag\w+ à|promet\w*"
    r"|vise à"
    r"|objectif|ambition|en attente|rest(?:e|ent|ait|era) à|report\w+ (?:à|au|en)|repouss\w+"
    r"|ajourn\w+|invitée?s? à"
    r"|à venir|en projet|annonc\w+|offre"
)
PLANNED = re.compile(rf"\b(?:{_PLANS})\b")
_WILL = re.compile(r"\b\w{2,}(?:era|eront|ira|iront|dra|dront|vra|vront)\b")
_AWAITED = re.compile(
    rf"\b(?:{_PLANS}|prochain\w*|sera|seront|aura|auront|chargée?s? de|d'ici|en cours|va|vont"
    r"|\w{3,}(?:era|eront|ira|iront|dra|dront|vra|vront))\b"
)
_AS_PLANNED = re.compile(r" (?:initialement |d'abord )?(?:prévu|attendu|annoncé|budgété|promis)")
_PASSIVE_PAST = re.compile(r"\b(?:a|ont) été (\w+)")
_PASSIVE_FUTURE = re.compile(r"\b(?:sera|seront|serait|seraient|(?:doi|peu)\w* être) (\w+)")
_DONE = re.compile(
    r"\b(?:a|ont|avait|avaient) (?:\w+ment |déjà |bien |tous |toutes |été |dû |pu )*"
    r"(?!prévu|programmé|demandé|annoncé|promis|proposé|envisagé|autorisé|indiqué|déclaré|décidé"
    r"|fixé|estimé"
    r"|jugé|pris en compte|dit|souhaité|expliqué|rappelé|précisé)"
    r"(?:\w+(?:é|ée|és|ées|i|ie|is|it|u|ue|us|ert|int|eint|aint)|eu|été|fait)\b"
    r"|\bs(?:'est|e sont) \w+(?:é|ée|és|ées|i|ie|is|u|ue|us)\b|\ba eu lieu|\bdéjà\b"
    r"|\best désormais (?:en|un)"
)
_AWAITED_SAID = "La source citée l’attend, le demande ou l’autorise ; la phrase le dit fait."


def check_awaited(claim: Statement, sources: Sequence[Source]) -> str | None:
    """« est attendue en décembre » is not « a eu lieu en décembre »."""
    too_soon = [_done_too_soon(claim, source) for source in sources]
    if (
        _still_to_come(claim, sources)
        or _already(claim, sources)
        or _only_planned(claim, sources)
        or (too_soon and all(too_soon))
    ):
        return _AWAITED_SAID
    return None


def _done_too_soon(claim: Statement, source: Source) -> bool:
    """The nearest stretch of a quote awaits what one of the claim says done."""
    done = [
        segment
        for segment in claim.segments
        if _DONE.search(said := words_of(claim, segment)) and not _AWAITED.search(said)
    ]
    if not done or _WILL.search(claim.plain.lower()):
        return False
    scores = [max(likeness(mine, s) for mine in done) for s in source.quote.segments]
    best = max(scores, default=0)
    nearest = [
        segment
        for score, segment in zip(scores, source.quote.segments, strict=True)
        if score == best and best > 0
    ]
    awaited = [s for s in nearest if _AWAITED.search(words_of(source.quote, s))]
    happened = [s for s in nearest if _DONE.search(words_of(source.quote, s))]
    return bool(awaited) and not happened


def _already(claim: Statement, sources: Sequence[Source]) -> bool:
    """« dispose déjà », where the quotes only await."""
    quotes = " ".join(source.quote.plain.lower() for source in sources)
    already = re.compile(r"\b(?:déjà|désormais|aujourd'hui|actuel\w*|depuis)\b")
    said = re.search(r"\bdéjà\b", claim.plain.lower()) is not None
    return said and not already.search(quotes) and _AWAITED.search(quotes) is not None


def _still_to_come(claim: Statement, sources: Sequence[Source]) -> bool:
    """« sera pris » is not « a été pris »."""
    quotes = " ".join(source.quote.plain.lower() for source in sources)
    for match in _PASSIVE_PAST.finditer(claim.plain.lower()):
        done = stem(match[1])
        past = {stem(word) for word in _PASSIVE_PAST.findall(quotes)}
        future = {stem(word) for word in _PASSIVE_FUTURE.findall(quotes)}
        if done in future and done not in past:
            return True
    return False


def _only_planned(claim: Statement, sources: Sequence[Source]) -> bool:
    """« dix-huit mois, contre neuf prévus »: it did not take nine."""
    for quantity in claim.quantities:
        if quantity.kind is QuantityKind.DATE:
            continue
        after = [
            source.quote.plain[found.end : found.end + 25].lower()
            for source in sources
            for found in says(source, claim, quantity)
        ]
        planned = [text for text in after if _AS_PLANNED.match(text)]
        if after and len(planned) == len(after) and not PLANNED.search(claim.plain.lower()):
            return True
    return False


def words_of(whole: Statement, segment: Segment) -> str:
    """A segment in lower case with its accents, and the « que » that hangs on it."""
    return whole.plain[segment.start : segment.end + len(" que")].lower()
