"""Answers already given: a person's own questions, an answer read again, a reader's objection.

The texts stay in the audit log, where they can be forgotten; a person's history is a list of
records, so what the log forgot is gone from every history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.answering.events import AnswerReady
from assistant.errors import AuditError
from assistant.recorded import answer_of, energy_of, evidence_of
from assistant.records import Tokens
from assistant.wording import Words
from assistant.workspace import Workspace

DISPUTED = "answer.disputed"
WRONG = {
    "quote": Words("la citation n’étaye pas la phrase", "the quotation does not support it"),
    "beside": Words("la réponse est à côté de la question", "it does not answer the question"),
    "missing": Words("il manque l’essentiel", "the main thing is missing"),
    "refused": Words("les documents contiennent la réponse", "the documents do hold the answer"),
    "other": Words("autre raison", "another reason"),
}
"""Why a reader says that an answer is wrong, by the key that is recorded."""
_MOST_LISTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuestion:
    """One line of a person's history; ``status`` is the record's, ``""`` while it is open."""

    record: str
    asked: datetime
    question: str
    status: str


def their_questions(
    workspace: Workspace, user: str, hidden: frozenset[str], *, limit: int = _MOST_LISTED
) -> tuple[PastQuestion, ...]:
    """The latest questions of one person, newest first; forgotten ones are not there.

    Args:
        workspace: Where.
        user: Pseudonym.
        hidden: Collections that they may not read (any more): answers from these are left out.
        limit: At most so many.
    """
    found: list[PastQuestion] = []
    for record, _ in workspace.desk.history(user, limit):
        shown = workspace.audit.show(record)
        payload = shown["payload"]
        if payload is None or "question" not in payload or not readable(workspace, payload, hidden):
            continue
        found.append(
            PastQuestion(
                record=record,
                asked=datetime.fromisoformat(shown["opened"]),
                question=payload["question"],
                status=str(payload.get("status", "")),
            )
        )
    return tuple(found)


def reread(workspace: Workspace, record: str, user: str, hidden: frozenset[str]) -> AnswerReady:
    """An answer as it was given, for the person who asked.

    Raises:
        AuditError: It is not theirs, was forgotten, never ended, or cites what they may not read.
    """
    if record not in {name for name, _ in workspace.desk.history(user, _MOST_LISTED)}:
        raise _not_theirs()
    payload = workspace.audit.show(record)["payload"]
    if payload is None or not readable(workspace, payload, hidden):
        raise _not_theirs()
    return ready_of(record, payload)


def ready_of(record: str, payload: dict[str, Any]) -> AnswerReady:
    """What an audit record says was answered.

    Raises:
        AuditError: It was stopped or failed: there is no answer.
    """
    if payload.get("status") not in ("answered", "abstained"):
        raise AuditError(
            Words("Cette question n’a pas reçu de réponse.", "This question got no answer."),
            remedy=Words("Posez-la de nouveau.", "Ask it again."),
        )
    model = payload.get("model") or {}
    return AnswerReady(
        answer=answer_of(payload),
        question=payload.get("standalone") or payload["question"],
        record=record,
        model=model.get("name"),
        model_sha256=model.get("sha256"),
        server=model.get("server"),
        tokens=Tokens(**payload["tokens"]),
        seconds=payload["seconds"],
        energy=energy_of(payload.get("energy")),
    )


def dispute(workspace: Workspace, record: str, user: str, why: str) -> None:
    """Note that the person who asked holds the answer for wrong; evaluators see it.

    Args:
        workspace: Where.
        record: The answer.
        user: Pseudonym of who asked it: nobody disputes an answer they were not given.
        why: The key of a reason.

    Raises:
        AuditError: The answer is not theirs.
    """
    if record not in {name for name, _ in workspace.desk.history(user, _MOST_LISTED)}:
        raise _not_theirs()
    workspace.audit.append(
        DISPUTED, {"why": why}, {f"dispute {user}": {"by": user, "why": why}}, record_id=record
    )


def disputes_of(payload: dict[str, Any]) -> tuple[str, ...]:
    """The reasons for which readers hold a recorded answer for wrong, oldest first."""
    return tuple(said["why"] for name, said in payload.items() if name.startswith("dispute "))


def readable(workspace: Workspace, payload: dict[str, Any], hidden: frozenset[str]) -> bool:
    """Whether nothing in a record comes from a collection hidden from somebody, then or now."""
    if not hidden:
        return True
    if (payload.get("filters") or {}).get("collection") in hidden:
        return False
    documents = {e.document.path: e.document for e in evidence_of(payload)}
    return not any(workspace.catalogue.hides(d, hidden) for d in documents.values())


def _not_theirs() -> AuditError:
    return AuditError(
        Words(
            "Cette réponse n’est pas dans votre historique.",
            "This answer is not in your history.",
        ),
        remedy=Words("Posez la question de nouveau.", "Ask the question again."),
    )
