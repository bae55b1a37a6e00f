"""What a text denies: each negation, the words it bears on, and of whom it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.french.letters import fold
from assistant.french.numbers import Quantity, QuantityKind
from assistant.french.words import STOP_WORDS, raw_words, stem
from assistant.verification.light import LIGHT
from assistant.verification.statement import Statement

_SCOPE_WORDS = 5  # content words after « ne … pas » that it denies, at most
_NEAR_WORDS = 2  # content words after « sans », « aucun », « non »

_NE = re.compile(
    r"\bn(?:e |')(?=(?:[\w'-]+ ){0,5}?"
    r"(?:pas(?! seulement| uniquement)|plus(?![^.;:,]{0,30} qu[e'])|jamais|aucune?|rien|guere"
    r"|point|personne|ni"
    r"|nulle?)\b)"
)
# « ne peut sous-louer »: no second part, and no « que » that would make it a restriction.
_NE_ALONE = re.compile(
    r"\bn(?:e |')(?=(?:[lys]'|le |la |les |y |en |lui |leur |se )?"
    r"(?:peu(?:t|vent)|pourr\w+|pouvai\w+|saur\w+|(?:a|ont|avai\w+|aur\w+) pu)\b"
    r"(?! (?:pas|plus|jamais|rien|guere|point|aucun\w*|ni)\b))(?![^.;:]*? qu[e'])"
)
_ALONE = re.compile(
    r"\b(?:(?:(?<!en l')(?<!en )(?<!son )absence|faute|depourvue?s?|privee?s?) d[e'](?=.)|sauf"
    r"|hormis|excepte|a l'(?:exception|exclusion) d[e']s?|sans(?! que)|aucune?|nulle?|ni"
    r"|(?:et |, )?(?<!dit )(?<!dire )(?<!dit-)non(?! seulement)(?=[- ]\w)|pas d[e'](?=.)|(?:et"
    r"|mais) pas)(?!\w)"
)
# « aucun compte n'est ouvert »: the second part stands first.
_NE_AFTER = re.compile(
    r"\b(?:aucune?|nulle?|personne|rien|jamais|pas une?)\b(?P<noun>[^.;:,]{0,80}?)\bn(?:e |')"
)
# Verbs that deny what follows them.
_REFUSING = re.compile(
    r"\b(?:renonc\w+ (?:a|au|aux)|abandonn(?:e|ent|er|ait|era) (?:l[ea]s? ?|l'|son |sa )?"
    r"|refus(?:e|ent|er|ait|era) d[e']"
    r"|interdi(?:t|te|ts|re|sent) (?:aux? [\w-]+ )?d[e']|empech\w+ d[e']|dispens\w+ d[e']"
    r"|evit(?:e|ent|era|er|ait) (?:d[e'] ?|l[ea]s? ?|l')?)(?=.)"
)
_BOUNDS = re.compile(r"\b(?:exced|depass|plus d[e'] ?\d|moins d[e'] ?\d)")
_NOT_BEFORE = re.compile(r"\bavant (?:le |la |l'|fin |debut |la fin d[e'] ?)?\Z")
_SECOND_PARTS = frozenset(["pas", "plus", "jamais", "rien", "guere", "point", "personne", "oui"])
# « tant que … ne … pas » says when, as « avant que » does.
_UNTIL = re.compile(r"\b(?:tant qu[e']|jusqu'a ce qu[e']|a moins qu[e'])[^.;:]*\Z")


@dataclass(frozen=True, slots=True)
class Denial:
    """One negation at ``start:end`` (its scope): what is denied first, all of it, of whom."""

    start: int
    end: int
    head: frozenset[str]
    words: frozenset[str]
    subject: frozenset[str]
    figures: tuple[Quantity, ...]
    by: str = ""  # the stem of a verb that denies: « évite »
    bounds: bool = False  # « ne peut excéder 40 % »

    def covers(self, place: int) -> bool:
        """True for an offset that stands in what is denied."""
        return self.start <= place < self.end


@lru_cache(maxsize=4096)
def denials(whole: Statement) -> tuple[Denial, ...]:
    """The negations of a text, in order; « aucun … ne » is one."""
    found: list[Denial] = []
    for cue in (*_NE.finditer(whole.level), *_NE_ALONE.finditer(whole.level)):
        if _UNTIL.search(whole.level[: cue.start()]) is None:
            found.append(_denial(whole, cue, _SCOPE_WORDS))
    for cue in _REFUSING.finditer(whole.level):
        if not any(d.start <= cue.start() < d.end for d in found):
            found.append(_denial(whole, cue, _SCOPE_WORDS))
    taken = {denial.start for denial in found}
    for cue in _NE_AFTER.finditer(whole.level):
        place = cue.end() - 3 if cue.group().endswith("ne ") else cue.end() - 2
        if place not in taken and not re.search(r"\bqui\b", cue["noun"]):
            found.append(_denial(whole, cue, _SCOPE_WORDS))
    strong = list(found)
    for cue in _ALONE.finditer(whole.level):
        inside = [d for d in strong if d.start <= cue.start() < d.end]
        inside = [d for d in inside if not cue.group().startswith("sans")]
        near = [d for d in strong if 0 <= d.start - cue.end() <= 80 and _together(whole, cue, d)]
        if not inside and not near:
            found.append(_denial(whole, cue, _NEAR_WORDS))
    return tuple(sorted(found, key=lambda denial: denial.start))


def is_denied(whole: Statement, place: int) -> bool:
    """True for an offset within what a text denies."""
    return any(denial.covers(place) for denial in denials(whole))


def _together(whole: Statement, cue: re.Match[str], denial: Denial) -> bool:
    """« aucune fermeture n'est envisagée »: no mark and no relative between the two parts."""
    between = whole.level[cue.end() : denial.start]
    indefinite = cue.group().startswith(("aucun", "nul", "ni"))
    return indefinite and re.search(r"[,;:.]|\bqui\b", between) is None


