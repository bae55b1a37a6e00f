"""Counting answers one after the other, in memory that grows by a few numbers an answer."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable

from assistant.figures.shares import spread
from assistant.reporting.groups import STAGES, Comparison, EnergyUse, Group, Human, Judged
from assistant.reporting.records import (
    DOES_NOT,
    PARTLY,
    SUPPORTS,
    WRONG_SOURCE,
    Answered,
    Cited,
    Held,
    How,
    Outcome,
    Said,
)

_COUNTED = (SUPPORTS, PARTLY, DOES_NOT, WRONG_SOURCE)
_SPENT = (Outcome.ANSWERED, Outcome.ABSTAINED, Outcome.STOPPED, Outcome.FAILED)


class JudgedTally:
    """Counts citations by what people hold of them."""

    def __init__(self) -> None:
        self._keys: Counter[str] = Counter()
        self._how: Counter[How] = Counter()

    def add(self, held: Held) -> None:
        """Count one citation."""
        if held.key is None:
            self._how[held.how] += 1
        else:
            self._keys[held.key] += 1

    def made(self) -> Judged:
        """What was counted."""
        return Judged(
            keys={key: self._keys[key] for key in _COUNTED},
            cannot_tell=self._how[How.CANNOT_TELL],
            unsettled=self._how[How.UNSETTLED],
        )


class Tally:
    """Counts a set of answers."""

    def __init__(self) -> None:
        self._outcomes: Counter[Outcome] = Counter()
        self._disputed = 0
        self._verdicts: Counter[str] = Counter()
        self._citations = 0
        self._judged = JudgedTally()
        self._compared: Counter[tuple[str, Human]] = Counter()
        self._seconds = {stage: array("d") for stage in STAGES}
        self._wh = array("d")
        self._measured_wh = self._estimated_wh = 0.0
        self._measured = self._without = 0

    def add(self, answer: Answered, only: Callable[[Cited], bool] | None = None) -> None:
        """Count one answer.

        Args:
            answer: Read from the log.
            only: Which citations, and claims that have such; all of them without it.
        """
        self._outcomes[answer.outcome] += 1
        self._disputed += bool(answer.disputes)
        for claim in answer.claims:
            cited = [c for c in claim.citations if only is None or only(c)]
            if only is not None and not cited:
                continue
            self._verdicts[claim.verdict] += 1
            self._citations += len(cited)
            held = [answer.judged.get((claim.claim, c.citation)) for c in cited]
            for word in filter(None, held):
                self._judged.add(word)
            if (human := human_word(answer, claim)) is not None:
                self._compared[claim.verdict, human] += 1
        if answer.outcome is Outcome.FORGOTTEN and only is None:
            for thing, word in answer.judged.items():
                if thing is not None:
                    self._judged.add(word)
        self._spend(answer)

    def made(self) -> Group:
        """The figures."""
        return Group(
            outcomes={outcome: self._outcomes[outcome] for outcome in Outcome},
            disputed=self._disputed,
            verdicts=dict(sorted(self._verdicts.items())),
            citations=self._citations,
            judged=self._judged.made(),
            verifier=Comparison(counts=dict(self._compared)),
            seconds={stage: spread(found) for stage, found in self._seconds.items()},
            energy=EnergyUse(
                measured_wh=self._measured_wh,
                estimated_wh=self._estimated_wh,
                measured=self._measured,
                estimated=len(self._wh) - self._measured,
                without=self._without,
                per_answer=spread(self._wh),
            ),
        )

    def _spend(self, answer: Answered) -> None:
        if answer.outcome in (Outcome.ANSWERED, Outcome.ABSTAINED):
            for stage, found in self._seconds.items():
                if stage in answer.seconds:
                    found.append(answer.seconds[stage])
        if answer.energy_wh is not None:
            self._wh.append(answer.energy_wh)
            self._measured += bool(answer.measured)
            if answer.measured:
                self._measured_wh += answer.energy_wh
            else:
                self._estimated_wh += answer.energy_wh
        elif answer.outcome in _SPENT:
            self._without += 1


class Tallies:
    """Tallies by name: one a month, or one a collection."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}

    def add(self, name: str, answer: Answered, only: Callable[[Cited], bool] | None = None) -> None:
        """Count an answer under a name."""
        self._tallies.setdefault(name, Tally()).add(answer, only)

    def made(self) -> dict[str, Group]:
        """The figures by name, in the order of the names."""
        return {name: tally.made() for name, tally in sorted(self._tallies.items())}


def human_word(answer: Answered, claim: Said) -> Human | None:
    """What people hold of a claim, from its citations; None when nobody judged any of them."""
    held = [answer.judged.get((claim.claim, c.citation)) for c in claim.citations]
    if not any(held):
        return None
    return _of_claim(None if word is None else word.key for word in held)


def _of_claim(keys: Iterable[str | None]) -> Human:
    known = list(keys)
    if SUPPORTS in known:
        return Human.SUPPORTED
    if all(key in (DOES_NOT, WRONG_SOURCE) for key in known):
        return Human.UNSUPPORTED
    return Human.PARTLY if PARTLY in known else Human.UNDECIDED
