"""What was said of a sample so far, read from the chain: the latest word of each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.audit.record import Entry
from assistant.review.frame import Payload
from assistant.review.judgements import JUDGED, SETTLED, Judgement, Place
from assistant.review.samples import Sample
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The judgements that hold, without their notes.

    ``judged`` has the latest by place and person, ``settled`` the latest by place. ``revised``
    counts the judgements that said something else than the same person's earlier one when another
    person's of the same thing was already there: the log cannot tell that these were blind.
    """

    judged: Mapping[Place, Mapping[str, Judgement]]
    settled: Mapping[Place, Judgement]
    revised: int

    def by(self, user: str) -> Mapping[Place, Judgement]:
        """What one person said."""
        return {place: said[user] for place, said in self.judged.items() if user in said}

    def differs(self, place: Place) -> bool:
        """Whether two people said different things of it."""
        return len({said.key for said in self.judged.get(place, {}).values()}) > 1


def standing(workspace: Workspace, sample: Sample) -> Standing:
    """Every judgement of a sample.

    Raises:
        AuditError: What is found does not agree with the chain.
    """
    return standings(workspace, [sample])[sample.sample]


def standings(workspace: Workspace, samples: Sequence[Sample]) -> dict[str, Standing]:
    """Every judgement of several samples, by sample; the log is read once.

    Raises:
        AuditError: What is found does not agree with the chain.
    """
    gathered = {sample.sample: _Gathered() for sample in samples}
    since = min((sample.drawn for sample in samples), default=None)
    for entry in workspace.audit.events({JUDGED, SETTLED}, since):
        here = gathered.get(str(entry.data.get("sample")))
        if here is not None:
            here.hear(_judgement(entry), settles=entry.type == SETTLED)
    return {name: here.standing for name, here in gathered.items()}


class _Gathered:
    """The judgements of one sample, as they are read."""

    def __init__(self) -> None:
        self._judged: dict[Place, dict[str, Judgement]] = {}
        self._settled: dict[Place, Judgement] = {}
        self._revised = 0

    def hear(self, said: Judgement, *, settles: bool) -> None:
        if settles:
            self._settled[said.place] = said
            return
        here = self._judged.setdefault(said.place, {})
        former = here.get(said.by)
        self._revised += former is not None and former.key != said.key and len(here) > 1
        here[said.by] = said

    @property
    def standing(self) -> Standing:
        return Standing(judged=self._judged, settled=self._settled, revised=self._revised)


def with_note(said: Judgement, payload: Payload, type: str = JUDGED) -> Judgement:
    """A judgement with its note, from the payload of its record."""
    notes = payload.get(_note_key(said.by, said.place), {}).get("notes", {})
    return replace(said, note=str(notes.get(_note_of(type, said.sample), "")))


def note_payload(type: str, said: Judgement, payload: Payload) -> Payload:
    """What a judgement adds to the payload of its record, which holds ``payload`` so far.

    The log merges payloads by key, one for each person and thing: so what this person noted of
    the thing in other samples, or before settling it, is taken along.
    """
    key = _note_key(said.by, said.place)
    notes = {
        **payload.get(key, {}).get("notes", {}),
        _note_of(type, said.sample): said.note,
    }
    return {key: {"note": said.note, "judgement": said.key, "notes": notes}}


def _note_key(by: str, place: Place) -> str:
    return f"judgement {by} {place.claim}.{place.citation}"


def _note_of(type: str, sample: str) -> str:
    return f"{type} {sample}"


def _judgement(entry: Entry) -> Judgement:
    said = entry.data
    return Judgement(
        sample=said["sample"],
        place=Place(record=entry.record_id, claim=said["claim"], citation=said["citation"]),
        by=said["by"],
        key=said["judgement"],
        time=datetime.fromisoformat(entry.time),
    )
