"""What people said of answers, read from the chain: each one's last word, and what they agree on.

Only the chain is read, so a judgement still counts when the texts it is about were erased.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from assistant.audit import AuditLog, Entry
from assistant.reporting.records import (
    ANSWER_KEYS,
    CANNOT_TELL,
    CITATION_KEYS,
    Drawn,
    Held,
    How,
    Judgement,
    Thing,
)
from assistant.review.judgements import JUDGED, SAMPLED, SETTLED

_Word = tuple[Thing, str, bool]  # thing, person, whether it settles


class Judgements:
    """The standing judgements of every answer; memory grows with them, not with the answers.

    Args:
        audit: The log.
        since: Answers opened before that day are not asked about.
        records: Number of the last record to read.
    """

    def __init__(self, audit: AuditLog, since: date | None, records: int) -> None:
        self.unread: Counter[str] = Counter()
        """Judgements that this program cannot read, by record."""
        self._samples: dict[str, Drawn] = {}
        self._words: dict[str, dict[_Word, Judgement]] = {}
        # nobody judges an answer, nor draws it, before it is opened
        for entry in audit.events({SAMPLED, JUDGED, SETTLED}, since):
            if entry.seq > records:
                break
            if entry.type == SAMPLED:
                self._samples[entry.record_id] = _drawn(entry.data)
            else:
                self._hear(entry)

    def of(self, record: str) -> Mapping[Thing, Held]:
        """What people hold of each thing of an answer that somebody judged."""
        words = self._words.get(record, {})
        votes: dict[Thing, list[Judgement]] = {}
        settled: dict[Thing, Judgement] = {}
        for (thing, _, settles), word in words.items():
            if not settles:
                votes.setdefault(thing, []).append(word)
            elif thing not in settled or settled[thing].time <= word.time:
                settled[thing] = word
        things = dict.fromkeys([*votes, *settled])
        return {thing: held(votes.get(thing, ()), settled.get(thing)) for thing in things}

    def _hear(self, entry: Entry) -> None:
        data = entry.data
        thing = thing_of(data)
        key, by = data.get("judgement"), data.get("by")
        known = ANSWER_KEYS if thing is None else CITATION_KEYS
        if thing is False or key not in known or not isinstance(by, str):
            self.unread[entry.record_id] += 1
            return
        sample = data.get("sample")
        settles = entry.type == SETTLED
        words = self._words.setdefault(entry.record_id, {})
        words.pop((thing, by, settles), None)  # the later word also comes later in order
        words[thing, by, settles] = Judgement(
            by=by,
            key=str(key),
            time=entry.time,
            sample=sample if isinstance(sample, str) else None,
            drawn=self._samples.get(str(sample), Drawn.UNSAMPLED),
            settles=settles,
        )


def held(votes: Sequence[Judgement], settled: Judgement | None = None) -> Held:
    """What people hold of one thing.

    The settled word counts; else what more than half of those who can tell say; else nothing.
    """
    key, how = _agreed(votes) if settled is None else (settled.key, How.SETTLED)
    if key == CANNOT_TELL:
        key, how = None, How.CANNOT_TELL
    words = votes if settled is None else (*votes, settled)
    return Held(
        key=key,
        how=how,
        drawn=min((word.drawn for word in words), key=list(Drawn).index),
        votes=tuple(votes),
        settled=settled,
    )


def _agreed(votes: Sequence[Judgement]) -> tuple[str | None, How]:
    told = Counter(vote.key for vote in votes if vote.key != CANNOT_TELL)
    if not told:
        return CANNOT_TELL, How.CANNOT_TELL
    key, count = told.most_common(1)[0]
    if 2 * count <= told.total():
        return None, How.UNSETTLED
    return key, How.ALONE if told.total() == 1 else How.MAJORITY


def thing_of(data: Mapping[str, Any]) -> Thing | Literal[False]:
    """What a judgement is about; False when it says nothing that can be meant."""
    claim, citation = data.get("claim"), data.get("citation")
    if claim is None and citation is None:
        return None
    if type(claim) is int and type(citation) is int and claim >= 0 and citation >= 0:
        return claim, citation
    return False


def _drawn(data: Mapping[str, Any]) -> Drawn:
    if data.get("how") == "disputed":
        return Drawn.DISPUTED
    if data.get("how") != "random":
        return Drawn.UNSAMPLED
    return Drawn.STRATIFIED if data.get("strata") else Drawn.RANDOM
