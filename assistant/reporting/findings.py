"""What a report names one by one, bounded: the newest of each, and how many there are in all."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant.records import Verdict
from assistant.reporting.groups import Human
from assistant.reporting.records import Answered, Cited, Outcome, Said, SourceToday
from assistant.reporting.tallies import human_word

MOST_NAMED: Final = 100
_RECORDS_NAMED: Final = 20

_WORST: Final = (  # the gravest first: what was shown as sure and is not
    (Verdict.EXACT, Human.UNSUPPORTED),
    (Verdict.SUPPORTED, Human.UNSUPPORTED),
    (Verdict.UNSUPPORTED, Human.SUPPORTED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A citation of a worst case, with the key that people hold, ``""`` for none."""

    title: str
    where: str
    quote: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstCase:
    """A claim on which the verifier and people say the contrary."""

    record: str
    opened: str
    question: str
    claim: int
    text: str
    verdict: str
    reason: str
    human: Human
    citations: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """An answer that readers hold for wrong; ``""`` is a reason whose text was erased."""

    record: str
    opened: str
    outcome: Outcome
    question: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What wrote some answers; ``model`` is ``""`` for sentences taken as they are."""

    model: str
    sha256: str
    program: str
    embedding: str
    answers: int
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleSource:
    """A cited document that is not what it was; citations by what has become of it.

    ``records`` names the newest of the ``answers`` that cite it.
    """

    document: str
    title: str
    path: str
    collection: str
    kind: str
    states: Mapping[SourceToday, int]
    answers: int
    records: tuple[str, ...]


class Findings:
    """Takes answers one after the other and keeps what is worth naming."""

    def __init__(self) -> None:
        self._worst: dict[tuple[str, Human], deque[WorstCase]] = {
            pair: deque(maxlen=MOST_NAMED) for pair in _WORST
        }
        self._disputed: deque[Disputed] = deque(maxlen=MOST_NAMED)
        self._conditions: dict[tuple[str, str, str, str], list[str]] = {}
        self._written: Counter[tuple[str, str, str, str]] = Counter()
        self._stale: dict[str, _Stale] = {}
        self.reasons: Counter[str] = Counter()

    def add(self, answer: Answered) -> None:
        """Look at one answer."""
        if answer.disputes:
            self.reasons.update(answer.disputes)
            self._disputed.append(
                Disputed(
                    record=answer.record,
                    opened=answer.opened,
                    outcome=answer.outcome,
                    question=answer.question,
                    reasons=answer.disputes,
                )
            )
        if answer.outcome is not Outcome.FORGOTTEN:
            self._note_condition(answer)
        for claim in answer.claims:
            human = human_word(answer, claim)
            if human is not None and (claim.verdict, human) in self._worst:
                self._worst[claim.verdict, human].append(_worst_case(answer, claim, human))
        self._note_stale(answer)

    def worst(self) -> tuple[WorstCase, ...]:
        """The gravest first, the newest first among equals; at most ``MOST_NAMED``."""
        cases = [case for pair in _WORST for case in reversed(self._worst[pair])]
        return tuple(cases[:MOST_NAMED])

    def disputed(self) -> tuple[Disputed, ...]:
        """The newest first; at most ``MOST_NAMED``."""
        return tuple(reversed(self._disputed))

    def conditions(self) -> tuple[Condition, ...]:
        """Model, program and embedding of the answers, in order of their first use."""
        return tuple(
            Condition(
                model=key[0],
                sha256=key[1],
                program=key[2],
                embedding=key[3],
                answers=self._written[key],
                first=first,
                last=last,
            )
            for key, (first, last) in self._conditions.items()
        )

    def stale(self) -> tuple[StaleSource, ...]:
        """Cited documents that are not what they were, those that most answers cite first."""
        found = [stale.made() for stale in self._stale.values()]
        return tuple(sorted(found, key=lambda source: (-source.answers, source.path)))

    def _note_condition(self, answer: Answered) -> None:
        key = (answer.model, answer.model_sha256, answer.program, answer.embedding)
        self._written[key] += 1
        self._conditions.setdefault(key, [answer.opened, answer.opened])[1] = answer.opened

    def _note_stale(self, answer: Answered) -> None:
        seen = set()
        for claim in answer.claims:
            for cited in claim.citations:
                if cited.today is SourceToday.CURRENT:
                    continue
                stale = self._stale.setdefault(cited.document, _Stale(cited))
                stale.states[cited.today] += 1
                if cited.document not in seen:
                    seen.add(cited.document)
                    stale.answers += 1
                    stale.records.append(answer.record)


class _Stale:
    """A stale document while it is counted."""

    def __init__(self, cited: Cited) -> None:
        self.cited = cited
        self.states: Counter[SourceToday] = Counter()
        self.answers = 0
        self.records: deque[str] = deque(maxlen=_RECORDS_NAMED)

    def made(self) -> StaleSource:
        return StaleSource(
            document=self.cited.document,
            title=self.cited.title,
            path=self.cited.path,
            collection=self.cited.collection,
            kind=self.cited.kind,
            states={state: self.states[state] for state in SourceToday if self.states[state]},
            answers=self.answers,
            records=tuple(reversed(self.records)),
        )


def _worst_case(answer: Answered, claim: Said, human: Human) -> WorstCase:
    return WorstCase(
        record=answer.record,
        opened=answer.opened,
        question=answer.question,
        claim=claim.claim,
        text=claim.text,
        verdict=claim.verdict,
        reason=claim.reason,
        human=human,
        citations=tuple(
            Quoted(
                title=cited.title,
                where=cited.where,
                quote=cited.quote,
                key=(held.key or "")
                if (held := answer.judged.get((claim.claim, cited.citation)))
                else "",
            )
            for cited in claim.citations
        ),
    )
