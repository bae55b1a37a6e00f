"""The sentences of the hits, each with what is needed to judge it and to understand it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.french.letters import fold
from assistant.french.orders import addresses_the_assistant
from assistant.french.sentences import split_sentences
from assistant.french.words import terms
from assistant.records import Hit

_KEPT = 2048  # passages whose sentences stay known, some 10 KB each: half the work of a search
_SHORTEST = 12  # code points; a shorter "sentence" is a crumb of layout
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Words that point at the sentence before: it is read together with them.
_LEANING = frozenset(
    (
        *("il", "elle", "ils", "elles", "ce", "cet", "cette", "ces", "cela", "ceci"),
        *("celui", "celle", "ceux", "celles", "y", "en", "leur"),
    )
)
_CAPTION = re.compile(r"(?:Tableau|Figure|Graphique|Carte|Encadré)\s+\d+\b")
_ITEM = re.compile(r"\s*(?:[-–—•▪◦*]|\d{1,2}[°).]|[a-z]\))\s")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence of a hit.

    ``before`` is the sentence in front of it in its passage; ``needs_before`` is true when a
    pronoun, or the enumeration it is an item of, makes no sense without. ``likeness`` is its
    cosine with the question, 0 when it is not known.
    """

    hit: Hit
    start: int
    end: int
    text: str
    words: frozenset[str]
    context: frozenset[str]
    likeness: float
    before: Sentence | None
    needs_before: bool

    @property
    def key(self) -> tuple[str, int]:
        """Where it stands: document and offset."""
        return self.hit.document.document_id, self.start


def sentences_of(hits: Iterable[Hit]) -> list[Sentence]:
    """Every sentence that states something, passage by passage, in text order.

    Questions, captions, tables of contents, heads of tables and crumbs are left out, and so is
    what speaks to the assistant instead of the reader: an order in a document is data, no evidence.
    """
    found: list[Sentence] = []
    for hit in hits:
        context = _context(hit.passage.context)
        stated = _stated(hit.passage.text)
        known = hit.sentences if len(hit.sentences) == len(stated) else (0.0,) * len(stated)
        before: Sentence | None = None
        lead: Sentence | None = None
        for said, likeness in zip(stated, known, strict=True):
            if said is None:
                before = None
                continue
            if not said.item:
                lead = None
            one = Sentence(
                hit=hit,
                start=hit.passage.start + said.start,
                end=hit.passage.start + said.end,
                text=said.text,
                words=said.words,
                context=context - said.words,
                likeness=likeness,
                before=lead if said.item and lead is not None else before,
                needs_before=(said.item and lead is not None) or said.leans,
            )
            found.append(one)
            if said.text.endswith(":"):
                lead = one
            before = one
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What a sentence is by its own text; offsets into its passage."""

    start: int
    end: int
    text: str
    words: frozenset[str]
    item: bool
    leans: bool


@lru_cache(maxsize=_KEPT)
def _context(header: str) -> frozenset[str]:
    return terms(header)


@lru_cache(maxsize=_KEPT)
def _stated(passage: str) -> tuple[_Said | None, ...]:
    """A passage's sentences in order, ``None`` for what states nothing to the reader."""
    found: list[_Said | None] = []
    for start, end in split_sentences(passage):
        text = passage[start:end]
        if not _states(text) or addresses_the_assistant(text):
            found.append(None)
            continue
        item = _ITEM.match(text) is not None or text[0].islower()
        found.append(_Said(start, end, text, terms(text), item, _leans(text)))
    return tuple(found)


def _states(text: str) -> bool:
    """False for questions, captions, crumbs, tables of contents, and heads of tables."""
    if (
        len(text) < _SHORTEST
        or text.endswith("?")
        or _CAPTION.match(text)
        or text.rstrip("0123456789ivxlc \u00a0").endswith(("...", "…", ". ."))
    ):
        return False
    if " | " in text:  # a row of a table; one of years alone is its head
        return any(char.isdigit() for char in _YEAR.sub("", text)) or text.count(" | ") == 1
    return True


def _leans(text: str) -> bool:
    return fold(text).replace("'", " ").split()[0] in _LEANING
