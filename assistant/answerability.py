"""Does the evidence speak of what is asked? Checked before and after drafting.

A small model rarely refuses: asked for a fact that is missing, it cites the
nearest plausible sentence. What gives such a near-miss away can be read off the
words: what the question names (a figure, a year, a scheme, an acronym, a person)
is nowhere in the sentences cited, or too little of what it asks about is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.french.words import content_words, identifiers, stems
from assistant.records import Answer, Evidence

# Share of the question's content words that the sentences and their context must hold.
LEAST_COVERAGE = 0.5


def missing_names(question: str, evidence: Sequence[Evidence]) -> list[str]:
    """Identifiers of the question (acronyms, numbers, dates) that no evidence speaks of."""
    known = {name for e in evidence for name in identifiers(f"{e.text}\n{_around(e)}")}
    spoken = frozenset().union(*(stems(f"{e.text}\n{_around(e)}") for e in evidence))
    return [
        name
        for name in identifiers(question)
        if name not in known and not (stems(name) and stems(name) <= spoken)
    ]


def coverage(question: str, evidence: Iterable[Evidence]) -> float:
    """Share of the question's content words held by the evidence and its context, 0 to 1."""
    wanted = set(content_words(question))
    if not wanted:
        return 1.0
    spoken = frozenset().union(*(stems(f"{e.text}\n{_around(e)}") for e in evidence))
    return len(wanted & spoken) / len(wanted)


def objection(question: str, evidence: Sequence[Evidence]) -> str | None:
    """Why this evidence cannot answer, in French for a person; ``None`` when it may."""
    if not evidence:
        return "Aucun extrait ne correspond à la question."
    absent = missing_names(question, evidence)
    if absent:
        named = ", ".join(f"« {name} »" for name in absent)
        return f"Les extraits trouvés ne parlent pas de {named}."
    if coverage(question, evidence) < LEAST_COVERAGE:
        return "Les extraits trouvés ne parlent pas de ce qui est demandé."
    return None


def cited(answer: Answer) -> list[Evidence]:
    """The evidence that the answer's claims rest on."""
    spans = {(c.document.document_id, c.start) for claim in answer.claims for c in claim.citations}
    return [e for e in answer.evidence if (e.document.document_id, e.start) in spans]


def _around(evidence: Evidence) -> str:
    return f"{evidence.context}\n{evidence.passage.context}"
