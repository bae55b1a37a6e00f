"""Modality: what a source envisages, allows, requires or believes is not stated as a fact."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind, supports
from assistant.verification.awaited import PLANNED, words_of
from assistant.verification.direction import likeness
from assistant.verification.statement import Segment, Source, Statement, is_relative

# Read on lower-case text with its accents: « financerait » is a conditional, not « gérait ».
_CUES = {
    "hypothèse": re.compile(
        r"\b(?!faudrai|\w*(?:ou|li)vrai|\w*(?:ret|t|adm|nsp|asp|resp|dés|exp)irai|\w*(?:cad"
        r"|engend)rai"
        r"|\w*(?:se|ba)rrai)(?:\w*(?:er|ir|dr|rr|vr|aur)ai(?:t|ent|s)|envisag\w+|propos(?:e|ent|ait"
        r"|aient|er|ons)"
        r"|(?<!n'est )(?<!ne sont )propos(?:é|ée|és|ées) (?:de|que|d'|qu')|suggèr\w+|suggér\w+"
        r"|recommand\w+|préconis\w+"
        r"|souhait\w+|éventuel\w*|peut-être|hypothèse\w*|à l'étude|probable\w*|pas certain\w*"
        r"|incertain\w*)\b"
    ),
    "possibilité": re.compile(
        r"(?<!ne )(?<!n')(?<!n'y )\b(?:peut(?!-être)|peuvent|pourra|pourront|possibilité|faculté"
        r"|possible)\b"
    ),
    "obligation": re.compile(
        r"\b(?:doit|doivent|devra|devront|obligatoire\w*|obligation\w*|oblig(?:é|e|ent)\w*"
        r"|tenue?s? de"
        r"|impérati\w+|impose\w*|contraint\w*|exige\w*)\b"
    ),
    "condition": re.compile(
        r"\b(?:si (?=l[ae']|les|un|une|des|ce|cette|elle|on|nous|vous|son|sa|ses|aucun)|s'ils?\b"
        r"|à condition|sous réserve|en cas d[e']|sauf si|pourvu que|à moins que)"
    ),
    "avis": re.compile(
        r"\b(?:estim|jug|considèr|considér|pens|crai|croi|regrett|espèr|espér|redout)\w* "
        r"(?:\w+ )?qu[e']"
    ),
    "invitation": re.compile(
        r"\b(?:invit|incit|encourag|exhort)\w+|\bappelle\w* à|\bsont appel\w+ à"
    ),
}
_REPORTS = re.compile(
    r"\b(?:selon|d'après|pour (?:l[ea] |l')?(?:m\.|mme|\w+, )|estim\w+|jug\w+|considèr\w+|pens\w+"
    r"|crain\w+|croi\w+|indiqu\w+|déclar\w+|affirm\w+|expliqu\w+|soulign\w+|rappel\w+|précis\w+"
    r"|regrett\w+|esp[èé]r\w+|avis|opinion|dit|plaid\w+|alert\w+|redout\w+|évalu\w+|prédi\w+"
    r"|propos\w+"
    r"|trouv\w+|qualifi\w+|déplor\w+|demand\w+)\b"
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
# What lets a claim say a mood that its quote does not name.
_EXCUSES = {
    "hypothèse": re.compile(
        r"\b(?:estim|propos|offr|évalu|prévi|prévoi|prévu|objectif|cible|demand|attend|devra"
        r"|ambition|envisag"
        r"|si\b"
        r"|condition|simul|project|projet|potentiel|peuvent|peut|pourr|selon|vis(?:e|ent)\b)\w*"
    ),
    "possibilité": re.compile(
        r"\b\w{4,}(?:able|ables|ible|ibles)\b|\b(?:ouvert|permet|permi|autoris|habilit|droit"
        r"|accessible"
        r"|facult|opt|libre|maximum|maximal|jusqu|plafon|limite|sauf|condition|capacit|suffi|pouv"
        r"|peu(?:t|vent)"
        r"|propos|offr|éligib|réserv|soumis)\w*|\bne? [^.;]{0,60}qu[e']|\bquel\w* que"
    ),
}
_SAYS_POSSIBLE = re.compile(
    r"\b(?:permet\w*|permis\w*|autoris\w+|droit|ouvert\w*|accessible\w*|éligible\w*|possibilité"
    r"|libre\w*|capable\w*|susceptible\w*"
    r"|facultati\w+|seule? |en mesure|proposé\w*|offert\w*|maxim\w+)"
)
_SAYS_CONDITION = re.compile(
    r"\b(?:lorsqu|quand|dès (?:lors )?qu|une fois|pour (?:obtenir|bénéficier|être|avoir|y)|en cas"
    r"|seul\w*"
    r"|si |s'ils?\b|avec l'accord|sauf|hors|condition|réserve|sans (?:accord|avis))"
)
_MAY_NOT = re.compile(r"\b(?:ne |n')(?:l[ea] |les |y |en )?(?:peu|pou|sau)\w+")


def check_modality(claim: Statement, sources: Sequence[Source]) -> str | None:
    """The claim is as sure as its quotes."""
    lowered = claim.plain.lower()
    mine = _moods(lowered)
    everywhere: set[str] = set()
    for source in sources:
        everywhere |= _moods(source.quote.plain.lower())
    if reason := _added(mine, everywhere, claim, sources):
        return reason
    reasons = [_overstated(claim, mine, source) for source in sources]
    stated = [reason for reason in reasons if reason is None]
    return None if stated or not reasons else reasons[0]


def _added(
    mine: set[str], everywhere: set[str], claim: Statement, sources: Sequence[Source]
) -> str | None:
    """A mood that the claim has and its quotes have not."""
    quotes = " ".join(source.quote.plain.lower() for source in sources)
    weaker = {"possibilité", "hypothèse", "invitation"} & everywhere
    if "obligation" in mine and "obligation" not in everywhere and weaker:
        allows_only = _MAY_NOT.search(quotes) is not None and weaker == {"possibilité"}
        if not allows_only and not weaker & mine:
            return _ADDED["obligation"]
    for mood, excuse in _EXCUSES.items():
        softer = mood == "possibilité" and "hypothèse" in everywhere
        unsaid = mood in mine and mood not in everywhere and not softer
        if unsaid and excuse.search(quotes) is None:
            return _ADDED[mood]
    return None


def _overstated(claim: Statement, mine: set[str], source: Source) -> str | None:
    """Compare with the moods of the stretch of the quote that the claim is taken from."""
    moods = _moods_there(claim, source.quote)
    lowered = claim.plain.lower()
    reported = _REPORTS.search(lowered) is not None
    for mood, reason in _SAID_AS.items():
        if mood not in moods or mood in mine:
            continue
        if mood == "avis" and reported:
            continue
        if mood == "hypothèse" and (
            mine & {"condition"} or PLANNED.search(lowered) or "faudrai" in lowered
        ):
            continue
        if mood == "possibilité" and ("hypothèse" in mine or _SAYS_POSSIBLE.search(lowered)):
            continue
        if mood == "condition" and _SAYS_CONDITION.search(lowered):
            continue
        return reason
    return None


def _moods_there(claim: Statement, quote: Statement) -> set[str]:
    """The moods in force in the segments of a quote that the claim repeats most."""
    scores = [
        max((likeness(mine, s) for mine in claim.segments), default=0) for s in quote.segments
    ]
    held = [
        any(supports(q, asked) for q in s.quantities for asked in _figures(claim))
        for s in quote.segments
    ]
    if any(held):  # a figure that both have tells which stretch is meant
        scores = [score if has else 0 for score, has in zip(scores, held, strict=True)]
    best = max(scores, default=0)
    if best == 0:
        return _moods_of_a_quote(quote.plain.lower())
    moods: set[str] = set()
    in_force = _in_force(quote)
    for score, there, segment in zip(scores, in_force, quote.segments, strict=True):
        if score == best:
            moods |= there | _conditions(quote, segment.clause)
    return moods


def _figures(whole: Statement) -> list[Quantity]:
    return [q for q in whole.quantities if q.kind is not QuantityKind.DATE]


def _moods_of_a_quote(lowered: str) -> set[str]:
    """« il en faudrait sept » is a wish in a source; in a claim it may tell a duration."""
    return _moods(lowered) | ({"hypothèse"} if "faudrai" in lowered else set())


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
        text = words_of(quote, segment)
        own = _moods_of_a_quote(text)
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
