"""A sentence taken apart once, so that each check reads what it needs.

A sentence is cut into *clauses* (at strong marks) and the clauses into *segments*
(at commas, conjunctions and between two quantities): what stands in a segment
belongs together, as a figure and what it counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from assistant.french.entities import ProperNoun, name_words, proper_nouns
from assistant.french.letters import fold, level, plain
from assistant.french.numbers import Quantity, QuantityKind, date_says, quantities
from assistant.french.orders import addresses_the_assistant
from assistant.french.senses import akin
from assistant.french.words import STOP_WORDS, raw_words, stem
from assistant.records import Evidence
from assistant.verification.light import LIGHT as LIGHT

_STRONG = re.compile(
    r"[;.!?…](?=\s|$)|\s–\s|\b(?:mais|tandis que|alors que|puis|quoique|cependant)\b"
)
_WEAK = re.compile(
    r",(?=\s)|\||\)|\b(?:et|ou|ni|dont|contre|puis|donc)\b|\b(?=(?:qui|que|ou|si|lorsque|quand"
    r"|parce)\b)"
)
_LABEL = re.compile(
    r"\b(lignes?|lots?|axes?|tranches?|phases?|zones?|piliers?|volets?|chapitres?|classes?|groupes?"
    r"|etapes?|annexes?|amendements?|parcelles?|quais?|salles?|scenarios?|variantes?|objectifs?"
    r"|actions?|fiches?|bureaux?|secteurs?|categories?|niveaux?|options?) (?:n° ?|numero )?\Z"
)
VERB = re.compile(r"\b(?:sera|seront|est|sont|ont|avai(?:t|ent)|etai(?:t|ent)|doi(?:t|vent))\b")
_PREPOSITION = re.compile(r"\b(?:a|au|aux|en|pour|de|d'|contre|par|vers)\s*(?:\w+\s)?\Z")
# « 12 des 58 communes », « 12 communes sur 58 »: a part and its whole, said together.
PART_OF = re.compile(r" (?:\w+ )?(?:des|sur|sur les|parmi les|d'entre les) ")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence: its content stems and the quantities that stand in it."""

    start: int
    end: int
    clause: int
    level: str
    stems: frozenset[str]
    quantities: tuple[Quantity, ...]

    @property
    def years(self) -> frozenset[str]:
        """Every date said here, with what it implies."""
        said = [date_says(str(q.value)) for q in self.quantities if q.kind is QuantityKind.DATE]
        return frozenset().union(*said)


class Statement:
    """One text (a claim or a quote) and what was read in it; computed when first asked."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def plain(self) -> str:
        """Apostrophes, hyphens and spaces plain; same offsets."""
        return plain(self.text)

    @cached_property
    def level(self) -> str:
        """Plain, lower case, no accents; same offsets."""
        return level(self.text)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Numbers, amounts, dates..., in order."""
        return tuple(quantities(self.text))

    @cached_property
    def names(self) -> tuple[ProperNoun, ...]:
        """Proper nouns, in order, but those that are part of a quantity (« L4131-1 », « T1 »)."""
        figures = [(q.start, q.end) for q in self.quantities]
        return tuple(
            name
            for name in proper_nouns(self.text)
            if not any(name.start < end and start < name.end for start, end in figures)
        )

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every word folded, without connectors: where a name is looked for."""
        return tuple(name_words(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Content stems, quantities left out."""
        return _stems_outside(self.text, 0, len(self.text), self.quantities)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The segments, in order; every quantity stands in exactly one."""
        return tuple(_cut(self))


@lru_cache(maxsize=2048)
def statement(text: str) -> Statement:
    """Take a text apart, once."""
    return Statement(text)


@dataclass(frozen=True, slots=True)
class Source:
    """One quote that a claim leans on, and what is known of it without being quotable."""

    evidence: Evidence
    quote: Statement
    context: Statement

    @property
    def speaker(self) -> str:
        """Who speaks in the quote, or an empty string."""
        return self.evidence.passage.locator.speaker or ""


@lru_cache(maxsize=512)
def _source(text: str, around: str) -> tuple[Statement, Statement]:
    return statement(text), statement(around)


def source_of(evidence: Evidence) -> Source:
    """What a check may read of one evidence sentence."""
    document = evidence.document
    locator = evidence.passage.locator
    around = [
        evidence.context,
        document.title,
        document.kind.value,
        document.date.isoformat() if document.date else "",
        document.commission or "",
        locator.section or "",
        locator.speaker or "",
        locator.speaker_role or "",
    ]
    quote, context = _source(evidence.text, "\n".join(part for part in around if _tells(part)))
    return Source(evidence, quote, context)


def _tells(part: str) -> bool:
    """A title that gives orders to the assistant names nothing."""
    return bool(part) and not addresses_the_assistant(part)


def matches(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The stems of ``one`` that ``other`` has, or has of the same root or sense."""
    exact = one & other
    return exact | {word for word in one - exact if any(akin(word, known) for known in other)}


def is_relative(segment: Segment) -> bool:
    """True for « , qui envisage…, »: what it says stays in it."""
    return re.match(r"[\s,]*(?:qui|dont|que|ou)\b", segment.level) is not None


