"""The JSON of the command contract back to records: how an old answer is read again.

The inverse of `contract`, for what an audit record keeps. The text of a passage is not kept there,
only what was shown of it: so a passage read back is as long as its quotation.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.records import (
    Answer,
    Citation,
    Claim,
    Disagreement,
    Document,
    DocumentKind,
    Energy,
    Evidence,
    Locator,
    Passage,
    Status,
    Verdict,
)
from assistant.wording import Words

Json = dict[str, Any]


def answer_of(recorded: Json) -> Answer:
    """The answer that a closed record holds.

    Raises:
        KeyError: The record was never closed, or holds no answer (stopped, failed).
    """
    return Answer(
        answered=recorded["status"] == "answered",
        reason=recorded["reason"],
        suggestion=recorded.get("suggestion", ""),
        claims=tuple(
            Claim(
                text=claim["text"],
                verdict=Verdict(claim["verdict"]),
                reason=claim["reason"],
                citations=tuple(map(_citation, claim["citations"])),
            )
            for claim in recorded["claims"]
        ),
        evidence=evidence_of(recorded),
        disagreements=tuple(
            Disagreement(cited=_citation(d["cited"]), other=_citation(d["other"]), note=d["note"])
            for d in recorded.get("disagreements", ())
        ),
    )


def evidence_of(recorded: Json) -> tuple[Evidence, ...]:
    """The evidence sentences of a record; none when it was not closed."""
    return tuple(
        Evidence(
            number=e["number"],
            text=e["text"],
            start=e["start"],
            end=e["end"],
            score=e["score"],
            passage=_passage(e, e["text"]),
            document=_document(e["document"]),
            answers=e.get("answers"),
        )
        for e in recorded.get("evidence", ())
    )


def energy_of(said: Json | None) -> Energy | None:
    """The energy that a record holds; ``None`` where it was not known."""
    if said is None:
        return None
    return Energy(wh=said["wh"], measured=said["measured"], how=Words(**said["how"]))


def _citation(said: Json) -> Citation:
    return Citation(
        passage=_passage(said, said["quote"]),
        document=_document(said["document"]),
        quote=said["quote"],
        start=said["start"],
        end=said["end"],
    )


def _passage(said: Json, text: str) -> Passage:
    locator = {name: value for name, value in said["locator"].items() if name != "label"}
    return Passage(
        passage_id=said["passage_id"],
        document_id=said["document"]["id"],
        text=text,
        start=said["start"],
        end=said["end"],
        locator=Locator(**locator),
    )


def _document(said: Json) -> Document:
    return Document(
        document_id=said["id"],
        path=said["path"],
        sha256=said["sha256"],
        format="",
        title=said["title"],
        date=date.fromisoformat(said["date"]) if said["date"] else None,
        kind=DocumentKind(said["kind"]),
        collection=said["collection"],
        commission=said.get("commission"),
        status=Status(said["status"]),
        superseded_by=said.get("superseded_by"),
        page_count=said.get("pages") or 0,
    )
