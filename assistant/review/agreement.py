"""Where the evaluators of a sample agree and where they do not, once their own work is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.accounts import User
from assistant.answering.past import readable
from assistant.recorded import answer_of
from assistant.records import Citation
from assistant.review.assignment import ensure_not_judging
from assistant.review.frame import Payload, answer_in
from assistant.review.items import choices_for, is_refusal, places_in
from assistant.review.judgements import SETTLED, Choice, Judgement, Place
from assistant.review.reliability import Reliability, reliability
from assistant.review.samples import Sample
from assistant.review.standing import Standing, standing, with_note
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far evaluators agree on citations, and on answers as wholes.

    ``revised`` counts judgements of both that were changed when somebody else's of the same thing
    was already there: with many of these, agreement is not that of independent people.
    """

    citations: Reliability
    answers: Reliability
    revised: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """One thing of which evaluators said different things.

    ``claim`` and ``citation`` are ``None`` for an answer as a whole, ``refused`` says then whether
    it was a refusal. ``judgements`` have their notes, by pseudonym; ``settled`` is what holds.
    """

    place: Place
    question: str
    claim: str | None
    citation: Citation | None
    refused: bool | None
    judgements: tuple[Judgement, ...]
    settled: Judgement | None
    choices: tuple[Choice, ...]


def agreement(
    workspace: Workspace, sample: Sample, evaluator: User, hidden: frozenset[str]
) -> Agreement:
    """The agreement on a sample, from what each said of each thing last; settling changes nothing.

    Args:
        workspace: Where.
        sample: On what.
        evaluator: Who wants to know.
        hidden: Collections that they may not read: what shows something of them is left out.

    Raises:
        AuditError: This person may not evaluate, or is still judging this sample.
    """
    ensure_not_judging(workspace, sample, evaluator, hidden)
    found = standing(workspace, sample)
    shown = {record for record in sample.records if _countable(workspace, record, hidden)}
    said = {p: _keys(here) for p, here in found.judged.items() if p.record in shown}
    return Agreement(
        citations=reliability({p: here for p, here in said.items() if not p.whole}),
        answers=reliability({p: here for p, here in said.items() if p.whole}),
        revised=found.revised,
    )


def disagreements(
    workspace: Workspace, sample: Sample, evaluator: User, hidden: frozenset[str]
) -> tuple[Divergence, ...]:
    """What evaluators disagree on, settled or not, in the order in which it is judged.

    What stands in answers that were forgotten since can no longer be looked at, nor settled, and is
    not there; `agreement` still counts it.

    Raises:
        AuditError: This person may not evaluate, or is still judging this sample.
    """
    ensure_not_judging(workspace, sample, evaluator, hidden)
    found = standing(workspace, sample)
    divergent = {place.record for place in found.judged if found.differs(place)}
    listed: list[Divergence] = []
    for record in sample.records:
        payload = answer_in(workspace, record, hidden) if record in divergent else None
        if payload is not None:
            listed += [
                _divergence(place, payload, found)
                for place in places_in(record, payload, sample.seed)
                if found.differs(place)
            ]
    return tuple(listed)


def _divergence(place: Place, payload: Payload, found: Standing) -> Divergence:
    claim, citation = None, None
    if place.claim is not None and place.citation is not None:
        claim = answer_of(payload).claims[place.claim]
        citation = claim.citations[place.citation]
    settled = found.settled.get(place)
    return Divergence(
        place=place,
        question=str(payload["question"]),
        claim=None if claim is None else claim.text,
        citation=citation,
        refused=is_refusal(payload) if place.whole else None,
        judgements=tuple(
            with_note(said, payload) for _, said in sorted(found.judged[place].items())
        ),
        settled=None if settled is None else with_note(settled, payload, SETTLED),
        choices=choices_for(place, payload),
    )


def _countable(workspace: Workspace, record: str, hidden: frozenset[str]) -> bool:
    """Forgotten answers count: nothing of them is shown."""
    payload = workspace.audit.show(record)["payload"]
    return payload is None or readable(workspace, payload, hidden)


def _keys(here: Mapping[str, Judgement]) -> dict[str, str]:
    return {person: said.key for person, said in here.items()}
