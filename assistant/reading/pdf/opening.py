"""Opens PDF files: bounded bytes, one thread at a time inside pdfium.

pdfium keeps global state and is not safe between threads; whoever calls it
holds ``PDFIUM``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium

from assistant.reading.pdf import refusals as refuse
from assistant.reading.pdf.refusals import PdfLimits

PDFIUM = threading.RLock()


def shown_name(path: Path) -> str:
    """The file's name, fit for a message: one line, printable, not too long."""
    name = "".join(c if c.isprintable() else "�" for c in path.name)
    return name if len(name) <= 120 else f"{name[:80]}…{name[-35:]}"


def read_bytes(path: Path, limits: PdfLimits) -> bytes:
    """All bytes of the file, at once: it cannot change under the readers.

    Raises:
        UnreadableDocument: It cannot be opened, or is larger than the limit.
    """
    name = shown_name(path)
    try:
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise refuse.unreachable(name, error.strerror or type(error).__name__) from error
    if len(data) > limits.file_bytes:
        megabytes = limits.file_bytes // (1024 * 1024)
        raise refuse.beyond(name, f"plus de {megabytes} Mo", f"more than {megabytes} MB")
    return data


@contextmanager
def opened(data: bytes, name: str) -> Iterator[pdfium.PdfDocument]:
    """A pdfium document; the caller holds ``PDFIUM`` for each use of it.

    Raises:
        UnreadableDocument: pdfium cannot open it.
    """
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise refuse.damaged(name, "structure illisible", "unreadable structure") from error
    try:
        yield document
    finally:
        with PDFIUM:
            document.close()


def load_page(
    document: pdfium.PdfDocument, number: int, name: str, limits: PdfLimits
) -> pdfium.PdfPage:
    """Load one page (1-based) and check its size; the caller holds ``PDFIUM`` and closes it.

    Raises:
        UnreadableDocument: The page cannot be loaded, or its sides are out of bounds.
    """
    try:
        page = document[number - 1]
    except (pdfium.PdfiumError, IndexError) as error:
        raise refuse.damaged(
            name, f"page {number} illisible", f"unreadable page {number}"
        ) from error
    width, height = page.get_size()
    if not (0 < width <= limits.page_side_pt and 0 < height <= limits.page_side_pt):
        page.close()
        raise refuse.beyond(
            name,
            f"page {number} de {width:.0f} × {height:.0f} points",
            f"page {number} of {width:.0f} × {height:.0f} points",
        )
    return page
