"""What a refusal tells: what was looked for, and a better question when there is one."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from assistant.answerability.objections import missing_names
from assistant.french.entities import proper_nouns
from assistant.french.letters import fold
from assistant.french.numbers import years
from assistant.french.questions import NAMED, asked
from assistant.records import Evidence, Hit

_LIKE = 0.78  # least likeness of a name to one in the documents, to be suggested
_MOST_YEARS = 4


def looked_for(question: str) -> str:
    """The kind of thing that was looked for, in French; empty when the question does not say."""
    return NAMED.get(asked(question), "")


def suggestion(question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]) -> str:
    """A better question, or the years that the documents do speak of; empty when none is seen.

    Every word of it comes from the question or from the documents.
    """
    misspelt = _nearest_names(question, evidence, hits)
    if misspelt:
        better = question
        for written, known in misspelt.items():
            better = better.replace(written, known)
        return f"Vouliez-vous dire : « {better} » ?"
    wanted = years(question)
    given = sorted({year for e in evidence for year in years(e.text)})
    if wanted and given and not wanted & set(given):
        said = ", ".join(given[-_MOST_YEARS:])
        return f"Les extraits les plus proches portent sur {said} : demandez l’une de ces années."
    return ""


def _nearest_names(
    question: str, evidence: Sequence[Evidence], hits: Sequence[Hit]
) -> dict[str, str]:
    """Names of the question that no source has, with a name of the documents spelt much alike."""
    known = {
        fold(noun.text): noun.text
        for text in (h.passage.text for h in hits)
        for noun in proper_nouns(text)
    }
    found = {}
    absent = {fold(name) for name in missing_names(question, evidence)}
    for noun in proper_nouns(question):
        folded = fold(noun.text)
        if folded not in absent or folded in known or len(folded) < 4:
            continue
        near = difflib.get_close_matches(folded, known, n=1, cutoff=_LIKE)
        if near:
            found[noun.text] = known[near[0]]
    return found
