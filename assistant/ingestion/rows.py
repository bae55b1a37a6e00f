"""The rows of the list that an administrator sees of the corpus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.records import Document
from assistant.wording import Words


class State(StrEnum):
    """How one document or file stands, in the order in which rows of one path come."""

    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusRow:
    """One thing to show: a searched document, or a file that waits, fails or is withdrawn.

    A path may have two rows: its published version is ``READY`` while its changed file
    waits or fails.
    """

    path: str
    """Relative to the corpus, with ``/``; hostile like any file name."""
    title: str
    """Of the document, else the file's name; one line."""
    collection: str
    state: State
    there: bool
    """True when the file is in the corpus."""
    document: Document | None = None
    """The version this row is about; ``None`` for a file never read, failed or withdrawn."""
    pages: int = 0
    """0 also for formats without pages."""
    passages: int = 0
    reason: Words | None = None
    """Why it stands so: the error of a failure, what a waiting file waits for."""
    remedy: Words | None = None
    since: datetime | None = None
    """UTC: of a document the change that brought it, of a waiting file its time on disk;
    ``None`` where nobody knows (older than the journal)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusState:
    """All rows that may be shown, by collection, then path, and the generation they tell of."""

    generation: int
    rows: tuple[CorpusRow, ...]

    def counts(self) -> dict[State, int]:
        """How many rows there are of each state; every state is named."""
        found = Counter(row.state for row in self.rows)
        return {state: found[state] for state in State}
