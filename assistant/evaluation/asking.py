"""One gold question asked as a person would ask it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from assistant.answering import AnswerReady, Question, ask
from assistant.errors import AssistantError, ModelError, SearchIndexError
from assistant.evaluation.citations import TextOf, count_exact, count_support
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.outcomes import Outcome, Said
from assistant.evaluation.refusals import EvaluationError
from assistant.evaluation.runs import Run
from assistant.wording import Words
from assistant.workspace import Workspace

Asker = Callable[[GoldQuestion], Outcome]

_KEPT_TEXTS = 32  # whole documents in memory, for the comparison of quotations


def asker(workspace: Workspace, run: Run) -> Asker:
    """What asks the questions of a run; its models are loaded here, once for all.

    The asker gives a failed outcome where an error concerns one question; an error of a
    model or of the index concerns them all, and is raised, as is `EvaluationError` when
    documents were ingested meanwhile: the answers would not be comparable.

    Raises:
        ModelMissing: A model is not installed.
    """
    _ = workspace.embedder
    if run.model is not None:
        # `ask` would do without it and extract sentences: that would measure another thing
        _ = workspace.language_model
    text_of = _stored_texts(workspace, run.generation)
    extractive = run.plan.mode == "extractive"

    def outcome_of(gold: GoldQuestion) -> Outcome:
        try:
            ready = _answer(workspace, gold, extractive=extractive)
        except (ModelError, SearchIndexError):
            raise
        except AssistantError as error:
            return Outcome(id=gold.id, status="failed", reason=error.message.fr)
        _require_unchanged(workspace, run)
        return _heard(gold, ready, text_of)

    return outcome_of


def _answer(workspace: Workspace, gold: GoldQuestion, *, extractive: bool) -> AnswerReady:
    question = Question(text=gold.question, extractive=extractive, previous=gold.previous)
    for event in ask(workspace, question):
        if isinstance(event, AnswerReady):
            return event
    raise AssertionError("an answer ends with AnswerReady, or with an error")


def _heard(gold: GoldQuestion, ready: AnswerReady, text_of: TextOf) -> Outcome:
    answer = ready.answer
    told = ready.as_json()
    exact, shown = count_exact(answer, text_of)
    return Outcome(
        id=gold.id,
        status=told["status"],
        reason=answer.reason,
        claims=tuple(
            Said(
                text=claim.text,
                verdict=claim.verdict,
                reason=claim.reason,
                quotes=tuple(citation.quote for citation in claim.citations),
            )
            for claim in answer.claims
        ),
        evidence=tuple(e.text for e in answer.evidence),
        shown_quotes=shown,
        exact_quotes=exact,
        citations=count_support(answer.claims),
        seconds=told["seconds"],
        tokens=told["tokens"],
        energy_wh=told["energy_wh"],
        record=told["record"],
    )


def _require_unchanged(workspace: Workspace, run: Run) -> None:
    if workspace.catalogue.generation != run.generation:
        raise EvaluationError(
            Words(
                "Les documents ont changé pendant l’évaluation.",
                "The documents have changed during the evaluation.",
            ),
            remedy=Words(
                "Commencez une nouvelle évaluation, sans ingestion en même temps.",
                "Begin a new evaluation, without ingesting meanwhile.",
            ),
        )


def _stored_texts(workspace: Workspace, generation: int) -> TextOf:
    """Whole canonical texts, as `assistant text` prints them: another way than the verifier's."""
    catalogue = workspace.catalogue
    rows = {s.document.document_id: s.row for s in catalogue.documents(generation)}

    @lru_cache(maxsize=_KEPT_TEXTS)
    def text_of(document_id: str) -> str:
        return catalogue.text(rows[document_id]) if document_id in rows else ""

    return text_of
