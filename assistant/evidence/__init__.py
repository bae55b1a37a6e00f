"""From hits to numbered sentences, within a budget of the model's tokens.

Prefill is the cost of an answer, and sentences hold more of its facts per token
than passages do (DESIGN.md), so the model reads sentences: the best ones of the
best passages, the best one first.
"""

from __future__ import annotations

from assistant.evidence.marking import Excerpt, best_sentences, excerpt
from assistant.evidence.selection import select_evidence
from assistant.evidence.tokens import estimated_tokens, heading

__all__ = [
    "Excerpt",
    "best_sentences",
    "estimated_tokens",
    "excerpt",
    "heading",
    "select_evidence",
]
