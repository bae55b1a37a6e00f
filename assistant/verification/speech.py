"""Reported speech: what the claim gives to a speaker was said by that speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.entities import ProperNoun
from assistant.verification.names import says_name
from assistant.verification.statement import Source, Statement, statement

_VERBS = (
    r"indiqu|declar|precis|soulign|estim|rappel|expliqu|affirm|ajout|consider|propos|annonc"
    r"|demand|repond|not|constat|regrett|souhait|insist|jug|evoqu|signal|confirm|recommand"
    r"|preconis|pens|plaid|alert|assur|reconn|conclu|observ|suggere|crai"
)
_SAYS = re.compile(
    r"(?: ?\([^)]{0,80}\))?(?:,[^,.;]{1,60},)?"
    r"(?: (?:nous|lui|leur|y|en|l'|le|a|ont|avait|avaient|ne|n'|s'|se|egalement|aussi))*"
    rf" ?(?:(?:{_VERBS})\w*|dit|disait|dire)\b"
)
_SAID_BY = re.compile(
    rf"(?:\b(?:selon|d'apres|suivant)|\b(?:{_VERBS})\w* par"
    rf"|\b(?:dit|propos|proposition) (?:de|par)|, ?(?:{_VERBS})\w*|, ?dit)"
    r" (?:(?:m|mm|mme|mmes|monsieur|madame|dr)\.? )?(?:l[ea] |l')?(?:\w+ ){0,2}\Z"
)


def check_speaker(claim: Statement, sources: Sequence[Source]) -> str | None:
    """A speaker named by the claim speaks in one of the quotes, or is given the words by it."""
    for speaker in speakers(claim):
        if not any(_spoke(speaker, source) for source in sources):
            return f"La source citée n’attribue pas ces propos à « {speaker.text} »."
    return None


def speakers(whole: Statement) -> list[ProperNoun]:
    """The names that a sentence gives words to."""
    found = []
    for name in whole.names:
        before = whole.level[max(0, name.start - 60) : name.start]
        if _SAYS.match(whole.level, name.end) or _SAID_BY.search(before):
            found.append(name)
    return found


def _spoke(speaker: ProperNoun, source: Source) -> bool:
    if source.speaker and _same_person(speaker, statement(source.speaker)):
        return True
    own = speakers(source.quote)
    if own:
        return any(set(speaker.words) & set(name.words) for name in own)
    if source.speaker:
        return False  # someone else speaks, and gives the words to nobody
    named = says_name(speaker, source.quote)
    return named or (not speaker.honorific and says_name(speaker, source.context))


def _same_person(name: ProperNoun, label: Statement) -> bool:
    return says_name(name, label) or name.words[-1] in label.words
