"""How the model is asked whether one sentence answers a question.

The question comes first: it is the same for each sentence, so it is evaluated once. The
examples show what a near-miss is: another attribute, another year.
"""

from __future__ import annotations

import hashlib

from assistant.language_model import Message, Prompt
from assistant.records import Evidence

_QUESTION_CHARS = 600

_SYSTEM = (
    "Tu vérifies si une phrase répond à une question. Réponds par oui seulement si la phrase "
    "donne exactement l’information demandée, pour le même sujet, la même année et la même "
    "personne. Sinon réponds non."
)
_BIKES = "Document : Plan vélo, 12/05/2023\nPhrase : Le plan vélo coûte 8,2 millions d’euros."
_EXAMPLES = (
    (f"Question : Combien coûte le plan vélo ?\n{_BIKES}", "oui"),
    (f"Question : Combien de kilomètres prévoit le plan vélo ?\n{_BIKES}", "non"),
    (
        "Question : Quelles étaient les fuites d’eau en 2019 ?\n"
        "Document : Rapport sur l’eau, 03/10/2022\n"
        "Phrase : Les pertes du réseau atteignaient 21 % en 2021.",
        "non",
    ),
    (
        "Question : Combien de temps réclame Mme Leroy ?\n"
        "Document : Audition, Mme Leroy\n"
        "Phrase : Nous demandons un délai de trois mois.",
        "oui",
    ),
)


def judge_prompt(question: str) -> Prompt:
    """The prompt up to the sentence; document text never stands in its fixed part."""
    fixed = [Message("system", _SYSTEM)]
    for asked, answered in _EXAMPLES:
        fixed += [Message("user", asked), Message("assistant", answered)]
    return Prompt(fixed=tuple(fixed), user=f"Question : {_line(question)[:_QUESTION_CHARS]}\n")


def judged_text(evidence: Evidence) -> str:
    """One sentence with what a reader sees around it: title, date, section, speaker."""
    locator = evidence.passage.locator
    section = (locator.section or "").rsplit(" › ", 1)[-1]
    around = [part for part in (evidence.context, section, locator.speaker) if part]
    return f"Document : {_line(', '.join(around))}\nPhrase : {_line(evidence.text)}"


def prompt_sha256() -> str:
    """Names the fixed part: a reading of the model's state holds for this prompt only."""
    return hashlib.sha256(repr(judge_prompt("").fixed).encode()).hexdigest()


def _line(text: str) -> str:
    return " ".join(text.split())
