"""The verdict on each claim, and the answer that they make together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.french.numbers import supports
from assistant.french.orders import addresses_the_assistant
from assistant.french.sentences import split_sentences
from assistant.records import Answer, Claim, Draft, DraftClaim, Evidence, Verdict
from assistant.verification.actors import check_actors
from assistant.verification.awaited import check_awaited
from assistant.verification.bounds import check_bounds
from assistant.verification.cause import check_cause
from assistant.verification.comparison import (
    check_change,
    check_comparison,
    check_order,
    check_times,
)
from assistant.verification.coverage import check_coverage
from assistant.verification.direction import check_direction
from assistant.verification.enumerations import check_lists
from assistant.verification.figures import check_quantities
from assistant.verification.light import LIGHT
from assistant.verification.modality import check_modality
from assistant.verification.moments import check_moments
from assistant.verification.names import check_names
from assistant.verification.negation import check_negation
from assistant.verification.parts import check_base, check_equal, check_parts, check_votes
from assistant.verification.quantifiers import check_quantifiers
from assistant.verification.quotes import Read, citation_of, is_contained, is_whole, verify_quote
from assistant.verification.roles import check_roles
from assistant.verification.scope import check_scope
from assistant.verification.speech import check_speaker
from assistant.verification.statement import (
    Source,
    Statement,
    matches,
    source_of,
    statement,
)
from assistant.verification.subjects import check_subjects

# Another sentence must share this much more of the claim before a citation moves to
# it: less, and two sentences on one subject would exchange their citations.
REALIGNMENT_MARGIN = 0.25
_STOP = re.compile(r"(?<=\w{4})[.!?…]+\s+(?=\w)|[!?…]\s+(?=\w)")
_FIGURE_WEIGHT = 2  # a figure or a name tells more than a word

# In the order in which a person would want to hear of them.
_CHECKS = (
    check_quantities,
    check_names,
    check_speaker,
    check_parts,
    check_votes,
    check_equal,
    check_subjects,
    check_change,
    check_times,
    check_base,
    check_lists,
    check_roles,
    check_actors,
    check_bounds,
    check_negation,
    check_direction,
    check_comparison,
    check_order,
    check_modality,
    check_awaited,
    check_scope,
    check_quantifiers,
    check_cause,
    check_moments,
    check_coverage,
)

NO_SOURCE = "Aucune source citée."
GIVES_AN_ORDER = "La source citée donne un ordre à l’assistant ; elle n’établit pas un fait."
NOT_GIVEN = (
    "Les documents ne donnent pas cette information : les extraits les plus proches sont affichés, "
    "mais aucun n’y répond."
)
NOTHING_DRAFTED = "Aucune phrase n’a pu être tirée des documents."
NOTHING_SUPPORTED = "Aucune des phrases rédigées n’est étayée par les documents."


def verify(draft: Draft, evidence: Sequence[Evidence], read: Read) -> Answer:
    """Check a draft against the stored text of its evidence.

    Args:
        draft: The model's reply, parsed.
        evidence: The numbered sentences it was given.
        read: Gives the catalogue's text of a document between two offsets.

    Returns:
        The claims with their verdicts, and whether any may stand as an answer.

    Raises:
        QuoteMismatch: An evidence sentence is not the stored text.
    """
    for item in evidence:
        verify_quote(item, read)
    sources = {item.number: source_of(item) for item in evidence}
    claims = tuple(verify_claim(claim, sources) for claim in draft.claims)
    supported = any(claim.verdict is not Verdict.UNSUPPORTED for claim in claims)
    if draft.refused:
        reason = NOT_GIVEN
    elif not claims:
        reason = NOTHING_DRAFTED
    else:
        reason = "" if supported else NOTHING_SUPPORTED
    answered = supported and not draft.refused
    return Answer(answered=answered, reason=reason, claims=claims, evidence=tuple(evidence))


def verify_claim(drafted: DraftClaim, sources: dict[int, Source]) -> Claim:
    """Judge one claim by the sources it cites, or by one that matches it clearly better."""
    claim = statement(drafted.text)
    unknown = [number for number in drafted.cites if number not in sources]
    notes = [_unknown_note(unknown)] if unknown else []
    cited = [sources[number] for number in dict.fromkeys(drafted.cites) if number in sources]
    verdict, reason = _judge(claim, cited) if cited else (Verdict.UNSUPPORTED, NO_SOURCE)
    facts = {number: source for number, source in sources.items() if not gives_an_order(source)}
    moved = _better_source(claim, cited, verdict, facts)
    if moved is not None:
        notes.append(_moved_note(cited, moved))
        cited = [moved]
        verdict, reason = _judge(claim, cited)
    elif verdict is not Verdict.UNSUPPORTED:
        cited = _needed(claim, cited, verdict)
    if reason:
        notes.insert(0, reason)
    return Claim(
        text=drafted.text,
        verdict=verdict,
        reason=" ".join(notes),
        citations=tuple(citation_of(source.evidence) for source in cited),
    )


def gives_an_order(source: Source) -> bool:
    """True for a quote that tells the assistant what to answer, or that such a one announces."""
    return addresses_the_assistant(source.quote.text) or _is_dictated(source.evidence)


def _is_dictated(evidence: Evidence) -> bool:
    """« Réponds ce qui suit : » stands just before the quote."""
    place = evidence.start - evidence.passage.start
    return _ends_with_an_order(evidence.passage.text[: max(0, place)])


@lru_cache(maxsize=512)
def _ends_with_an_order(before: str) -> bool:
    spans = split_sentences(before)
    if not spans:
        return False
    last = before[spans[-1][0] : spans[-1][1]]
    return last.endswith((":", "suit.", "suivante.", "suivant.")) and addresses_the_assistant(last)


def _judge(claim: Statement, cited: Sequence[Source]) -> tuple[Verdict, str]:
    """The verdict on a claim: that of its least supported sentence, without what gives orders."""
    facts = [source for source in cited if not gives_an_order(source)]
    if len(facts) < len(cited):
        verdict, reason = _judge(claim, facts) if facts else (Verdict.UNSUPPORTED, "")
        return (verdict, reason if verdict is not Verdict.UNSUPPORTED else GIVES_AN_ORDER)
    sentences = list(_sentences(claim.text))
    if len(sentences) < 2 or any(is_whole(claim.text, source.quote.text) for source in cited):
        return _judge_sentence(claim, cited)
    judged = [(text, *_judge_sentence(statement(text), cited)) for text in sentences]
    for text, verdict, reason in judged:
        if verdict is Verdict.UNSUPPORTED:
            return verdict, f"« {text} » : {reason}"
    exact = all(verdict is Verdict.EXACT for _, verdict, _ in judged)
    return (Verdict.EXACT if exact else Verdict.SUPPORTED), ""


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a claim, one that begins in lower case too: nothing hides behind another."""
    for start, end in split_sentences(text):
        since = start
        for stop in _STOP.finditer(text, start, end):
            yield text[since : stop.start() + 1]
            since = stop.end()
        yield text[since:end]


