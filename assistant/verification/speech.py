"""Reported speech: what the claim gives to a speaker was said by that speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.french.entities import ProperNoun
from assistant.french.letters import fold
from assistant.french.words import stem
from assistant.verification.actors import BODY
from assistant.verification.light import LIGHT
from assistant.verification.names import says_name
from assistant.verification.statement import Source, Statement, matches, statement

_VERBS = (
    r"indiqu|declar|precis|soulign|estim|rappel|expliqu|affirm|ajout|consider|propos|annonc"
    r"|demand|repond|not|constat|regrett|souhait|insist|jug|evoqu|signal|confirm|recommand"
    r"|evalu|chiffr|trouv|defend|critiqu|denonc|preconis|pens|plaid|alert|assur|reconn|conclu"
    r"|observ|suggere"
    r"|crai"
)
_SAYS = re.compile(
    r"(?: ?\([^)]{0,80}\))?(?:,[^,.;]{1,60},)?"
    r"(?: (?:nous|lui|leur|y|en|l'|le|la|les|a|ont|avait|avaient|ne|n'|s'|se|egalement|aussi))*"
    rf" ?(?:(?:{_VERBS})\w*|dit|disait|dire)\b"
)
_SAID_BY = re.compile(
    rf"(?:\b(?:selon|d'apres|suivant)|\b(?:{_VERBS})\w* par"
    rf"|\b(?:dit|propos|proposition) (?:de|par)|, ?(?:{_VERBS})\w*|, ?dit)"
    r" (?:(?:m|mm|mme|mmes|monsieur|madame|dr)\.? )?(?:l[ea] |l')?(?:\w+ ){0,2}\Z"
)


# « Pour M. Durand, … »: an opinion, not a recipient.
_FOR = re.compile(r"(?:\A|[,;:] )pour (?:(?:m|mm|mme|monsieur|madame|dr)\.? )?\Z")
_OPENS_A_SPEECH = re.compile(r"(?: [\w'-]+){0,5} ?:")
_GOES_ON = re.compile(r"\s*(?:il|elle|ils|elles)\b")
_PERIOD = re.compile(r"[;.!?…](?=\s|$)")


def check_speaker(claim: Statement, sources: Sequence[Source]) -> str | None:
    """A speaker named by the claim speaks in one of the quotes, or is given the words by it."""
    for speaker in speakers(claim):
        if not any(_spoke(speaker, source) for source in sources):
            return f"La source citée n’attribue pas ces propos à « {speaker.text} »."
        if other := _said_by_another(claim, speaker.words, sources):
            return f"Dans la source citée, c’est « {other} » qui le dit."
    for body in _speaking_bodies(claim):
        other = _said_by_another(claim, (body,), sources)
        named = other and any(fold(word) in fold(claim.text) for word in other.split()[-1:])
        if other and fold(other) != body and not named:
            return f"Dans la source citée, c’est « {other} » qui le dit."
    return None


def _speaking_bodies(whole: Statement) -> list[str]:
    """« la maire évalue »: a body or an office that a sentence gives words to."""
    found = re.finditer(rf"(?<![\w-]){BODY.pattern}(?![\w-])", whole.level)
    return [match.group() for match in found if _SAYS.match(whole.level, match.end())]


def _said_by_another(claim: Statement, speaker: tuple[str, ...], sources: Sequence[Source]) -> str:
    """Who says, in the quotes, the stretch that the claim repeats most; empty if the speaker."""
    said = claim.stems - LIGHT - {stem(word) for name in claim.names for word in name.words}
    best: list[tuple[int, str, bool]] = []
    for source in sources:
        for start, end, by, names in _stretches(source):
            stretch = statement(source.quote.text[start:end])
            same = any(set(speaker) & set(name) for name in names)
            best.append((len(matches(said, stretch.stems)), by, same))
    most = max((score for score, _, _ in best), default=0)
    nearest = [(by, same) for score, by, same in best if score == most and most > 0]
    if not nearest or any(same or not by for by, same in nearest):
        return ""
    return nearest[0][0]


def _stretches(source: Source) -> Iterator[tuple[int, int, str, list[tuple[str, ...]]]]:
    """The periods of a quote, each with who says it: a name there, or the turn's speaker."""
    quote = source.quote
    cuts = [0, *(m.end() for m in _PERIOD.finditer(quote.level)), len(quote.text)]
    given = {(name.start, name.text): name for name in speakers(quote)}
    given |= {
        (name.start, name.text): name
        for name in quote.names
        if _OPENS_A_SPEECH.match(quote.level, name.end)
    }
    bodies = {
        match.start(): match.group()
        for match in re.finditer(rf"(?<![\w-]){BODY.pattern}(?![\w-])", quote.level)
        if _SAYS.match(quote.level, match.end())
    }
    turn = statement(source.speaker)
    default = (source.speaker, [tuple(turn.words)]) if source.speaker else ("", [])
    current = default
    for start, end in pairwise(cuts):
        here = [name for name in given.values() if start <= name.start < end]
        said_by = next((word for at, word in bodies.items() if start <= at < end), "")
        if here:
            current = (here[0].text, [name.words for name in here])
        elif said_by:
            current = (said_by, [(said_by,)])
        elif not _GOES_ON.match(quote.level, start):
            current = default
        yield start, end, *current


def speakers(whole: Statement) -> list[ProperNoun]:
    """The names that a sentence gives words to."""
    found = []
    for name in whole.names:
        before = whole.level[max(0, name.start - 60) : name.start]
        speaks = _SAYS.match(whole.level, name.end) or _SAID_BY.search(before)
        opines = _FOR.search(before) and whole.level[name.end : name.end + 1] == ","
        if speaks or opines:
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
