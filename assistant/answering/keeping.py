"""A reply kept to the sentences that were judged to answer.

A small model names one sentence and at times copies another. Verification would move the
citation to the words; where the sentence it named was judged the better answer, that sentence
is given instead, as it is. And where none of its wordings is supported, so is the one judged best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.drafting import claim_text
from assistant.records import Answer, Claim, Draft, DraftClaim, Evidence


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
    if claims == list(draft.claims) and not answer.answered and claims and given:
        claims.insert(0, _quoted(given[0]))  # the wording failed, not the source
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


def _odds(evidence: Evidence) -> float:
    return evidence.score if evidence.answers is None else evidence.answers


def _quoted(evidence: Evidence) -> DraftClaim:
    return DraftClaim(text=claim_text(evidence.text), cites=(evidence.number,))
