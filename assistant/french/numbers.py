"""Quantities in French text, the same value for every way of writing it.

``1 200``, ``1200`` and « mille deux cents » are one number; ``3 M€``, « 3 millions
d’euros » and ``3 000 000 €`` are one amount. What cannot be read as a quantity
(``5G``, ``CO2``) is left to the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from assistant.french.dates import dates
from assistant.french.letters import level, plain
from assistant.french.quantity import Quantity, QuantityKind, date_says, supports
from assistant.french.spelled import spelled_numbers
from assistant.french.units import MEASURES

__all__ = ["Quantity", "QuantityKind", "date_says", "quantities", "supports", "years"]

_ARTICLE = re.compile(
    r"(?<!\w)(?:articles? |art\. ?)?(?P<book>LO|[LRDA])(?:\. ?\*?|(?<!A) ?(?=\d{2,}))"
    r"(?P<number>\d{1,5}(?:-\d{1,4}){0,5})(?![\w-])"
)
_PLAIN_ARTICLE = re.compile(
    r"(?<!\w)(?:articles? |art\.? ?)(?P<number>\d{1,4}(?:-\d{1,3}){0,3}|1er|premier)(?![\w-])",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?<!\w)n(?:[°º]|os? ) ?(?P<marked>\d{1,6}(?:[-/.][\w]{1,8}){1,4})(?![\w-])"
    r"|(?<![\w.,/-])(?P<bare>(?:19|20)\d\d-(?!(?:19|20)\d\d(?!\d))\d{1,5}"
    r"|(?!\d{1,3}(?:\.\d{3})+(?!\d))\d{1,3}(?:\.\d{1,3}){2,4})"
    r"(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"(?<![\w.,-])(?P<figure>\d{1,3})(?:ers?|eres?|res?|emes?|es?|nde?s?)(?!\w)"
    r"|(?<![\w-])(?P<word>premiers?|premieres?|seconds?|secondes?|"
    r"(?:deux|trois|quatr|cinqu|six|sept|huit|neuv|dix|onz|douz|treiz|quatorz|quinz|seiz"
    r"|vingt)iemes?)"
    r"(?![\w-])"
)
_ORDINAL_LIST = "deux trois quatr cinqu six sept huit neuv dix onz douz treiz quatorz quinz seiz"
_ORDINAL_WORDS = {stem: rank for rank, stem in enumerate(_ORDINAL_LIST.split(), 2)} | {"vingt": 20}
_FRACTION = re.compile(
    r"(?<!\w)(?:(?P<top>un|le(?= (?:tiers|quart) d)|deux|trois|[1-3]) (?P<part>tiers|quarts?)"
    r"|(?:la |pour |par |de )?(?P<half>moitie)"
    r"|(?P<many>un|deux|trois|quatre|cinq|six|sept|huit|neuf|[1-9])"
    r" (?P<th>cinqu|six|sept|huit|neuv|dix|vingt|cent)iemes?(?= d[eu'] ?| des ))(?!\w)"
)
_TOPS = {"le": "1"} | {
    word: str(rank)
    for rank, word in enumerate(
        ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"), 1
    )
}
_PARTS = {
    "cinqu": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuv": 9,
    "dix": 10,
    "vingt": 20,
    "cent": 100,
}

_DIGITS = re.compile(
    r"(?<![\w.,/°])(?<![^\W\d]-)"
    r"(?P<whole>\d{1,3}(?: \d{3})+(?!\d)|\d{1,3}(?:\.\d{3})+(?![\d]|\.\d)|\d{1,18})"
    r"(?:(?P<mark>[.,])(?P<decimals>\d{1,9}))?(?!\d)"
)
_SCALE = re.compile(
    r" ?(?:(?P<scale>milliards?|mds?(?= ?(?:€|d'e|eur))|mrds?|millions?|milliers?|mille"
    r"|m(?= ?(?:€|d'€|d'eur|eur))|k(?= ?(?:€|eur))))(?![a-z])(?P<half> et demie?(?!\w))?"
)
_SCALES = {"milliard": 10**9, "md": 10**9, "mrd": 10**9, "million": 10**6, "m": 10**6,
           "millier": 10**3, "mille": 10**3, "k": 10**3}  # fmt: skip
_EURO = re.compile(r" ?(?:d'|de )?(?:€|euros?(?!\w)|eur(?!\w))")
_PERCENT = re.compile(r" ?(?:%|pour cent(?!\w)|pourcents?(?!\w)|p\. ?100(?!\d))")
_PER_MILLE = re.compile(r" ?(?:‰|pour mille(?!\w))")
_BETWEEN = re.compile(
    r"(?: de | d'| (?:prochain|dernier|premier|nouveau|nouvel|long)\w* | (?:et demie? )?| )?"
)
_UNIT = "|".join(f"{re.escape(unit)}s?" for unit in sorted(MEASURES, key=len, reverse=True))
_MEASURE = re.compile(rf"(?P<unit>{_UNIT})(?![\w²³])")
_HALF_MORE = re.compile(r" et demie?(?!\w)")
_ONE_COUNTS = frozenset({"an", "mois", "semaine", "h", "trimestre", "semestre"}) | frozenset(
    unit for unit in MEASURES.values() if unit.endswith("aine")
)
_RANGE_LINK = re.compile(r" a | et | ou |-|–| - | – ")


def quantities(text: str) -> list[Quantity]:
    """Every quantity of a text, in order, without overlap.

    « un » and « une » count only before a scale or a measure (« un million », « un
    an »). In a range the unit said once goes to both ends (« 3 à 5 M€ »).
    """
    return list(_quantities(text))


@lru_cache(maxsize=8192)  # a sentence of evidence is asked for its figures four times a search
def _quantities(text: str) -> tuple[Quantity, ...]:
    plain_text, level_text = plain(text), level(text)
    found: list[Quantity] = []
    taken = bytearray(len(text))
    for layer in (
        _articles(text, plain_text),
        _references(text, plain_text),
        dates(text, level_text),
        _fractions(text, level_text),
    ):
        for quantity in layer:
            _keep(quantity, found, taken)
    for quantity in _numbers(text, level_text, taken):
        _keep(quantity, found, taken)
    for quantity in _ordinals(text, level_text):
        _keep(quantity, found, taken)
    found.sort(key=lambda quantity: quantity.start)
    return tuple(_units_shared(_years_sorted(found, level_text), level_text))


def years(text: str) -> frozenset[str]:
    """The years that a text names, alone or within a date."""
    dated = (str(q.value) for q in quantities(text) if q.kind is QuantityKind.DATE)
    return frozenset(value[:4] for value in dated if not value.startswith("-"))


def _keep(quantity: Quantity, found: list[Quantity], taken: bytearray) -> None:
    """Take a quantity whose stretch is still free."""
    if any(taken[quantity.start : quantity.end]):
        return
    taken[quantity.start : quantity.end] = b"\x01" * (quantity.end - quantity.start)
    found.append(quantity)


def _articles(text: str, plain_text: str) -> Iterator[Quantity]:
    for match in _ARTICLE.finditer(plain_text):
        value = f"{match['book']}{match['number']}".lower()
        yield _text_quantity(text, match.span(), QuantityKind.ARTICLE, value)
    for match in _PLAIN_ARTICLE.finditer(plain_text):
        number = match["number"].lower()
        value = "1" if number in {"1er", "premier"} else number
        yield _text_quantity(text, match.span(), QuantityKind.ARTICLE, value)


def _references(text: str, plain_text: str) -> Iterator[Quantity]:
    for match in _REFERENCE.finditer(plain_text):
        value = (match["marked"] or match["bare"]).lower()
        if re.fullmatch(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d", value):
            continue  # an ISO date
        yield _text_quantity(text, match.span(), QuantityKind.REFERENCE, value)


def _fractions(text: str, level_text: str) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(level_text):
        if match["half"]:
            value = "1/2"
        elif match["th"]:
            value = f"{_TOPS.get(match['many'], match['many'])}/{_PARTS[match['th']]}"
        else:
            bottom = "3" if match["part"] == "tiers" else "4"
            value = f"{_TOPS.get(match['top'], match['top'])}/{bottom}"
        yield _text_quantity(text, match.span(), QuantityKind.FRACTION, value)


def _ordinals(text: str, level_text: str) -> Iterator[Quantity]:
    for match in _ORDINAL.finditer(level_text):
        if match["figure"]:
            rank = int(match["figure"])
        else:
            word = match["word"].rstrip("s")
            first = word.startswith("premier")
            rank = 1 if first else _ORDINAL_WORDS.get(word.removesuffix("ieme"), 2)
        yield _quantity(text, match.span(), QuantityKind.ORDINAL, Decimal(rank), "")


def _numbers(text: str, level_text: str, taken: bytearray) -> Iterator[Quantity]:
    """Numbers in digits and in words, with their scale and their unit."""
    for match in _DIGITS.finditer(level_text):
        if taken[match.start()]:
            continue
        quantity = _measured(text, level_text, match.span(), _decimal(match))
        attached = quantity.end < len(level_text) and level_text[quantity.end].isalnum()
        if not attached:
            yield quantity
    for spelled in spelled_numbers(level_text):
        if any(taken[spelled.start : spelled.end]):
            continue
        span = (spelled.start, spelled.end)
        quantity = _measured(text, level_text, span, Decimal(spelled.value))
        if not spelled.lone_one or _one_counts(quantity):
            yield quantity


def _one_counts(quantity: Quantity) -> bool:
    """« un million », « un an », « une centaine » count; « une région » does not."""
    return quantity.value != 1 or quantity.unit in _ONE_COUNTS or quantity.unit in {"€", "%"}


def _decimal(match: re.Match[str]) -> Decimal:
    whole = match["whole"].replace(" ", "")
    # Three figures after a full stop are thousands in French, unless it begins with 0.
    grouped = whole.count(".") > 1 or (whole.count(".") == 1 and not whole.startswith("0"))
    if grouped:
        whole = whole.replace(".", "")
    return Decimal(f"{whole}.{match['decimals']}" if match["decimals"] else whole)


def _measured(text: str, level_text: str, span: tuple[int, int], value: Decimal) -> Quantity:
    """Read the scale, then the currency, the percent sign or the measure after a number."""
    start, end = span
    if scale := _SCALE.match(level_text, end):
        if scale["half"]:
            value += Decimal("0.5")
        value *= _SCALES[scale["scale"].rstrip("s")]
        end = scale.end()
    for pattern, kind, unit in (
        (_EURO, QuantityKind.AMOUNT, "€"),
        (_PERCENT, QuantityKind.PERCENTAGE, "%"),
        (_PER_MILLE, QuantityKind.PERCENTAGE, "‰"),
    ):
        if match := pattern.match(level_text, end):
            return _quantity(text, (start, match.end()), kind, value, unit)
    between = _BETWEEN.match(level_text, end)
    after = between.end() if between else end
    for begin in (after, end):
        if (match := _MEASURE.match(level_text, begin)) and _measures(text, match, begin - end):
            value, stop = _half_more(level_text, value, match.end())
            unit = MEASURES.get(match["unit"]) or MEASURES[match["unit"].rstrip("s")]
            return _quantity(text, (start, stop), QuantityKind.NUMBER, value, unit)
    return _quantity(text, (start, end), QuantityKind.NUMBER, value, "")


def _measures(text: str, match: re.Match[str], gap: int) -> bool:
    """A one-letter unit is written as it is (``m``, ``t``, ``h``) and close to its number."""
    unit = match["unit"]
    if len(unit) > 1:
        return True
    following = text[match.end() : match.end() + 1]
    return gap <= 1 and text[match.start()].islower() and following not in {"'", "’", "."}


def _half_more(level_text: str, value: Decimal, end: int) -> tuple[Decimal, int]:
    """« deux ans et demi »."""
    if match := _HALF_MORE.match(level_text, end):
        return value + Decimal("0.5"), match.end()
    return value, end


def _years_sorted(found: list[Quantity], level_text: str) -> list[Quantity]:
    """A lone year with a unit behind it is a number: « 2000 habitants », « 1950 € »."""
    for position, quantity in enumerate(found):
        if quantity.kind is not QuantityKind.DATE or len(quantity.text) != 4:
            continue
        if not str(quantity.value).isdigit():
            continue
        span = (quantity.start, quantity.end)
        measured = _measured(level_text, level_text, span, Decimal(quantity.text))
        if measured.unit:
            found[position] = measured
    return found


def _units_shared(found: list[Quantity], level_text: str) -> list[Quantity]:
    """Give the first end of a range the unit and the scale of the second: « 3 à 5 M€ »."""
    for position in range(len(found) - 2, -1, -1):
        one, following = found[position], found[position + 1]
        if one.kind is not QuantityKind.NUMBER or one.unit or not following.unit:
            continue
        link = level_text[one.end : following.start]
        if not _RANGE_LINK.fullmatch(link):
            continue
        if link == " et " and not level_text[: one.start].endswith("entre "):
            continue
        scale = _scale_of(level_text[following.start : following.end])
        if isinstance(one.value, Decimal) and one.value < scale:
            value = one.value * scale
        elif isinstance(one.value, Decimal):
            value = one.value
        found[position] = replace(one, kind=following.kind, value=value, unit=following.unit)
    return found


def _scale_of(written: str) -> int:
    digits = re.match(r"[\d .,]+", written)
    scale = _SCALE.match(written, len(digits.group().rstrip()) if digits else 0)
    return _SCALES[scale["scale"].rstrip("s")] if scale else 1


def _quantity(
    text: str, span: tuple[int, int], kind: QuantityKind, value: Decimal, unit: str
) -> Quantity:
    start, end = span
    return Quantity(kind=kind, value=value, unit=unit, start=start, end=end, text=text[start:end])


def _text_quantity(text: str, span: tuple[int, int], kind: QuantityKind, value: str) -> Quantity:
    start, end = span
    return Quantity(kind=kind, value=value, unit="", start=start, end=end, text=text[start:end])
