"""The subject of a figure: a number goes with the words that it goes with in the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.french.numbers import Quantity, QuantityKind
from assistant.verification.contrasts import (
    compared_with,
    counts_another,
    denied_elsewhere,
    has_part,
    is_former,
    is_of_a_contrast,
    is_of_another_place,
    is_of_the_others,
    is_of_the_rest,
    is_only_a_part,
    is_total,
    said_of_a_whole,
    says_more,
    takes_the_part_of,
)
from assistant.verification.equivalences import says
from assistant.verification.light import LIGHT
from assistant.verification.statement import Segment, Source, Statement, is_label, matches
from assistant.verification.surroundings import (
    TELLING,
    complements,
    home_words,
    is_lone,
    near_words,
    near_years,
    own_words,
    rival_words,
    rivals_of,
    segment_of,
    shared_words,
)
from assistant.verification.tables import Cell, cells, head_of

_NAMES_SOMETHING = {QuantityKind.ARTICLE, QuantityKind.REFERENCE, QuantityKind.TIME}
_COMPARED = re.compile(r"\b(?:qu'en|que l'an|par rapport (?:a|au)|face a) ?\Z")
_PRONOUN = re.compile(r"(?:[\w' ]{1,20}, )?(?:c'|ce |cela |ils? |elles? |leurs? |celui|celle)")
_PERIOD = re.compile(r"\b(?:19|20)\d\d[-–](?:19|20)\d\d\b")
_PAST = re.compile(
    r"\b(?:etai(?:t|ent)|avai(?:t|ent)|initial\w*|auparavant|precede\w*|ancien\w*|depart|avant"
    r"|pass(?:e|ent|er|era)|port(?:e|es|ee|ees))\b"
)


def check_subjects(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Each figure stands, in one of the quotes, with the subject and the year of the claim."""
    for segment in claim.segments:
        for quantity in segment.quantities:
            named = quantity.kind in _NAMES_SOMETHING or _of_a_period(claim, quantity)
            if named or is_label(claim.level, quantity):
                continue
            reason = _misplaced_everywhere(claim, segment, quantity, sources)
            if reason is not None:
                return reason
    return None


def _of_a_period(claim: Statement, quantity: Quantity) -> bool:
    """« le plan 2025-2027 »: years that name."""
    around = claim.level[max(0, quantity.start - 5) : quantity.end + 5]
    return quantity.kind is QuantityKind.DATE and _PERIOD.search(around) is not None


def _misplaced_everywhere(
    claim: Statement, mine: Segment, quantity: Quantity, sources: Sequence[Source]
) -> str | None:
    """The first reason, when each occurrence of a figure in the quotes has one."""
    first: str | None = None
    for source in sources:
        row = cells(source)
        for found in says(source, claim, quantity):
            if row and (head := head_of(found, row)) is not None:
                reason = _under_another_head(claim, mine, quantity, head, row)
            else:
                reason = _misplaced(claim, mine, quantity, source.quote, found)
                reason = reason or _subject_elsewhere(mine, quantity, source, sources)
            if reason is None:
                return None
            first = first or reason
    return first


def _under_another_head(
    claim: Statement, mine: Segment, quantity: Quantity, head: Statement, row: tuple[Cell, ...]
) -> str | None:
    """In a table, the years and words said with a figure are those over its column."""
    years = near_years(claim, mine)
    own_years = _all_years(head)
    if years and own_years and not (years & own_years):
        return f"Dans la source citée, « {quantity.text} » n’est pas donné pour la même date."
    heads = [cell.head for cell in row[1:] if cell.head is not head]
    there = frozenset().union(*(other.stems for other in heads)) - head.stems - row[0].head.stems
    asked = own_words(mine) - LIGHT
    telling = head.stems - (LIGHT - TELLING)
    if matches(asked, there) and telling and not matches(asked, telling):
        return _wrong(quantity)
    alike_heads = [h for h in heads if h.stems - LIGHT and not _all_years(h)]
    if alike_heads and telling and not matches(telling, claim.stems | row[0].head.stems):
        return _wrong(quantity)
    return None


def _all_years(whole: Statement) -> frozenset[str]:
    return frozenset().union(*(segment.years for segment in whole.segments))


