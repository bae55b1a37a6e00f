"""Names: every proper noun of the claim stands in its quotes or in what names their document."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.french.entities import ProperNoun, honorifics, spells
from assistant.verification.statement import Source, Statement

_TITLES = {"m": "M.", "f": "Mme"}


def check_names(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each name is in a quote, its parts together, under the same title (« M. », « Mme »)."""
    for name in claim.names:
        if not any(_stands_in(name, source) for source in sources):
            return f"Le nom « {name.text} » ne figure pas dans la source citée."
        if reason := _other_title(name, sources):
            return reason
    return None


def says_name(name: ProperNoun, whole: Statement) -> bool:
    """True when the parts of a name stand together in a text, in any order."""
    if name.acronym:
        written = {word.removesuffix("s") for word in whole.words}
        return name.words[0].removesuffix("s") in written or spells(name.words[0], whole.text)
    size = len(name.words)
    asked = sorted(name.words)
    words = whole.words
    return any(sorted(words[at : at + size]) == asked for at in range(len(words) - size + 1))


def _stands_in(name: ProperNoun, source: Source) -> bool:
    return says_name(name, source.quote) or says_name(name, source.context)


def _other_title(name: ProperNoun, sources: Sequence[Source]) -> str | None:
    """« Mme Leroy » is not « M. Leroy »."""
    if not name.honorific:
        return None
    given: frozenset[str] = frozenset()
    for source in sources:
        for whole in (source.quote, source.context):
            given |= honorifics(whole.text).get(name.words[-1], frozenset())
    if not given or name.honorific in given:
        return None
    asked, found = _TITLES[name.honorific], _TITLES[min(given)]
    family = name.words[-1].capitalize()
    return f"La phrase nomme « {asked} {family} », la source citée « {found} {family} »."
