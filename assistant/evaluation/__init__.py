"""Gold questions to scores: what the assistant's promises are worth, measured.

Each gold question is asked as a person would ask it; what came of it is written
down at once, scored by pure functions, and told in one page that needs nothing
but itself.
"""

from __future__ import annotations

from assistant.evaluation.gold import Gold, GoldQuestion, read_gold, split_of
from assistant.evaluation.refusals import EvaluationError

__all__ = ["EvaluationError", "Gold", "GoldQuestion", "read_gold", "split_of"]
