"""What has become of the documents that answers cite."""

from __future__ import annotations

from functools import lru_cache

from assistant.catalogue import Catalogue
from assistant.records import Status
from assistant.reporting.records import SourceToday

_KEPT = 20_000  # quotations whose fate is remembered: the same sentences are cited again and again


class SourcesToday:
    """The documents as they are now, for one report.

    Args:
        catalogue: Read within one ``at_one_moment``.
        hidden: Collections whose documents are as if they were not there.
    """

    def __init__(self, catalogue: Catalogue, hidden: frozenset[str]) -> None:
        self._catalogue = catalogue
        self._generation = catalogue.generation
        self._known = {
            stored.document.document_id: stored
            for stored in catalogue.documents(self._generation)
            if stored.document.collection not in hidden
        }
        self._holds = lru_cache(_KEPT)(self._search)

    def today(
        self, document: str, *, sha256: str, status: str, start: int, end: int, quote: str
    ) -> SourceToday:
        """What has become of a document since it was cited.

        Args:
            document: Its id.
            sha256: Of its file, then.
            status: How far it bound, then.
            start: Where the quotation stood, in code points.
            end: Its end, exclusive.
            quote: The quotation.
        """
        now = self._known.get(document)
        if now is None:
            return SourceToday.GONE
        if not self._holds(document, start, end, quote):
            return SourceToday.REWRITTEN
        if now.document.status is Status.SUPERSEDED:
            if status == Status.SUPERSEDED:
                return SourceToday.SUPERSEDED_ALREADY
            return SourceToday.SUPERSEDED_SINCE
        return SourceToday.CURRENT if now.document.sha256 == sha256 else SourceToday.CHANGED

    def _search(self, document: str, start: int, end: int, quote: str) -> bool:
        """Whether the text holds the quotation: where it stood, or anywhere else."""
        if self._catalogue.read(document, start, end, self._generation) == quote:
            return True
        return quote in self._catalogue.text(self._known[document].row)
