"""The best sentences that fit a budget of tokens, numbered in the order they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.contradiction import contradicts
from assistant.evidence.scoring import scores
from assistant.evidence.sentences import Sentence, sentences_of
from assistant.evidence.tokens import estimated_tokens, heading, line_tokens
from assistant.french.letters import fold
from assistant.records import Evidence, Hit

_HEADING_TOKENS = 2  # the line end and what stands around a title


def select_evidence(
    question: str, hits: Sequence[Hit], *, token_budget: int, most: int
) -> tuple[Evidence, ...]:
    """Choose what the model reads.

    A sentence that says word for word what a chosen one says is left out; one of another
    document that gives another figure for the same thing is always taken along with it.

    Args:
        question: Standalone.
        hits: Best first.
        token_budget: In estimated tokens, the documents' titles included.
        most: At most so many sentences.

    Returns:
        Sentences numbered from 1, best first; one that leans on another follows it.
    """
    sentences = sentences_of(hits)
    ranked = sorted(
        zip(scores(question, sentences), sentences, strict=True),
        key=lambda pair: (-pair[0], pair[1].hit.rank, pair[1].start),
    )
    choice = _Choice(left=token_budget, room=most)
    for score, sentence in ranked:
        if choice.take(score, sentence):
            for other_score, other in ranked:
                if _elsewhere(sentence, other) and contradicts(sentence.text, other.text):
                    choice.take(min(score, other_score), other)
    return tuple(_numbered(choice.chosen))


def _elsewhere(one: Sentence, other: Sentence) -> bool:
    return one.hit.document.document_id != other.hit.document.document_id


@dataclass(slots=True)
class _Choice:
    """What was chosen so far, and the room that is left."""

    left: int
    room: int
    chosen: list[tuple[float, Sentence]] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)
    _titles: set[str] = field(default_factory=set)

    def take(self, score: float, sentence: Sentence) -> bool:
        """Choose a sentence, with the one it leans on, if both are new and fit."""
        if line_tokens(sentence.text) > self.left or fold(sentence.text) in self._said:
            return False
        group = [sentence]
        before = sentence.before
        if sentence.needs_before and before is not None and fold(before.text) not in self._said:
            group.insert(0, before)
        document = sentence.hit.document
        cost = sum(line_tokens(one.text) for one in group)
        if document.document_id not in self._titles:
            cost += estimated_tokens(heading(document)) + _HEADING_TOKENS
        if cost > self.left or len(group) > self.room:
            return False
        self.left -= cost
        self.room -= len(group)
        self._titles.add(document.document_id)
        self._said.update(fold(one.text) for one in group)
        self.chosen += [(score, one) for one in group]
        return True


def _numbered(chosen: Iterable[tuple[float, Sentence]]) -> Iterable[Evidence]:
    ordered = sorted(chosen, key=lambda pair: (-pair[0], *pair[1].key))
    for number, (score, sentence) in enumerate(ordered, start=1):
        yield Evidence(
            number=number,
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            score=round(score, 4),
            passage=sentence.hit.passage,
            document=sentence.hit.document,
            context=heading(sentence.hit.document),
        )
