"""One answer of the log as a record to count; a payload may come from any version of the program.

The log was written by this program or an older one, so a key may be missing: what is not there
stays unknown, and nothing else is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.answering.past import DISPUTED, disputes_of
from assistant.contract import Json
from assistant.reporting.records import Answered, Cited, Held, Noted, Outcome, Said, Thing
from assistant.reporting.sources import SourcesToday
from assistant.review.judgements import JUDGED, SETTLED

_TOLD = (
    Outcome.ANSWERED,
    Outcome.ABSTAINED,
    Outcome.STOPPED,
    Outcome.INTERRUPTED,
    Outcome.FAILED,
)


def answer_of(shown: Json, judged: Mapping[Thing, Held], sources: SourcesToday) -> Answered:
    """What `AuditLog.show` says of an answer.

    Args:
        shown: What it gave.
        judged: What people hold of it.
        sources: The documents as they are now.
    """
    record, opened, closed = shown["id"], shown["opened"], shown["closed"] or ""
    payload = shown["payload"] or {}
    outcome = _outcome(shown, payload)
    if outcome is Outcome.FORGOTTEN:
        disputes = [event for event in shown["events"] if event["type"] == DISPUTED]
        return Answered(
            record=record,
            opened=opened,
            closed=closed,
            outcome=outcome,
            disputes=("",) * len(disputes),
            judged=judged,
        )
    model, energy = _table(payload, "model"), _table(payload, "energy")
    return Answered(
        record=record,
        opened=opened,
        closed=closed,
        outcome=outcome,
        question=_text(payload, "question"),
        user=_text(payload, "user"),
        reason=_text(payload, "reason") or _text(payload, "error"),
        model=_text(model, "name"),
        model_sha256=_text(model, "sha256"),
        program=_text(payload, "program"),
        embedding=_text(payload, "embedding"),
        generation=_whole(payload, "generation"),
        seconds={
            name: float(value)
            for name, value in _table(payload, "seconds").items()
            if isinstance(value, int | float)
        },
        tokens={
            name: value
            for name, value in _table(payload, "tokens").items()
            if isinstance(value, int)
        },
        energy_wh=float(energy["wh"]) if isinstance(energy.get("wh"), int | float) else None,
        measured=bool(energy.get("measured")) if "wh" in energy else None,
        disputes=disputes_of(payload),
        claims=tuple(
            _said(place, claim, sources) for place, claim in enumerate(_tables(payload, "claims"))
        ),
        judged=judged,
        notes=dict(_notes(payload, judged)),
    )


def _outcome(shown: Json, payload: Json) -> Outcome:
    if shown["payload"] is None or shown["forgotten"] is not None:
        return Outcome.FORGOTTEN
    if shown["closed"] is None:
        return Outcome.OPEN
    status = payload.get("status")
    return Outcome(status) if status in _TOLD else Outcome.UNKNOWN


def _said(place: int, claim: Json, sources: SourcesToday) -> Said:
    return Said(
        claim=place,
        text=_text(claim, "text"),
        verdict=_text(claim, "verdict"),
        reason=_text(claim, "reason"),
        citations=tuple(
            _cited(number, citation, sources)
            for number, citation in enumerate(_tables(claim, "citations"))
        ),
    )


def _cited(place: int, citation: Json, sources: SourcesToday) -> Cited:
    document, quote = _table(citation, "document"), _text(citation, "quote")
    name, sha256 = _text(document, "id"), _text(document, "sha256")
    status = _text(document, "status")
    return Cited(
        citation=place,
        document=name,
        title=_text(document, "title"),
        path=_text(document, "path"),
        sha256=sha256,
        collection=_text(document, "collection"),
        kind=_text(document, "kind"),
        date=_text(document, "date"),
        status=status,
        where=_text(_table(citation, "locator"), "label"),
        quote=quote,
        today=sources.today(
            name,
            sha256=sha256,
            status=status,
            start=_whole(citation, "start") or 0,
            end=_whole(citation, "end") or 0,
            quote=quote,
        ),
    )


def _notes(payload: Json, judged: Mapping[Thing, Held]) -> Iterator[tuple[Noted, str]]:
    """What people wrote beside their words that stand."""
    for thing, found in judged.items():
        claim, citation = thing or (None, None)
        for word in found.words:
            kept = _table(payload, f"judgement {word.by} {claim}.{citation}")
            type_ = SETTLED if word.settles else JUDGED
            # one person's notes on one thing are kept together, by sample
            note = _text(_table(kept, "notes"), f"{type_} {word.sample}") or _text(kept, "note")
            if note:
                yield (thing, word.by, word.settles), note


def _text(table: Json, name: str) -> str:
    value = table.get(name)
    return value if isinstance(value, str) else ""


def _whole(table: Json, name: str) -> int | None:
    value = table.get(name)
    return value if type(value) is int else None


def _table(table: Json, name: str) -> Json:
    value = table.get(name)
    return value if isinstance(value, dict) else {}


def _tables(table: Json, name: str) -> list[Json]:
    value = table.get(name)
    # each keeps its place: judgements name claims and citations by it
    rows = value if isinstance(value, list) else []
    return [row if isinstance(row, dict) else {} for row in rows]
