"""Records as the JSON of the command contract: the one place that names its keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.records import Answer, Citation, Claim, Document, Energy, Evidence, Hit, Locator

Json = dict[str, Any]


def document_json(document: Document) -> Json:
    """A document, with its status beyond what the contract asks."""
    return {
        "id": document.document_id,
        "title": document.title,
        "path": document.path,
        "sha256": document.sha256,
        "kind": str(document.kind),
        "date": document.date.isoformat() if document.date else None,
        "collection": document.collection,
        "commission": document.commission,
        "status": str(document.status),
        "superseded_by": document.superseded_by,
        "pages": document.page_count or None,
    }


def locator_json(locator: Locator) -> Json:
    """A locator; ``page`` is 1-based, times are seconds."""
    return {
        "page": locator.page,
        "page_label": locator.page_label,
        "section": locator.section,
        "speaker": locator.speaker,
        "speaker_role": locator.speaker_role,
        "start_s": locator.start_s,
        "end_s": locator.end_s,
        "ocr": locator.ocr,
        "label": locator.label,
    }


def hit_json(hit: Hit) -> Json:
    """A hit and where else its words stand; ``start``/``end`` count the canonical text."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage_id": hit.passage.passage_id,
        "document": document_json(hit.document),
        "locator": locator_json(hit.passage.locator),
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "copies": [
            {
                "passage_id": copy.passage.passage_id,
                "document": document_json(copy.document),
                "locator": locator_json(copy.passage.locator),
                "start": copy.passage.start,
                "end": copy.passage.end,
            }
            for copy in hit.copies
        ],
    }


def evidence_json(evidence: Evidence) -> Json:
    """A numbered evidence sentence."""
    return {
        "number": evidence.number,
        "score": evidence.score,
        "passage_id": evidence.passage.passage_id,
        "document": document_json(evidence.document),
        "locator": locator_json(evidence.passage.locator),
        "text": evidence.text,
        "start": evidence.start,
        "end": evidence.end,
        "answers": evidence.answers,
    }


def citation_json(citation: Citation) -> Json:
    """A citation with its exact quotation."""
    return {
        "passage_id": citation.passage.passage_id,
        "document": document_json(citation.document),
        "locator": locator_json(citation.passage.locator),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def claim_json(claim: Claim) -> Json:
    """A claim with its verdict and citations."""
    return {
        "text": claim.text,
        "verdict": str(claim.verdict),
        "reason": claim.reason,
        "citations": [citation_json(citation) for citation in claim.citations],
    }


def answer_json(answer: Answer) -> Json:
    """The answer itself, without what is only known around it (model, times, record)."""
    return {
        "status": "answered" if answer.answered else "abstained",
        "reason": answer.reason,
        "suggestion": answer.suggestion,
        "claims": [claim_json(claim) for claim in answer.claims],
        "disagreements": [
            {"cited": citation_json(d.cited), "other": citation_json(d.other), "note": d.note}
            for d in answer.disagreements
        ],
        "evidence": [evidence_json(e) for e in answer.evidence],
    }


def energy_json(energy: Energy) -> Json:
    """Energy in watt-hours, and how it is known, in both languages."""
    how = energy.how
    return {"wh": energy.wh, "measured": energy.measured, "how": {"fr": how.fr, "en": how.en}}


def search_json(
    hits: Iterable[Hit], best: Iterable[Evidence | None], seconds: Mapping[str, float]
) -> Json:
    """What ``assistant search --json`` prints; ``best`` is the sentence to mark in each hit."""
    found = [
        {**hit_json(hit), "best": sentence and _sentence_json(sentence)}
        for hit, sentence in zip(hits, best, strict=True)
    ]
    return {"hits": found, "seconds": dict(seconds)}


def _sentence_json(sentence: Evidence) -> Json:
    return {"text": sentence.text, "start": sentence.start, "end": sentence.end}
