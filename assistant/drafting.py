"""Evidence to a prompt, a reply to a draft.

The fixed part comes first and never changes, so that it is evaluated once for
ever; the evidence comes before the question, since it is the longer part. The
examples teach the form: numbers, then a short claim in the source's own words;
``[0]`` when nothing answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from assistant.french.markers import without_markers
from assistant.language_model import Message, Prompt
from assistant.language_model.reply import REFUSAL_ID
from assistant.records import Draft, DraftClaim, Evidence

# Log-odds for a whole unit of evidence score. On 12 answerable demo questions whose evidence
# held the facts for 9, the model alone cited them for 5, with 6.0 for 7.
_LEANING = 6.0
_QUESTION_CHARS = 600
_SPEAKER = re.compile(r"\A\([^()]{1,80}\)\s+(?=\w)")  # copied from the prompt's line
_LINE = re.compile(r"\[(\d+(?:,\d+)*)\]\s*(.*)")

_SYSTEM = (
    "Tu réponds à une question avec les seules phrases numérotées qui te sont données. "
    "Chaque ligne de la réponse commence par les numéros des phrases qui la prouvent, entre "
    "crochets, puis une phrase courte qui reprend leurs mots et leurs chiffres exacts. "
    "Si aucune phrase ne contient la réponse, écris seulement : "
    "[0] Les documents ne le disent pas."
)

_EXAMPLES = (
    (
        "Document : Plan vélo, 12/05/2023\n"
        "1. Le plan vélo prévoit 45 kilomètres de pistes nouvelles.\n"
        "2. La commission se réunit à Valmont.\n"
        "Document : Budget primitif, 14/12/2023\n"
        "3. Le coût du plan vélo est de 8,2 millions d’euros.\n\n"
        "Question : Combien coûte le plan vélo et que prévoit-il ?",
        "[3] Le coût du plan vélo est de 8,2 millions d’euros.\n"
        "[1] Le plan vélo prévoit 45 kilomètres de pistes nouvelles.",
    ),
    (
        "Document : Rapport sur l’eau, 03/10/2022\n"
        "1. Les pertes du réseau atteignent 21 %.\n"
        "2. Le réseau compte 900 kilomètres de conduites.\n\n"
        "Question : Qui dirige le service de l’eau ?",
        "[0] Les documents ne le disent pas.",
    ),
)


def prompt_for(question: str, evidence: Sequence[Evidence]) -> Prompt:
    """The prompt for one question; document text stands in the user's message only."""
    fixed = [Message("system", _SYSTEM)]
    for asked, answered in _EXAMPLES:
        fixed += [Message("user", asked), Message("assistant", answered)]
    return Prompt(fixed=tuple(fixed), user=user_message(question, evidence))


def user_message(question: str, evidence: Sequence[Evidence]) -> str:
    """Numbered sentences under their documents' titles, then the question, all on single lines."""
    lines: list[str] = []
    for heading, group in groupby(evidence, key=lambda e: e.context):
        lines.append(f"Document : {one_line(heading)}")
        for e in group:
            speaker = e.passage.locator.speaker
            said = f"({one_line(speaker)}) " if speaker else ""
            lines.append(f"{e.number}. {said}{one_line(e.text)}")
    return "\n".join([*lines, "", f"Question : {one_line(question)[:_QUESTION_CHARS]}"])


def leanings(evidence: Sequence[Evidence]) -> tuple[float, ...]:
    """Log-odds added to each number: 0 for the best sentence, less for others.

    Where the model judged the sentences one by one, its judgement; else what retrieval knows.
    """
    known = [_LEANING * e.score if e.answers is None else e.answers for e in evidence]
    best = max(known, default=0.0)
    return tuple(round(one - best, 4) for one in known)


def numbered_anew(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentences that the model is given, numbered from 1: their numbers in its reply."""
    return tuple(replace(e, number=number) for number, e in enumerate(evidence, start=1))


def cite_as_shown(draft: Draft, given: Sequence[Evidence]) -> Draft:
    """The draft with the numbers of its reply turned into those that the reader sees."""
    shown = {number: e.number for number, e in enumerate(given, start=1)}
    claims = tuple(
        replace(claim, cites=tuple(shown.get(number, number) for number in claim.cites))
        for claim in draft.claims
    )
    return replace(draft, claims=claims)


def one_line(text: str) -> str:
    """Fold white space: a sentence cannot open a line of its own in the prompt."""
    return " ".join(text.split())


def claim_text(text: str) -> str:
    """A sentence as a claim may say it: nothing in it passes for a citation or a verdict."""
    return without_markers(text)


def parse_reply(raw: str) -> Draft:
    """Read the model's lines; what has no numbers in front is kept as a claim without source.

    A claim's own text holds no mark of a citation or a verdict: see ``claim_text``.
    """
    claims: list[DraftClaim] = []
    refused = False
    for line in raw.splitlines():
        match = _LINE.fullmatch(line.strip())
        text = line if match is None else match[2]
        cites = () if match is None else tuple(int(number) for number in match[1].split(","))
        if REFUSAL_ID in cites:
            refused = True
            continue
        text = _SPEAKER.sub("", claim_text(text))
        if text and not any(text == claim.text for claim in claims):
            claims.append(DraftClaim(text=text, cites=cites))
    return Draft(claims=tuple(claims), refused=refused and not claims, raw=raw)
