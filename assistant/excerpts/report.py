"""The report that every format writes: numbered quotations, notes, and the list of sources.

It is written in French, whatever the interface speaks: it goes into a French document. Texts
are plain: nothing in them is markup, and each format keeps it so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.excerpts.rereading import Reread
from assistant.references import (
    NO_BREAK,
    full_reference,
    long_date,
    one_line,
    source_entry,
)
from assistant.wording import UNSAFE

EXCERPTS = "Extraits"
SOURCES = "Sources"
NOTE = f"Note{NO_BREAK}:"

_TITLE_CHARS = 200
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """One excerpt: ``quote`` and ``note`` may hold line ends, the rest are single lines.

    ``source`` is the position of its document in the list of sources, from 1.
    """

    number: int
    quote: str
    reference: str
    warnings: tuple[str, ...]
    note: str
    source: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One source in one line, with the day it was consulted, and the excerpts that cite it."""

    text: str
    cited_by: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What every format writes, in this order."""

    title: str
    summary: str
    day: date
    excerpts: tuple[Quoted, ...]
    sources: tuple[Listed, ...]


def report(found: Sequence[Reread], *, title: str, today: date) -> Report:
    """Number the excerpts in their order, and list each version of a document once."""
    grouped: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(found, start=1):
        grouped.setdefault(_version(one), []).append(number)
    places = {version: place for place, version in enumerate(grouped, start=1)}
    return Report(
        title=printable(one_line(title, _TITLE_CHARS)) or EXCERPTS,
        summary=_summary(len(found), len(grouped), today),
        day=today,
        excerpts=tuple(
            _quoted(number, one, places[_version(one)]) for number, one in enumerate(found, start=1)
        ),
        sources=tuple(
            _listed([found[number - 1] for number in numbers], tuple(numbers), today)
            for numbers in grouped.values()
        ),
    )


def guillemets(quote: str) -> str:
    """The quotation between French quotation marks."""
    return f"«{NO_BREAK}{quote}{NO_BREAK}»"


def printable(text: str) -> str:
    """The text with what XML or a screen cannot carry replaced by U+FFFD, seen by the reader."""
    return "".join(c if c == "\n" or _is_printable(c) else _REPLACEMENT for c in text)


def _is_printable(char: str) -> bool:
    return unicodedata.category(char) not in UNSAFE and ord(char) & 0xFFFE != 0xFFFE


def _version(one: Reread) -> tuple[str, str]:
    return one.excerpt.document_id, one.excerpt.sha256


def _quoted(number: int, one: Reread, source: int) -> Quoted:
    excerpt = one.excerpt
    quote = printable(excerpt.quote)
    warnings: list[str] = []
    if one.document is None:
        day = long_date(excerpt.added.astimezone().date()).fr
        warnings.append(f"Source modifiée ou retirée depuis{NO_BREAK}: citation relevée le {day}.")
    if quote != excerpt.quote:
        warnings.append(f"Des caractères non imprimables sont remplacés par {_REPLACEMENT}.")
    reference = full_reference(one.document or excerpt.document, excerpt.locator)
    return Quoted(
        number=number,
        quote=quote,
        reference=printable(reference.fr),
        warnings=tuple(warnings),
        note=printable(excerpt.note.strip()),
        source=source,
    )


def _listed(citing: Sequence[Reread], numbers: tuple[int, ...], today: date) -> Listed:
    """The source of some excerpts; consulted today when one of them was found in it again."""
    current = next((one.document for one in citing if one.document), None)
    if current is None:
        day = max(one.excerpt.added for one in citing).astimezone().date()
        consulted = f"Version relevée le {long_date(day).fr}, modifiée ou retirée depuis"
    else:
        consulted = f"Consulté le {long_date(today).fr}"
    entry = source_entry(current or citing[-1].excerpt.document)
    return Listed(text=printable(f"{entry.line.fr} {consulted}."), cited_by=numbers)


def _summary(excerpts: int, sources: int, today: date) -> str:
    many = "s" if excerpts > 1 else ""
    several = "s" if sources > 1 else ""
    return (
        f"{excerpts} extrait{many} de {sources} source{several}. Chaque citation a été relue dans "
        f"le texte conservé de sa source le {long_date(today).fr}{NO_BREAK}; celle qui ne s’y "
        "trouve plus telle quelle porte un avertissement."
    )
