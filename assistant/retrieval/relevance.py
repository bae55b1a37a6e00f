"""A search for what the corpus does not speak of gives nothing rather than what is least far.

There is always a nearest passage. Two things must be missing at once before it is held back: the
words (no passage holds more than a quarter of those searched for) and the meaning (no sentence
comes near). Either alone is how a good paraphrase, or a rare name, looks.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.french.words import terms
from assistant.records import Hit

_FEW = 0.25  # of the words searched for


def matches_nothing(question: str, hits: Sequence[Hit], *, below: float) -> bool:
    """True when neither words nor meaning of a search are in what it found.

    Args:
        question: What was searched for.
        hits: With the cosines of their sentences; without any, words alone do not decide.
        below: Cosine under which the nearest sentence is far; it depends on the embedding model.
    """
    cosines = [cosine for hit in hits for cosine in hit.sentences]
    if not cosines or max(cosines) >= below:
        return False
    wanted = terms(question)
    passages = (f"{hit.passage.context}\n{hit.passage.text}" for hit in hits)
    return all(len(wanted & terms(text)) <= _FEW * len(wanted) for text in passages)
