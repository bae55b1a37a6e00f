"""How much a sentence looks like the answer: words, meaning, and the kind of thing asked for.

A weighted sum of signals, each between about 0 and 1. The weights were
fitted on the dev questions of the demo corpus and of the public sheets, for the
share of facts held within 200 to 500 tokens, then rounded (DECISIONS.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from assistant.evidence.sentences import Sentence
from assistant.french.numbers import years
from assistant.french.questions import Asked, asked, holds, tells_its_kind
from assistant.french.words import terms
from assistant.records import Status

_OWN = 0.5  # the question's words in the sentence, by rarity
_CONTEXT = 0.2  # in the title, section or speaker of its passage
_BEFORE = 0.15  # in the sentence before
_MEANING = 0.1  # its cosine with the question, in standard scores
_KIND = 0.14  # it holds the kind of thing asked for; taken off when it does not
_YEAR = 0.2  # it speaks of the year asked for; taken off when of another only
_TABLE = 0.1  # a row of a table says little with few words
_RANK = 0.008  # off, for each rank its passage stands below the first
_SUPERSEDED = 0.2  # off: its successor is read first, if it says as much


def scores(question: str, sentences: Sequence[Sentence]) -> list[float]:
    """The score of each sentence, higher is better, in the order given."""
    weights = _weights(question, sentences)
    meaning = _standard([sentence.likeness for sentence in sentences])
    wanted, asked_years = asked(question), years(question)
    return [
        _words(sentence, weights)
        + _MEANING * standing
        + _form(sentence, wanted)
        + _YEAR * _same_years(asked_years, sentence.text)
        - _RANK * (sentence.hit.rank - 1)
        - _SUPERSEDED * (sentence.hit.document.status is Status.SUPERSEDED)
        for sentence, standing in zip(sentences, meaning, strict=True)
    ]


def _weights(question: str, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Weight of each word of the question: its rarity among the sentences, summing to 1."""
    wanted = terms(question)
    seen = Counter(word for sentence in sentences for word in sentence.words & wanted)
    raw = {w: math.log(1 + (len(sentences) + 1) / (seen[w] + 0.5)) for w in wanted}
    total = sum(raw.values()) or 1.0
    return {word: value / total for word, value in raw.items()}


def _words(sentence: Sentence, weights: dict[str, float]) -> float:
    before = sentence.before.words - sentence.words if sentence.before else frozenset[str]()
    return (
        _OWN * _shared(weights, sentence.words)
        + _CONTEXT * _shared(weights, sentence.context)
        + _BEFORE * _shared(weights, before)
    )


def _shared(weights: dict[str, float], words: frozenset[str]) -> float:
    return sum(weight for word, weight in weights.items() if word in words)


def _form(sentence: Sentence, wanted: Asked) -> float:
    """What the form of the sentence promises, whatever its words."""
    score = _TABLE if " | " in sentence.text else 0.0
    if not tells_its_kind(wanted):
        return score
    speaker = sentence.hit.passage.locator.speaker
    return score + (_KIND if holds(wanted, sentence.text, speaker=speaker) else -_KIND)


def _same_years(wanted: frozenset[str], text: str) -> float:
    if not wanted:
        return 0.0
    said = years(text)
    return 1.0 if wanted & said else -1.0 if said else 0.0


def _standard(values: Sequence[float]) -> list[float]:
    """Standard scores; all zero when the values do not differ."""
    array = np.array(values)
    spread = float(array.std()) if len(values) else 0.0
    if spread == 0.0:
        return [0.0] * len(values)
    standard: list[float] = ((array - array.mean()) / spread).tolist()
    return standard
