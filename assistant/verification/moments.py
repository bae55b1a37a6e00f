"""Moments without a figure: seasons, days and « déjà » are dates too, and are not invented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verification.statement import Source, Statement

_MOMENTS = {
    name: (re.compile(rf"(?<!\w)(?:{mine})(?!\w)"), re.compile(rf"(?<!\w)(?:{theirs})(?!\w)"))
    for name, mine, theirs in (
        ("printemps", r"printemps", r"printemps|printani\w+|mars|avril|mai|juin"),
        ("été", r"l'ete|cet ete|estiva\w+", r"ete|estiva\w+|juin|juillet|aout|septembre"),
        ("automne", r"automne", r"automn\w+|septembre|octobre|novembre|decembre"),
        ("hiver", r"hiver", r"hiver\w*|decembre|janvier|fevrier|mars"),
        ("rentrée", r"a la rentree", r"rentree|septembre"),
        *((day, day, day) for day in (
            "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")),
        ("week-end", r"week-?ends?|fin de semaine", r"week-?ends?|fin de semaine|samedi|dimanche"),
        ("lendemain", r"lendemain", r"lendemain|demain|jour suivant"),
        ("veille", r"la veille", r"veille|jour precedent|hier"),
        ("la nuit", r"la nuit|nocturne", r"nuits?|nocturne\w*|soir\w*"),
    )
}  # fmt: skip
_RATE = re.compile(
    r"\b(?:par|chaque|tous les) (an|mois|semaine|jour|heure|trimestre|semestre|annee)\b"
)
_RATES = {
    "an": r"\b(?:par|chaque) an(?:nee)?s?\b|tous les ans|annuel\w*|annee",
    "mois": r"mois|mensuel\w*",
    "semaine": r"semaines?|hebdomadaire\w*",
    "jour": r"jours?|quotidien\w*|journali\w+",
    "heure": r"heures?|horaire\w*|\bh\b",
    "trimestre": r"trimestr\w+",
    "semestre": r"semestr\w+",
}


def check_moments(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each season, day and rate of the claim is in a quote, or implied by one of its dates."""
    quotes = " ".join(source.quote.level for source in sources)
    around = " ".join(source.context.level for source in sources)
    for name, (mine, theirs) in _MOMENTS.items():
        if mine.search(claim.level) and not theirs.search(quotes) and not theirs.search(around):
            return f"La source citée ne dit pas « {name} »."
    for rate in _RATE.finditer(claim.level):
        unit = "an" if rate[1] == "annee" else rate[1]
        if not re.search(_RATES[unit], quotes):
            return f"La source citée ne dit pas « {claim.text[rate.start() : rate.end()]} »."
    return None
