"""How a source is referred to, in one place: beside a quotation, in a list of sources, in short.

Titles, names and paths are the documents' own words, hostile until proven otherwise: each
becomes one bounded line without control characters. They are plain text, not markup: whoever
shows them escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.records import Document, DocumentKind, Locator, Status, clock
from assistant.wording import Words, safe

NO_BREAK = "\u00a0"

_LONGEST = 300
_LONGEST_PATH = 1_000
_MONTHS = (
    Words("janvier", "January"),
    Words("février", "February"),
    Words("mars", "March"),
    Words("avril", "April"),
    Words("mai", "May"),
    Words("juin", "June"),
    Words("juillet", "July"),
    Words("août", "August"),
    Words("septembre", "September"),
    Words("octobre", "October"),
    Words("novembre", "November"),
    Words("décembre", "December"),
)
_KINDS = {
    DocumentKind.DELIBERATION: Words("délibération", "deliberation"),
    DocumentKind.REPORT: Words("rapport", "report"),
    DocumentKind.OPINION: Words("avis", "opinion"),
    DocumentKind.NOTE: Words("note", "note"),
    DocumentKind.HEARING: Words("audition", "hearing"),
    DocumentKind.MINUTES: Words("compte rendu", "minutes"),
    DocumentKind.STRATEGY: Words("stratégie", "strategy"),
    DocumentKind.LETTER: Words("courrier", "letter"),
}
_STATUSES = {
    Status.FINAL: Words("définitif", "final"),
    Status.PROVISIONAL: Words("provisoire", "provisional"),
    Status.SUPERSEDED: Words("remplacé", "superseded"),
}
_NOWHERE = Words("texte non paginé", "unpaged text")
_UNDATED = Words("sans date", "undated")
_RECOGNISED = Words("texte reconnu (OCR)", "recognised text (OCR)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One line of a list of sources; ``details`` hold kind, date, commission and status.

    ``path`` is relative to the corpus. Two versions of one document are two sources.
    """

    title: str
    details: Words
    path: str
    sha256: str

    @property
    def line(self) -> Words:
        """The whole entry as one line."""
        return Words(
            f"{self.title}, {self.details.fr}. Fichier{NO_BREAK}: {self.path}. "
            f"SHA-256{NO_BREAK}: {self.sha256}.",
            f"{self.title}, {self.details.en}. File: {self.path}. SHA-256: {self.sha256}.",
        )


def full_reference(document: Document, locator: Locator) -> Words:
    """What stands beside a quotation: document, date, place, and how far the document binds.

    « Note budgétaire révisée, note, 24 novembre 2025, p. 1 (définitif) »; that a hearing is
    final goes without saying.
    """
    line = placed_reference(document, locator)
    if document.kind is DocumentKind.HEARING and document.status is Status.FINAL:
        return line
    status = _STATUSES[document.status]
    return Words(f"{line.fr} ({status.fr})", f"{line.en} ({status.en})")


def placed_reference(document: Document, locator: Locator, *, titled: bool = True) -> Words:
    """Document, date and place, where the status is shown by a mark of its own.

    Args:
        document: Where the quotation stands.
        locator: Where in it.
        titled: False under a heading that names the document already.
    """
    named = _named(document) if titled else []
    parts = [*named, *_dated(document), *_placed(locator, with_role=True)]
    return _joined(parts or [_NOWHERE])


def short_reference(locator: Locator) -> Words:
    """Where in the document, when the document is already named; never empty.

    « p. 12 », « Mme Leroy, 00:12:31 », « § Budget ».
    """
    return _joined(_placed(locator, with_role=False) or [_NOWHERE])


def source_entry(document: Document) -> SourceEntry:
    """The document as an entry of a list of sources."""
    kind = _KINDS.get(document.kind)
    parts = [] if kind is None else [kind]
    parts += _dated(document) or [_UNDATED]
    if document.commission:
        name = one_line(document.commission)
        parts.append(Words(f"commission {name}", f"committee {name}"))
    parts.append(_standing(document))
    return SourceEntry(
        title=one_line(document.title),
        details=_joined(parts),
        path=one_line(document.path, _LONGEST_PATH),
        sha256=one_line(document.sha256),
    )


def long_date(day: date) -> Words:
    """« 1er mars 2026 », "1 March 2026"."""
    month = _MONTHS[day.month - 1]
    first = "1er" if day.day == 1 else str(day.day)
    return Words(
        f"{first}{NO_BREAK}{month.fr} {day.year}", f"{day.day}{NO_BREAK}{month.en} {day.year}"
    )


def one_line(text: str, longest: int = _LONGEST) -> str:
    """One line of at most ``longest`` code points, without control or direction characters."""
    line = " ".join(safe(text.replace("\t", " ").replace("\r", "\n")).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _named(document: Document) -> list[Words]:
    """Title and kind; a hearing's kind comes first, unless its title begins with it."""
    title = one_line(document.title)
    kind = _KINDS.get(document.kind)
    if kind is None:
        return [_same(title)]
    if document.kind is not DocumentKind.HEARING:
        return [_same(title), kind]
    if title.casefold().startswith(kind.fr):
        return [_same(title)]
    return [Words(f"Audition «{NO_BREAK}{title}{NO_BREAK}»", f"Hearing “{title}”")]


def _dated(document: Document) -> list[Words]:
    return [] if document.date is None else [long_date(document.date)]


def _standing(document: Document) -> Words:
    """The status, with what takes the place of a document that was superseded."""
    status = _STATUSES[document.status]
    if document.status is not Status.SUPERSEDED or not document.superseded_by:
        return status
    by = one_line(document.superseded_by, _LONGEST_PATH)
    return Words(f"{status.fr} par {by}", f"{status.en} by {by}")


def _placed(locator: Locator, *, with_role: bool) -> list[Words]:
    """Speaker, time, page or section, in that order; the last heading stands for its path."""
    parts: list[Words] = []
    if locator.speaker:
        role = one_line(locator.speaker_role or "") if with_role else ""
        speaker = one_line(locator.speaker)
        parts.append(_same(f"{speaker} ({role})" if role else speaker))
    if locator.start_s is not None:
        parts.append(_same(clock(locator.start_s)))
    if locator.page is not None:
        parts.append(_same(f"p.{NO_BREAK}{one_line(locator.page_label or str(locator.page))}"))
    elif locator.section and not locator.speaker:
        heading = one_line(locator.section.rsplit(" › ", 1)[-1])
        parts.append(_same(f"§{NO_BREAK}{heading}"))
    if locator.ocr:
        parts.append(_RECOGNISED)
    return parts


def _joined(parts: list[Words]) -> Words:
    return Words(", ".join(part.fr for part in parts), ", ".join(part.en for part in parts))


def _same(text: str) -> Words:
    """The document's own words: the same in every language."""
    return Words(text, text)
