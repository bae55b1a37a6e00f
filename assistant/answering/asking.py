"""Ask and search: the two ways into the corpus, as a reader of this file can follow them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from assistant import contract
from assistant.answering.concluding import concluded, verified
from assistant.answering.course import Course
from assistant.answering.events import (
    AnswerEvent,
    AnswerReady,
    ClaimsReady,
    EvidenceReady,
    Opened,
    Question,
)
from assistant.energy import metering
from assistant.errors import AssistantError, AuditError
from assistant.evidence import select_evidence
from assistant.followup import standalone
from assistant.generations import Generation
from assistant.records import Draft, Filters
from assistant.retrieval import Found, Mode, matches_nothing, retrieve
from assistant.wording import Words
from assistant.workspace import Workspace

_LATEST = "last"
_EVIDENCE_PASSAGES = 20  # passages whose sentences may be evidence; beyond, facts are rare


def search(
    workspace: Workspace,
    text: str,
    *,
    filters: Filters,
    top: int | None = None,
    mode: Mode = "hybrid",
) -> Found:
    """Passages for a question, without an answer; none when the corpus does not speak of it.

    Raises:
        EmptyIndex: Nothing is ingested.
        ModelMissing: The embedding model is not installed (``lexical`` does without).
    """
    with workspace.generations.reading() as generation:
        found = _found(workspace, generation, text, filters, top=top, mode=mode)
    below = workspace.settings.retrieval.nothing_below
    if mode == "hybrid" and matches_nothing(text, found.hits, below=below):
        return replace(found, hits=())
    return found


def ask(workspace: Workspace, question: Question) -> Iterator[AnswerEvent]:
    """Answer from the corpus, or say that it does not answer; evidence first, then claims.

    Closing the iterator stops the model, and the audit record says so.

    Raises:
        EmptyIndex: Nothing is ingested.
        ModelMissing: A model is not installed.
        ModelServerError: The language model's server failed; the record says so.
    """
    text = standalone(question.text, question.previous)
    course = Course(workspace, question, text)
    if question.user is not None:
        workspace.desk.remember(question.user, course.record, datetime.now(UTC))
    try:
        yield Opened(course.record)
        with workspace.generations.reading() as generation:
            course.generation = generation.number
            found = _found(workspace, generation, text, question.filters, top=_EVIDENCE_PASSAGES)
            course.lap("retrieval")
            course.evidence = select_evidence(
                text,
                found.hits,
                token_budget=workspace.settings.answer.evidence_tokens,
                most=workspace.settings.answer.max_evidence,
            )
            course.lap("first_evidence")
            yield EvidenceReady(course.evidence, found.hits, text)
            with metering() as meter:
                draft = yield from _told(course, generation)
            # sentences taken as they are cost next to nothing, and a server's cost is not seen here
            if course.model_name is not None and course.server is None:
                course.energy = meter.reading
            answer = verified(draft, course.evidence, course.given, generation.read)
            answer = concluded(text, answer, course.refusal, found.hits)
        course.lap("total")
    except GeneratorExit:
        course.close({"status": "stopped"})
        raise
    except AssistantError as error:
        course.close({"status": "failed", "error": error.message.fr})
        raise
    course.close(contract.answer_json(answer))
    yield AnswerReady(
        answer=answer,
        question=text,
        record=course.record,
        model=course.model_name,
        model_sha256=course.model_sha256,
        server=course.server,
        tokens=course.tokens,
        seconds=course.seconds,
        energy=course.energy,
    )


def former_question(workspace: Workspace, record: str) -> str:
    """The question that a record answered, standalone, to be followed up; ``last``: the latest.

    Raises:
        AuditError: No such record, or its texts were forgotten.
    """
    if record == _LATEST:
        latest = workspace.audit.answers(limit=1)
        if not latest:
            raise _nothing_to_follow(record)
        record = latest[0].record_id
    payload = workspace.audit.show(record)["payload"]
    if payload is None or "question" not in payload:
        raise _nothing_to_follow(record)
    return str(payload.get("standalone") or payload["question"])


def _nothing_to_follow(record: str) -> AuditError:
    return AuditError(
        Words(
            f"Aucune question à laquelle faire suite dans la trace « {record} ».",
            f"Record {record!r} holds no question to follow.",
        ),
        remedy=Words(
            "« assistant audit list » donne les traces.", "`assistant audit list` lists them."
        ),
    )


def _found(
    workspace: Workspace,
    generation: Generation,
    text: str,
    filters: Filters,
    *,
    top: int | None = None,
    mode: Mode = "hybrid",
) -> Found:
    settings = workspace.settings.retrieval
    return retrieve(
        text,
        generation,
        None if mode == "lexical" else workspace.embedder,
        filters=filters,
        top=top or settings.top,
        candidates=settings.candidates,
        dense_weight=settings.dense_weight,
        mode=mode,
    )


def _told(course: Course, generation: Generation) -> Generator[AnswerEvent, None, Draft]:
    """Draft, and tell each claim when its line is written and verified."""
    drafting, told = course.draft(), 0
    try:
        while True:
            try:
                yield next(drafting)
            except StopIteration as end:
                draft: Draft = end.value
                return draft
            if len(course.written.claims) > told:
                told = len(course.written.claims)
                shown = verified(course.written, course.evidence, course.given, generation.read)
                yield ClaimsReady(shown.claims)
    finally:
        drafting.close()
