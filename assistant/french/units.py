"""Units of measure: every way of writing one, and which of them are the same measure.

« Douze mois » are a year, « 1,2 GWh » are 1 200 MWh, « quinze jours » are two weeks.
"""

from __future__ import annotations

from decimal import Decimal

MEASURES = {
    "km²": "km²", "km2": "km²", "kilometre carre": "km²", "kilometres carres": "km²",
    "m²": "m²", "m2": "m²", "metre carre": "m²", "metres carres": "m²",
    "m³": "m³", "m3": "m³", "metre cube": "m³", "metres cubes": "m³", "litre": "l",
    "km/h": "km/h", "km": "km", "kilometre": "km", "metre": "m", "m": "m", "cm": "cm",
    "centimetre": "cm", "mm": "mm", "millimetre": "mm", "ha": "ha", "hectare": "ha",
    "wh": "Wh", "kwh": "kWh", "mwh": "MWh", "gwh": "GWh", "twh": "TWh", "wattheure": "Wh",
    "kilowattheure": "kWh", "megawattheure": "MWh", "gigawattheure": "GWh",
    "terawattheure": "TWh", "kw": "kW", "mw": "MW", "gw": "GW", "kilowatt": "kW",
    "megawatt": "MW", "gigawatt": "GW", "t": "t", "tonne": "t", "kg": "kg", "kilogramme": "kg",
    "kilo": "kg", "gramme": "g", "mo": "Mo", "go": "Go", "to": "To", "megaoctet": "Mo",
    "gigaoctet": "Go", "teraoctet": "To", "mbit/s": "Mbit/s", "mb/s": "Mbit/s",
    "gbit/s": "Gbit/s", "gb/s": "Gbit/s", "h": "h", "heure": "h", "min": "min",
    "minute": "min", "seconde": "s", "jour": "j", "journee": "j", "semaine": "semaine",
    "mois": "mois", "an": "an", "annee": "an", "trimestre": "trimestre", "semestre": "semestre",
    "etp": "ETP", "etpt": "ETPT", "point": "point", "fois": "fois", "°c": "°C",
    "habitant": "hab", "hab": "hab", "dizaine": "dizaine", "douzaine": "douzaine",
    "quinzaine": "quinzaine", "vingtaine": "vingtaine", "trentaine": "trentaine",
    "quarantaine": "quarantaine", "cinquantaine": "cinquantaine",
    "soixantaine": "soixantaine", "centaine": "centaine",
}  # fmt: skip

# Each unit as so many of one that measures the same thing.
_IN_BASE: dict[str, tuple[str, Decimal]] = {
    unit: (base, Decimal(factor))
    for base, units in {
        "mois": {"an": "12", "semestre": "6", "trimestre": "3", "mois": "1"},
        "min": {"semaine": "10080", "j": "1440", "h": "60", "min": "1"},
        "Wh": {"TWh": "1e12", "GWh": "1e9", "MWh": "1e6", "kWh": "1e3", "Wh": "1"},
        "kW": {"GW": "1e6", "MW": "1e3", "kW": "1"},
        "mm": {"km": "1e6", "m": "1e3", "cm": "10", "mm": "1"},
        "m²": {"km²": "1e6", "ha": "1e4", "m²": "1"},
        "l": {"m³": "1e3", "l": "1"},
        "g": {"t": "1e6", "kg": "1e3", "g": "1"},
        "Mo": {"To": "1e6", "Go": "1e3", "Mo": "1"},
        "Mbit/s": {"Gbit/s": "1e3", "Mbit/s": "1"},
    }.items()
    for unit, factor in units.items()
}
_SAID_FOR = {
    (Decimal(15), "j"): (Decimal(2), "semaine"),
    (Decimal(8), "j"): (Decimal(1), "semaine"),
}


def same_measure(value: Decimal, unit: str, other: Decimal, other_unit: str) -> bool:
    """True for two ways of saying one measure: « 12 mois » and « un an »."""
    if unit == other_unit:
        return value == other
    one = _IN_BASE.get(unit)
    two = _IN_BASE.get(other_unit)
    if one is None or two is None or one[0] != two[0]:
        return False
    if value * one[1] == other * two[1]:
        return True
    pairs = ((value, unit), (other, other_unit))
    return _SAID_FOR.get(pairs[0]) == pairs[1] or _SAID_FOR.get(pairs[1]) == pairs[0]
