"""After a run: whose is what everybody was shown, and where is each question that was heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.workspace import Workspace
from benchmarks.load_people import Asked, Person

_ENDED = ("answered", "abstained", "stopped", "interrupted", "failed")
_WAITS_S = 3.0  # a wait for the model that is worth a word


@dataclass
class Checked:
    """What was found; every list but the last tells of faults, and is empty when all is well."""

    crossed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def faults(self) -> list[str]:
        """All of them."""
        return [*self.crossed, *self.lost, *self.untold, *self.others]


def checked(
    workspace: Workspace,
    people: Sequence[Person],
    histories: dict[str, str],
    baskets: dict[str, tuple[str, str]],
) -> Checked:
    """Compare what everybody was shown with the log.

    Args:
        workspace: Its server has stopped.
        people: Who asked and searched.
        histories: What « Mes questions » showed each at the end, by name.
        baskets: What the basket showed each before and after the restarts, by name.
    """
    found = Checked()
    workspace.underway.settle()
    records = _records(workspace)
    found.outcomes.update(str(payload.get("status", "open")) for payload in records.values())
    owners = {record: payload.get("user") for record, payload in records.items()}
    for person in people:
        for asked in person.asked:
            _check_answer(found, person, asked, records, owners)
        _check_kept(found, person, records)
        others = [other for other in people if other is not person]
        _check_history(found, person, others, histories.get(person.name))
        before, after = baskets.get(person.name, ("", ""))
        if before != after:
            found.lost.append(f"{person.name}: the basket is not as it was")
        found.others += [f"{person.name}: {fault}" for fault in person.faults]
    left = [record for record, payload in records.items() if payload.get("status") not in _ENDED]
    found.lost += [f"record {record} never ended" for record in left]
    verified = workspace.audit.verify()
    if not verified.ok:
        found.lost.append(f"the log does not verify: {verified.message}")
    return found


def _records(workspace: Workspace) -> dict[str, dict[str, Any]]:
    found = {}
    for skip in range(0, 100_000, 500):
        some = workspace.audit.answers(500, skip)
        for summary in some:
            found[summary.record_id] = workspace.audit.show(summary.record_id)["payload"] or {}
        if len(some) < 500:
            return found
    return found


def _check_answer(
    found: Checked,
    person: Person,
    asked: Asked,
    records: dict[str, dict[str, Any]],
    owners: dict[str, Any],
) -> None:
    """The record shown is theirs, of this question, and says what they were shown."""
    if asked.error:
        found.others.append(f"{person.name}: {asked.question!r} failed: {asked.error}")
    for record, owner in owners.items():
        if owner != person.user and record in asked.shown:
            found.crossed.append(f"{person.name} was shown the record {record} of {owner}")
    waited = (asked.judging or asked.done or asked.sent) - (asked.evidence or asked.sent)
    # after a start whoever is first waits for the model to be read from the disk
    silent = asked.settled and asked.evidence is not None and not asked.positions
    if silent and waited > _WAITS_S:
        found.untold.append(f"{person.name} waited {waited:.0f} s without knowing their place")
    if asked.positions != sorted(asked.positions, reverse=True):
        found.untold.append(f"{person.name} was moved back: {asked.positions}")
    if asked.done is None or asked.error:
        return
    payload = records.get(asked.record or "")
    if payload is None:
        found.lost.append(f"{person.name}: no record of the answer to {asked.question!r}")
        return
    if payload.get("user") != person.user or payload.get("question") != asked.question:
        found.crossed.append(f"{person.name}: {asked.question!r} was answered by {asked.record}")
    missing = [c["text"] for c in payload.get("claims", ()) if c["text"] not in asked.shown]
    missing += [e["text"] for e in payload.get("evidence", ()) if e["text"] not in asked.shown]
    if missing:
        found.crossed.append(f"{person.name} was not shown what {asked.record} says: {missing[0]}")


def _check_kept(found: Checked, person: Person, records: dict[str, dict[str, Any]]) -> None:
    """Each question that the page said was heard has a record of its own."""
    heard = Counter(asked.question for asked in person.asked if asked.noted is not None)
    kept = Counter(
        payload.get("question")
        for payload in records.values()
        if payload.get("user") == person.user
    )
    for question, times in heard.items():
        if kept[question] < times:
            found.lost.append(
                f"{person.name}: {question!r} was heard {times}, kept {kept[question]}"
            )


def _check_history(
    found: Checked, person: Person, others: Sequence[Person], history: str | None
) -> None:
    if history is None:
        return
    for asked in person.asked:
        if asked.noted is not None and asked.question not in history:
            found.lost.append(f"{person.name}: {asked.question!r} is not in the history")
    for other in others:
        for asked in other.asked:
            if asked.question in history:
                found.crossed.append(f"{person.name} sees a question of {other.name}")
