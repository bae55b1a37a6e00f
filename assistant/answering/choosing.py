"""Which sentences an answer is drafted from, and within what bounds: decided by values alone.

Replaying an old answer takes the same decisions again, so they stand apart from the course of
an answer and depend on nothing else than what its record keeps.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.contradiction import contradicts
from assistant.drafting import claim_text, leanings
from assistant.language_model import ReplyLimits
from assistant.records import Draft, DraftClaim, Evidence
from assistant.settings_sections import AnswerSettings

_EXTRACTED = 3  # sentences of an answer without a language model
_MOST_DRAFTED = 4  # sentences that the model drafts from


def over_the_line(evidence: Sequence[Evidence], threshold: float) -> tuple[Evidence, ...]:
    """The judged sentences over the line, best first, each with what contradicts it."""
    judged = [e for e in evidence if e.answers is not None]
    over = sorted(
        (e for e in judged if e.answers is not None and e.answers >= threshold),
        key=lambda e: -(e.answers or 0.0),
    )[:_MOST_DRAFTED]
    for e in tuple(over):
        over += [
            other
            for other in judged
            if other not in over
            and other.document != e.document
            and contradicts(e.text, other.text)
        ]
    return tuple(over[: _MOST_DRAFTED + 1])


def reply_limits(given: Sequence[Evidence], settings: AnswerSettings) -> ReplyLimits:
    """The bounds of a reply drafted from these sentences."""
    return ReplyLimits(
        evidence=len(given),
        leanings=leanings(given),
        claims=settings.max_claims,
        tokens=settings.max_tokens,
        seed=settings.seed,
        temperature=settings.temperature,
    )


def best_alone(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentences that are an answer without a language model, best first."""
    return tuple(sorted(evidence, key=lambda e: -e.score)[:_EXTRACTED])


def extracted(given: Sequence[Evidence]) -> Draft:
    """Sentences as they are; nothing in one passes for a citation marker."""
    claims = tuple(DraftClaim(text=claim_text(e.text), cites=(e.number,)) for e in given)
    return Draft(claims=claims, refused=False, raw="")
