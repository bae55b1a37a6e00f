"""The nouns: frozen records that flow from stage to stage. No I/O, no models.

Offsets (``start``, ``end``) are always code points into one version of a
document's canonical text, end exclusive. ``page`` is 1-based. Times within a
recording (``start_s``, ``end_s``) are seconds from its beginning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.wording import Words


class DocumentKind(StrEnum):
    """What a document is in the life of an assembly."""

    DELIBERATION = "délibération"
    REPORT = "rapport"
    OPINION = "avis"
    NOTE = "note"
    HEARING = "audition"
    MINUTES = "compte rendu"
    STRATEGY = "stratégie"
    LETTER = "courrier"
    OTHER = "autre"


class Status(StrEnum):
    """How far a document binds."""

    FINAL = "définitif"
    PROVISIONAL = "provisoire"
    SUPERSEDED = "remplacé"


class Role(StrEnum):
    """What a stretch of canonical text is to its reader."""

    BODY = "body"
    HEADING = "heading"
    TABLE = "table"
    FOOTNOTE = "footnote"
    TURN = "turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where a reader looks a passage up: a page, a section, or a speaker and a time.

    ``page`` is the position in the file (1-based), ``page_label`` what is printed
    on it (``"iv"``, ``"12"``): both are kept, the label is shown. ``section`` is the
    path of headings joined by " › ".
    """

    page: int | None = None
    page_label: str | None = None
    section: str | None = None
    speaker: str | None = None
    speaker_role: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    ocr: bool = False

    @property
    def label(self) -> str:
        """One short French line: ``"p. 12"``, ``"Mme Leroy (CCI), 00:12:31"``, ``"§ Budget"``."""
        parts: list[str] = []
        if self.speaker is not None:
            role = f" ({self.speaker_role})" if self.speaker_role else ""
            parts.append(f"{self.speaker}{role}")
        if self.start_s is not None:
            parts.append(clock(self.start_s))
        if self.page is not None:
            parts.append(f"p. {self.page_label or self.page}")
        elif self.section and self.speaker is None:
            parts.append(f"§ {self.section.rsplit(' › ', 1)[-1]}")
        if self.ocr:
            parts.append("texte reconnu (OCR)")
        return ", ".join(parts)


def clock(seconds: float) -> str:
    """Seconds as ``HH:MM:SS``."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of canonical text that one reader rule produced and one locator covers.

    Blocks are in text order and do not overlap; a passage never crosses the
    boundary between two pages' sections, two headings or two turns.
    """

    start: int
    end: int
    role: Role
    locator: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader made of one file: canonical text, its blocks, what the file says of itself.

    ``metadata`` keys used: ``title``, ``date`` (ISO), ``kind``, ``author``; each is
    only what was found, never guessed. ``page_count`` is 0 for formats without pages.
    """

    format: str
    text: str
    blocks: tuple[Block, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    page_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of one file of the corpus, as the catalogue knows it.

    ``document_id`` depends on the path only, so it survives a new version;
    ``sha256`` is the file's. ``origins`` says where each piece of metadata was
    found: ``{"title": "file" | "sidecar" | "collection" | "file name"}``.
    """

    document_id: str
    path: str
    sha256: str
    format: str
    title: str
    date: date | None
    kind: DocumentKind
    collection: str
    commission: str | None = None
    status: Status = Status.FINAL
    superseded_by: str | None = None
    page_count: int = 0
    origins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A citable slice of a document: ``text[start:end]`` of the canonical text, always.

    ``context`` (title, date, section, speaker, the question that was asked) is
    embedded in front of the text and is never quotable.
    """

    passage_id: str  # f"{document_id}:{start}"
    document_id: str
    text: str
    start: int
    end: int
    locator: Locator
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search is restricted to; ``None`` restricts nothing. Dates are inclusive.

    ``hidden`` are the collections that the person may not read: nothing of them is ever found.
    """

    collection: str | None = None
    kind: DocumentKind | None = None
    since: date | None = None
    until: date | None = None
    speaker: str | None = None
    status: Status | None = None
    hidden: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """True when nothing is restricted."""
        return self == Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A passage with the same words as a hit, and the document it stands in."""

    passage: Passage
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that a search found, with the document it stands in; rank is 1-based.

    ``sentences`` are the cosines of the passage's sentences with the question, in text order;
    empty when the search did not embed the question or the model gives none. ``copies`` are
    where else the search met the same words.
    """

    rank: int
    score: float
    passage: Passage
    document: Document
    sentences: tuple[float, ...] = ()
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sentence that the model may cite, under the number it is shown with (1-based).

    ``start``/``end`` are offsets into the document's canonical text, and ``text``
    is exactly that slice. ``context`` is what the model reads beside the
    sentence (title, date, speaker); it is never quotable. ``answers`` is the log-odds
    that the sentence answers the question, ``None`` when no model judged it.
    """

    number: int
    text: str
    start: int
    end: int
    score: float
    passage: Passage
    document: Document
    context: str = ""
    answers: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """One claim of the model's reply, with the evidence numbers it gave."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The model's reply, parsed; ``refused`` when it said that the evidence does not answer."""

    claims: tuple[DraftClaim, ...]
    refused: bool
    raw: str


class Verdict(StrEnum):
    """What verification found; only the first two may stand in an answer."""

    EXACT = "exact"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quotation: ``quote`` is the stored text at ``start:end``, re-read before it is shown."""

    passage: Passage
    document: Document
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence of the answer with its verdict; ``reason`` is French, for a person."""

    text: str
    verdict: Verdict
    reason: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Token counts of one answer; ``prefilled`` excludes the prefix that was kept."""

    prompt: int = 0
    prefilled: int = 0
    generated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """What some work took, in watt-hours; ``how`` qualifies it ("estimated from ...").

    ``measured`` only when the processor's counters were read from beginning to end, else it is an
    estimate. The memory's part always is.
    """

    wh: float
    measured: bool
    how: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two sources that give different figures for the same thing; ``note`` is for a person.

    ``cited`` stands in the answer, ``other`` beside it: with their dates and status, so that the
    reader decides which one holds.
    """

    cited: Citation
    other: Citation
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the person gets: verified claims, or an abstention with its reason.

    ``suggestion`` is a better question, or what to try, when there is no answer; it may be empty.
    """

    answered: bool
    reason: str
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    disagreements: tuple[Disagreement, ...] = ()
    suggestion: str = ""
