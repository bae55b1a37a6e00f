"""Modality: what a source envisages, allows, requires or believes is not stated as a fact."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verification.direction import likeness
from assistant.verification.statement import Segment, Source, Statement, is_relative

# Read on lower-case text with its accents: « financerait » is a conditional, not « gérait ».
_CUES = {
    "hypothèse": re.compile(
        r"\b(?:\w*(?:er|ir|dr|rr|vr|aur)ai(?:t|ent)|envisag\w+|propos(?:e|ent|ait|aient|er|é|ée|ons)"
        r"|suggèr\w+|suggér\w+|recommand\w+|préconis\w+|souhait\w+|éventuel\w*|peut-être|hypothèse\w*"
        r"|à l'étude|probable\w*)\b"
    ),
    "possibilité": re.compile(
        r"\b(?:peut(?!-être)|peuvent|pourra|pourront|possibilité|faculté|possible)\b"
    ),
    "obligation": re.compile(
        r"\b(?:doit|doivent|devra|devront|obligatoire\w*|obligation\w*|obligé\w*|tenue?s? de"
        r"|impérati\w+)\b"
    ),
    "condition": re.compile(
        r"\b(?:si (?=l[ae']|les|un|une|des|ce|cette|elle|on|nous|vous|son|sa|ses|aucun)|s'ils?\b"
        r"|à condition|sous réserve|en cas de|sauf si|pourvu que|à moins que)"
    ),
    "avis": re.compile(
        r"\b(?:estim|jug|considèr|considér|pens|crai|croi|regrett|espèr|espér|redout)\w* "
        r"(?:\w+ )?qu[e']"
    ),
}
_REPORTS = re.compile(
    r"\b(?:selon|d'après|pour (?:m\.|mme)|estim\w+|jug\w+|considèr\w+|pens\w+|crain\w+|croi\w+"
    r"|indiqu\w+|déclar\w+|affirm\w+|expliqu\w+|soulign\w+|rappel\w+|précis\w+|regrett\w+|esp[èé]r\w+"
    r"|avis|opinion|dit|plaid\w+|alert\w+|redout\w+)\b"
)
# A stretch with its own plain verb is stated, whatever stands before it.
_STATED = re.compile(r"\b(?:a|ont|est|sont|sera|seront|était|étaient|avait|avaient)\b")
_SAID_AS = {
    "hypothèse": "La source citée l’envisage ou le propose ; la phrase l’affirme.",
    "possibilité": "La source citée dit que cela est possible ; la phrase l’affirme.",
    "condition": "La source citée y met une condition que la phrase ne dit pas.",
    "avis": "La source citée rapporte un avis ; la phrase l’affirme sans dire de qui.",
}
_ADDED = {
    "hypothèse": "La phrase l’envisage ; la source citée ne dit pas que ce soit une hypothèse.",
    "possibilité": "La phrase dit que cela est possible ; la source citée ne le dit pas.",
    "obligation": "La phrase parle d’une obligation ; la source citée n’en dit rien.",
}


def check_modality(claim: Statement, sources: Sequence[Source]) -> str | None:
    """The claim is as sure as its quotes."""
    mine = _moods(claim.plain.lower())
    everywhere: set[str] = set()
    for source in sources:
        everywhere |= _moods(source.quote.plain.lower())
    for mood, reason in _ADDED.items():
        softer = mood == "possibilité" and "hypothèse" in everywhere
        if mood in mine and mood not in everywhere and not softer:
            return reason
    reasons = [_overstated(claim, mine, source) for source in sources]
    stated = [reason for reason in reasons if reason is None]
    return None if stated or not reasons else reasons[0]


def _overstated(claim: Statement, mine: set[str], source: Source) -> str | None:
    """Compare with the moods of the stretch of the quote that the claim is taken from."""
    moods = _moods_there(claim, source.quote)
    reported = _REPORTS.search(claim.plain.lower()) is not None
    for mood, reason in _SAID_AS.items():
        if mood not in moods or mood in mine:
            continue
        if mood == "avis" and reported:
            continue
        if mood == "possibilité" and "hypothèse" in mine:
            continue
        return reason
    return None


def _moods_there(claim: Statement, quote: Statement) -> set[str]:
    """The moods in force in the segments of a quote that the claim repeats most."""
    scores = [
        max((likeness(mine, s) for mine in claim.segments), default=0) for s in quote.segments
    ]
    best = max(scores, default=0)
    if best == 0:
        return _moods(quote.plain.lower())
    moods: set[str] = set()
    in_force = _in_force(quote)
    for score, there, segment in zip(scores, in_force, quote.segments, strict=True):
        if score == best:
            moods |= there | _conditions(quote, segment.clause)
    return moods


def _conditions(quote: Statement, clause: int) -> set[str]:
    """A condition said anywhere in a clause holds for the whole of it."""
    inside = [s for s in quote.segments if s.clause == clause]
    text = quote.plain[inside[0].start : inside[-1].end].lower()
    return {"condition"} if _CUES["condition"].search(text) else set()


def _in_force(quote: Statement) -> list[set[str]]:
    """For each segment, its own moods and those said before it in the same clause."""
    found: list[set[str]] = []
    carried: set[str] = set()
    clause = -1
    for segment in quote.segments:
        if segment.clause != clause:
            carried, clause = set(), segment.clause
        text = quote.plain[segment.start : segment.end + len(" que")].lower()
        own = _moods(text)
        if is_relative(segment):
            found.append(own | (carried if _after_que(segment) else set()))
            carried = found[-1] if _after_que(segment) else carried
            continue
        if _STATED.search(text) and not own:
            carried = set()
        carried = carried | own
        found.append(carried)
    return found


def _after_que(segment: Segment) -> bool:
    """« propose que … » goes on; « , qui propose … , » is an aside."""
    return re.match(r"\s*qu[e']", segment.level) is not None


def _moods(lowered: str) -> set[str]:
    return {mood for mood, cue in _CUES.items() if cue.search(lowered)}
