"""The sentence of each hit that is nearest to the question: what a reader's eye is led to."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence.scoring import scores
from assistant.evidence.sentences import sentences_of
from assistant.records import Evidence, Hit


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
