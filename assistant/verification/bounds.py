"""Bounds: « plus de 300 » is neither « 300 » nor « moins de 300 »; « avant juin » is not June."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind
from assistant.verification.equivalences import says
from assistant.verification.statement import Source, Statement

_OVER = (
    r"plus d[e']|au moins|au minimum|minimum d[e']|minimale? d[e']|superieure?s? a|depass\w+"
    r"|exced\w+|au-dela d[eu']+|au-dessus d[eu']+|a partir d[e']"
)
_UNDER = (
    r"moins d[e']|au plus|au maximum|maximum d[e']|maximale? d[e']|inferieure?s? a|jusqu'a"
    r"|en dessous d[eu']+|plafonn\w+ a|limit\w+ a|dans la limite d[e']|dans les?|sous|plafond d[e']"
    r"|maximum a|au maximum a|n'excedant pas"
)
_NEARLY = (
    r"environ|pres d[e']|autour d[eu']+|quelque|de l'ordre d[e']|approximativement|a peu pres"
    r"|estimee?s? a|evaluee?s? a|quasi(?:ment)?"
)
_BEFORE = (
    r"avant(?: le| la| l'| fin)?|au plus tard(?: le| en| fin)?|d'ici(?: a| le| la)?"
    r"|jusqu'(?:au|en|a)|anterieure?s? au?"
)
_AFTER = (
    r"apres(?: le| l')?|a partir d[eu']+|a compter d[eu']+|des(?: le)?|depuis(?: le)?"
    r"|au plus tot(?: le| en| fin)?|posterieure?s? au?"
)
_NUMBER = r"\d|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|cent|mille"
_AFTERWORDS = {
    ">": re.compile(
        rf" ?(?:[\w'-]+ )?(?:au moins|au minimum|(?:ou|et) plus|minimum)\b(?! ?(?:{_NUMBER}))"
        r"| (?:[\w'-]+ ){1,3}?ou plus\b"
    ),
    "<": re.compile(
        r" ?(?:[\w'-]+ )?(?:au plus|au maximum|(?:ou|et) moins|maximum|tout au plus)\b"
        rf"(?! tot| tard| ?(?:{_NUMBER}))| (?:[\w'-]+ ){{1,3}}?ou moins\b"
    ),
}  # fmt: skip
_DATE_AFTERWORDS = {
    "<": re.compile(r" (?:au plus tard|dernier delai)\b"),
    ">": re.compile(r" au plus tot\b"),
}
_ARTICLE = r"(?:les |la |le |l'|un |une )?"
_PERIOD = r"(?:l'exercice |l'annee |le mois d[e'] ?|la rentree |la fin |fin |debut |mi-)?"
_NUMBER_BOUNDS = {
    ">": re.compile(rf"\b(?:{_OVER}) ?{_ARTICLE}\Z"),
    "<": re.compile(rf"\b(?:{_UNDER}) ?{_ARTICLE}\Z"),
    "~": re.compile(rf"\b(?:{_NEARLY}) ?{_ARTICLE}\Z"),
}
_DATE_BOUNDS = {
    "<": re.compile(rf"\b(?:{_BEFORE}) ?{_PERIOD}\Z"),
    ">": re.compile(rf"\b(?:{_AFTER}) ?{_PERIOD}\Z"),
}
_DENIED = re.compile(
    r"\b(?:n(?:e |')(?=(?:\w+ ){1,4})|ni |interdi\w+ |empech\w+ )[^.;:]{0,60}\Z",
)
_DATE_DENIED = re.compile(r"\bn(?:e |')[^.;:]{0,40}\b(?:pas|plus|jamais|aucun\w*)\b[^.;:]{0,40}\Z")
_LIMITED = re.compile(r"\blimit\w+ a ?\Z")
_FLIPPED = {">": "<", "<": ">"}
# These say no bound by themselves: « dans les 15 jours », « sous dix jours ».
_LOOSE = re.compile(r"\b(?:dans les?|sous) ?\Z")


def check_bounds(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each quantity of the claim is bounded as it is in one of the quotes."""
    for quantity in claim.quantities:
        asked = bound(claim, quantity)
        said = {
            bound(source.quote, found)
            for source in sources
            for found in says(source, claim, quantity)
            if _as_precise(found, quantity)
        }
        if not said or asked in said:
            continue
        if asked == ">" and any(
            _compared(s.quote, q) for s in sources for q in says(s, claim, quantity)
        ):
            continue  # « a doublé depuis 2019 » for « deux fois plus qu'en 2019 »
        if asked and any(_beyond(source.quote, quantity) == asked for source in sources):
            continue
        if asked == "" and any(
            _LIMITED.search(s.quote.level[: q.start])
            for s in sources
            for q in says(s, claim, quantity)
        ):
            continue  # « limitée à deux lignes » are two lines
        if asked in {"", "~"} and said & {"", "~"}:
            continue  # « environ 300 » for 300, or the reverse, misleads nobody
        return (
            f"« {quantity.text} » n’est pas entendu de la même façon dans la source "
            "(avant, après, plus de, moins de)."
        )
    return None


