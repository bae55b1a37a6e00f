"""What became of the sources of an old answer: its quotations stay readable, whatever happened.

The quoted text is the record's own. What the catalogue says today only adds a mark: the
document changed and the sentence still stands or does not, or it was withdrawn, or replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.catalogue import Catalogue
from assistant.records import Document, Evidence, Status
from assistant.wording import Words
from assistant.workspace import Workspace


class Fate(StrEnum):
    """What became of a quoted sentence."""

    SAME = "same"
    KEPT = "kept"  # in a new version of its document
    GONE = "gone"  # the new version does not say it any more
    WITHDRAWN = "withdrawn"  # its document, by an administrator
    REMOVED = "removed"  # its document's file


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceToday:
    """A sentence shown in an old answer, and its fate; ``replaced_by`` only when that is news.

    ``number`` is the one it was shown with, ``quote`` the text as it was read then.
    """

    number: int
    document: Document
    quote: str
    fate: Fate
    replaced_by: str | None = None

    @property
    def mark(self) -> Words | None:
        """What a reader must know of it; None when nothing changed."""
        said = _MARKS.get(self.fate)
        if self.replaced_by is None:
            return said
        later = Words(
            f"document remplacé depuis par « {self.replaced_by} »"
            if self.replaced_by
            else "document remplacé depuis",
            f"since replaced by {self.replaced_by!r}" if self.replaced_by else "since replaced",
        )
        if said is None:
            return later
        return Words(f"{said.fr} ; {later.fr}", f"{said.en}; {later.en}")


_MARKS = {
    Fate.KEPT: Words(
        "document modifié depuis ; la phrase y est toujours",
        "document changed since; it still says this sentence",
    ),
    Fate.GONE: Words(
        "document modifié depuis ; la phrase n’y est plus, voici le texte d’alors",
        "document changed since; it says this no more, this is the text of then",
    ),
    Fate.WITHDRAWN: Words(
        "document retiré depuis ; voici le texte d’alors",
        "document withdrawn since; this is the text of then",
    ),
    Fate.REMOVED: Words(
        "document absent du corpus aujourd’hui ; voici le texte d’alors",
        "document not in the corpus any more; this is the text of then",
    ),
}


def sources_today(workspace: Workspace, evidence: Sequence[Evidence]) -> tuple[SourceToday, ...]:
    """What became of each of these sentences, in their order."""
    catalogue = workspace.catalogue
    with catalogue.at_one_moment():
        stored = {s.document.document_id: s for s in catalogue.documents(catalogue.generation)}
        withdrawn = catalogue.withdrawn()
        found = []
        for e in evidence:
            now = stored.get(e.document.document_id)
            if now is None:
                gone = e.document.path in withdrawn
                fate = Fate.WITHDRAWN if gone else Fate.REMOVED
            else:
                fate = _fate(catalogue, now.row, now.document, e)
            found.append(
                SourceToday(
                    number=e.number,
                    document=e.document,
                    quote=e.text,
                    fate=fate,
                    replaced_by=None if now is None else _replaced(e.document, now.document),
                )
            )
    return tuple(found)


def _fate(catalogue: Catalogue, row: int, now: Document, evidence: Evidence) -> Fate:
    text = catalogue.text(row)
    in_place = text[evidence.start : evidence.end] == evidence.text
    if in_place and now.sha256 == evidence.document.sha256:
        return Fate.SAME
    return Fate.KEPT if in_place or evidence.text in text else Fate.GONE


def _replaced(then: Document, now: Document) -> str | None:
    """By what a document was replaced since; ``""`` when nobody says by what."""
    if now.status is not Status.SUPERSEDED or then.status is Status.SUPERSEDED:
        return None
    return now.superseded_by or ""