def _cut(whole: Statement) -> list[Segment]:
    cuts = _boundaries(whole)
    segments: list[Segment] = []
    for (start, clause), (end, _) in pairwise(cuts):
        inside = tuple(q for q in whole.quantities if start <= q.start < end)
        found = _stems_outside(whole.text, start, end, inside)
        if found or inside:
            segments.append(Segment(start, end, clause, whole.level[start:end], found, inside))
    return segments


def _boundaries(whole: Statement) -> list[tuple[int, int]]:
    """Where segments begin, each with the number of its clause; the last is the end."""
    busy = [(q.start, q.end) for q in whole.quantities]
    busy += [(name.start, name.end) for name in whole.names]

    def free(position: int) -> bool:
        return not any(start < position < end for start, end in busy)

    strong = {m.start() for m in _STRONG.finditer(whole.level) if free(m.start())}
    strong = {place for place in strong if whole.level[place] != "." or _full_stop(whole, place)}
    busy += _date_lists(whole)
    weak = {m.start() for m in _WEAK.finditer(whole.level) if free(m.start())}
    weak |= _between_dates(whole, strong | weak)
    marks = sorted({0} | strong | weak | _between_quantities(whole, strong | weak))
    clause = 0
    cuts: list[tuple[int, int]] = []
    for mark in marks:
        clause += mark in strong
        cuts.append((mark, clause))
    return [*cuts, (len(whole.text) + 1, clause)]


def _date_lists(whole: Statement) -> list[tuple[int, int]]:
    """« les 14, 15 et 16 mars », « entre six mois et deux ans »: what is said together."""
    dated = [q for q in whole.quantities if q.kind is QuantityKind.DATE]
    lists = [
        (one.start, following.end)
        for one, following in pairwise(dated)
        if following.start - one.end <= len(" et le ")
    ]
    ranges = [
        (one.start, following.end)
        for one, following in pairwise(whole.quantities)
        if _is_range(whole, one, following)
    ]
    return lists + ranges


def _is_range(whole: Statement, one: Quantity, following: Quantity) -> bool:
    """« entre six mois et deux ans »."""
    between = whole.level[one.end : following.start]
    return between == " et " and whole.level[: one.start].endswith("entre ")


def _full_stop(whole: Statement, place: int) -> bool:
    """A full stop after a word of two letters at least, which is not « Mme. » or « art. »."""
    before = re.search(r"\w+\Z", whole.level[:place])
    return before is not None and len(before.group()) > 2


def _between_quantities(whole: Statement, marks: set[int]) -> set[int]:
    """Cut before the second of two like quantities in one stretch: « de 3 M€ en 2024 à 5 M€ »."""
    cuts: set[int] = set()
    counted = [
        q
        for q in whole.quantities
        if q.kind is not QuantityKind.DATE and not is_label(whole.level, q)
    ]
    for one, following in pairwise(counted):
        if one.kind is not following.kind:
            continue
        if any(one.end <= mark <= following.start for mark in marks):
            continue
        before = whole.level[one.end : following.start]
        if PART_OF.fullmatch(before) or _is_range(whole, one, following):
            continue
        preposition = _PREPOSITION.search(before)
        cuts.add(one.end + preposition.start() if preposition else following.start)
    return cuts


def _between_dates(whole: Statement, marks: set[int]) -> set[int]:
    """Cut before the verb between two dates: « installées en 2019 | seront démontées en 2027 »."""
    cuts: set[int] = set()
    dated = [q for q in whole.quantities if q.kind is QuantityKind.DATE]
    for one, following in pairwise(dated):
        verb = VERB.search(whole.level, one.end, following.start)
        if verb and not any(one.end <= mark <= following.start for mark in marks):
            cuts.add(verb.start())
    return cuts


def _stems_outside(text: str, start: int, end: int, inside: tuple[Quantity, ...]) -> frozenset[str]:
    """Content stems of a stretch, the quantities in it blanked out."""
    stretch = list(text[start:end])
    for quantity in inside:
        for place in range(max(quantity.start, start), min(quantity.end, end)):
            stretch[place - start] = " "
    found = set()
    for word in raw_words("".join(stretch)):
        folded = fold(word)
        if folded in STOP_WORDS or len(folded) < 2:
            continue
        found.add(stem(word))
    return frozenset(found) | _labels(text, start, end, inside)


def is_label(levelled: str, quantity: Quantity, start: int = 0) -> bool:
    """True for a number that names: « la ligne 3 »; ``levelled`` begins at ``start``."""
    bare = quantity.kind is QuantityKind.NUMBER and not quantity.unit
    return bare and _LABEL.search(levelled[: quantity.start - start]) is not None


def _labels(text: str, start: int, end: int, inside: tuple[Quantity, ...]) -> frozenset[str]:
    """« la ligne 3 », « le lot n° 2 »: a number that names is a word with its noun."""
    found = set()
    for quantity in inside:
        before = level(text[start : quantity.start])
        named = _LABEL.search(before)
        if named and start <= quantity.start < end and is_label(before, quantity, start):
            found.add(f"{stem(named[1].removesuffix('s'))}{quantity.key}")
    return frozenset(found)
