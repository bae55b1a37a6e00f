"""Negation: what the source denies is not affirmed, what it affirms is not denied."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.senses import same_root
from assistant.french.words import stems
from assistant.verification.denials import Denial, denials
from assistant.verification.equivalences import says
from assistant.verification.light import LIGHT
from assistant.verification.opposites import PAIRS
from assistant.verification.statement import Source, Statement, matches

_EXCEPTION = re.compile(r"\W*(?:sauf|hormis|excepte|a l'ex)")
_OTHERS = re.compile(r"\b(?:autres?|reste|sauf|hormis|seule?|excepte|exception)\b")
# « J'avais parlé de 54 % »: a figure that its source takes back.
_OUTDATED = re.compile(r"\b(?:avai(?:s|t|ent)|avions|initial\w*|d'abord|auparavant|ancien\w*)\b")
_BUT = re.compile(r"\bn(?:e |')(?P<verb>[^.;:]{1,60}?) qu(?:e |')(?P<rest>[^.;:,]{2,60})")
_HALF = 0.5  # share of a denied stretch that a claim must repeat to be about it

# Words that deny without a negation.
_NEGATIVE = re.compile(
    r"\b(?:refus\w+|rejet\w+|ecart(?:e|es|ee|ees|er|ent)|exclu\w*|interdi\w+|abandon\w+|renonc\w+"
    r"|echou\w+|manqu\w+|depourvu\w*|priv(?:e|ee|es|ees)\b|absen\w+|impossib\w+|incapab\w+|oppos\w+"
    r"|dispens\w+|exempt\w+|exoner\w+|gratuit\w*|ignor\w+|supprim\w+|suppress\w+|disparition"
    r"|annul\w+|silenc\w+|dit non"
    r"|dire non|non|zero|0|nul(?:le)?s?|hors|sans|arret\w+|cess(?:e|er|ent)|defaut|faute d[e']"
    r"|exterieur\w*|externe\w*|dement\w*|inexist\w+|plutot|au lieu d[e']|stabl\w+|mainten\w+"
    r"|maintien\w*|constant\w*|stagn\w+|evit\w+|intact\w*|inchange\w*|a l'abri|hostile\w*"
    r"|defavorable\w*|perd\w*|mauvais\w*|rompu\w*|ruptur\w*|provisoir\w*|encore a|reste a"
    r"|in\w{4,}(?:e|es|ee|ees|able|ables))(?!\w)|\b(?:avant qu[e'])"
)
# « réservée aux titulaires » denies the others; « soumise à l'accord » does not do without it.
_RESTRICTIVE = re.compile(
    r"\b(?:seulement|uniquement|seule?s?|exclusiv\w+|limit\w+|reserv\w+)\b"
    r"|\bne? [^.;:]{0,60} qu[e']"
)
_NEEDED = re.compile(
    r"\b(?:doi(?:t|vent)|devr\w+|il faut|oblig\w+|necess\w+|condition\w*|seule?s?|seulement"
    r"|uniquement|exig\w+|suppose\w*|prealable\w*|tou(?:s|te|tes|t)|chaque|requi\w+|impos\w+)\b"
)


def check_negation(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Both sides deny the same things."""
    mine = denials(claim)
    theirs = [denials(source.quote) for source in sources]
    mine = _without_restrictions(mine, sources)
    for denial in mine:
        if _denies_a_figure_of(denial, claim, sources, theirs):
            return "La phrase nie un chiffre que la source citée donne."
        if denial.bounds and _bounds_the_same(denial, claim, sources):
            continue  # « pas avant mars »: bounds have a check of their own
        if _takes_back(denial, claim, sources):
            continue
        if denial.by and any(_says(denial.by, source.quote) for source in sources):
            continue
        said = any(_same(denial, other) for found in theirs for other in found)
        if said and not denial.bounds and _affirmed(denial, sources, theirs):
            return "La phrase nie ce que la source citée ne nie pas."
        if not said and not any(_says_it_otherwise(denial, claim, s.quote) for s in sources):
            return "La phrase nie ce que la source citée ne nie pas."
    for source, found in zip(sources, theirs, strict=True):
        twofold = len(found) > 1 and _NEEDED.search(claim.level) is not None and not mine
        for denial in found:
            if _EXCEPTION.match(source.quote.level[denial.start :]) and _OTHERS.search(claim.level):
                continue  # « à l'exception de M. Ravel »: « les autres »
            if _EXCEPTION.match(source.quote.level[denial.start :]) and any(
                matches(other.subject, denial.words) for other in mine
            ):
                continue  # « sauf ceux des lycées »: « les lycées n'y ont pas droit »
            if denial.by and _says(denial.by, claim):
                continue
            if denial.bounds:
                continue  # « ne peut excéder 40 % » is a bound, judged as such
            if twofold or not _is_about(claim, denial, source.quote):
                continue
            if any(_same(denial, other) for other in mine):
                continue
            if _claim_denies_otherwise(claim, denial, source.quote):
                continue
            if not _affirmed_elsewhere(denial, source, sources, theirs):
                return "La source citée nie ce que la phrase affirme."
    return _one_negation_lost(mine, sources, theirs)


