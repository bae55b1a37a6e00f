"""Do the documents answer at all? Read off the words, and off the model's own judgement.

A small model rarely refuses: asked for a fact that is missing, it cites the nearest plausible
sentence. So before it writes a word it is asked of each sentence whether it answers
(``judging``), a linear reading of its last layer turns that into log-odds, and a threshold
calibrated on questions of which half are near-misses decides (``gate``). What the words
alone show (a name, a year, a kind of thing that no source holds) is said first (``objections``).
"""

from __future__ import annotations

from assistant.answerability.gate import Gate, gate_for
from assistant.answerability.judging import judge_prompt, judged_text
from assistant.answerability.objections import beside_the_point, cited, objection
from assistant.answerability.refusals import looked_for, suggestion

__all__ = [
    "Gate",
    "beside_the_point",
    "cited",
    "gate_for",
    "judge_prompt",
    "judged_text",
    "looked_for",
    "objection",
    "suggestion",
]
