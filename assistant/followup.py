"""A follow-up question made standalone, by rules that a person can predict.

« Et pour 2027 ? » after « Quelle est l’enveloppe de la SRDIA pour 2026-2028 ? » becomes
« Quelle est l’enveloppe de la SRDIA pour 2027 ? »: what is new takes the place of its like in
the question before. Where nothing is alike, the question keeps its words and says what it
follows. A model could phrase it better and could also change it; here no word is invented,
it takes no time, and the rewriting is shown and kept in the audit record.
"""

from __future__ import annotations

import re

from assistant.french.entities import proper_nouns
from assistant.french.letters import fold
from assistant.french.numbers import QuantityKind, quantities
from assistant.french.words import content_words

_ELLIPSIS = re.compile(
    r"\s*(?:et|mais|puis|sinon)\b[\s,]*"
    r"(?:(?:pour|en|à|au|aux|dans|chez|sur|d'|de|du|des)\b|l[ae]s?\b|quand\b|$)",
    re.IGNORECASE,
)
_CONNECTOR = re.compile(r"\s*(?:et|mais|puis|alors|sinon)\b[\s,]*", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(?<!-)\b(?:il|elle|ils|elles|celui-ci|celle-ci|ceux-ci|celles-ci|cela|ça|lui|leur)\b"
    r"|\A(?:et )?(?:quand|où|comment|pourquoi|qui|que) [\w’']+-(?:t-)?(?:il|elle|ils|elles)\b"
    r"|\A(?:et )?qui (?:l[ae]s? |l['’])\w+",
    re.IGNORECASE,
)
_SHORT = 3  # content words; a question with fewer rests on the one before
_PREPOSITION = (
    r"(?:\b(?:à l[’']échelle d(?:e|u)|dans|pour|en|à|au|aux|chez|sur|de|du|des|d[’'])\s*"
    r"(?:la |le |les |l[’'])?)?"
)


def standalone(question: str, previous: str | None) -> str:
    """The question as it can be understood alone.

    Args:
        question: As it was asked.
        previous: The question before it, itself standalone; ``None`` when there is none.

    Returns:
        The question itself when it needs nothing of the former one.
    """
    if not previous or not needs_former(question):
        return question
    return _replaced(question, previous) or _attached(question, previous)


def needs_former(question: str) -> bool:
    """True when a question leans on the one before: an ellipsis, a pronoun, hardly a word."""
    if _ELLIPSIS.match(question):
        return True
    words = content_words(question)
    if len(words) < _SHORT and not proper_nouns(question):
        return True
    begins = _CONNECTOR.match(question) is not None
    return begins or (_PRONOUN.search(question) is not None and not proper_nouns(question))


def _replaced(question: str, previous: str) -> str | None:
    """The former question with its date, or its last name, replaced by the new one."""
    rest = _CONNECTOR.sub("", question, count=1).rstrip(" ?\u00a0\u202f")
    if len(content_words(rest)) > _SHORT or _PRONOUN.search(rest):
        return None
    new_dates = [q for q in quantities(rest) if q.kind is QuantityKind.DATE]
    if new_dates:
        old = [q for q in quantities(previous) if q.kind is QuantityKind.DATE]
        return _with(previous, old[0].start, old[-1].end, rest) if old else None
    if proper_nouns(rest):
        old_names = [n for n in proper_nouns(previous) if not n.acronym]
        if old_names:
            return _with(previous, old_names[-1].start, old_names[-1].end, rest)
    return None


def _with(previous: str, start: int, end: int, new: str) -> str:
    """Put a new complement, with its own preposition, where the former one stood."""
    before = previous[:start]
    if re.match(r"(?:pour|en|a|au|aux|dans|chez|sur|de|du|des|d'|a l'echelle)(?!\w)", fold(new)):
        before = re.sub(rf"{_PREPOSITION}\Z", "", before, flags=re.IGNORECASE)
    text = f"{before.rstrip()} {new}{previous[end:]}"
    return re.sub(r"\s+", " ", text).replace("' ", "'").strip()


def _attached(question: str, previous: str) -> str:
    former = previous.rstrip(" ?\u00a0\u202f")
    return f"{question.rstrip()} (à la suite de : {former})"
