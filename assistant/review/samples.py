"""Samples: drawing one, recorded in the chain; finding it again."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any, Final, Literal

from assistant.accounts import User
from assistant.audit.record import timestamp
from assistant.review import refusals
from assistant.review.drawing import in_drawn_order, shares
from assistant.review.frame import Strata, answer_in, closed_between, disputed_until, stratum_of
from assistant.review.judgements import SAMPLED
from assistant.workspace import Workspace

How = Literal["random", "disputed"]

LARGEST: Final = 500  # by hand; each step of a review reads all of them again, in a second
_SEEDS: Final = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Answers drawn to be judged, in the order in which they are judged.

    Nothing here says which answer is of which stratum: that would say what was verified.
    ``by`` is the pseudonym of who drew it; ``since`` and ``until`` are inclusive, UTC.
    """

    sample: str
    drawn: datetime
    by: str
    seed: int
    how: How
    strata: Strata | None
    records: tuple[str, ...]
    since: datetime | None
    until: datetime

    @property
    def size(self) -> int:
        """How many answers."""
        return len(self.records)


def draw(
    workspace: Workspace,
    evaluator: User,
    hidden: frozenset[str],
    *,
    size: int | None,
    seed: int | None = None,
    strata: Strata | None = None,
    disputed: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> Sample:
    """Draw answers to judge, and record it.

    The same seed, bounds and person give the same sample as long as the log says the same of
    that period: ``until`` bounds it, so that answers given later change nothing.

    Args:
        workspace: Where.
        evaluator: Who draws.
        hidden: Collections that they may not read: answers from these are not drawn.
        size: How many answers, less when there are fewer; ``None``: all, reported ones only.
        seed: 0 or more; drawn at random unless given.
        strata: In each stratum of these, by `shares`; ``None``: among all alike.
        disputed: Only those that readers had reported as wrong by ``until``.
        since: When answers were closed, at the earliest; a bare date begins at midnight UTC.
        until: At the latest; a bare date is the whole day in UTC. Never later than now.

    Raises:
        AuditError: No such right, nothing to draw, a size that cannot be.
    """
    refusals.ensure_may_review(evaluator)
    if size is None and not disputed:
        raise refusals.size_refused(LARGEST)
    if size is not None and not 1 <= size <= LARGEST:
        raise refusals.size_refused(LARGEST)
    seed = secrets.randbelow(_SEEDS) if seed is None else seed
    first = None if since is None else _moment(since, time.min)
    last = _last(until)
    frame: Iterable[str] = closed_between(workspace, first, last)
    if disputed:
        frame = disputed_until(workspace, last).intersection(frame)
    ordered = in_drawn_order(frame, seed)
    drawn, sizes = _drawn(workspace, ordered, hidden, size, strata)
    if not drawn:
        raise refusals.nothing_to_draw()
    public = {
        "by": evaluator.user_id,
        "seed": seed,
        "how": "disputed" if disputed else "random",
        "strata": strata,
        "size": len(drawn),
    }
    payload = {
        "items": [{"record": record, "stratum": stratum} for record, stratum in drawn.items()],
        "since": None if first is None else timestamp(first),
        "until": timestamp(last),
        "strata": sizes,  # how many answers each had: what an estimate weighs them by
    }
    return sample_of(workspace, workspace.audit.append(SAMPLED, public, payload))


def sample_of(workspace: Workspace, name: str) -> Sample:
    """The sample that a record identifier, or a beginning of it, names.

    Raises:
        AuditError: There is none, or its list of answers was forgotten.
    """
    shown = workspace.audit.show(name)
    if shown["type"] != SAMPLED or shown["payload"] is None:
        raise refusals.no_such_sample(name)
    return _sample(shown)


def samples(workspace: Workspace) -> tuple[Sample, ...]:
    """Every sample, the newest first; those whose lists were forgotten are not there."""
    found = [workspace.audit.show(e.record_id) for e in workspace.audit.events({SAMPLED})]
    return tuple(_sample(shown) for shown in reversed(found) if shown["payload"] is not None)


def _drawn(
    workspace: Workspace,
    ordered: Sequence[str],
    hidden: frozenset[str],
    size: int | None,
    strata: Strata | None,
) -> tuple[dict[str, str | None], dict[str, int] | None]:
    """The records drawn, each with its stratum; and how many answers each stratum had."""
    if strata is None:
        # records are read until there are enough: a large log is not read whole
        can_be = (r for r in ordered if answer_in(workspace, r, hidden) is not None)
        return dict.fromkeys(islice(can_be, size)), None
    strata_of: dict[str, str] = {}
    for record in ordered:
        payload = answer_in(workspace, record, hidden)
        if payload is not None:
            strata_of[record] = stratum_of(payload, strata)
    sizes = dict(sorted(Counter(strata_of.values()).items()))
    if size is None or size >= len(strata_of):
        return {**strata_of}, sizes
    if size < len(sizes):
        raise refusals.too_few_for_strata(size, len(sizes))
    wanted = shares(sizes, size)
    drawn: dict[str, str | None] = {}
    for record, stratum in strata_of.items():
        if wanted[stratum]:
            wanted[stratum] -= 1
            drawn[record] = stratum
    return drawn, sizes


def _sample(shown: dict[str, Any]) -> Sample:
    said, payload = shown["data"], shown["payload"]
    since = payload["since"]
    return Sample(
        sample=shown["id"],
        drawn=datetime.fromisoformat(shown["opened"]),
        by=said["by"],
        seed=said["seed"],
        how=said["how"],
        strata=said["strata"],
        records=tuple(item["record"] for item in payload["items"]),
        since=None if since is None else datetime.fromisoformat(since),
        until=datetime.fromisoformat(payload["until"]),
    )


def _last(until: date | None) -> datetime:
    now = datetime.now(UTC)
    return now if until is None else min(now, _moment(until, time.max))


def _moment(bound: date, at: time) -> datetime:
    """A bound as the log reads it: a day in UTC, or a moment (in UTC when it says no zone)."""
    if not isinstance(bound, datetime):
        return datetime.combine(bound, at, tzinfo=UTC)
    return bound if bound.tzinfo else bound.replace(tzinfo=UTC)