def _denial(whole: Statement, cue: re.Match[str], most: int) -> Denial:
    """The scope of a negation: its segment, and what « que » hangs on it."""
    start = cue.end()
    end = _segment_end(whole, start)
    if re.match(r"qu[e']", whole.level[end:]):  # « ne dit pas que … » denies what follows
        end = _segment_end(whole, end)
    end = min(end, len(whole.text))
    if colon := re.search(r"[:;]", whole.level[start:end]):
        end = start + colon.start()
    if another := re.search(r"\bn(?:e |')", whole.level[start:end]):
        end = start + another.start()
    if nested := re.search(r" sans (?!que)", whole.level[start:end]):
        end = start + nested.start()  # a denial of its own
    words = _content(whole, start, end)
    telling = [word for word in words if word not in LIGHT]
    if re.match(r"(?:s')?entre(?:nt)?\b", whole.level[start:]):
        telling = [stem("entrer"), *telling]  # after « ne » it is the verb
    if "noun" in cue.re.groupindex:
        nouns = _content(whole, cue.start("noun"), cue.end("noun"))
        telling += [word for word in nouns if word not in LIGHT][:_NEAR_WORDS]
    telling = telling or words
    before = _content(whole, _segment_start(whole, start), cue.start())
    figures = tuple(q for q in whole.quantities if start <= q.start < end)
    return Denial(
        cue.end() if cue.re is _REFUSING else cue.start(),
        end,
        frozenset(telling[:1]),
        frozenset(telling[:most]),
        frozenset(word for word in before if word not in LIGHT),
        figures,
        stem(cue.group().split()[0]) if cue.re is _REFUSING else "",
        _is_a_bound(whole, start, figures),
    )


def _is_a_bound(whole: Statement, start: int, figures: tuple[Quantity, ...]) -> bool:
    """« ne peut excéder 40 % », « n'aura pas lieu avant mars »."""
    if _BOUNDS.search(whole.level[start : start + 60]):
        return True
    dated = [q for q in figures if q.kind is QuantityKind.DATE]
    return any(_NOT_BEFORE.search(whole.level[start : q.start]) for q in dated)


def _content(whole: Statement, start: int, end: int) -> list[str]:
    """Content stems of a stretch, in order, figures blanked out."""
    busy = [(q.start, q.end) for q in whole.quantities if start <= q.start < end]
    stretch = "".join(
        " " if any(a <= place < b for a, b in busy) else whole.text[place]
        for place in range(start, end)
    )
    return [
        stem(word)
        for word in raw_words(stretch)
        if len(word) > 1 and fold(word) not in STOP_WORDS | _SECOND_PARTS
    ]


def _segment_end(whole: Statement, place: int) -> int:
    return next((s.end for s in whole.segments if s.start <= place < s.end), len(whole.text))


def _segment_start(whole: Statement, place: int) -> int:
    return next((s.start for s in whole.segments if s.start <= place < s.end), 0)
