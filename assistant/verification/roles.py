"""Roles: who acts and who is acted upon. « A saisit B » is not « B saisit A »."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.french.letters import fold
from assistant.french.senses import same_root
from assistant.french.words import STOP_WORDS, stem
from assistant.verification.actors import ACTOR_PHRASE, BODY
from assistant.verification.statement import Source, Statement, matches

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EXCHANGES = tuple(
    (re.compile(rf"\b(?<!ete )(?<!est )(?<!sont )(?:{give})\b"), re.compile(rf"\b(?<!ete"
                                                                            rf" )(?:{take})\b"))
    for give, take in (
        (r"pret(?:e|ent|era|ait|er)", r"emprunt(?:e|ent|era|ait|er)"),
        (r"verse(?:nt|ra|r)?|a verse|paie\w*|octroie\w*", r"recoi\w+|a recu|percoi\w+"
                                                          r"|touche(?:nt)?|encaisse\w*"),
        (r"vend(?:ent|ra|re)?|cede(?:nt|ra)?|a vendu|a cede", r"achete\w*|a achete|acquiert"
                                                              r"|rachete\w*"),
    )
)  # fmt: skip
_PASSIVE = re.compile(r"\b(?:etre|est|sont|ete|sera|seront) ([^\W\d_]{3,})")
_BY_BODY = re.compile(r"\b([^\W\d_]{4,}) par (?:l[ea] |l'|les )?\Z")
_ACTIVE = re.compile(
    r"(?: (?:de l'|de la |du |des |de |d')[\w-]+| [\w-]+(?:al|aux|ale|ales|e|if"
    r"|ive))*? ([^\W\d_]{4,}) (?:l[ea] |l'|les |une? |des )"
)
_SUBJECT = re.compile(r"(?:\A|[,;.:] )(?:l[ea] |l'|les |une? )?\Z")
_TO = re.compile(r"(?<!\w)(?:au|aux|a l[ea'] ?|a) ?\Z")
_BY = re.compile(r"\bpar (?:l[ea] |l'|les |m\. |mme )?\Z")


def check_roles(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Two names on either side of a verb keep their sides, unless the voice changes with them."""
    for first, pivot, second, passive in _roles(claim):
        for source in sources:
            said = [
                (one, other, by)
                for one, middle, other, by in _roles(source.quote)
                if middle == pivot and {one, other} == {first, second}
            ]
            if said and all((one == first) == (by != passive) for one, _, by in said):
                return "Dans la source citée, les rôles sont inversés : qui agit et qui subit."
    for one, pivot, other in _addressed(claim):
        for source in sources:
            spoken = set(_addressed(source.quote))
            if (other, pivot, one) in spoken and (one, pivot, other) not in spoken:
                return "Dans la source citée, les rôles sont inversés : qui agit et qui subit."
    if any(_recipient_acts(claim, source.quote) for source in sources):
        return "Dans la source citée, les rôles sont inversés : qui agit et qui subit."
    if any(_wrong_agent(claim, source.quote) for source in sources):
        return "Dans la source citée, c’est un autre qui le fait."
    if any(_converse(claim, source.quote) for source in sources):
        return "Dans la source citée, celui qui donne et celui qui reçoit sont inversés."
    return None


def _recipient_acts(claim: Statement, quote: Statement) -> bool:
    """« La préfecture transmet » for « doit être transmis à la préfecture »."""
    for match in _WORD.finditer(claim.plain):
        body = fold(match.group())
        after = claim.plain[match.end() : match.end() + 45]
        if not BODY.fullmatch(body) or re.search(
            r"\b(?:est|sont|sera|seront|été|reçoi\w+) ", after
        ):
            continue
        verbs = [stem(word) for word in _WORD.findall(after)]
        for passive in _PASSIVE.finditer(quote.level):
            done = stem(quote.text[passive.start(1) : passive.end(1)])
            if not any(same_root(verb, done) or verb == done for verb in verbs):
                continue
            rest = quote.level[passive.end() :]
            to_it = re.match(rf"[^,;.]{{0,20}}?\b(?:au|aux|a la|a l'|a) ?{body}\b", rest)
            by_it = re.search(rf"\bpar (?:la |le |l')?{body}\b", rest)
            if to_it and not by_it:
                return True
    return False


