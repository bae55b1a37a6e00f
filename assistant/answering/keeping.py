"""A reply kept to the sentences that were judged to answer.

A small model names one sentence and at times copies another. Verification would move the
citation to the words; where the sentence it named was judged the better answer, that sentence
is given instead, as it is. So is the source of a wording that fails by a slip of the pen; one
that says something else than its source fails for good: it is how a near-miss shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from assistant.drafting import claim_text
from assistant.french.letters import fold
from assistant.records import Answer, Claim, Draft, DraftClaim, Evidence

_COPY = 0.95  # likeness of a copy with a slip; where a figure slipped, the source's own is given


def kept_to_judged(draft: Draft, answer: Answer, given: Sequence[Evidence]) -> Draft:
    """The draft to verify anew; the same one when nothing is to be changed.

    Args:
        draft: The model's reply, with the numbers that the reader sees.
        answer: What verification made of it.
        given: The sentences it was drafted from, the one judged best first.
    """
    known = {e.number: e for e in given}
    claims: list[DraftClaim] = []
    for drafted, claim in zip(draft.claims, answer.claims, strict=True):
        named = _strayed_from(drafted, claim, known)
        kept = drafted if named is None else _quoted(named)
        if kept not in claims:
            claims.append(kept)
    if claims == list(draft.claims) and not answer.answered:
        claims[:0] = _miscopied(claims, known)
    return replace(draft, claims=tuple(claims))


def _strayed_from(drafted: DraftClaim, claim: Claim, known: dict[int, Evidence]) -> Evidence | None:
    """The sentence a claim named, when its words are those of one judged to answer less well."""
    named = [known[number] for number in drafted.cites if number in known]
    if not named or not claim.citations:
        return None
    used = {(c.document.document_id, c.start) for c in claim.citations}
    if used & {(e.document.document_id, e.start) for e in named}:
        return None
    best = max(named, key=_odds)
    others = [e for e in known.values() if (e.document.document_id, e.start) in used]
    return best if all(_odds(e) < _odds(best) for e in others) else None


def _miscopied(claims: Sequence[DraftClaim], known: dict[int, Evidence]) -> list[DraftClaim]:
    """The sources of claims that are copies but for a letter or two."""
    sources = (
        (claim, known[number]) for claim in claims for number in claim.cites if number in known
    )
    quoted = [_quoted(source) for claim, source in sources if _alike(claim.text, source.text)]
    return list(dict.fromkeys(quoted))


def _alike(one: str, other: str) -> bool:
    likeness = SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio()
    return likeness >= _COPY


def _odds(evidence: Evidence) -> float:
    return evidence.score if evidence.answers is None else evidence.answers


def _quoted(evidence: Evidence) -> DraftClaim:
    return DraftClaim(text=claim_text(evidence.text), cites=(evidence.number,))
