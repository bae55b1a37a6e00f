"""The way of a question: retrieve, show the evidence, draft, verify, record, answer."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, field, replace

from assistant import contract
from assistant.answerability import beside_the_point, cited, objection
from assistant.drafting import leanings, parse_reply, prompt_for
from assistant.errors import AssistantError
from assistant.evidence import select_evidence
from assistant.generations import Generation
from assistant.language_model import Prompt, ReplyLimits
from assistant.records import Answer, Draft, DraftClaim, Evidence, Filters, Hit, Tokens
from assistant.retrieval import Found, Mode, retrieve
from assistant.verification import verify
from assistant.wording import Words
from assistant.workspace import Workspace

_EXTRACTED = 3  # sentences of an answer without a language model


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and within what; ``extractive`` answers with the best sentences alone."""

    text: str
    filters: Filters = field(default=Filters())
    extractive: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceReady:
    """The sourced sentences, before the model has read a token."""

    evidence: tuple[Evidence, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class DraftPiece:
    """A piece of the model's raw reply, possibly empty: a sign of life, not yet an answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReady:
    """The verified answer, its audit record closed."""

    answer: Answer
    record: str
    model: str | None
    model_sha256: str | None
    tokens: Tokens
    seconds: dict[str, float]

    def as_json(self) -> contract.Json:
        """The object of the command contract; energy is not measured yet, so it is null."""
        return {
            **contract.answer_json(self.answer),
            "record": self.record,
            "model": {"name": self.model, "sha256": self.model_sha256},
            "seconds": self.seconds,
            "tokens": asdict(self.tokens),
            "energy_wh": None,
        }


def authorship(ready: AnswerReady) -> Words:
    """Who wrote the answer, said to every reader: an AI, or nobody but the sources."""
    if ready.model is None:
        return Words(
            "Phrases extraites telles quelles, vérifiées", "Sentences extracted as they are"
        )
    return Words(f"Rédigé par une IA ({ready.model}), vérifié", f"Written by an AI ({ready.model})")


AnswerEvent = EvidenceReady | DraftPiece | AnswerReady


def search(
    workspace: Workspace,
    text: str,
    *,
    filters: Filters,
    top: int | None = None,
    mode: Mode = "hybrid",
) -> Found:
    """Passages for a question, without an answer.

    Raises:
        EmptyIndex: Nothing is ingested.
        ModelMissing: The embedding model is not installed (``lexical`` does without).
    """
    with workspace.generations.reading() as generation:
        return _found(workspace, generation, text, filters, top=top, mode=mode)


def ask(workspace: Workspace, question: Question) -> Iterator[AnswerEvent]:
    """Answer from the corpus, or say that it does not answer; evidence first, then claims.

    Closing the iterator stops the model, and the audit record says so.

    Raises:
        EmptyIndex: Nothing is ingested.
        ModelMissing: A model is not installed.
    """
    course = _Course(workspace, question)
    try:
        with workspace.generations.reading() as generation:
            found = _found(workspace, generation, question.text, question.filters)
            course.lap("retrieval")
            course.evidence = select_evidence(
                question.text,
                found.hits,
                token_budget=workspace.settings.answer.evidence_tokens,
                most=workspace.settings.answer.max_evidence,
            )
            course.lap("first_evidence")
            yield EvidenceReady(course.evidence, found.hits)
            draft = yield from course.draft()
            answer = _judged(question.text, verify(draft, course.evidence, generation.read))
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
        record=course.record,
        model=course.model_name,
        model_sha256=course.model_sha256,
        tokens=course.tokens,
        seconds=course.seconds,
    )


class _Course:
    """One answer on its way: what its audit record needs, as it becomes known."""

    def __init__(self, workspace: Workspace, question: Question) -> None:
        self._began = time.perf_counter()
        self._workspace = workspace
        self._question = question
        self._prompt: Prompt | None = None
        self._raw = ""
        self.evidence: tuple[Evidence, ...] = ()
        self.tokens = Tokens()
        self.seconds: dict[str, float] = {}
        name = workspace.settings.models.language
        extractive = question.extractive or not workspace.ready(name)
        self.model_name = None if extractive else name
        self.model_sha256 = None if extractive else workspace.manifest.get(name).sha256
        self.record = workspace.audit.open(self._opening())  # a crash after this leaves a trace
        if not extractive:
            workspace.load_language_model_meanwhile()

    def lap(self, name: str) -> None:
        """Note the seconds since the question, once a name."""
        self.seconds.setdefault(name, round(time.perf_counter() - self._began, 3))

    def draft(self) -> Generator[DraftPiece, None, Draft]:
        """Draft by the model, by extraction, or not at all when the evidence cannot answer."""
        if objection(self._question.text, self.evidence) is not None:
            return Draft(claims=(), refused=True, raw="")
        if self.model_name is None:
            best = sorted(self.evidence, key=lambda e: -e.score)[:_EXTRACTED]
            claims = tuple(DraftClaim(text=e.text, cites=(e.number,)) for e in best)
            return Draft(claims=claims, refused=False, raw="")
        answer = self._workspace.settings.answer
        self._prompt = prompt_for(self._question.text, self.evidence)
        limits = ReplyLimits(
            evidence=len(self.evidence),
            leanings=leanings(self.evidence),
            claims=answer.max_claims,
            tokens=answer.max_tokens,
            seed=answer.seed,
            temperature=answer.temperature,
        )
        reply = self._workspace.language_model.reply(self._prompt, limits)
        try:
            self.tokens = yield from self._heard(reply)
        finally:
            reply.close()  # frees the model at once when nobody listens any more
        return parse_reply(self._raw)

    def _heard(self, reply: Generator[str, None, Tokens]) -> Generator[DraftPiece, None, Tokens]:
        while True:
            try:
                piece = next(reply)
            except StopIteration as end:
                tokens: Tokens = end.value
                return tokens
            if piece:
                self.lap("first_token")
                self._raw += piece
            yield DraftPiece(piece)

    def close(self, outcome: contract.Json) -> None:
        """Close the audit record: all that was shown, and all that is needed to answer again."""
        self.lap("total")
        evidence = [contract.evidence_json(e) for e in self.evidence]
        prompt = self._prompt
        self._workspace.audit.close(
            self.record,
            {
                "evidence": evidence,
                "prompt": prompt
                and {"fixed": [asdict(m) for m in prompt.fixed], "user": prompt.user},
                "leanings": leanings(self.evidence),
                "raw": self._raw,
                "seconds": self.seconds,
                "tokens": asdict(self.tokens),
                **outcome,
            },
        )

    def _opening(self) -> contract.Json:
        filters = asdict(self._question.filters)
        return {
            "question": self._question.text,
            "filters": {name: str(value) for name, value in filters.items() if value is not None},
            "generation": self._workspace.catalogue.generation,
            "model": {"name": self.model_name, "sha256": self.model_sha256},
            "embedding": self._workspace.embedding_name,
            "settings": self._workspace.settings.answer.model_dump(),
            "program": self._workspace.program_version,
        }


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


def _judged(question: str, answer: Answer) -> Answer:
    """An answer whose sources do not speak of what is asked is an abstention; its claims stay."""
    if not answer.answered:
        why = objection(question, answer.evidence)
        return replace(answer, reason=why or answer.reason)
    why = beside_the_point(question, cited(answer))
    return replace(answer, answered=False, reason=why) if why else answer
