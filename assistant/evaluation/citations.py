"""What an answer's quotations are worth: exact or not, supporting or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.records import Answer, Citation, Claim, DraftClaim, Evidence, Verdict
from assistant.verification.statement import Source, source_of
from assistant.verification.verdicts import verify_claim

TextOf = Callable[[str], str]
"""``text_of(document_id)`` gives a document's whole canonical text; ``""`` if it is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationCounts:
    """Over the claims of one answer: how many are supported, how many citations are needed."""

    claims: int
    supported: int
    citations: int
    precise: int


def count_support(claims: Sequence[Claim]) -> CitationCounts:
    """Citation recall and precision in counts (ALCE: Gao et al., EMNLP 2023).

    A claim is supported when all its citations together support it. A citation is
    precise when its claim is supported and either it supports the claim alone, or the
    others do not without it. ALCE's judge is an entailment model; ours is the program's
    own verifier, so these counts tell how citations are used, not whether the verifier
    is right.
    """
    supported = precise = 0
    for claim in claims:
        sources = [_source(n, citation) for n, citation in enumerate(claim.citations, start=1)]
        if not _supports(claim.text, sources):
            continue
        supported += 1
        for source in sources:
            others = [other for other in sources if other is not source]
            precise += _supports(claim.text, [source]) or not _supports(claim.text, others)
    return CitationCounts(
        claims=len(claims),
        supported=supported,
        citations=sum(len(claim.citations) for claim in claims),
        precise=precise,
    )


def count_exact(answer: Answer, text_of: TextOf) -> tuple[int, int]:
    """Quotations shown to a person that are the stored text at their offsets, and all of them.

    Both the answer's citations and its evidence are shown between quotation marks.
    """
    shown = [
        *((c.document.document_id, c.start, c.end, c.quote) for claim in answer.claims
          for c in claim.citations),
        *((e.document.document_id, e.start, e.end, e.text) for e in answer.evidence),
    ]  # fmt: skip
    exact = sum(text_of(document)[start:end] == quote for document, start, end, quote in shown)
    return exact, len(shown)


def _source(number: int, citation: Citation) -> Source:
    return source_of(
        Evidence(
            number=number,
            text=citation.quote,
            start=citation.start,
            end=citation.end,
            score=1.0,
            passage=citation.passage,
            document=citation.document,
            context=citation.passage.context,
        )
    )


def _supports(text: str, sources: Sequence[Source]) -> bool:
    known = {source.evidence.number: source for source in sources}
    judged = verify_claim(DraftClaim(text=text, cites=tuple(known)), known)
    return judged.verdict is not Verdict.UNSUPPORTED
