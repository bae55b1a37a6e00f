"""What a PDF says of itself: encryption, page labels, outline, title, author, date.

pypdf reads all this, in Python, before the C library sees the file: a bomb or
a file cut short is refused here.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, DeprecationError, PyPdfError
from pypdf.generic import Destination

from assistant.reading.canonical import join_lines
from assistant.reading.pdf import refusals as refuse
from assistant.reading.pdf.census import Census, StreamDamaged, StreamTooLarge
from assistant.reading.pdf.refusals import PdfLimits

# A damaged file makes pypdf write a line for each object; the refusal says it once.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# What pypdf lets through on hostile bytes, besides its own errors.
PYPDF_FAILURES = (
    PyPdfError,
    DependencyError,
    DeprecationError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    OSError,
    struct.error,
    zlib.error,
)

_MAX_OUTLINE = 5_000
_MAX_TITLE = 300
_MAX_LABEL = 20
# Left there by the programs that made the file, not by its authors.
_PROGRAM_PREFIX = re.compile(r"^(Microsoft (Office )?(Word|PowerPoint|Excel) - )", re.I)
_NO_TITLE = re.compile(
    r"^\W*(untitled|sans titre|sans nom|anonymous|unspecified|document\s*\d*|titre|title)\W*$"
    r"|\.(docx?|odt|rtf|pptx?|xlsx?|pdf|indd|tmp)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One bookmark: depth from 0, title on one line, 1-based page."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFacts:
    """What the file says of itself; ``labels`` is empty when it numbers no page."""

    page_count: int
    labels: tuple[str, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    image_pixels: tuple[int, ...] = ()
    """For each page, the pixels of its largest image."""


def read_facts(data: bytes, name: str, limits: PdfLimits) -> PdfFacts:
    """Open with pypdf, check that every page's content is whole and bounded, take the facts.

    Raises:
        UnreadableDocument: Cut short, damaged, locked, without pages or beyond ``limits``.
    """
    _check_ends(data, name)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise refuse.locked(name)
        page_count = len(reader.pages)
    except DependencyError as error:
        raise refuse.locked(name) from error
    except PYPDF_FAILURES as error:
        raise refuse.damaged(name, "structure illisible", "unreadable structure") from error
    if page_count == 0:
        raise refuse.pageless(name)
    if page_count > limits.pages:
        raise refuse.beyond(
            name,
            f"{page_count} pages, maximum {limits.pages}",
            f"{page_count} pages, at most {limits.pages}",
        )
    return PdfFacts(
        page_count=page_count,
        image_pixels=_census(reader, name, limits),
        labels=_labels(reader, page_count),
        outline=_outline(reader, page_count),
        metadata=_metadata(reader),
    )


def _check_ends(data: bytes, name: str) -> None:
    """Refuse a file without its beginning or its end.

    Libraries rebuild what they can of a file cut short, and pages vanish
    without a word: here nothing may be lost silently.
    """
    if b"%PDF-" not in data[:1024]:
        raise refuse.damaged(name, "ce n’est pas un PDF", "not a PDF")
    end = data.rfind(b"%%EOF")
    if end < 0 or re.search(rb"\d\s+\d+\s+obj\b", data[end:]):
        raise refuse.damaged(name, "fichier tronqué", "file cut short")


def _census(reader: PdfReader, name: str, limits: PdfLimits) -> tuple[int, ...]:
    census = Census(limits.content_bytes)
    total = 0
    pixels: list[int] = []
    for number, page in enumerate(_pages(reader, name), start=1):
        try:
            size, largest_image = census.page(page)
        except StreamTooLarge as error:
            raise _too_heavy(name, number, limits.content_bytes) from error
        except StreamDamaged as error:
            raise _broken(name, number) from error
        except PYPDF_FAILURES as error:
            raise _broken(name, number) from error
        total += size
        if total > limits.document_content_bytes:
            raise _too_heavy(name, number, limits.document_content_bytes)
        pixels.append(largest_image)
    return tuple(pixels)


def _pages(reader: PdfReader, name: str) -> Iterator[object]:
    try:
        yield from reader.pages
    except PYPDF_FAILURES as error:
        raise refuse.damaged(name, "page illisible", "unreadable page") from error


def _broken(name: str, page: int) -> Exception:
    return refuse.damaged(
        name, f"contenu de la page {page} altéré", f"content of page {page} is corrupt"
    )


def _too_heavy(name: str, page: int, limit: int) -> Exception:
    megabytes = limit // (1024 * 1024)
    return refuse.beyond(
        name,
        f"page {page} : plus de {megabytes} Mo une fois décompressée",
        f"page {page}: more than {megabytes} MB once decompressed",
    )


def _labels(reader: PdfReader, page_count: int) -> tuple[str, ...]:
    try:
        if "/PageLabels" not in reader.root_object:
            return ()
        labels = tuple(_one_line(str(label), _MAX_LABEL) for label in reader.page_labels)
    except PYPDF_FAILURES:
        return ()
    return labels if len(labels) == page_count else ()


def _outline(reader: PdfReader, page_count: int) -> tuple[OutlineEntry, ...]:
    try:
        entries = reader.outline
    except PYPDF_FAILURES:
        return ()
    found: list[OutlineEntry] = []
    numbers = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, start=1)
        if page.indirect_reference is not None
    }
    for level, destination in _walk(entries, 0):
        if len(found) == _MAX_OUTLINE:
            break
        try:
            page = numbers.get(getattr(destination.page, "idnum", -1), 0)
            title = _one_line(str(destination.title or ""), _MAX_TITLE)
        except PYPDF_FAILURES:
            continue
        if title and 1 <= page <= page_count:
            found.append(OutlineEntry(level, title, page))
    return tuple(found)


def _walk(entries: object, level: int) -> Iterator[tuple[int, Destination]]:
    if isinstance(entries, Destination):
        yield level, entries
    elif isinstance(entries, list) and level < 12:
        for entry in entries:
            yield from _walk(entry, level + 1 if isinstance(entry, list) else level)


def _metadata(reader: PdfReader) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        information = reader.metadata
        if information is None:
            return {}
        title = _PROGRAM_PREFIX.sub("", _one_line(information.title or "", _MAX_TITLE))
        if title and not _NO_TITLE.search(title):
            found["title"] = title
        author = _one_line(information.author or "", _MAX_TITLE)
        if author and not _NO_TITLE.search(author):
            found["author"] = author
    except PYPDF_FAILURES:
        return found
    try:
        made = information.creation_date
        if made is not None:
            found["date"] = made.date().isoformat()
    except PYPDF_FAILURES:
        return found
    return found


def _one_line(text: str, longest: int) -> str:
    return join_lines(text[: longest * 2])[:longest].strip()
