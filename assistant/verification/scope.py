"""Scope: all is not some, « only » is not dropped, what holds for a few is not said of all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.french.numbers import QuantityKind
from assistant.french.senses import akin
from assistant.french.words import stem
from assistant.verification.denials import denials
from assistant.verification.equivalences import ratio_of
from assistant.verification.light import LIGHT
from assistant.verification.statement import Source, Statement, matches

_ALL = re.compile(
    r"\b(?:tous|toutes) (?:les|ses|leurs|nos|ces)\b|\btoute?s?(?= (?!les|la|le|l'|fois|de\b|a\b"
    r"|au\b))"
    r"|\btou(?:t le|te la|t l')(?! monde)|\bchaque(?! (?:annee|an|mois|jour|semaine|trimestre"
    r"|semestre|fois|heure)\b)"
    r"|\bl'ensemble d[e']s?\b|\bla totalite\b|\bl'integralite\b|\bsans exception\b"
    r"|\bquel(?:le)?s? que soi(?:t|ent)\b|\bpartout\b|\bsystematiquement\b|\baucune?\b|\b100 %"
    r"|\bl'unanimite\b|\btoujours\b|\bjamais\b|\bdans tous les cas\b"
)
_EVERY = re.compile(
    r"\b(?:tous|toutes|tout|toute|chaque|chacune?|ensemble|totalite|integralite|unanimite|partout"
    r"|generalis\w+|systematiqu\w+|aucune?|100 %|jamais|personne|entier\w*|toujours|universel\w*"
    r"|rien"
    r"|nul\w*|par habitant|par personne|par agent|par foyer|par logement|ne? \w+ pas d[e']"
    r"|l'un et l'autre|les deux|sans exception|n'importe|meme|total\w*|complet\w*)\b"
    r"|\bne [^.;]{0,40} qu[e']"
)
_SOME = re.compile(
    r"\b(?:certaine?s?|quelques|plusieurs|la plupart|une partie|en partie|majorit\w+|principalement"
    r"|parfois|souvent|notamment|sauf|hormis|excepte|moins|a l'exception|presque|pres d[e']"
    r"|seule?s?|seulement|peut|peuvent|reste\w*|rare\w*|autre\w*|provisoire\w*)\b"
)
_PART = {QuantityKind.FRACTION, QuantityKind.PERCENTAGE}
_OUT_OF = re.compile(r" (?:[\w'-]+ ){0,4}?(?:des|sur|sur les|parmi les|d'entre les) \Z")
_NEARLY_ALL = re.compile(r"\b(?:quasi\W|quasiment|presque (?:tou\w+|aucun\w*)|la plupart)")
_ALL_OF = re.compile(r"\b(?:tous les|toutes les|chaque|l'ensemble des|tout|toute) (?P<noun>[\w-]+)")
_SOME_OF = re.compile(
    r"\b(?:les|des|aux|un|une|le|la) (?P<noun>[\w-]+)(?P<rest> (?:[\w-]+ )?(?:dont|qui|ayant"
    r"|justifiant"
    r"|de (?:plus|moins) d|domicilie|age|titulaire|disposant|relevant|comptant|situe"
    r"|employant)[^,;.:]*)"
)
_WHEN = re.compile(
    r"\b(?:lorsqu\w*|si|s'ils?|quand|a condition|sous reserve|en cas|des lors)\b|\blorsqu'"
)
_RELATIVE_WORDS = 6  # of a relative clause, enough to see whether the claim repeats it
_EVER = re.compile(
    r"\b(?:toujours|systematiquement|jamais|en permanence|constamment|sans exception)\b"
)

# A restriction that a claim must repeat when it repeats what is restricted.
_BUT = re.compile(r"\bn(?:e |')(?P<verb>[^.;:]{1,60}?) qu(?:e |')(?P<rest>[^.;:,]{2,60})")
_MIRRORS = re.compile(
    r"\b(?:seule?s?|seulement|uniquement|exclusiv\w+|hors|sauf|que si|a condition|rien|aucun\w*"
    r"|limit\w+"
    r"|reserv\w+|born\w+|sans|non|pas|plus|doi\w+|devr\w+|faut|oblig\w+|apres|moins)\b"
    r"|\bn(?:e |')[^.;:]{0,80}?\bqu(?:e |')"
)
_FIRST_VERB = re.compile(
    r"\b(?:est|sont|sera|seront|a|ont|aura|auront|fait|font|doit|doivent|peut|peuvent|dispose\w*"
    r"|\w+(?:era|eront|ira|iront))\b"
)
_MODIFIED = re.compile(
    r"\b(?:chaque|toute?|tous les|toutes les|aucune?)\b (?P<noun>[\w'-]+)(?P<rest>[^.;:]*)"
)
_RESTRICTS = re.compile(
    r" ?(?:\w+ )?(?:dotee?s? d|de plus d|de moins d|ayant|dont|qui|que|lorsqu|disposant|comptant"
    r"|situe\w*"
    r"|employant|agee?s? d|relevant|concerne\w*|recevant|compren\w+|justifiant|depuis|supérieur)"
)


def check_scope(claim: Statement, sources: Sequence[Source]) -> str | None:
    """The claim says « all », « always » and « only » where its quotes do."""
    quotes = [source.quote for source in sources]
    if _ALL.search(claim.level) and not any(_says_all(claim, quote) for quote in quotes):
        return "La phrase parle de tous les cas ; la source citée n’en dit pas autant."
    if _EVER.search(claim.level) and not any(_EVERY.search(quote.level) for quote in quotes):
        return "La phrase dit que cela vaut toujours ; la source citée ne le dit pas."
    if any(_several_for_one(claim, quote) for quote in quotes):
        return "La phrase parle de plusieurs, la source citée d’un seul."
    if reason := _only_dropped(claim, quotes):
        return reason
    if any(_exception_dropped(claim, quote) for quote in quotes):
        return "La source citée y met une exception que la phrase tait."
    if any(_modifier_dropped(claim, quote) for quote in quotes):
        return "La source citée ne le dit que de certains cas, que la phrase ne précise pas."
    return None


def _says_all(claim: Statement, quote: Statement) -> bool:
    """A quote that says « all », or speaks of the whole without a part, a few or an exception."""
    if _NEARLY_ALL.search(quote.level) and not _NEARLY_ALL.search(claim.level):
        return False
    if _EVERY.search(quote.level):
        return True
    if _SOME.search(quote.level) or _restricted(claim, quote):
        return False
    if _WHEN.search(quote.level) and not _WHEN.search(claim.level):
        return False
    parts = any(q.kind in _PART for q in quote.quantities) or _counted(claim, quote)
    parts = parts or any((ratio_of(quote, q) or 1) < 1 for q in quote.quantities)
    counted = [q for q in quote.quantities if q.kind is QuantityKind.NUMBER]
    for one, other in pairwise(counted):
        parts = parts or _OUT_OF.fullmatch(quote.level[one.end : other.start]) is not None
    return not parts


def _counted(claim: Statement, quote: Statement) -> bool:
    """« 2,3 M€ de subventions » are not all subsidies."""
    for match in _ALL_OF.finditer(claim.level):
        for quantity in quote.quantities:
            after = re.match(r" (?:de |d')?([\w-]+)", quote.level[quantity.end :])
            if after and akin(stem(match["noun"]), stem(after[1])):
                return True
    return False


def _restricted(claim: Statement, quote: Statement) -> bool:
    """« les familles dont le quotient … » are not all families."""
    for match in _ALL_OF.finditer(claim.level):
        for other in _SOME_OF.finditer(quote.level):
            if not akin(stem(match["noun"]), stem(other["noun"])):
                continue
            rest = quote.text[other.start("rest") : other.end("rest")]
            said = Statement(" ".join(rest.split()[:_RELATIVE_WORDS]))
            figures = {q.key for q in said.quantities} & {q.key for q in claim.quantities}
            if not figures and not matches(said.stems - LIGHT, claim.stems):
                return True
    return False


def _only_dropped(claim: Statement, quotes: Sequence[Statement]) -> str | None:
    """« n'est proposée qu'en ligne » is not « est proposée en ligne »."""
    for quote in quotes:
        for match in _BUT.finditer(quote.level):
            rest = Statement(quote.text[match.start("rest") : match.end("rest")])
            if reason := _forbids_what_is_left(claim, rest):
                return reason
            if rest.quantities or _MIRRORS.search(claim.level):
                continue
            verb = Statement(quote.text[match.start("verb") : match.end("verb")]).stems
            aimed = rest.stems - LIGHT
            repeated = aimed and matches(aimed, claim.stems) == aimed
            before = quote.level[max(0, match.start() - 40) : match.start()]
            if repeated and matches(verb, claim.stems) and _SUBORDINATE.search(before):
                return "La source citée y met une restriction (« ne … que ») que la phrase tait."
    return None


def _forbids_what_is_left(claim: Statement, rest: Statement) -> str | None:
    """« ne peuvent réserver que hors des vacances » does not forbid it then."""
    left = rest.stems - LIGHT
    if not left or re.search(r"\bn(?:e |')[^.;:]{0,80}?\bqu(?:e |')", claim.level):
        return None
    for denial in denials(claim):
        stretch = claim.level[denial.start : denial.end]
        outside = re.search(r"\b(?:hors|sauf|en dehors|sans|avant|apres)\b", rest.level)
        same_side = outside is None or re.search(rf"\b{outside.group()}\b", stretch)
        if denial.words >= matches(denial.words, left) and same_side:
            within = Statement(claim.text[denial.start : denial.end]).stems
            if matches(left, within) == left and stretch.startswith("n"):
                return "La source citée ne le permet que dans ce cas ; la phrase l’y interdit."
    return None


_SUBORDINATE = re.compile(r"\b(?:lorsqu|quand|si|des|car|parce)\w*'?[^.;:]*\Z")


def _several_for_one(claim: Statement, quote: Statement) -> bool:
    """« plusieurs fois » is not « une fois »."""
    for match in re.finditer(r"\bplusieurs ([\w-]+)", claim.level):
        noun = re.escape(match[1].rstrip("s"))
        one = re.search(rf"\bune? (?:seule? )?{noun}s?\b", quote.level)
        if one and not re.search(rf"\bplusieurs {noun}", quote.level):
            return True
    return False


def _exception_dropped(claim: Statement, quote: Statement) -> bool:
    """« à l'unanimité moins deux abstentions » is not « à l'unanimité »."""
    but = re.search(
        r"\b(?:unanimite|tous|toutes|ensemble|totalite)\b[^.;:]*\b(?:moins|sauf|hormis|excepte)\b",
        quote.level,
    )
    whole = re.search(r"\b(?:unanimite|tous|toutes|ensemble|totalite)\b", claim.level)
    kept = re.search(r"\b(?:moins|sauf|hormis|excepte|hors|presque|exception)\b", claim.level)
    return but is not None and whole is not None and kept is None


def _modifier_dropped(claim: Statement, quote: Statement) -> bool:
    """« chaque politique dotée de plus de 5 M€ » is not « chaque politique »."""
    for match in _MODIFIED.finditer(quote.level):
        if not _RESTRICTS.match(match["rest"]):
            continue
        verb = _FIRST_VERB.search(match["rest"])
        rest_end = match.start("rest") + (verb.start() if verb else len(match["rest"]))
        modifier = Statement(quote.text[match.start("rest") : rest_end])
        noun = Statement(quote.text[match.start("noun") : match.end("noun")])
        if not matches(noun.stems, claim.stems) or not _ALL.search(claim.level):
            continue
        kept = matches(modifier.stems - LIGHT, claim.stems)
        figures = {q.key for q in modifier.quantities} & {q.key for q in claim.quantities}
        if not kept and not figures:
            return True
    return False
