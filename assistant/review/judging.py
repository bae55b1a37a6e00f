"""Saying what one thinks of a citation or of an answer; each word is a record of the chain."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.accounts import User
from assistant.review import refusals
from assistant.review.assignment import ensure_not_judging
from assistant.review.frame import Payload, answer_in
from assistant.review.items import choices_for
from assistant.review.judgements import JUDGED, LONGEST_NOTE, SETTLED, Judgement, Place
from assistant.review.samples import Sample
from assistant.review.standing import note_payload, standing
from assistant.wording import safe
from assistant.workspace import Workspace


def judge(
    workspace: Workspace,
    sample: Sample,
    evaluator: User,
    hidden: frozenset[str],
    place: Place,
    key: str,
    *,
    note: str = "",
) -> None:
    """Record what an evaluator says of one thing; a later word replaces it, and both are kept.

    Args:
        workspace: Where.
        sample: In which sample.
        evaluator: Who says it.
        hidden: Collections that they may not read.
        place: Of what.
        key: One of the choices that are offered for it.
        note: Why, in their words; 2,000 code points at most.

    Raises:
        AuditError: No such right, not in the sample, no such citation, no such judgement; or this
            person settled disagreements of the sample, or this one is settled.
    """
    payload = _allowed(workspace, sample, evaluator, hidden, place, key)
    found = standing(workspace, sample)
    me = evaluator.user_id
    if any(said.by == me for said in found.settled.values()):
        raise refusals.no_longer_blind()
    if place in found.settled and me in found.judged.get(place, {}):
        raise refusals.already_settled(place)
    _record(workspace, JUDGED, sample, evaluator, place, key, note, payload)


def settle(
    workspace: Workspace,
    sample: Sample,
    evaluator: User,
    hidden: frozenset[str],
    place: Place,
    key: str,
    *,
    note: str = "",
) -> None:
    """Record which judgement holds where evaluators disagree; a later word replaces it.

    Args:
        workspace: Where.
        sample: In which sample.
        evaluator: Who settles it, for all of them: one of them, or somebody else.
        hidden: Collections that they may not read.
        place: Of what.
        key: The judgement agreed on, be it none of theirs.
        note: Why, in their words; 2,000 code points at most.

    Raises:
        AuditError: As for `judge`; or nobody disagrees on it, or this person is still judging.
    """
    payload = _allowed(workspace, sample, evaluator, hidden, place, key)
    ensure_not_judging(workspace, sample, evaluator, hidden)
    if not standing(workspace, sample).differs(place):
        raise refusals.no_disagreement(place)
    _record(workspace, SETTLED, sample, evaluator, place, key, note, payload)


def _allowed(
    workspace: Workspace,
    sample: Sample,
    evaluator: User,
    hidden: frozenset[str],
    place: Place,
    key: str,
) -> Payload:
    """The texts of the answer that is judged, once everything about it is as it must be."""
    refusals.ensure_may_review(evaluator)
    payload = None
    if place.record in sample.records:
        payload = answer_in(workspace, place.record, hidden)
    if payload is None:
        raise refusals.outside(place, sample.sample)
    choices = choices_for(place, payload)
    if key not in {choice.key for choice in choices}:
        raise refusals.not_a_judgement(key, choices)
    return payload


def _record(
    workspace: Workspace,
    type: str,
    sample: Sample,
    evaluator: User,
    place: Place,
    key: str,
    note: str,
    payload: Payload,
) -> None:
    text = safe(note).strip()
    if len(text) > LONGEST_NOTE:
        raise refusals.note_too_long()
    said = Judgement(
        sample=sample.sample,
        place=place,
        by=evaluator.user_id,
        key=key,
        time=datetime.now(UTC),
        note=text,
    )
    public = {
        "sample": said.sample,
        "by": said.by,
        "claim": place.claim,
        "citation": place.citation,
        "judgement": key,
    }
    texts = note_payload(type, said, payload)
    workspace.audit.append(type, public, texts, record_id=place.record)
