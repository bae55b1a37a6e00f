"""The same words in several places are one hit, which says where else they stand.

A note and its annexed copy, a notice at the foot of every sheet, two versions of a document: each
would take the place of a passage that says something else. Only white space may differ: what
merely looks alike differs by the figure that is asked for (DECISIONS.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.records import Document, Passage, Status
from assistant.retrieval.fusion import Ranking

Read = Callable[[Sequence[int]], Mapping[int, tuple[Passage, Document]]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage of a ranking, with the document it stands in."""

    row: int
    score: float
    passage: Passage
    document: Document


def distinct(ranking: Ranking, top: int, read: Read) -> list[list[Ranked]]:
    """The first passages of a ranking whose words differ, each with its copies.

    Args:
        ranking: (passage row, score), best first.
        top: At most so many; copies are known as far down as these reach.
        read: The passages of some rows, with their documents; those that are gone are left out.

    Returns:
        For each, the best copy first; those of superseded documents stand behind the others.
    """
    groups: dict[str, list[Ranked]] = {}
    for first in range(0, len(ranking), max(top, 1)):
        some = ranking[first : first + top]
        known = read([row for row, _ in some])
        for row, score in some:
            if row in known:
                said = words_of(known[row][0])
                groups.setdefault(said, []).append(Ranked(row, score, *known[row]))
        if len(groups) >= top:
            break
    return [sorted(group, key=_superseded) for group in list(groups.values())[:top]]


def words_of(passage: Passage) -> str:
    """What copies have in common: the text, white space aside."""
    return " ".join(passage.text.split())


def _superseded(one: Ranked) -> bool:
    return one.document.status is Status.SUPERSEDED
