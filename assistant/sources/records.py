"""What is shown of a source: plain records, no markup."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.records import Document, Locator, Role
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """Words of a quotation on their page, as fractions of its size; origin top left."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page that holds the quotation, or a part of it.

    ``page`` is 1-based, ``label`` what is printed on it. ``width_px`` and ``height_px`` are those
    of the picture that ``page_png`` gives for that width. ``boxes`` are in the order of the text,
    none when its words could not be placed.
    """

    page: int
    label: str | None
    page_count: int
    width_px: int
    height_px: int
    boxes: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn of speech beside the quoted one; a long one is cut, and "…" says where."""

    speaker: str | None
    role: str | None
    time: str | None  # HH:MM:SS
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """The turn of a hearing that holds the quotation, and its neighbours in the order of speech.

    ``before + quote + after`` is the turn; a long turn is cut, and "…" says where.
    """

    speaker: str | None
    role: str | None
    time: str | None  # HH:MM:SS
    before: str
    quote: str
    after: str
    earlier: tuple[Turn, ...]
    later: tuple[Turn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A paragraph, a heading, or a table of one row a line, its cells parted by " | "."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedBlock:
    """A block of which ``quote`` is quoted; what surrounds it is cut when it is long ("…")."""

    role: Role
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """The section that holds the quotation: its heading, and its blocks in the order of the text.

    ``path`` is the path of headings joined by " › ". A quotation of several paragraphs has
    several ``quoted`` blocks. Only what is near is there, in whole blocks.
    """

    path: str | None
    heading: str | None
    earlier: tuple[TextBlock, ...]
    quoted: tuple[QuotedBlock, ...]
    later: tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A quotation in its place.

    ``quote`` is the stored text ``start:end``, ``locator`` that of the block it begins in.
    ``turn`` is there for hearings, ``section`` for everything else (PDF too: it is what a
    person reads who does not see the picture), ``pages`` for PDF files. ``changed`` says that
    the text or the file is not the one that was cited, and ``unshown`` why a page has no picture.
    """

    document: Document
    quote: str
    start: int
    end: int
    locator: Locator
    pages: tuple[PageView, ...] = ()
    turn: TurnView | None = None
    section: SectionView | None = None
    changed: Words | None = None
    unshown: Words | None = None