def _affirmed(
    denial: Denial, sources: Sequence[Source], theirs: Sequence[Sequence[Denial]]
) -> bool:
    """What is denied first stands in the quotes, and in nothing that they deny."""
    known = frozenset().union(*(source.quote.stems for source in sources))
    inside = frozenset().union(*(d.words | d.subject for found in theirs for d in found))
    excepted = any(
        _EXCEPTION.match(source.quote.level[d.start :]) and matches(denial.subject, d.words)
        for source, found in zip(sources, theirs, strict=True)
        for d in found
    )
    if excepted:  # « sauf ceux des lycées »
        return False
    exact = {word for word in denial.head if any(same_root(word, other) for other in known)}
    return bool(exact) and not matches(denial.head, inside)


def _says(root: str, whole: Statement) -> bool:
    return any(same_root(root, word) for word in whole.stems)


def _is_about(claim: Statement, denial: Denial, quote: Statement) -> bool:
    """The claim repeats what is denied, of the same subject."""
    said = matches(denial.words, claim.stems)
    if not denial.words or len(said) < _HALF * len(denial.words):
        return False
    if not matches(denial.head, claim.stems):
        return False
    return not denial.subject or bool(
        matches(denial.subject, claim.stems) or _only_denials(quote, denial)
    )


def _only_denials(quote: Statement, denial: Denial) -> bool:
    """Nothing outside the denial says the same words: it is what the claim is about."""
    outside = frozenset(
        word
        for segment in quote.segments
        if segment.end <= denial.start or denial.end <= segment.start
        for word in segment.stems
    )
    return not matches(denial.head, outside)


def _same(one: Denial, other: Denial) -> bool:
    if not one.words or not other.words:
        return True
    shared = {q.key for q in one.figures} & {q.key for q in other.figures}
    theirs = other.words if other.words - LIGHT else other.words | other.subject
    return bool(shared or matches(one.words | one.subject, theirs))


def _says_it_otherwise(denial: Denial, claim: Statement, quote: Statement) -> bool:
    """« n'a pas été retenue » for « a été écartée »: a word of the quote denies by itself."""
    stretch = claim.level[denial.start : denial.end]
    for pair in PAIRS:
        for word, opposite in ((pair.one, pair.other), (pair.other, pair.one)):
            if word.search(stretch) and opposite.search(quote.level):
                return True
    if "|" in quote.text and any(q.value == 0 for q in quote.quantities):
        return True  # a cell of a table says that there is none
    for segment in quote.segments:
        near = segment.stems | frozenset(
            w for s in quote.segments if s.clause == segment.clause for w in s.stems
        )
        only = stretch.startswith(("ne ", "n'")) and _RESTRICTIVE.search(segment.level)
        if (only or _denies(segment.level, claim)) and matches(denial.words | denial.subject, near):
            return True
    return False


