"""Comparisons that no word of the quote makes, and its figures deny or bear out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.french.numbers import Quantity, QuantityKind, supports
from assistant.verification.light import LIGHT
from assistant.verification.opposites import DOWN, UP
from assistant.verification.statement import Source, Statement, matches

_COMPARED = (QuantityKind.NUMBER, QuantityKind.AMOUNT, QuantityKind.PERCENTAGE)
_MORE = re.compile(r"\b(?:plus|davantage|superieure?s?|mieux|au-dessus|depass\w+|exced\w+)\b")
_LESS = re.compile(r"\b(?:moins|inferieure?s?|au-dessous|en dessous)\b")
_THAN = re.compile(r"\b(?:que|qu'|a l[ea'] ?|aux?|d[eu] l[ea']?|celui|celle|ceux|celles)\b")
# An amount of change: « augmente de 3 % »; a level: « passe à 3 % ».
_BY = re.compile(
    rf"(?<!\w)(?:{UP}|{DOWN}|perdu|perd|gagne\w*|ecart|depass\w+|superieure?s?|inferieure?s?"
    rf"|allong\w+"
    r"|rallong\w+|raccourci\w*|vari\w+|evolu\w+|evolution|hausse|gain|bond|ameliore\w*|degrad\w+"
    r"|modifi\w+"
    r"|differenc\w+|retard\w*|avance\w*|decal\w*|prorog\w*|prolong\w*|releve\w*|supplement\w*)"
    r"(?: (?!est\b|sont\b|etait\b)[\w'-]+){0,3}? d(?:e |')(?:pres d[e'] ?|environ |plus d[e'] ?"
    r"|moins d[e'] ?|l[ea] "
    r"|quelque )?\Z"
)
_MORE_BY = re.compile(
    r" (?:[\w'-]+ ){0,4}?(?:de plus|de moins|supplementaires?|en plus|en moins|d'ecart"
    r"|de hausse|de baisse|de retard|d'avance)\b"
)
_STATES = re.compile(
    r"\b(?:dure\w*|est de|etait de|sont de|atteint|atteignait|s'eleve a|s'elevait a|s'etablit a"
    r"|compte)"
    r" (?:environ |pres de |quelque )?\Z"
)
_LEVEL = re.compile(
    r"(?<!\w)(?:a|jusqu'a|atteint|est de|etait de|s'etablit a) (?:pres de |environ )?\Z"
)
_TIMES = {
    2: re.compile(
        r"\bdoubl\w+|\bdeux fois(?= (?:plus|moins|sup|inf|celui|celle))|\bmultipli\w+ par deux"
    ),
    3: re.compile(
        r"\btripl\w+|\btrois fois(?= (?:plus|moins|sup|inf|celui|celle))|\bmultipli\w+ par trois"
    ),
    4: re.compile(
        r"\bquadrupl\w+|\bquatre fois(?= (?:plus|moins|sup|inf|celui|celle))"
        r"|\bmultipli\w+ par quatre"
    ),
    5: re.compile(r"\bquintupl\w+|\bcinq fois(?= (?:plus|moins|sup|inf|celui|celle))"),
    10: re.compile(r"\bdecupl\w+|\bdix fois(?= (?:plus|moins|sup|inf|celui|celle))"),
}
_TO = re.compile(r"[^;.,]{0,30}?(?<!\w)a (?:pres de |environ |plus de )?(?=\d)")
_AGO = re.compile(r" (?:plus tot|plus tard|auparavant|avant|apres)\b")
_BEFORE_BY = re.compile(
    r"(?:hausse|baisse|progression|recul|diminution|augmentation|reduction|croissance|ecart"
    r"|economie"
    r"|chute|gain|perte|difference|soit|[+-]) ?(?:est |etait |atteint |s'eleve a |representait )?"
    r"(?:d(?:e |'))?(?:pres d[e'] ?|environ |quelque )?\Z"
)


def check_change(claim: Statement, sources: Sequence[Source]) -> str | None:
    """A figure that says by how much in the claim says so in a quote: it is not a level."""
    for quantity in claim.quantities:
        if quantity.kind not in _COMPARED:
            continue
        if not _is_change(claim, quantity):
            if _is_a_level(claim, quantity) and _only_a_change(quantity, sources):
                return f"Dans la source citée, « {quantity.text} » est une variation."
            continue
        found = [
            (source.quote, q)
            for source in sources
            for q in source.quote.quantities
            if supports(q, quantity)
        ]
        if found and not any(_is_change(quote, q) or _loose(quote, q) for quote, q in found):
            return f"Dans la source citée, « {quantity.text} » n’est pas une variation."
    return None


def _is_a_level(claim: Statement, quantity: Quantity) -> bool:
    """« a duré quinze jours », « atteint 3 % », with no word of change beside it."""
    segment = next(s for s in claim.segments if quantity in s.quantities)
    changes = re.compile(rf"(?<!\w)(?:{UP}|{DOWN}|plus|moins|supplement\w*|ecart\w*|variation\w*)")
    before = claim.level[: quantity.start]
    return _STATES.search(before) is not None and changes.search(segment.level) is None


def _only_a_change(quantity: Quantity, sources: Sequence[Source]) -> bool:
    found = [
        (source.quote, q)
        for source in sources
        for q in source.quote.quantities
        if supports(q, quantity)
    ]
    return bool(found) and all(
        _BY.search(quote.level[max(0, q.start - 70) : q.start]) and _is_change(quote, q)
        for quote, q in found
    )


def check_times(claim: Statement, sources: Sequence[Source]) -> str | None:
    """« doublé » is not « triplé »; figures may tell it too."""
    for times, words in _TIMES.items():
        said = words.search(claim.level)
        if said is None or any(words.search(source.quote.level) for source in sources):
            continue
        values = [
            q.value for s in sources for q in s.quote.quantities if isinstance(q.value, Decimal)
        ]
        near = [(one * times, other) for one in values for other in values if one]
        if not any(abs(one - other) * 10 <= other for one, other in near):
            written = claim.text[said.start() : said.end()]
            return f"La source citée ne dit pas « {written} »."
    return None


def check_comparison(claim: Statement, sources: Sequence[Source]) -> str | None:
    """« les neufs tombent plus souvent en panne » is judged by the figures given for each."""
    for segment in claim.segments:
        more, less = _MORE.search(segment.level), _LESS.search(segment.level)
        if re.search(r"\bn(?:e |')", segment.level):
            continue  # « ne … plus que 30 % » compares nothing
        if bool(more) == bool(less):
            continue
        mark = more or less
        assert mark is not None
        sides = _sides(claim, segment.start + mark.start(), segment.start + mark.end())
        if sides is None:
            continue
        if any(_turned(sides, bool(more), source.quote) for source in sources):
            return "La source citée fait la comparaison dans l’autre sens."
        for source in sources:
            values = _figures_of(sides, source.quote)
            if values is None or values[0] == values[1]:
                continue
            if (values[0] > values[1]) != bool(more):
                return "Les chiffres de la source citée disent la comparaison inverse."
    return None


def check_order(claim: Statement, sources: Sequence[Source]) -> str | None:
    """« attendre les résultats avant de voter » is not « voter avant les résultats »."""
    mine = _before_and_after(claim)
    for source in sources:
        theirs = _before_and_after(source.quote)
        if mine is None or theirs is None:
            continue
        crossed = matches(mine[0], theirs[1]) and matches(mine[1], theirs[0])
        straight = matches(mine[0] - theirs[1], theirs[0]) or matches(
            mine[1] - theirs[0], theirs[1]
        )
        if crossed and not straight:
            return "La source citée met cela dans l’autre ordre."
    return None


def _before_and_after(whole: Statement) -> tuple[frozenset[str], frozenset[str]] | None:
    """What is said on either side of the one « avant » (« après » turned round)."""
    marks = list(re.finditer(r"\b(?:avant|apres)(?: d[e']| qu[e'])?", whole.level))
    if len(marks) != 1:
        return None
    one = Statement(whole.text[: marks[0].start()]).stems - LIGHT
    two = Statement(whole.text[marks[0].end() :]).stems - LIGHT
    return (one, two) if marks[0].group().startswith("avant") else (two, one)


def _turned(sides: tuple[frozenset[str], frozenset[str]], more: bool, quote: Statement) -> bool:
    """The quote compares the second side with the first, the same way."""
    for segment in quote.segments:
        mark = (_MORE if more else _LESS).search(segment.level)
        if mark is None:
            continue
        theirs = _sides(quote, segment.start + mark.start(), segment.start + mark.end())
        if theirs is None:
            continue
        straight = matches(sides[1], theirs[1])
        crossed = matches(sides[0], theirs[1]) and matches(sides[1], theirs[0])
        if crossed and not straight:
            return True
    return False


def _is_change(whole: Statement, quantity: Quantity) -> bool:
    before = whole.level[max(0, quantity.start - 70) : quantity.start]
    after = whole.level[quantity.end : quantity.end + 50]
    if _TO.match(after) or _AGO.match(after):
        return False  # « de 1,62 à 1,41 », « un an plus tôt »
    if _BY.search(before) or _BEFORE_BY.search(before):
        return True
    return _MORE_BY.match(after) is not None


def _loose(quote: Statement, quantity: Quantity) -> bool:
    """« une dépense supplémentaire de 146 000 € », a cell of « Évolution »."""
    if _LEVEL.search(quote.level[: quantity.start]):
        return False
    segment = next(s for s in quote.segments if quantity in s.quantities)
    near = re.compile(
        rf"(?<!\w)(?:{UP}|{DOWN}|supplement\w+|evolution|variation|ecart|perd\w*|gagn\w*)"
    )
    return "|" in quote.text or near.search(segment.level) is not None


def _sides(claim: Statement, start: int, end: int) -> tuple[frozenset[str], frozenset[str]] | None:
    """The stems of what is compared and of what it is compared with."""
    rest = claim.text[end:]
    than = _THAN.search(claim.level, end)
    if than is None:
        return None
    stop = re.search(r"[,;.](?=\s|$)", rest)
    limit = end + stop.start() if stop else len(claim.text)
    one = Statement(claim.text[:start]).stems - LIGHT
    other = Statement(claim.text[than.end() : limit]).stems - LIGHT
    one, other = one - other, other - one
    return (one, other) if one and other else None


def _figures_of(
    sides: tuple[frozenset[str], frozenset[str]], quote: Statement
) -> tuple[Decimal, Decimal] | None:
    """The one figure of a kind beside the words of each side."""
    counted = [q for q in quote.quantities if q.kind in _COMPARED and isinstance(q.value, Decimal)]
    if len(counted) < 2:
        return None
    found: list[Decimal] = []
    unit: tuple[QuantityKind, str] | None = None
    for side in sides:
        scored = [(len(matches(side, _around(quote, q))), q) for q in counted]
        best = max(score for score, _ in scored)
        chosen = [q for score, q in scored if score == best]
        if best == 0 or len(chosen) != 1 or not isinstance(chosen[0].value, Decimal):
            return None
        if unit is not None and unit != (chosen[0].kind, chosen[0].unit):
            return None
        unit = (chosen[0].kind, chosen[0].unit)
        found.append(chosen[0].value)
    return found[0], found[1]


def _around(quote: Statement, quantity: Quantity) -> frozenset[str]:
    return next(s.stems for s in quote.segments if quantity in s.quantities)
