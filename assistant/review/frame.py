"""The answers that can be reviewed: closed, given or refused, not forgotten, readable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal

from assistant.answering.past import DISPUTED, readable
from assistant.workspace import Workspace

Strata = Literal["collection", "verdict"]
Payload = dict[str, Any]

_CLOSED: Final = "answer.closed"
_REFUSED: Final = "abstained"
_WORST_FIRST: Final = ("unsupported", "supported", "exact")


def answer_in(workspace: Workspace, record: str, hidden: frozenset[str]) -> Payload | None:
    """The texts of an answer that somebody may judge.

    ``None`` when it never came to an answer, was forgotten, or shows something hidden.

    Raises:
        AuditError: There is no such record, or what is kept of it was altered.
    """
    payload: Payload | None = workspace.audit.show(record)["payload"]
    # what is added to a record once its texts are forgotten is no answer
    if payload is None or payload.get("status") not in ("answered", _REFUSED):
        return None
    return payload if readable(workspace, payload, hidden) else None


def closed_between(workspace: Workspace, since: date | None, until: date) -> Iterator[str]:
    """The records of questions that ended in a period, oldest first; bounds as in the log."""
    for entry in workspace.audit.events({_CLOSED}, since, until):
        yield entry.record_id


def disputed_until(workspace: Workspace, until: date) -> frozenset[str]:
    """The records that readers had reported as wrong by then."""
    return frozenset(e.record_id for e in workspace.audit.events({DISPUTED}, None, until))


def stratum_of(payload: Payload, strata: Strata) -> str:
    """The stratum of an answer.

    ``collection``: the one most cited, else (nothing is cited) the one that most of its evidence
    is from; the first by name among equals, ``""`` without evidence. ``verdict``: ``abstained``,
    else the worst verdict of its claims.
    """
    if strata == "verdict":
        if payload["status"] == _REFUSED:
            return _REFUSED
        verdicts = {claim["verdict"] for claim in payload["claims"]}
        return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), "")
    cited = [citation for claim in payload["claims"] for citation in claim["citations"]]
    counted = Counter(str(s["document"]["collection"]) for s in cited or payload["evidence"])
    return min(counted, key=lambda name: (-counted[name], name), default="")