def _misplaced(
    claim: Statement, mine: Segment, quantity: Quantity, quote: Statement, found: Quantity
) -> str | None:
    """Compare the words around a figure in the claim and around one occurrence in the quote."""
    home = segment_of(quote, found)
    asked = near_words(claim, mine) if is_lone(claim, quantity) else own_words(mine)
    years = near_years(claim, mine)
    own_years = near_years(quote, home)
    dated = quantity.kind is QuantityKind.DATE
    if not dated and years and own_years and not (years & own_years):
        return f"Dans la source citée, « {quantity.text} » n’est pas donné pour la même date."
    if not dated and years and not own_years and _only_compared(years, quote, home):
        return f"Dans la source citée, « {quantity.text} » n’est pas donné pour cette date."
    if (
        is_former(quote, found)
        and not is_former(claim, quantity)
        and not (years & own_years)
        and not _PAST.search(claim.level)
    ):
        return f"Dans la source citée, « {quantity.text} » est la valeur de départ."
    total = is_total(quote, found) and not has_part(claim, quantity) and says_more(mine, quote)
    if total or takes_the_part_of(claim, mine, quote, found):
        return (
            f"Dans la source citée, « {quantity.text} » est le total dont il n’est dit qu’une part."
        )
    if (
        is_only_a_part(claim, mine, quote, found)
        or counts_another(claim, quantity, quote, found)
        or is_of_another_place(mine, claim, quote, home)
        or is_of_a_contrast(own_words(mine), quote, home)
        or denied_elsewhere(claim, mine, quantity, quote, found)
        or is_of_the_others(asked, claim, quote, home)
        or is_of_the_rest(asked, quote, home, found)
    ):
        return _wrong(quantity)
    return _among_rivals(claim, mine, quantity, quote, found)


def _only_compared(years: frozenset[str], quote: Statement, home: Segment) -> bool:
    """« 3,4 %, soit deux fois plus qu'en 2019 »: 2019 is what is compared with."""
    said = [
        q
        for q in quote.quantities
        if q.kind is QuantityKind.DATE and str(q.value) in years and q not in home.quantities
    ]
    return bool(said) and all(_COMPARED.search(quote.level[: q.start]) for q in said)


def _among_rivals(
    claim: Statement, mine: Segment, quantity: Quantity, quote: Statement, found: Quantity
) -> str | None:
    """The words said with a figure stand with it in the quote, not with another figure."""
    home = segment_of(quote, found)
    asked = near_words(claim, mine) if is_lone(claim, quantity) else own_words(mine)
    asked -= compared_with(claim)
    wholes = said_of_a_whole(claim, quantity, quote)
    if wholes is None:
        return None
    rivals = rivals_of(quote, found)
    if not rivals:
        return None
    shared = shared_words(quote, found)
    here = home_words(quote, home, found) | wholes
    there = frozenset().union(*(rival_words(quote, rival) for rival in rivals))
    mine_here = matches(near_words(claim, mine), own_words(home)) or not own_words(home)
    if mine_here:
        here |= complements(quote, home, rivals, (found.kind, found.unit))
    elsewhere = matches(asked - matches(asked, here | shared), there)
    if elsewhere:
        return _wrong(quantity)
    most = max(len(matches(asked, own_words(rival))) for rival in rivals)
    if most > 0 and own_words(home) and not matches(asked, here):
        return _wrong(quantity)
    return None


def _subject_elsewhere(
    mine: Segment, quantity: Quantity, source: Source, sources: Sequence[Source]
) -> str | None:
    """The subject stands in another cited quote, beside a figure of the same kind."""
    missing = own_words(mine) - matches(own_words(mine), source.quote.stems | source.context.stems)
    for other in sources:
        if other is source or not matches(missing, other.quote.stems):
            continue
        if _goes_on_from(source, other):
            continue
        if any(
            q.kind is quantity.kind
            and (q.unit in {"", quantity.unit} or not quantity.unit)
            and q.value != quantity.value
            for q in other.quote.quantities
        ):
            return _wrong(quantity)
    return None


def _goes_on_from(source: Source, other: Source) -> bool:
    """« En 2019, c'était 121. » speaks of what the sentence before it names."""
    one, two = other.evidence, source.evidence
    follows = one.passage == two.passage and one.end <= two.start
    return follows and _PRONOUN.match(source.quote.level) is not None


def _wrong(quantity: Quantity) -> str:
    return f"Dans la source citée, « {quantity.text} » se rapporte à autre chose."
