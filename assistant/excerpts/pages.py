"""The cited page itself, as a PDF with the quotation highlighted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.catalogue import StoredDocument
from assistant.desk import Excerpt
from assistant.errors import DocumentNotFound
from assistant.excerpts.exported import Exported, Refused, file_name
from assistant.excerpts.highlighting import CitedPage, highlight
from assistant.excerpts.refusals import NotAPdf, NotOnThePage, SourceChanged, TooManyPages
from assistant.excerpts.report import printable
from assistant.generations import Generation
from assistant.reading.pdf.apart import in_process_apart
from assistant.records import Block
from assistant.references import full_reference, one_line
from assistant.wording import Words
from assistant.workspace import Workspace

_MOST_PAGES = 8
_TIMEOUT_S = 180.0  # a scanned page is recognised anew
_CHUNK_BYTES = 1 << 20


def annotated_page(
    workspace: Workspace,
    document_id: str,
    start: int,
    end: int,
    *,
    cited: Excerpt | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Exported:
    """The pages that a quotation stands on, with its words highlighted.

    Args:
        workspace: Where the document is.
        document_id: Of a PDF.
        start: First code point of the quotation in the canonical text.
        end: After its last code point.
        cited: The excerpt that was taken, where the version and the words must still be its own.
        hidden: Collections that the person may not read.

    Returns:
        A PDF; ``refused`` names the pages on which not every word was found.

    Raises:
        DocumentNotFound: No such document, for this person.
        NotAPdf: It has no pages to copy.
        SourceChanged: The file or its text is not the version that was cited.
        NotOnThePage: None of the words was found.
        TooManyPages: The quotation is not a passage but a good part of the document.
        UnreadableDocument: The file cannot be read.
        PageUnusable: The page cannot be copied.
        SearchIndexError: No generation of the corpus can be read.
    """
    with workspace.generations.reading() as generation:
        stored = _find(generation, document_id, hidden)
        text = generation.catalogue.text(stored.row)
        blocks = generation.catalogue.blocks(stored.row)
    document = stored.document
    title = one_line(document.title)
    if document.format != "pdf":
        raise NotAPdf(title)
    if cited is not None and (cited.sha256, cited.quote) != (document.sha256, text[start:end]):
        raise SourceChanged(title)
    pages = _cited_pages(text, blocks, start, end) if 0 <= start < end <= len(text) else ()
    if not pages:
        raise SourceChanged(title)
    if len(pages) > _MOST_PAGES:
        raise TooManyPages(title, len(pages), _MOST_PAGES)
    first = next(b.locator for b in blocks if b.end > start and b.locator.page == pages[0].page)
    reference = printable(full_reference(document, first).fr)
    with TemporaryDirectory() as folder:
        file = Path(folder) / Path(document.path).name
        _copy(workspace.settings.corpus_folder / document.path, file, document.sha256, title)
        made = in_process_apart(highlight, file, pages, reference, title, timeout_s=_TIMEOUT_S)
    if not made.marked:
        raise NotOnThePage(title, ", ".join(str(page.page) for page in pages))
    return Exported(
        name=file_name(title, "pdf", page=first.page_label or str(first.page)),
        media_type="application/pdf",
        content=made.content,
        refused=tuple(Refused(page, _not_all(page)) for page in made.incomplete),
    )


def annotated_excerpt(
    workspace: Workspace, excerpt: Excerpt, *, hidden: frozenset[str] = frozenset()
) -> Exported:
    """:func:`annotated_page` for an excerpt, as it was taken."""
    return annotated_page(
        workspace,
        excerpt.document_id,
        excerpt.start,
        excerpt.end,
        cited=excerpt,
        hidden=hidden,
    )


def _find(generation: Generation, document_id: str, hidden: frozenset[str]) -> StoredDocument:
    """The document by its id; one that is hidden is not told from one that is not there."""
    for stored in generation.catalogue.documents(generation.number):
        document = stored.document
        if document.document_id == document_id and document.collection not in hidden:
            return stored
    raise DocumentNotFound(
        Words("Ce document n’est pas dans le corpus.", "This document is not in the corpus."),
        remedy=Words(
            "Il a peut-être été retiré ; cherchez le passage de nouveau.",
            "It may have been withdrawn; search the passage again.",
        ),
    )


def _cited_pages(text: str, blocks: Sequence[Block], start: int, end: int) -> tuple[CitedPage, ...]:
    """What is quoted of each page, with the page's text around it.

    A page of which no letter is quoted is left out.
    """
    found: list[CitedPage] = []
    for page, group in groupby(blocks, lambda block: block.locator.page):
        on_page = list(group)
        first, last = on_page[0].start, on_page[-1].end
        spans = tuple(
            (max(block.start, start) - first, min(block.end, end) - first)
            for block in on_page
            if block.start < end
            and block.end > start
            and any(c.isalnum() for c in text[max(block.start, start) : min(block.end, end)])
        )
        if page is not None and spans:
            found.append(CitedPage(page=page, text=text[first:last], spans=spans))
    return tuple(found)


def _copy(source: Path, target: Path, sha256: str, title: str) -> None:
    """Copy the file, so that what is hashed is what is read, and check that it was cited."""
    digest = hashlib.sha256()
    try:
        with source.open("rb") as given, target.open("xb") as kept:
            while chunk := given.read(_CHUNK_BYTES):
                digest.update(chunk)
                kept.write(chunk)
    except OSError as error:
        raise SourceChanged(title) from error
    if digest.hexdigest() != sha256:
        raise SourceChanged(title)


def _not_all(page: int) -> Words:
    return Words(
        f"Page {page} : une partie de la citation n’a pas pu être surlignée.",
        f"Page {page}: part of the quotation could not be highlighted.",
    )
