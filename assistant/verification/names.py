"""Names: every proper noun of the claim stands in its quotes or in what names their document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.entities import ProperNoun, honorifics, spells
from assistant.french.words import stem
from assistant.verification.light import LIGHT
from assistant.verification.statement import Source, Statement, matches

_TITLES = {"m": "M.", "f": "Mme"}


def check_names(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each name is in a quote, its parts together, under the same title (« M. », « Mme »)."""
    for name in claim.names:
        if not any(_stands_in(name, source) for source in sources):
            return f"Le nom « {name.text} » ne figure pas dans la source citée."
        if reason := _other_title(name, sources):
            return reason
        if any(_has_the_title_of_another(claim, name, source.quote) for source in sources):
            return f"Dans la source citée, ce titre n’est pas celui de « {name.text} »."
        if all(_in_another_clause(claim, name, source.quote) for source in sources):
            return f"Dans la source citée, cela n’est pas dit de « {name.text} »."
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


def _in_another_clause(claim: Statement, name: ProperNoun, quote: Statement) -> bool:
    """All that the claim says stands in a clause about another name, nothing beside this one."""
    clauses: dict[int, frozenset[str]] = {}
    homes: set[int] = set()
    named: set[int] = set()
    for segment in quote.segments:
        clauses[segment.clause] = clauses.get(segment.clause, frozenset()) | segment.stems
        for other in quote.names:
            if segment.start <= other.start < segment.end:
                named.add(segment.clause)
                if set(name.words) & set(other.words):
                    homes.add(segment.clause)
    rivals = named - homes
    if not homes or not rivals:
        return False
    said = claim.stems - LIGHT - {stem(word) for each in claim.names for word in each.words}
    beside = any(matches(said, clauses[home]) for home in homes)
    return not beside and any(matches(said, clauses[rival]) for rival in rivals)


def _has_the_title_of_another(claim: Statement, name: ProperNoun, quote: Statement) -> bool:
    """« M. Benslimane, directeur … » where the quote says « Mme Guyomard, directrice … »."""
    title = _apposition(claim, name)
    if not title:
        return False
    own = [_apposition(quote, n) for n in quote.names if set(n.words) & set(name.words)]
    others = [_apposition(quote, n) for n in quote.names if not set(n.words) & set(name.words)]
    if any(len(matches(title, said)) * 2 > len(title) for said in own):
        return False
    return any(matches(title, said) == title for said in others if said)


def _apposition(whole: Statement, name: ProperNoun) -> frozenset[str]:
    """The words between the comma after a name and the next one."""
    match = re.match(r", ([^,;.:]{4,60})(?:[,;.]|\Z)", whole.plain[name.end :])
    return Statement(match[1]).stems if match else frozenset()


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
