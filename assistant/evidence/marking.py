"""The sentence of each hit that is nearest to the question, and the excerpt around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.scoring import scores
from assistant.evidence.sentences import sentences_of
from assistant.french.sentences import split_sentences
from assistant.records import Evidence, Hit

_EXCERPT_CHARS = 480


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Whole sentences of a passage around its best one; the two others may be empty."""

    before: str
    best: str
    after: str


def best_sentences(question: str, hits: Sequence[Hit]) -> tuple[Evidence | None, ...]:
    """For each hit, its best sentence as it could be cited, numbered by the hit's rank.

    Args:
        question: What was searched for.
        hits: Best first.

    Returns:
        As many as there are hits; ``None`` where no sentence of a hit states anything.
    """
    sentences = sentences_of(hits)
    best: dict[str, Evidence] = {}
    for score, sentence in zip(scores(question, sentences), sentences, strict=True):
        hit = sentence.hit
        known = best.get(hit.passage.passage_id)
        if known is None or score > known.score:
            best[hit.passage.passage_id] = Evidence(
                number=hit.rank,
                text=sentence.text,
                start=sentence.start,
                end=sentence.end,
                score=score,
                passage=hit.passage,
                document=hit.document,
                context=hit.passage.context,
            )
    return tuple(best.get(hit.passage.passage_id) for hit in hits)


def excerpt(hit: Hit, best: Evidence | None, *, most: int = _EXCERPT_CHARS) -> Excerpt:
    """The best sentence of a hit with whole sentences around it.

    Args:
        hit: Whose passage is shown.
        best: Of this hit; ``None``: the excerpt begins with the passage.
        most: Code points, unless the best sentence alone is longer.
    """
    text, base = hit.passage.text, hit.passage.start
    spans = split_sentences(text) or [(0, len(text))]
    first = last = next((n for n, (s, e) in enumerate(spans) if best and base + e > best.start), 0)
    while True:
        grown = [(first, last + 1)] if last + 1 < len(spans) else []
        grown += [(first - 1, last)] if first else []
        fitting = [(f, t) for f, t in grown if spans[t][1] - spans[f][0] <= most]
        if not fitting:
            break
        first, last = fitting[0]
    start, end = spans[first][0], spans[last][1]
    if best is None:
        return Excerpt("", "", text[start:end])
    inner = best.start - base, best.end - base
    return Excerpt(text[start : inner[0]], text[inner[0] : inner[1]], text[inner[1] : end])
