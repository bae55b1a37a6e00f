"""The audit log as an evaluator reads it: which answers were given, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from assistant.answering.past import disputes_of, readable
from assistant.errors import AuditError
from assistant.french.letters import fold
from assistant.wording import Words
from assistant.workspace import Workspace

Outcome = Literal["answered", "abstained", "stopped", "interrupted", "failed", "open", "forgotten"]

_AT_ONCE = 100
_MOST_READ = 5000  # records looked through for one list


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records are wanted; ``None`` and ``""`` restrict nothing. Days are UTC, inclusive."""

    outcome: Outcome | None = None
    disputed: bool = False
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One answer in the list; ``user`` is a pseudonym, ``disputes`` the reasons readers gave."""

    record: str
    opened: datetime
    outcome: Outcome
    question: str
    user: str
    disputes: tuple[str, ...]
    unsupported: int


def records(
    workspace: Workspace, wanted: RecordFilter, hidden: frozenset[str], *, limit: int = 50
) -> tuple[RecordRow, ...]:
    """The newest answers that match, newest first.

    Args:
        workspace: Where.
        wanted: Which.
        hidden: Collections that the evaluator may not read: answers that show something of them
            are left out, as if they were not there.
        limit: At most so many.

    Raises:
        AuditError: What is kept of a record was altered.
    """
    found: list[RecordRow] = []
    for row, payload in _newest(workspace):
        if wanted.since is not None and row.opened.date() < wanted.since:
            break
        if readable(workspace, payload, hidden) and _matches(row, wanted):
            found.append(row)
            if len(found) == limit:
                break
    return tuple(found)


def record_whole(workspace: Workspace, record: str, hidden: frozenset[str]) -> dict[str, Any]:
    """Everything kept about one record, as `AuditLog.show` gives it.

    Raises:
        AuditError: There is none such, or it shows something of a hidden collection.
    """
    try:
        shown = workspace.audit.show(record)
    except AuditError:
        raise _none(record) from None
    payload = shown["payload"]
    if shown["id"] != record or (payload is not None and not readable(workspace, payload, hidden)):
        raise _none(record)  # in the same words: that a record exists is not told either
    if payload is None:
        return shown
    # what was kept from the person who asked is named to nobody
    filters = {name: said for name, said in payload["filters"].items() if name != "hidden"}
    return {**shown, "payload": {**payload, "filters": filters}}


def _none(record: str) -> AuditError:
    return AuditError(
        Words(f"Aucune trace « {record} ».", f"No record {record!r}."),
        remedy=Words("La liste donne celles que vous pouvez lire.", "See the list."),
    )


def _newest(workspace: Workspace) -> Iterator[tuple[RecordRow, dict[str, Any]]]:
    for skip in range(0, _MOST_READ, _AT_ONCE):
        summaries = workspace.audit.answers(_AT_ONCE, skip)
        for summary in summaries:
            payload = workspace.audit.show(summary.record_id)["payload"] or {}
            yield (
                RecordRow(
                    record=summary.record_id,
                    opened=datetime.fromisoformat(summary.opened).astimezone(UTC),
                    outcome=_outcome(summary.state, payload),
                    question=str(payload.get("question", "")),
                    user=str(payload.get("user") or ""),
                    disputes=disputes_of(payload),
                    unsupported=sum(
                        claim["verdict"] == "unsupported" for claim in payload.get("claims", ())
                    ),
                ),
                payload,
            )
        if len(summaries) < _AT_ONCE:
            return


def _outcome(state: str, payload: dict[str, Any]) -> Outcome:
    if state == "forgotten":
        return "forgotten"
    status = payload.get("status")
    if status in ("answered", "abstained", "stopped", "interrupted", "failed"):
        found: Outcome = status
        return found
    return "open"


def _matches(row: RecordRow, wanted: RecordFilter) -> bool:
    if wanted.outcome is not None and row.outcome != wanted.outcome:
        return False
    if wanted.disputed and not row.disputes:
        return False
    if wanted.until is not None and row.opened.date() > wanted.until:
        return False
    return fold(wanted.words) in fold(row.question) if wanted.words else True
