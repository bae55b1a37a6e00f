"""What a record keeps of an answer, as the stages take it: the script of a replay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from assistant.errors import AuditError
from assistant.evidence.tokens import heading
from assistant.language_model import Message, Prompt, ReplyLimits
from assistant.recorded import answer_of, evidence_of
from assistant.records import Answer, Evidence
from assistant.settings_sections import AnswerSettings
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One recorded answer.

    ``evidence`` carries the log-odds noted then; ``given`` are the sentences that the draft was
    made from. ``model_name`` is None when no language model wrote, ``model_sha256`` also when one
    did on a server, whose address is ``server``; ``prompt`` is None when none was asked to write.
    """

    record: str
    question: str
    evidence: tuple[Evidence, ...]
    given: tuple[Evidence, ...]
    prompt: Prompt | None
    limits: ReplyLimits
    settings: AnswerSettings
    model_name: str | None
    model_sha256: str | None
    server: str | None
    raw: str
    generated: int
    answer: Answer
    payload: dict[str, Any]

    @property
    def not_judged(self) -> bool:
        """Whether the model was asked to judge, and its server could not."""
        return (self.payload.get("judging") or {}).get("offered") is False

    @property
    def unjudged(self) -> tuple[Evidence, ...]:
        """The evidence as it was before the model judged it."""
        return tuple(replace(e, answers=None) for e in self.evidence)

    def read(self, document_id: str, start: int, end: int) -> str:
        """The text of an evidence sentence as it was then: a replay reads nothing else."""
        for e in self.evidence:
            if (e.document.document_id, e.start, e.end) == (document_id, start, end):
                return e.text
        return ""


def script_of(shown: dict[str, Any]) -> Script:
    """The script in a record, as `AuditLog.show` gives it.

    Raises:
        AuditError: Its texts were forgotten, or it holds no answer (open, stopped, failed).
    """
    payload = shown["payload"]
    if payload is None or payload.get("status") not in ("answered", "abstained"):
        raise _no_answer(shown)
    evidence = _evidence(payload)
    numbered = {e.number: e for e in evidence}
    given = tuple(numbered[number] for number in payload.get("given") or ())
    settings = _settings(payload["settings"])
    prompt = payload.get("prompt")
    return Script(
        record=shown["id"],
        question=payload.get("standalone") or payload["question"],
        evidence=evidence,
        given=given,
        prompt=prompt and _prompt(prompt),
        limits=ReplyLimits(
            evidence=len(given or evidence),
            leanings=tuple(payload.get("leanings") or ()),
            claims=settings.max_claims,
            tokens=settings.max_tokens,
            seed=settings.seed,
            temperature=settings.temperature,
        ),
        settings=settings,
        model_name=payload["model"]["name"],
        model_sha256=payload["model"]["sha256"],
        server=payload["model"].get("server"),
        raw=payload.get("raw") or "",
        generated=payload["tokens"]["generated"],
        answer=answer_of(payload),
        payload=payload,
    )


def _evidence(payload: dict[str, Any]) -> tuple[Evidence, ...]:
    """The sentences with what stood around them, as far as the record keeps it."""
    passages = {passage["id"]: passage for passage in payload.get("passages", ())}
    found = []
    for e, kept in zip(evidence_of(payload), payload["evidence"], strict=True):
        context = kept.get("context") or heading(e.document)
        passage = passages.get(e.passage.passage_id)
        if passage is None:  # a record of an earlier version
            found.append(replace(e, context=context))
            continue
        whole = replace(
            e.passage,
            text=passage["text"],
            start=passage["start"],
            end=passage["end"],
            context=passage["context"],
        )
        found.append(replace(e, passage=whole, context=context))
    return tuple(found)


def _settings(recorded: dict[str, Any]) -> AnswerSettings:
    """The settings of then; one that exists no more, or did not yet, is today's default."""
    known = {name: value for name, value in recorded.items() if name in AnswerSettings.model_fields}
    return AnswerSettings(**known)


def _prompt(recorded: dict[str, Any]) -> Prompt:
    return Prompt(
        fixed=tuple(Message(**message) for message in recorded["fixed"]), user=recorded["user"]
    )


def _no_answer(shown: dict[str, Any]) -> AuditError:
    if shown["state"] == "forgotten":
        why = Words("ses textes ont été effacés", "its texts were erased")
    else:
        why = Words("elle ne contient pas de réponse", "it holds no answer")
    return AuditError(
        Words(
            f"La trace « {shown['id']} » ne peut pas être rejouée : {why.fr}.",
            f"Record {shown['id']!r} cannot be replayed: {why.en}.",
        ),
        remedy=Words(
            "Consultez-la par « assistant audit show ».", "Read it with `assistant audit show`."
        ),
    )
