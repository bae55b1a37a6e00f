"""Each quotation is read again in the catalogue before it is given out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue
from assistant.desk import Excerpt
from assistant.records import Document


@dataclass(frozen=True, slots=True)
class Reread:
    """An excerpt, and whether its source still says it.

    ``document`` is the document as the catalogue has it now (it may have been superseded since),
    or ``None`` when the version that was cited, or the quotation in it, is not there any more.
    """

    excerpt: Excerpt
    document: Document | None


def reread(catalogue: Catalogue, excerpts: Sequence[Excerpt]) -> tuple[Reread, ...]:
    """Compare each quotation, byte for byte, with the text that the catalogue holds now."""
    while True:
        generation = catalogue.generation
        present = {s.document.document_id: s.document for s in catalogue.documents(generation)}
        found = tuple(
            Reread(excerpt, _source(catalogue, excerpt, present, generation))
            for excerpt in excerpts
        )
        # A generation published meanwhile may have taken its texts from under the reading.
        if all(one.document for one in found) or catalogue.generation == generation:
            return found


def _source(
    catalogue: Catalogue, excerpt: Excerpt, present: dict[str, Document], generation: int
) -> Document | None:
    document = present.get(excerpt.document_id)
    if document is None or document.sha256 != excerpt.sha256:
        return None
    stored = catalogue.read(excerpt.document_id, excerpt.start, excerpt.end, generation)
    same = stored.encode("utf-8", "surrogatepass") == excerpt.quote.encode("utf-8", "surrogatepass")
    return document if same and len(stored) == excerpt.end - excerpt.start else None