def _wrong_agent(claim: Statement, quote: Statement) -> bool:
    """« délivrée par le préfet » for « le directeur délivre »: another does it."""
    theirs = list(_agents(quote))
    for verb, agent in _agents(claim):
        same = [other for done, other in theirs if same_root(verb, done)]
        if same and not any(matches(agent, other) for other in same):
            return True
    return False


def _agents(whole: Statement) -> Iterator[tuple[str, frozenset[str]]]:
    """Each verb with the body that does it: « X délivre », « délivré par X »."""
    for phrase in ACTOR_PHRASE.finditer(whole.level):
        words = frozenset(stem(word) for word in _WORD.findall(whole.plain[slice(*phrase.span())]))
        passive = _BY_BODY.search(whole.level[: phrase.start()])
        if passive:
            yield stem(whole.text[passive.start(1) : passive.end(1)]), words
            continue
        active = _ACTIVE.match(whole.level, phrase.end())
        before = whole.level[: phrase.start()]
        if active and _SUBJECT.search(before):
            yield stem(whole.text[active.start(1) : active.end(1)]), words


def _converse(claim: Statement, quote: Statement) -> bool:
    """« A prête » for « A emprunte »: the same subject on the other side of the exchange."""
    for give, take in _EXCHANGES:
        for mine, theirs in ((give, take), (take, give)):
            said, other = mine.search(claim.level), theirs.search(quote.level)
            if said is None or other is None:
                continue
            if theirs.search(claim.level) or mine.search(quote.level):
                continue
            one, two = _subject(claim, said.start()), _subject(quote, other.start())
            if one and two and one & two:
                return True
    return False


def _subject(whole: Statement, verb: int) -> frozenset[str]:
    """The stems of the last body or name before an active verb, in its stretch."""
    found: frozenset[str] = frozenset()
    since = max(whole.level.rfind(mark, 0, verb) for mark in ",;.")
    for match in _WORD.finditer(whole.plain, since + 1, verb):
        word = match.group()
        if BODY.fullmatch(fold(word)) or (word[0].isupper() and fold(word) not in STOP_WORDS):
            found = found or frozenset([stem(word)])
    return found


def _addressed(whole: Statement) -> Iterator[tuple[str, str, str]]:
    """Each (body, word between, body) where the second is « à », « au » or « aux »."""
    bodies = [
        (stem(m.group()), m.start(), m.end())
        for m in _WORD.finditer(whole.plain)
        if BODY.fullmatch(fold(m.group()))
    ]
    for (one, _, end), (other, start, _) in pairwise(bodies):
        if one == other or not _TO.search(whole.level[:start]):
            continue
        for match in _WORD.finditer(whole.plain, end, start):
            if fold(match.group()) not in STOP_WORDS:
                yield one, stem(match.group()), other


def _roles(whole: Statement) -> Iterator[tuple[str, str, str, bool]]:
    """Each (name, word between, next name), and whether the second is introduced by « par »."""
    names = list(_capitalised(whole))
    for (one, _, end), (other, start, _) in pairwise(names):
        passive = _BY.search(whole.level[:start]) is not None
        for match in _WORD.finditer(whole.plain, end, start):
            if fold(match.group()) not in STOP_WORDS and one != other:
                yield one, stem(match.group()), other, passive


def _capitalised(whole: Statement) -> Iterator[tuple[str, int, int]]:
    """Words with a capital, institutions included (« la Région »); a first article is not one."""
    for match in _WORD.finditer(whole.plain):
        word = match.group()
        if word[0].isupper() and fold(word) not in STOP_WORDS:
            yield fold(word), match.start(), match.end()
