"""Three sets of questions whose right passages are known, for the measures of retrieval.

A hit is right by its place, never by its words: it lies in the section, the article or the
quote that answers. Without section titles a passage may straddle sections: it is right for one that
holds most of the passage, and for one that it holds most of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.evaluation.gold import GoldQuestion
from assistant.followup import standalone
from assistant.french.letters import fold
from assistant.records import Passage
from benchmarks.sheets import Sheet

ANSWER = "answer"
_FORMS = {
    "combien": "combien",
    "comment": "comment",
    "pourquoi": "pourquoi",
    "quand": "quand",
    "qui": "qui",
    "que": "que",
    "qu": "que",
    "quel": "quel",
    "quelle": "quel",
    "quels": "quel",
    "quelles": "quel",
}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and what each right passage holds of its gold.

    ``right`` maps a passage's id to the one gold unit it holds (a section, an article, the
    answer). ``gold`` are all units, those that no passage holds included: a miss stays a miss.
    """

    id: str
    question: str
    kind: str
    gold: frozenset[str]
    right: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document's canonical text, in code points, end exclusive."""

    start: int
    end: int


def sheet_questions(
    sheets: Iterable[Sheet],
    texts: Mapping[str, str],
    passages: Mapping[str, Sequence[Passage]],
) -> list[Asked]:
    """Each section title that ends in ``?`` asks for its section, the sheet's title before it.

    Args:
        sheets: The drawn sheets.
        texts: Canonical text of each sheet's document, by path; it holds no section titles.
        passages: The passages of each document, by path.
    """
    found = []
    for sheet in sheets:
        places = section_places(sheet, texts[sheet.path])
        for number, (part, place) in enumerate(zip(sheet.sections, places, strict=True)):
            if part.title.endswith("?"):
                unit = f"{sheet.pub_id}#{number}"
                right = {p.passage_id: unit for p in passages[sheet.path] if lies_in(p, place)}
                found.append(
                    Asked(
                        id=unit,
                        question=f"{sheet.title} : {part.title}",
                        kind=form_of(part.title),
                        gold=frozenset({unit}),
                        right=right,
                    )
                )
    return found


def sections_of(
    sheets: Iterable[Sheet],
    texts: Mapping[str, str],
    passages: Mapping[str, Sequence[Passage]],
) -> dict[str, frozenset[str]]:
    """The sections that each passage holds (`lies_in`), by passage id; one of none is left out."""
    found = {}
    for sheet in sheets:
        places = section_places(sheet, texts[sheet.path])
        for passage in passages[sheet.path]:
            held = [n for n, place in enumerate(places) if lies_in(passage, place)]
            if held:
                found[passage.passage_id] = frozenset(f"{sheet.pub_id}#{n}" for n in held)
    return found


def counting_copies(asked: Asked, same_as: Mapping[str, str]) -> Asked:
    """The question, for which every passage of the same words as a right one is right.

    Args:
        asked: Knows the right passages.
        same_as: The passage that stands for each and its copies, by passage id.
    """
    return replace(asked, right={same_as[one]: unit for one, unit in asked.right.items()})


def merged(
    places_of: Mapping[str, frozenset[str]], same_as: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """The places of a passage and of all its copies, by the id of the one that stands for them."""
    found: dict[str, frozenset[str]] = {}
    for passage, places in places_of.items():
        first = same_as[passage]
        found[first] = found.get(first, frozenset()) | places
    return found


def section_places(sheet: Sheet, text: str) -> list[Place]:
    """Where each section stands, by offsets: what is indexed has no titles to know it by.

    Raises:
        ValueError: A section's text is not there, or not in its turn.
    """
    places, cursor = [], 0
    for part in sheet.sections:
        start = text.find(part.text, cursor)
        if start < 0:
            raise ValueError(f"{sheet.path}: the section « {part.title} » is not in the text")
        cursor = start + len(part.text)
        places.append(Place(start, cursor))
    return places


def demo_questions(
    gold: Iterable[GoldQuestion],
    texts: Mapping[str, str],
    passages: Mapping[str, Sequence[Passage]],
) -> list[Asked]:
    """The answerable questions of a gold file; a passage with a quote, or most of it, is right.

    Raises:
        ValueError: A quote stands in none of its documents.
    """
    return [
        Asked(
            id=question.id,
            question=standalone(question.question, question.previous),
            kind=question.kind,
            gold=frozenset({ANSWER}),
            right=dict.fromkeys(_holding(question, texts, passages), ANSWER),
        )
        for question in gold
        if question.answerable
    ]


def form_of(question: str) -> str:
    """The first word that asks; ``ouinon`` where there is none."""
    asking = [_FORMS[word] for word in _WORD.findall(fold(question)) if word in _FORMS]
    return asking[0] if asking else "ouinon"


def quote_places(quote: str, text: str) -> list[Place]:
    """Every place of a quote in a text, white space of both taken for equal."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    return [Place(match.start(), match.end()) for match in re.finditer(pattern, text)]


def _holding(
    question: GoldQuestion,
    texts: Mapping[str, str],
    passages: Mapping[str, Sequence[Passage]],
) -> Iterator[str]:
    for quote in question.quotes:
        places = [
            (path, place)
            for path in question.documents
            for place in quote_places(quote, texts[path])
        ]
        if not places:
            raise ValueError(f"{question.id}: no document holds « {quote} »")
        for path, place in places:
            for passage in passages[path]:
                if lies_in(passage, place):
                    yield passage.passage_id


def lies_in(passage: Passage, place: Place) -> bool:
    """True when most of the passage lies in the place, or most of the place in the passage."""
    return 2 * shared(place, passage) > min(place.end - place.start, passage.end - passage.start)


def shared(place: Place, passage: Passage) -> int:
    """Code points that a place and a passage have in common."""
    return max(0, min(place.end, passage.end) - max(place.start, passage.start))
