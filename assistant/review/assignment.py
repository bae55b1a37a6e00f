"""The work of one evaluator in one sample: what comes next, what came before, how much is left.

Nothing is kept but the judgements themselves, in the chain: after a crash, or on another machine's
screen, the work goes on where they end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.accounts import User
from assistant.review import refusals
from assistant.review.frame import Payload, answer_in
from assistant.review.items import Item, places_in, shown_of
from assistant.review.judgements import Judgement, Place
from assistant.review.samples import Sample, samples
from assistant.review.standing import Standing, standing, standings, with_note
from assistant.sources import WIDTHS_PX
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many things one person has judged, of those that this person can judge."""

    done: int
    of: int

    @property
    def under_way(self) -> bool:
        """Begun, and not finished."""
        return 0 < self.done < self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """The things to judge in order, the texts they stand in, and what this person said."""

    places: tuple[Place, ...]
    payloads: Mapping[str, Payload]
    mine: Mapping[Place, Judgement]

    @property
    def progress(self) -> Progress:
        return Progress(done=sum(p in self.mine for p in self.places), of=len(self.places))


def progress(
    workspace: Workspace, sample: Sample, evaluator: User, hidden: frozenset[str]
) -> Progress:
    """How far one evaluator is.

    Raises:
        AuditError: This person may not evaluate.
    """
    return _work(workspace, sample, evaluator, hidden).progress


def overview(
    workspace: Workspace, evaluator: User, hidden: frozenset[str], *, most: int = 50
) -> tuple[tuple[Sample, Progress], ...]:
    """The newest samples, newest first, each with how far one evaluator is in it.

    Quicker than one `progress` after the other: the log is read once.

    Raises:
        AuditError: This person may not evaluate, or what is kept was altered.
    """
    refusals.ensure_may_review(evaluator)
    newest = samples(workspace)[:most]
    said = standings(workspace, newest)
    payloads: dict[str, Payload | None] = {}
    return tuple(
        (s, _gather(workspace, s, said[s.sample], evaluator, hidden, payloads).progress)
        for s in newest
    )


def assignment(
    workspace: Workspace,
    sample: Sample,
    evaluator: User,
    hidden: frozenset[str],
    *,
    after: Place | None = None,
    width_px: int = WIDTHS_PX[1],
) -> Item | None:
    """The next thing that this evaluator has to judge; ``None`` when all of it is judged.

    Args:
        workspace: Where.
        sample: Of what.
        evaluator: Who judges.
        hidden: Collections that they may not read: answers that show something of them are not
            theirs to judge, nor are those that were forgotten since they were drawn.
        after: The one that was just judged or skipped: what follows it comes first, and what was
            skipped comes again at the end.
        width_px: The width in which pages will be asked for.

    Raises:
        AuditError: This person may not evaluate, or what is kept was altered.
    """
    work = _work(workspace, sample, evaluator, hidden)
    start = work.places.index(after) + 1 if after in work.places else 0
    for place in (*work.places[start:], *work.places[:start]):
        if place not in work.mine:
            return _item(workspace, sample, work, place, hidden, width_px)
    return None


def item_before(
    workspace: Workspace,
    sample: Sample,
    evaluator: User,
    hidden: frozenset[str],
    place: Place,
    *,
    width_px: int = WIDTHS_PX[1],
) -> Item | None:
    """The thing just before another in the order of judging, judged or not; ``None`` at the first.

    Raises:
        AuditError: As for `item_at`.
    """
    work = _work(workspace, sample, evaluator, hidden)
    number = _number(work, sample, place)
    if number == 0:
        return None
    return _item(workspace, sample, work, work.places[number - 1], hidden, width_px)


def item_at(
    workspace: Workspace,
    sample: Sample,
    evaluator: User,
    hidden: frozenset[str],
    place: Place,
    *,
    width_px: int = WIDTHS_PX[1],
) -> Item:
    """One thing of the sample, judged or not.

    Raises:
        AuditError: This person may not evaluate, or it is not among what they can judge.
    """
    work = _work(workspace, sample, evaluator, hidden)
    _number(work, sample, place)
    return _item(workspace, sample, work, place, hidden, width_px)


def ensure_not_judging(
    workspace: Workspace, sample: Sample, evaluator: User, hidden: frozenset[str]
) -> None:
    """Nothing, for whoever has finished judging a sample, or does not judge it.

    Raises:
        AuditError: What others said would be shown to somebody who is still to judge it.
    """
    found = progress(workspace, sample, evaluator, hidden)
    if found.under_way:
        raise refusals.still_blind(found.done, found.of)


def _work(workspace: Workspace, sample: Sample, evaluator: User, hidden: frozenset[str]) -> _Work:
    refusals.ensure_may_review(evaluator)
    return _gather(workspace, sample, standing(workspace, sample), evaluator, hidden, {})


def _gather(
    workspace: Workspace,
    sample: Sample,
    said: Standing,
    evaluator: User,
    hidden: frozenset[str],
    read: dict[str, Payload | None],
) -> _Work:
    """The work of one person; answers that were ``read`` already are not read again."""
    payloads: dict[str, Payload] = {}
    places: list[Place] = []
    for record in sample.records:
        if record not in read:
            read[record] = answer_in(workspace, record, hidden)
        payload = read[record]
        if payload is not None:
            payloads[record] = payload
            places += places_in(record, payload, sample.seed)
    return _Work(places=tuple(places), payloads=payloads, mine=said.by(evaluator.user_id))


def _number(work: _Work, sample: Sample, place: Place) -> int:
    if place.record not in work.payloads:
        raise refusals.outside(place, sample.sample)
    if place not in work.places:
        raise refusals.no_such_thing(place)
    return work.places.index(place)


def _item(
    workspace: Workspace,
    sample: Sample,
    work: _Work,
    place: Place,
    hidden: frozenset[str],
    width_px: int,
) -> Item:
    payload = work.payloads[place.record]
    asked, understood = str(payload["question"]), payload.get("standalone")
    mine = work.mine.get(place)
    return Item(
        sample=sample.sample,
        place=place,
        question=asked,
        understood=understood if understood != asked else None,
        shown=shown_of(workspace, place, payload, hidden, width_px),
        number=work.places.index(place) + 1,
        of=work.progress.of,
        done=work.progress.done,
        mine=None if mine is None else with_note(mine, payload),
    )
