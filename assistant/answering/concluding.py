"""From a draft to what is answered: verified, kept to what was judged, and to the point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answerability import beside_the_point, cited, suggestion
from assistant.answering.disagreements import disagreements
from assistant.answering.keeping import kept_to_judged
from assistant.records import Answer, Draft, Evidence, Hit
from assistant.verification import Read, verify


def verified(
    draft: Draft, evidence: Sequence[Evidence], given: Sequence[Evidence], read: Read
) -> Answer:
    """What verification makes of a draft, kept to the sentences that were judged to answer.

    Args:
        draft: The reply, with the numbers that the reader sees.
        evidence: What the reader sees.
        given: What the draft was made from, the best first.
        read: Gives the stored text of a document between two offsets.
    """
    answer = verify(draft, evidence, read)
    kept = kept_to_judged(draft, answer, given)
    return answer if kept == draft else verify(kept, evidence, read)


def concluded(question: str, answer: Answer, refusal: str, hits: Sequence[Hit]) -> Answer:
    """An answer whose sources do not speak of what is asked is an abstention; its claims stay."""
    if answer.answered:
        why = beside_the_point(question, cited(answer)) or ""
    else:
        why = refusal or answer.reason
    if answer.answered and not why:
        return replace(answer, disagreements=disagreements(answer))
    hint = suggestion(question, answer.evidence, hits)
    return replace(answer, answered=False, reason=why, suggestion=hint)
