"""Quantities: one value for every way of writing it, and its exact place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.french.numbers import QuantityKind, quantities, supports


def keys(text: str) -> list[str]:
    return [quantity.key for quantity in quantities(text)]


@pytest.mark.parametrize(
    ("key", "writings"),
    [
        ("1200", ["1 200", "1200", "1\u202f200", "1\u00a0200", "1.200", "mille deux cents"]),
        ("97", ["97", "quatre-vingt-dix-sept", "Quatre-vingt-dix-sept"]),
        ("71", ["soixante et onze", "soixante-et-onze", "71"]),
        ("80", ["quatre-vingts", "80"]),
        ("230400", ["deux cent trente mille quatre cents", "230 400"]),
        ("12.5%", ["12,5 %", "12.5%", "12,5 pour cent", "12,50 %"]),
        ("3000000€", ["3 M€", "3 millions d'euros", "3 000 000 €", "trois millions d’euros", "3M€"]),
        ("2500000€", ["2,5 M€", "2 millions et demi d’euros", "2 500 k€", "2.500.000 euros"]),
        ("1500000000€", ["1,5 Md€", "1,5 milliard d’euros"]),
        ("2026-01-14", ["14 janvier 2026", "14/01/2026", "2026-01-14", "14.01.2026", "14 JANVIER 2026"]),
        ("2026-01", ["janvier 2026", "01/2026", "janv. 2026"]),
        ("--03-01", ["1er mars", "1 mars"]),
        ("2026-T1", ["1er trimestre 2026", "T1 2026", "premier trimestre de 2026"]),
        ("14:30", ["14 h 30", "14h30", "14:30"]),
        ("14h", ["14 h", "14 heures", "14 h 00"]),
        ("l4131-1", ["article L. 4131-1", "L.4131-1", "art. L 4131-1", "L4131-1"]),
        ("art12", ["article 12", "art. 12", "Article 12"]),
        ("2025-118", ["n° 2025-118", "2025-118"]),
        ("1/3", ["un tiers", "1 tiers"]),
        ("1e", ["premier", "1er", "première", "1re"]),
        ("1an", ["un an", "1 an", "une année"]),
        ("2.5an", ["2,5 ans", "deux ans et demi"]),
        ("1000000hab", ["un million d’habitants", "1 000 000 habitants"]),
    ],
)  # fmt: skip
def test_every_writing_of_a_quantity_gives_one_value(key, writings):
    assert {writing: keys(writing) for writing in writings} == {w: [key] for w in writings}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("entre 3 et 5 M€", ["3000000€", "5000000€"]),
        ("de 10 à 12 %", ["10%", "12%"]),
        ("10-12 %", ["10%", "12%"]),
        ("du 14 au 16 janvier 2026", ["2026-01-14", "2026-01-16"]),
        ("les 14, 15 et 16 janvier 2026", ["2026-01-14", "2026-01-15", "2026-01-16"]),
        ("de mars à mai 2026", ["2026-03", "2026-05"]),
        ("2021-2027", ["2021", "2027"]),
        ("en 2026", ["2026"]),
        ("le 14 janvier 2026, en 2027.", ["2026-01-14", "2027"]),
        ("2000 habitants", ["2000hab"]),
        ("| 2024 | 12 | 13,5 |", ["2024", "12", "13.5"]),
        ("deux et trois", ["2", "3"]),
        ("-5 %", ["5%"]),
    ],
)
def test_ranges_and_lists_share_what_is_said_once(text, found):
    assert keys(text) == found


@pytest.mark.parametrize(
    "text",
    ["une région", "un bâtiment neuf", "le réseau 5G", "le CO2", "l’un et l’autre", "des secours"],
)
def test_what_counts_nothing_is_no_quantity(text):
    assert keys(text) == []


def test_a_precise_date_says_its_month_and_year_and_not_the_reverse():
    day, month, year = (quantities(t)[0] for t in ("14 janvier 2026", "janvier 2026", "2026"))

    assert supports(day, month) and supports(month, year) and supports(day, year)
    assert not supports(month, day) and not supports(year, month)


def test_the_unit_goes_with_the_value():
    percent, points = quantities("3 %")[0], quantities("3 points")[0]

    assert percent.kind is QuantityKind.PERCENTAGE
    assert not supports(points, percent)


def _spell(number: int) -> str:
    low = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    units = [*low.split(" "), "seize"]
    tens = {
        2: "vingt",
        3: "trente",
        4: "quarante",
        5: "cinquante",
        6: "soixante",
        8: "quatre-vingt",
    }
    if number >= 1000:
        head = "mille" if number < 2000 else f"{_spell(number // 1000)} mille"
        return head if number % 1000 == 0 else f"{head} {_spell(number % 1000)}"
    if number >= 100:
        head = "cent" if number < 200 else f"{_spell(number // 100)} cent"
        return head if number % 100 == 0 else f"{head} {_spell(number % 100)}"
    if number <= 16:
        return units[number]
    if number < 20:
        return f"dix-{units[number - 10]}"
    ten = number // 10 if number // 10 not in (7, 9) else number // 10 - 1
    rest = number - 10 * ten
    if rest == 0:
        return tens[ten]
    link = " et " if rest in (1, 11) and ten != 8 else "-"
    return f"{tens[ten]}{link}{_spell(rest)}"


@given(st.integers(2, 999_999).filter(lambda n: n != 9))
def test_a_number_spelled_out_is_read_back(number):
    assert [q.value for q in quantities(f"Il y a {_spell(number)} dossiers.")] == [Decimal(number)]


@given(st.integers(0, 10**12), st.sampled_from([" ", "\u202f", "\u00a0"]))
def test_a_grouped_number_is_read_back(number, space):
    written = f"{number:,}".replace(",", space)

    found = quantities(f"Soit {written} dossiers.")

    assert [(q.value, q.text) for q in found] == [(Decimal(number), written)]


@given(st.text(alphabet=st.sampled_from("0123456789 .,-/%€hMkLn°êmàet’'"), max_size=80))
def test_quantities_are_slices_in_order(text):
    last = 0
    for quantity in quantities(text):
        assert last <= quantity.start < quantity.end
        assert text[quantity.start : quantity.end] == quantity.text
        last = quantity.end