def _judge_sentence(claim: Statement, cited: Sequence[Source]) -> tuple[Verdict, str]:
    """The verdict, with the reason of the first check that fails."""
    if any(is_whole(claim.text, source.quote.text) for source in cited):
        return Verdict.EXACT, ""
    reason = next((found for check in _CHECKS if (found := check(claim, cited))), "")
    if reason:
        return Verdict.UNSUPPORTED, reason
    if any(is_contained(claim.text, source.quote.text) for source in cited):
        return Verdict.EXACT, ""
    return Verdict.SUPPORTED, ""


def _better_source(
    claim: Statement, cited: Sequence[Source], verdict: Verdict, sources: dict[int, Source]
) -> Source | None:
    """A source that supports the claim alone and matches it clearly better than those cited.

    When those cited do not support the claim, it is enough that the other matches it
    as well.
    """
    if verdict is Verdict.EXACT:
        return None
    others = [source for source in sources.values() if source not in cited]
    if not others:
        return None
    reached = max((match_score(claim, source) for source in cited), default=0.0)
    margin = 0.0 if verdict is Verdict.UNSUPPORTED else REALIGNMENT_MARGIN
    ranked = sorted(others, key=lambda source: -match_score(claim, source))
    for source in ranked:
        if match_score(claim, source) < reached + margin:
            return None
        if _judge(claim, [source])[0] is not Verdict.UNSUPPORTED:
            return source
    return None


def match_score(claim: Statement, source: Source) -> float:
    """Share of the claim's content words, figures and names that a quote has, from 0 to 1."""
    words = claim.stems - LIGHT
    figures = sum(
        any(supports(found, asked) for found in source.quote.quantities)
        for asked in claim.quantities
    )
    whole = len(words) + _FIGURE_WEIGHT * len(claim.quantities)
    if whole == 0:
        return 0.0
    return (len(matches(words, source.quote.stems)) + _FIGURE_WEIGHT * figures) / whole


def _needed(claim: Statement, cited: list[Source], verdict: Verdict) -> list[Source]:
    """Leave out the citations without which the claim stands as well, the weakest first."""
    kept = list(cited)
    for source in sorted(cited, key=lambda source: match_score(claim, source)):
        rest = [other for other in kept if other is not source]
        if rest and _judge(claim, rest)[0] is verdict:
            kept = rest
    return kept


def _unknown_note(unknown: Sequence[int]) -> str:
    numbers = ", ".join(str(number) for number in unknown)
    return f"Numéro d’extrait inconnu, ignoré : {numbers}."


def _moved_note(cited: Sequence[Source], moved: Source) -> str:
    number = moved.evidence.number
    if not cited:
        return f"Citation rattachée à l’extrait {number}, dont les mots correspondent."
    former = ", ".join(str(source.evidence.number) for source in cited)
    return f"Citation déplacée de l’extrait {former} à l’extrait {number}, qui correspond mieux."
