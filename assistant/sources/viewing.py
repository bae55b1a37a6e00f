"""Opens a citation: the quotation, read again, and the place where it stands."""

from __future__ import annotations

from assistant.errors import QuoteMismatch, UnreadableDocument
from assistant.sources.pages import WIDTHS_PX, pages_of
from assistant.sources.records import PageView, SourceView
from assistant.sources.refusals import FILE_CHANGED, NEW_VERSION
from assistant.sources.stored import Stored, is_the_file_read, nearest, read_document
from assistant.sources.surroundings import section_around, turn_around
from assistant.wording import Words
from assistant.workspace import Workspace


def view(
    workspace: Workspace,
    document_id: str,
    start: int,
    end: int,
    *,
    sha256: str | None = None,
    quote: str | None = None,
    hidden: frozenset[str] = frozenset(),
    width_px: int = WIDTHS_PX[1],
) -> SourceView:
    """A quotation in its place.

    Args:
        workspace: Where.
        document_id: The very id; nothing else finds a document here.
        start: Where the quotation begins in the canonical text (code points).
        end: Where it ends, exclusive.
        sha256: The version that was cited, when it may be an old one.
        quote: What was cited; in a new version it is looked for, and shown where it is now.
        hidden: Collections that the person may not read.
        width_px: The width in which pages will be asked for.

    Raises:
        DocumentNotFound: There is no such document for that person.
        QuoteMismatch: Nothing can be quoted there, or ``quote`` is not what stands there.
    """
    stored = read_document(workspace, document_id, hidden)
    changed = None
    if sha256 is not None and sha256 != stored.document.sha256:
        changed = NEW_VERSION
    if quote is not None and stored.text[start:end] != quote:
        found = nearest(stored.text, quote, start) if changed is not None else None
        if found is None:
            raise QuoteMismatch(stored.document.title, start, end)
        start, end = found, found + len(quote)
    first, _ = stored.place(start, end)
    if changed is None and not is_the_file_read(workspace, stored.document):
        changed = FILE_CHANGED
    pages: tuple[PageView, ...] = ()
    unshown: Words | None = None
    if changed is None:
        pages, changed, unshown = _pages(workspace, stored, start, end, width_px)
    turn = turn_around(stored, start, end)
    return SourceView(
        document=stored.document,
        quote=stored.text[start:end],
        start=start,
        end=end,
        locator=stored.blocks[first].locator,
        pages=pages,
        turn=turn,
        section=section_around(stored, start, end) if turn is None else None,
        changed=changed,
        unshown=unshown,
    )


def _pages(
    workspace: Workspace, stored: Stored, start: int, end: int, width_px: int
) -> tuple[tuple[PageView, ...], Words | None, Words | None]:
    """Pages, or why there are none: the file was changed, or a page cannot be shown."""
    if stored.document.format != "pdf":
        return (), None, None
    try:
        pages = pages_of(workspace, stored, start, end, width_px)
    except UnreadableDocument as error:
        return (), None, error.message
    return (pages, None, None) if pages is not None else ((), FILE_CHANGED, None)
