"""What an evaluator is shown, blind: an answer's words and sources, and no verdict on them.

Neither the verifier's verdicts and reasons, nor why or how surely the machine answered, nor
anybody else's judgement. That an answer was refused is shown with the answer as a whole only: it
depends on the verdicts, and its citations are judged first.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import DocumentNotFound, QuoteMismatch
from assistant.recorded import answer_of
from assistant.records import Citation, Evidence
from assistant.review import refusals
from assistant.review.drawing import lot
from assistant.review.frame import Payload
from assistant.review.judgements import (
    ON_ANSWER,
    ON_CITATION,
    ON_REFUSAL,
    Choice,
    Judgement,
    Place,
)
from assistant.sources import SourceView, view
from assistant.wording import Words
from assistant.workspace import Workspace

_CHANGED = Words(
    "Le texte du document a changé depuis : voici la citation telle qu’elle a été donnée.",
    "The document's text has changed since: this is the quotation as it was given.",
)
_GONE = Words(
    "Le document n’est plus dans le corpus : voici la citation telle qu’elle a été donnée.",
    "The document is no longer in the corpus: this is the quotation as it was given.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationShown:
    """A claim and one of its citations.

    ``citation.quote`` is what the reader was shown. ``source`` is the place where it stands now;
    ``None`` when it stands there no more, and ``unshown`` says why.
    """

    claim: str
    citation: Citation
    source: SourceView | None
    unshown: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimShown:
    """A claim with its citations, as part of the answer."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    """The answer as a whole, in its own order, and the sentences it was drawn from.

    ``refused``: the reader was told that the documents do not answer; claims are then what was
    left out of the answer. ``evidence`` are sentences that were found, as citations.
    """

    refused: bool
    claims: tuple[ClaimShown, ...]
    evidence: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to judge.

    ``question`` is as it was asked, ``understood`` the standalone one when it differs. ``number``
    is its place among the ``of`` things that this person has to judge (1-based), ``done`` how
    many of them are judged. ``mine`` is what this person said of it before, with the note.
    """

    sample: str
    place: Place
    question: str
    understood: str | None
    shown: CitationShown | AnswerShown
    number: int
    of: int
    done: int
    mine: Judgement | None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be said of it."""
        if isinstance(self.shown, CitationShown):
            return ON_CITATION
        return ON_REFUSAL if self.shown.refused else ON_ANSWER


def places_in(record: str, payload: Payload, seed: int) -> tuple[Place, ...]:
    """What is to be judged of an answer, in the order in which it is judged.

    Claims come in an order that the seed draws, each with all its citations: their order in the
    record may say something of the verdicts, that of a lot says nothing. The whole comes last.
    """
    claims = payload["claims"]
    drawn = sorted(range(len(claims)), key=lambda claim: lot(seed, f"{record}:{claim}"))
    cited = (
        Place(record=record, claim=claim, citation=citation)
        for claim in drawn
        for citation in range(len(claims[claim]["citations"]))
    )
    return (*cited, Place(record=record))


def choices_for(place: Place, payload: Payload) -> tuple[Choice, ...]:
    """What may be said of a thing in an answer.

    Raises:
        AuditError: The answer has no such claim, or the claim no such citation.
    """
    if place not in places_in(place.record, payload, 0):
        raise refusals.no_such_thing(place)
    if not place.whole:
        return ON_CITATION
    return ON_REFUSAL if is_refusal(payload) else ON_ANSWER


def shown_of(
    workspace: Workspace, place: Place, payload: Payload, hidden: frozenset[str], width_px: int
) -> CitationShown | AnswerShown:
    """What is shown of a thing to judge, which must be in the answer."""
    answer = answer_of(payload)
    if place.claim is None or place.citation is None:
        return AnswerShown(
            refused=is_refusal(payload),
            claims=tuple(ClaimShown(text=c.text, citations=c.citations) for c in answer.claims),
            evidence=tuple(map(_as_citation, answer.evidence)),
        )
    claim = answer.claims[place.claim]
    citation = claim.citations[place.citation]
    source, unshown = _opened(workspace, citation, hidden, width_px)
    return CitationShown(claim=claim.text, citation=citation, source=source, unshown=unshown)


def _opened(
    workspace: Workspace, citation: Citation, hidden: frozenset[str], width_px: int
) -> tuple[SourceView | None, Words | None]:
    try:
        source = view(
            workspace,
            citation.document.document_id,
            citation.start,
            citation.end,
            sha256=citation.document.sha256,
            quote=citation.quote,
            hidden=hidden,
            width_px=width_px,
        )
    except DocumentNotFound:
        return None, _GONE
    except QuoteMismatch:
        return None, _CHANGED
    return source, None


def _as_citation(evidence: Evidence) -> Citation:
    """A sentence without its number's score, nor how surely the model held it for an answer."""
    return Citation(
        passage=evidence.passage,
        document=evidence.document,
        quote=evidence.text,
        start=evidence.start,
        end=evidence.end,
    )


def is_refusal(payload: Payload) -> bool:
    """Whether the reader was told that the documents do not answer."""
    return bool(payload["status"] == "abstained")
