"""From hits to numbered sentences, within a budget of the model's tokens.

Prefill is the cost of an answer, and sentences hold more of its facts per token
than passages do (DESIGN.md), so the model reads sentences: the best ones of the
best passages, the best one first.
"""

from __future__ import annotations

from assistant.evidence.marking import best_sentences
from assistant.evidence.selection import select_evidence
from assistant.evidence.tokens import estimated_tokens, heading

__all__ = ["best_sentences", "estimated_tokens", "heading", "select_evidence"]