def bound(whole: Statement, quantity: Quantity) -> str:
    """``">"``, ``"<"``, ``"~"`` or empty: how the words around a quantity bound it."""
    before = whole.level[max(0, quantity.start - 90) : quantity.start]
    dated = quantity.kind is QuantityKind.DATE
    for sign, pattern in (_DATE_BOUNDS if dated else _NUMBER_BOUNDS).items():
        match = pattern.search(before)
        if match is None or _LOOSE.search(before):
            continue
        earlier = before[: match.start()]
        not_before = dated and sign == "<" and _DATE_DENIED.search(earlier) is not None
        denied = not_before if dated else _denied(earlier)
        return _FLIPPED.get(sign, sign) if denied else sign
    if (former := _coordinated(whole, quantity)) is not None:
        return bound(whole, former)
    after = whole.level[quantity.end : quantity.end + 40]
    for sign, pattern in (_DATE_AFTERWORDS if dated else _AFTERWORDS).items():
        if pattern.match(after):
            return sign
    return ""


def _compared(quote: Statement, quantity: Quantity) -> bool:
    """« par rapport à 2019 », « qu'en 2019 »: since then."""
    before = quote.level[: quantity.start]
    dated = quantity.kind is QuantityKind.DATE
    return dated and re.search(r"\b(?:qu'en|par rapport (?:a|au)|contre) ?\Z", before) is not None


def _beyond(quote: Statement, quantity: Quantity) -> str:
    """« entre six mois et deux ans, … au-delà »: beyond two years."""
    pattern = re.compile(r"\bentre (?:[\w'-]+ ){1,4}et \Z")
    for found in quote.quantities:
        after = quote.level[found.end :]
        if found.key == quantity.key and pattern.search(quote.level[: found.start]):
            return ">" if re.search(r"\bau-dela(?=[,.;]|$)", after) else ""
    return ""


def _denied(before: str) -> bool:
    """« ne … pas … plus de »; but « n'affiche pas les effectifs de moins de » denies the verb."""
    return _DENIED.search(before) is not None and not re.search(
        r"\b(?:d[e']|a|aux|depuis) ?\Z", before
    )


def _coordinated(whole: Statement, quantity: Quantity) -> Quantity | None:
    """The quantity before, in « plafonné à 150 000 € et à 40 % »."""
    for former in whole.quantities:
        between = whole.level[former.end : quantity.start]
        if former.end <= quantity.start and re.fullmatch(r",? (?:et|ou) (?:a|de|d') ?", between):
            return former
    return None


def _as_precise(found: Quantity, asked: Quantity) -> bool:
    return found.value == asked.value or asked.kind is not QuantityKind.DATE
