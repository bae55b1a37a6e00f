"""From hits to numbered sentences, within a budget of the model's tokens.

Prefill is the cost of an answer, and sentences hold more of its facts per token
than passages do (DESIGN.md), so the model reads sentences: the best ones of the
best passages, the best one first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.french.sentences import split_sentences
from assistant.french.words import fold, identifiers, stems
from assistant.records import Evidence, Hit, Status

# Weights of a sentence's score, chosen on the demo corpus (DECISIONS.md).
_CONTEXT_SHARE = 0.4  # a question word in the title or section counts this much
_RANK_PENALTY = 0.06  # for each rank its passage stands below the first
_SUPERSEDED_PENALTY = 0.3  # its successor is read first, if it says as much
_SHORTEST = 25  # code points; shorter "sentences" are crumbs of layout
# Measured with the default model's tokenizer on the demo corpus; a little low on purpose.
_CHARS_PER_TOKEN = 3.2
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ENDINGS = frozenset(".!…;:»)")
# Words that point at the sentence before: it is read together with them.
_LEANING = frozenset(
    (
        *("il", "elle", "ils", "elles", "ce", "cet", "cette", "ces", "cela", "ceci"),
        *("celui", "celle", "ceux", "celles", "y", "en", "leur"),
    )
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a hit, with what is needed to score it."""

    hit: Hit
    start: int
    end: int
    text: str
    words: frozenset[str]
    leans_on: int | None = None  # start of the sentence before it, if it needs it


def select_evidence(
    question: str,
    hits: Sequence[Hit],
    *,
    token_budget: int,
    most: int,
) -> tuple[Evidence, ...]:
    """Choose what the model reads.

    Args:
        question: Standalone.
        hits: Best first.
        token_budget: In estimated tokens, the documents' titles included.
        most: At most so many sentences.

    Returns:
        Sentences numbered from 1, best first; one that leans on another follows it.
    """
    candidates = list(_candidates(hits))
    weights = _weights(question, candidates)
    scored = sorted(
        ((_score(c, weights), -c.hit.rank, -c.start, c) for c in candidates),
        key=lambda entry: entry[:3],
        reverse=True,
    )
    chosen: dict[tuple[str, int], tuple[float, _Candidate]] = {}
    titles: set[str] = set()
    left = token_budget
    for score, _, _, candidate in scored:
        group = _with_neighbour(candidate, candidates)
        fresh = [c for c in group if _key(c) not in chosen and not _repeats(c, chosen.values())]
        if score <= 0 or candidate not in fresh or len(chosen) + len(fresh) > most:
            continue
        cost = sum(estimated_tokens(c.text) + 5 for c in fresh)
        if candidate.hit.document.document_id not in titles:
            cost += estimated_tokens(heading(candidate.hit)) + 2
        if cost > left:
            continue
        left -= cost
        titles.add(candidate.hit.document.document_id)
        chosen.update({_key(c): (score, c) for c in fresh})
    return _numbered(list(chosen.values()))


def estimated_tokens(text: str) -> int:
    """Tokens of a French text, without waiting for a model to load; see `_CHARS_PER_TOKEN`."""
    return math.ceil(len(text) / _CHARS_PER_TOKEN)


def heading(hit: Hit) -> str:
    """How a document is announced to the model: title, date, status when it is not final."""
    document = hit.document
    parts = [document.title]
    if document.date is not None:
        parts.append(document.date.strftime("%d/%m/%Y"))
    if document.status is not Status.FINAL:
        parts.append(f"document {document.status}")
    return ", ".join(parts)


def _candidates(hits: Iterable[Hit]) -> Iterator[_Candidate]:
    """The sentences of the hits; questions are left out: they assert nothing."""
    for hit in hits:
        before: int | None = None
        for start, end in split_sentences(hit.passage.text):
            text = hit.passage.text[start:end]
            if not _asserts(text):
                before = None
                continue
            first = fold(text).replace("'", " ").split()[0]
            yield _Candidate(
                hit=hit,
                start=hit.passage.start + start,
                end=hit.passage.start + end,
                text=text,
                words=stems(text) | set(identifiers(text)),
                leans_on=before if first in _LEANING else None,
            )
            before = hit.passage.start + start


def _asserts(text: str) -> bool:
    """False for questions, captions, column heads and crumbs of layout: they state nothing."""
    if len(text) < _SHORTEST or text.endswith(("?", "..")):  # ".." leads to a page number
        return False
    if " | " in text:  # a row of a table; one of years alone is its head
        return any(c.isdigit() for c in _YEAR.sub("", text))
    return text[-1] in _ENDINGS


def _weights(question: str, candidates: Sequence[_Candidate]) -> dict[str, float]:
    """Weight of each word of the question: its rarity among the candidates, summing to 1."""
    wanted = stems(question) | set(identifiers(question))
    seen = Counter(word for c in candidates for word in c.words & wanted)
    raw = {w: math.log(1 + (len(candidates) + 1) / (seen[w] + 0.5)) for w in wanted}
    total = sum(raw.values()) or 1.0
    return {word: value / total for word, value in raw.items()}


def _score(candidate: _Candidate, weights: dict[str, float]) -> float:
    context = stems(candidate.hit.passage.context) - candidate.words
    own = sum(weights.get(word, 0.0) for word in candidate.words)
    around = sum(weights.get(word, 0.0) for word in context)
    penalty = _RANK_PENALTY * (candidate.hit.rank - 1)
    if candidate.hit.document.status is Status.SUPERSEDED:
        penalty += _SUPERSEDED_PENALTY
    return 0.5 + own + _CONTEXT_SHARE * around - penalty


def _with_neighbour(candidate: _Candidate, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The sentence, after the one its pronoun needs."""
    if candidate.leans_on is None:
        return [candidate]
    document = candidate.hit.document.document_id
    return [
        c
        for c in candidates
        if c is candidate
        or (c.start == candidate.leans_on and c.hit.document.document_id == document)
    ]


def _repeats(candidate: _Candidate, chosen: Iterable[tuple[float, _Candidate]]) -> bool:
    """True for a sentence that says word for word what a chosen one says."""
    return any(fold(candidate.text) == fold(other.text) for _, other in chosen)


def _key(candidate: _Candidate) -> tuple[str, int]:
    return candidate.hit.document.document_id, candidate.start


def _numbered(chosen: list[tuple[float, _Candidate]]) -> tuple[Evidence, ...]:
    chosen.sort(key=lambda pair: (-pair[0], *_key(pair[1])))
    plain = [
        Evidence(
            number=1,
            text=c.text,
            start=c.start,
            end=c.end,
            score=round(score, 4),
            passage=c.hit.passage,
            document=c.hit.document,
            context=heading(c.hit),
        )
        for score, c in chosen
    ]
    return tuple(replace(e, number=number) for number, e in enumerate(plain, start=1))
