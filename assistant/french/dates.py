"""Dates and times of day as French administrations write them, made ISO.

A part that is said once for several dates (« du 14 au 16 janvier 2026 », « de mars
à mai 2026 ») is given to each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from assistant.french.quantity import Quantity, QuantityKind

_MONTHS = {
    "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7,
    "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
    "janv": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_FULL = "|".join(month for month, _ in list(_MONTHS.items())[:12])
_SHORT = "|".join(month for month, _ in list(_MONTHS.items())[12:])
_MONTH = rf"(?:(?P<month>{_FULL})\b|(?P<short>{_SHORT})(?:\.|\b)(?= ?(?:19|20)\d\d))"
_YEAR = r"(?:19|20)\d\d(?!\d|[.,]\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"

_TEXTUAL = re.compile(rf"(?<!\w)(?:(?P<day>1er|{_DAY}) )?{_MONTH}(?: (?P<year>{_YEAR}))?")
_FIGURE = re.compile(r"\d")
_ISO = re.compile(
    rf"(?<![\w/.-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>{_DAY})(?![\w/-])"
)
_NUMERIC = re.compile(
    rf"(?<![\w/.-])(?P<day>{_DAY})(?P<mark>[/.-])(?P<month>0?[1-9]|1[0-2])(?P=mark)"
    r"(?P<year>(?:19|20)?\d\d)(?![\w/-]|\.\d)"
)
_MONTH_YEAR = re.compile(r"(?<![\w/.-])(?P<month>0[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?![\w/-])")
_HALF = re.compile(
    r"(?<!\w)(?:(?P<rank>1er|premier|second|deuxieme|troisieme|quatrieme|2nd|[234](?:e|eme))"
    r" (?P<part>trimestre|semestre)(?: de| de l'annee)?|(?P<code>[ts][1-4])) (?P<year>"
    + _YEAR
    + ")"
)
_RANKS = {"premier": 1, "second": 2, "deuxieme": 2, "troisieme": 3, "quatrieme": 4}
_YEAR_ALONE = re.compile(rf"(?<![\w.,/€-])(?P<year>{_YEAR})(?![\w/]|-\d{{1,3}}(?!\d))")
_YEAR_RANGE = re.compile(rf"(?<![\w.,/-])(?P<first>{_YEAR})[-/–](?P<year>{_YEAR})(?![\w/-])")
_TIME = re.compile(
    r"(?<![\w:.,-])(?P<hour>[01]?\d|2[0-4])(?: ?h ?| heures )(?P<minute>[0-5]\d)(?!\w)"
    r"|(?<![\w:.,-])(?P<hour2>[01]?\d|2[0-4]):(?P<minute2>[0-5]\d)(?P<second>:[0-5]\d)?(?![\w:])"
)
# What stands before a date that finishes an earlier one: « du 14 au », « mars et ».
_EARLIER_DAY = re.compile(
    rf"(?<![\w.,])(?P<day>1er|{_DAY})(?:, | et | au | a | ou |-| - | et le | ou le | puis )\Z"
)
_LINK = re.compile(r"(?:, | et | et en | a | au | ou |-| - |, et | jusqu'a | jusqu'en | et le )")


def dates(text: str, level_text: str) -> list[Quantity]:
    """Read the dates and times of day of a text.

    Args:
        text: The text as written.
        level_text: The same through ``letters.level`` (same offsets).

    Returns:
        Dates and times in the order of the text, without overlap. A round hour
        is a number of hours, as « 14 h » is.
    """
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for quantity in _candidates(text, level_text):
        if not any(quantity.start < end and start < quantity.end for start, end in taken):
            found.append(quantity)
            taken.append((quantity.start, quantity.end))
    found.sort(key=lambda quantity: quantity.start)
    return _years_given(found, level_text)


def _candidates(text: str, level_text: str) -> Iterator[Quantity]:
    """The most specific forms first; the caller keeps the first on each stretch."""
    if not _FIGURE.search(level_text):  # all other forms have one
        for match in _TEXTUAL.finditer(level_text):
            yield from _textual(text, level_text, match)
        return
    for pattern in (_ISO, _NUMERIC):
        for match in pattern.finditer(level_text):
            yield _date(text, match.span(), _year(match["year"]), match["month"], match["day"])
    for match in _HALF.finditer(level_text):
        yield _half(text, match)
    for match in _TEXTUAL.finditer(level_text):
        yield from _textual(text, level_text, match)
    for match in _MONTH_YEAR.finditer(level_text):
        yield _date(text, match.span(), match["year"], match["month"])
    for match in _TIME.finditer(level_text):
        yield _time(text, match)
    for match in _YEAR_RANGE.finditer(level_text):
        yield _date(text, match.span("first"), match["first"])
        yield _date(text, match.span("year"), match["year"])
    for match in _YEAR_ALONE.finditer(level_text):
        yield _date(text, match.span(), match["year"])


def _textual(text: str, level_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """« 14 janvier 2026 », and the days before it that share its month."""
    month = str(_MONTHS[match["month"] or match["short"]])
    day = match["day"]
    if day is None and match["year"] is None and text[match.start()].isupper():
        return  # « Mars », « Avril » as a name: left to the proper nouns
    yield _date(text, match.span(), match["year"], month, day)
    end = match.start()
    while day is not None and (earlier := _EARLIER_DAY.search(level_text, max(0, end - 12), end)):
        yield _date(text, earlier.span("day"), match["year"], month, earlier["day"])
        end = earlier.start()


def _years_given(found: list[Quantity], level_text: str) -> list[Quantity]:
    """Give the year of a date to the one linked before it that has none."""
    for position in range(len(found) - 2, -1, -1):
        one, following = found[position], found[position + 1]
        if not (str(one.value).startswith("--") and re.match(r"\d{4}-", str(following.value))):
            continue
        between = level_text[one.end : following.start]
        if len(between) <= 12 and _LINK.fullmatch(between):
            dated = f"{str(following.value)[:4]}-{str(one.value)[2:]}"
            found[position] = Quantity(
                kind=one.kind, value=dated, unit="", start=one.start, end=one.end, text=one.text
            )
    return found


def _date(
    text: str,
    span: tuple[int, int],
    year: str | None,
    month: str | None = None,
    day: str | None = None,
) -> Quantity:
    value = year or "-"
    if month is not None:
        value += f"-{int(month):02d}"
    if day is not None:
        value += f"-{int(day.removesuffix('er')):02d}"
    return _quantity(text, span, QuantityKind.DATE, value)


def _half(text: str, match: re.Match[str]) -> Quantity:
    """A quarter or a half of a year: « premier semestre 2026 » is ``2026-S1``."""
    if match["code"]:
        code = match["code"].upper()
    else:
        rank = _RANKS.get(match["rank"]) or int(re.sub(r"\D", "", match["rank"]))
        code = f"{match['part'][0].upper()}{rank}"
    return _quantity(text, match.span(), QuantityKind.DATE, f"{match['year']}-{code}")


def _time(text: str, match: re.Match[str]) -> Quantity:
    hour = int(match["hour"] or match["hour2"])
    minute = int(match["minute"] or match["minute2"])
    second = match["second"] or ""
    start, end = match.span()
    if minute == 0 and not second:
        return Quantity(
            kind=QuantityKind.NUMBER,
            value=Decimal(hour),
            unit="h",
            start=start,
            end=end,
            text=text[start:end],
        )
    return _quantity(text, (start, end), QuantityKind.TIME, f"{hour:02d}:{minute:02d}{second}")


def _quantity(text: str, span: tuple[int, int], kind: QuantityKind, value: str) -> Quantity:
    start, end = span
    return Quantity(kind=kind, value=value, unit="", start=start, end=end, text=text[start:end])


def _year(written: str) -> str:
    return written if len(written) == 4 else f"20{written}"
