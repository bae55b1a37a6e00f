"""Cause: a reason that the claim gives is the reason that its quotes give, and not the effect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.verification.light import LIGHT
from assistant.verification.opposites import DOWN, UP
from assistant.verification.statement import Source, Statement, matches

# « effect BECAUSE cause ».
_BECAUSE = re.compile(
    r"\b(?:parce qu[e']|car(?!\w)|puisqu[e']|a cause d[eu]s?|a cause d'|en raison d[eu]s?"
    r"|en raison d'"
    r"|du fait d[eu]s?|du fait (?:d'|qu[e'])|sous l'effet d[eu]s?|sous l'effet d'|grace (?:a|au"
    r"|aux)"
    r"|faute d[e']|(?:s')?expliqu\w+ (?:[\w-]+ ){0,8}?par|imputables? (?:a|au|aux)|du(?:e|s"
    r"|es)? (?:a|aux?)"
    r"|provien\w+ d[e']s?|vien(?:t|nent) d[eu]s?|vien(?:t|nent) d[e']|resulte\w* d[eu]s?"
    r"|resulte\w* d'"
    r"|font? suite (?:a|au|aux)|a la suite d[eu]s?|a la suite d'|suite (?:a|au|aux)"
    r"|tien(?:t|nent) (?:a|au|aux)|(?:pour une |une )?question d[e']|pour des raisons"
    r"|pour des motifs"
    r"|cause par|causee?s? par|provoquee?s? par|lie[es]* (?:a|au|aux)|motive\w* par|justifi\w+ par"
    r"|attribu\w+ (?:a|au|aux) (?=la |l'|une |des )|a mesure qu[e'])"
)
# « cause CAUSES effect ».
_CAUSES = re.compile(
    r"\b(?:explique(?:nt)?|entrain\w+|provoqu\w+|cause(?:nt|ra)?|engendr\w+|a cause|ont cause)"
    r"(?! (?:par|qu[e'])\b)(?!\w)"
)
_ABOUT = frozenset(["taux", "prix", "nombr", "mont", "cas", "valeur"])
_MOVES = re.compile(rf"(?:{UP}|{DOWN}|rencher)")
# Looser signs of a cause, which a quote may use.
_HINTS = re.compile(
    r"\b(?:avec|depuis qu[e']|des qu[e']|apres|sans|suite|cause|raison|motif\w*|origine|du|due|dus"
    r"|faute|entrain\w+|provoqu\w+|effet|grace|explique\w*|parce|car|puisque|ainsi|donc|permet\w*"
    r"|pour|afin|impos\w+|contrain\w+|condui\w+|pouss\w+|a force|mesure|compte tenu|vu|etant donne"
    r"|particulierement|n'y contribue)\b|:|;"
)
# « diminue avec le retrait »: a cause, where the quote gives no plainer one.
_LOOSELY = re.compile(r"\b(?:(?:depuis|des) qu[e']|avec l[ea'] ?|avec les)")


def check_cause(claim: Statement, sources: Sequence[Source]) -> str | None:
    """What the claim gives as a cause is one in a quote, and causes the same thing."""
    for effect, cause in _causes(claim):
        wanted = _telling(cause)
        if not wanted:
            continue
        quotes = [source.quote for source in sources]
        known = frozenset().union(*(quote.stems for quote in quotes))
        found = matches(wanted, known)
        if len(found) * 2 < len(wanted):
            return "La source citée ne donne pas cette cause."
        lenient = re.search(r"\bgrace (?:a|aux?)\b", claim.level) is not None
        if not lenient and not any(
            _HINTS.search(q.level) or _BECAUSE.search(q.level) for q in quotes
        ):
            return "La source citée ne dit pas que l’un soit la cause de l’autre."
        found_causes = [_gives_another(effect - LIGHT, wanted, quote) for quote in quotes]
        if True in found_causes and False not in found_causes:
            return "La source citée donne une autre cause, ou dit l’inverse."
    return None


def _telling(cause: frozenset[str]) -> frozenset[str]:
    """What a cause is about: « la hausse des taux » is about the rates."""
    words = cause - (LIGHT - _ABOUT)
    about = frozenset(word for word in words if not _MOVES.match(word))
    return about or words


def _causes(whole: Statement) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """The stems of each effect and of its cause; a cause ends at a comma or a strong mark."""
    for mark in _BECAUSE.finditer(whole.level):
        rest = whole.text[mark.end() :]
        end = re.search(r"[,;.](?=\s|$)", rest)
        after = Statement(rest[: end.start()] if end else rest).stems
        before = Statement(whole.text[: mark.start()]).stems
        if not before and end:
            before = Statement(rest[end.end() :]).stems  # « Grâce à …, il … »
        yield before, after
    if _BECAUSE.search(whole.level) is None and (verb := _CAUSES.search(whole.level)):
        yield Statement(whole.text[verb.end() :]).stems, Statement(whole.text[: verb.start()]).stems


def _gives_another(effect: frozenset[str], cause: frozenset[str], quote: Statement) -> bool | None:
    """True for a cause of which the claim's says nothing, or that it has as the effect.

    Returns:
        ``None`` for a quote that gives no cause.
    """
    given = list(_causes(quote))
    for theirs_effect, theirs in given:
        shared = matches(cause, theirs)
        if shared and len(shared) * 3 >= len(cause - matches(cause, theirs_effect)):
            return False
    if given:
        return True
    mark = _LOOSELY.search(quote.level)
    if mark is None:
        return None
    later = Statement(quote.text[mark.end() :]).stems
    return not matches(cause - effect, later) or len(matches(cause, later)) < len(
        matches(effect, later)
    )
