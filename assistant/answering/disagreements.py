"""Sources that give another figure than the one cited: both are shown, the reader decides."""

from __future__ import annotations

from assistant.contradiction import disagreement
from assistant.records import Answer, Disagreement, Document, Status, Verdict
from assistant.verification import citation_of


def disagreements(answer: Answer) -> tuple[Disagreement, ...]:
    """Each cited sentence with the evidence of another document that contradicts it."""
    held = [claim for claim in answer.claims if claim.verdict is not Verdict.UNSUPPORTED]
    found: dict[tuple[int, str, int], Disagreement] = {}
    for citation in (c for claim in held for c in claim.citations):
        for other in answer.evidence:
            if other.document.document_id == citation.document.document_id:
                continue
            figures = disagreement(citation.quote, other.text)
            if figures is None:
                continue
            mine, theirs = figures
            key = (citation.start, other.document.document_id, other.start)
            found.setdefault(
                key,
                Disagreement(
                    cited=citation,
                    other=citation_of(other),
                    note=f"« {mine.text} » dans {_named(citation.document)}, "
                    f"« {theirs.text} » dans {_named(other.document)}.",
                ),
            )
    return tuple(found.values())


def _named(document: Document) -> str:
    """Title, date, and status when it is not final."""
    parts = [f"« {document.title} »"]
    if document.date is not None:
        parts.append(document.date.strftime("%d/%m/%Y"))
    if document.status is not Status.FINAL:
        parts.append(f"document {document.status}")
    return parts[0] if len(parts) == 1 else f"{parts[0]} ({', '.join(parts[1:])})"
