"""Does the evidence speak of what is asked? Checked before and after drafting.

A small model rarely refuses: asked for a fact that is missing, it cites the
nearest plausible sentence. What gives such a near-miss away can be read off the
words: what the question names (a figure, a year, a scheme, an acronym, a person)
is nowhere in the sentences cited, or too little of what it asks about is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.french.entities import proper_nouns, spells
from assistant.french.numbers import QuantityKind, quantities
from assistant.french.questions import NAMED, asked, holds
from assistant.french.words import content_words, fold, identifiers, stems
from assistant.records import Answer, Evidence, Verdict

# Least share of the question's content words that the evidence and its context must hold, where no
# model judges. Low, since people paraphrase: of the 463 gold questions it refuses 19 of 244
# answerable ones and 13 of 219 others.
LEAST_COVERAGE = 0.3

_SHORTEST_NAME = 3  # « IA » is written out as often as not
_COUNTED = frozenset(
    {QuantityKind.NUMBER, QuantityKind.AMOUNT, QuantityKind.PERCENTAGE, QuantityKind.FRACTION}
)


def missing_names(question: str, evidence: Sequence[Evidence]) -> list[str]:
    """Names of the question (acronyms, years, acts, proper nouns) that no evidence holds.

    Its own figures are left out: « j’ai 58 ans » tells a case, which no source need repeat.
    """
    texts = [f"{e.text}\n{_around(e)}" for e in evidence]
    known = {name for text in texts for name in identifiers(text)}
    spoken = frozenset().union(*(stems(text) for text in texts))
    counted = {q.key for q in quantities(question) if q.kind in _COUNTED}
    wanted = [name for name in identifiers(question) if name not in counted]
    wanted += [noun.text for noun in proper_nouns(question)]
    absent = [
        name
        for name in dict.fromkeys(wanted)
        if len(name) >= _SHORTEST_NAME
        and name not in known
        and not (stems(name) and stems(name) <= spoken)
        and not any(spells(name, text) for text in texts)
    ]
    # of "2023", "2023-12" and "2023-12-31", and of "ter" and "TER", one is enough
    return [
        name
        for i, name in enumerate(absent)
        if not any(fold(other).startswith(fold(name)) for other in absent[i + 1 :])
        and not any(len(other) > len(name) and other.startswith(name) for other in absent[:i])
    ]


def missing_kind(question: str, evidence: Sequence[Evidence]) -> str | None:
    """The kind of thing asked for that no sentence holds, as French names it."""
    kind = asked(question)
    held = any(holds(kind, e.text, speaker=e.passage.locator.speaker) for e in evidence)
    return None if held else NAMED.get(kind)


def coverage(question: str, evidence: Iterable[Evidence]) -> float:
    """Share of the question's content words held by the evidence and its context, 0 to 1."""
    wanted = set(content_words(question))
    if not wanted:
        return 1.0
    spoken = frozenset().union(*(stems(f"{e.text}\n{_around(e)}") for e in evidence))
    return len(wanted & spoken) / len(wanted)


def objection(question: str, evidence: Sequence[Evidence], *, judged: bool) -> str | None:
    """Why this evidence cannot answer, in French for a person; ``None`` when it may.

    Args:
        question: Standalone.
        evidence: What was found.
        judged: A model judges the sentences too, and knows a paraphrase from another subject.
    """
    if not evidence:
        return "Aucun extrait ne correspond à la question."
    absent = missing_names(question, evidence)
    if absent:
        named = ", ".join(f"« {name} »" for name in absent)
        return f"Les extraits trouvés ne parlent pas de {named}."
    if not judged and coverage(question, evidence) < LEAST_COVERAGE:
        return "Les extraits trouvés ne parlent pas de ce qui est demandé."
    return beside_the_point(question, evidence)


def beside_the_point(question: str, evidence: Sequence[Evidence]) -> str | None:
    """Why these sentences are not the kind of answer asked for; ``None`` when they may be."""
    kind = missing_kind(question, evidence)
    if kind is None:
        return None
    return f"Les extraits trouvés ne donnent pas {kind}, que la question demande."


def cited(answer: Answer) -> list[Evidence]:
    """The evidence that the answer's supported claims rest on."""
    held = [claim for claim in answer.claims if claim.verdict is not Verdict.UNSUPPORTED]
    spans = {(c.document.document_id, c.start) for claim in held for c in claim.citations}
    return [e for e in answer.evidence if (e.document.document_id, e.start) in spans]


def _around(evidence: Evidence) -> str:
    return f"{evidence.context}\n{evidence.passage.context}"
