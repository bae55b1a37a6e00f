"""The way of a question: retrieve, show the evidence, judge, draft, verify, record, answer."""

from __future__ import annotations

from assistant.answering.asking import ask, former_question, search
from assistant.answering.events import (
    AnswerEvent,
    AnswerReady,
    ClaimsReady,
    DraftPiece,
    EvidenceReady,
    Judged,
    Opened,
    Question,
    Queued,
    authorship,
)

__all__ = [
    "AnswerEvent",
    "AnswerReady",
    "ClaimsReady",
    "DraftPiece",
    "EvidenceReady",
    "Judged",
    "Opened",
    "Question",
    "Queued",
    "ask",
    "authorship",
    "former_question",
    "search",
]