def _denies(stretch: str, other_side: Statement) -> bool:
    """A stretch has a word that denies, which the other side does not use too."""
    return any(
        not any(same_root(one, other) for one in stems(word.group()) for other in other_side.stems)
        for word in _NEGATIVE.finditer(stretch)
    )


def _claim_denies_otherwise(claim: Statement, denial: Denial, quote: Statement) -> bool:
    """The claim says with a word of refusal or an opposite what the quote denies."""
    for pair in PAIRS:
        for word, opposite in ((pair.one, pair.other), (pair.other, pair.one)):
            here = any(word.search(head) for head in denial.head)
            if here and opposite.search(claim.level):
                return True
    return any(
        _denies(segment.level, quote) and matches(denial.words, segment.stems)
        for segment in claim.segments
    )


def _denies_a_figure_of(
    denial: Denial,
    claim: Statement,
    sources: Sequence[Source],
    theirs: Sequence[Sequence[Denial]],
) -> bool:
    """« et non 49 % », where the quote gives 49 % as it is."""
    cue = claim.level[denial.start : denial.start + 8]
    if not denial.figures or not cue.lstrip(", ").startswith(
        ("et non", "non", "et pas", "mais pas")
    ):
        return False
    first = denial.figures[0]
    return any(
        not any(other.covers(found.start) for other in found_there)
        and _OUTDATED.search(source.quote.level) is None
        for source, found_there in zip(sources, theirs, strict=True)
        for found in says(source, claim, first)
    )


def _bounds_the_same(denial: Denial, claim: Statement, sources: Sequence[Source]) -> bool:
    return any(says(source, claim, figure) for figure in denial.figures for source in sources)


def _without_restrictions(mine: Sequence[Denial], sources: Sequence[Source]) -> tuple[Denial, ...]:
    """« sans X, il ne répond pas » says « il ne répond qu'avec X »."""
    if len(mine) == 2:
        words = [denial.words for denial in mine]
        for source in sources:
            for but in _BUT.finditer(source.quote.level):
                verb = stems(source.quote.text[but.start("verb") : but.end("verb")])
                rest = stems(source.quote.text[but.start("rest") : but.end("rest")])
                if any(matches(a, verb) and matches(b, rest) for a, b in (words, words[::-1])):
                    return ()
    return tuple(mine)


def _takes_back(denial: Denial, claim: Statement, sources: Sequence[Source]) -> bool:
    """« 49 %, et non 54 % », where the source says « j'avais parlé de 54 % »."""
    return any(
        _OUTDATED.search(source.quote.level) is not None and says(source, claim, figure)
        for figure in denial.figures[:1]
        for source in sources
    )


def _one_negation_lost(
    mine: Sequence[Denial],
    sources: Sequence[Source],
    theirs: Sequence[Sequence[Denial]],
) -> str | None:
    """« aucun compte … qui n'a pas suivi » is not « un compte sans avoir suivi »."""
    for found in theirs:
        if len(found) != 2 or len(mine) != 1:
            continue
        one, two = found
        nested = one.end <= two.start and two.start - one.end < 60
        if nested and _same(mine[0], one) and _same(mine[0], two):
            return "La source citée nie deux fois ce que la phrase ne nie qu’une."
    return None


def _affirmed_elsewhere(
    denial: Denial,
    denier: Source,
    sources: Sequence[Source],
    theirs: Sequence[Sequence[Denial]],
) -> bool:
    """True when another cited quote says the same words without denying them."""
    for source, found in zip(sources, theirs, strict=True):
        if source is denier:
            continue
        enough = len(matches(denial.words, source.quote.stems)) >= _HALF * len(denial.words)
        if enough and not any(_same(denial, other) for other in found):
            return True
    return False
