"""The pages of a quotation: their pictures, and where its words stand on them.

Pages are drawn in a process apart and kept. What is kept is looked up by the content
of the file, and only after it is certain that the person may read the document.
"""

from __future__ import annotations

import hashlib
from itertools import groupby

from assistant.reading.pdf.apart import in_process_apart
from assistant.records import Block
from assistant.sources.drawing import OCR_TIMEOUT_S, Place, draw, locate
from assistant.sources.kept import Kept
from assistant.sources.records import PageView
from assistant.sources.refusals import file_changed, no_such_page
from assistant.sources.stored import Stored, file_of, find_document
from assistant.workspace import Workspace

WIDTHS_PX = (700, 1100, 1600)
"""Widths in which pages are drawn: a phone or half a screen, a screen, a zoom."""

_PRINTED_TIMEOUT_S = 20.0
_SCANNED_TIMEOUT_S = OCR_TIMEOUT_S + 15.0

_pictures: Kept[tuple[str, int, int], bytes] = Kept(48 << 20, len)
_places: Kept[tuple[str, int, int, str], Place] = Kept(
    4 << 20, lambda place: 200 + 120 * len(place.boxes)
)


def page_png(
    workspace: Workspace,
    document_id: str,
    page: int,
    *,
    width_px: int = WIDTHS_PX[1],
    hidden: frozenset[str] = frozenset(),
) -> bytes:
    """The picture of one page: a PNG, or a JPEG for a photograph.

    Args:
        workspace: Where.
        document_id: The very id.
        page: From 1.
        width_px: The next of ``WIDTHS_PX`` is taken.
        hidden: Collections that the person may not read.

    Raises:
        DocumentNotFound: There is no such document for that person.
        UnreadableDocument: It has no such page, the page cannot be shown, or the file is no
            longer the one that was read.
    """
    document = find_document(workspace, document_id, hidden)
    if document.format != "pdf" or not 1 <= page <= document.page_count:
        raise no_such_page(document, page)
    key = (document.sha256, page, drawn_width(width_px))
    picture = _pictures.get(key)
    if picture is None:
        picture = in_process_apart(
            draw, file_of(workspace, document), *key, timeout_s=_PRINTED_TIMEOUT_S
        )
        if picture is None:
            raise file_changed(document)
        _pictures.put(key, picture)
    return picture


def pages_of(
    workspace: Workspace, stored: Stored, start: int, end: int, width_px: int
) -> tuple[PageView, ...] | None:
    """The pages that ``text[start:end]`` stands on; ``None`` when the file is another version.

    Raises:
        QuoteMismatch: Nothing can be quoted there.
        UnreadableDocument: A page cannot be read.
    """
    first, last = stored.place(start, end)
    views: list[PageView] = []
    for page, members in groupby(stored.blocks[first:last], lambda block: block.locator.page):
        blocks = list(members)
        if page is None:
            continue
        begin, finish = max(start, blocks[0].start), min(end, blocks[-1].end)
        place = _place(workspace, stored, page, begin, finish, drawn_width(width_px))
        if place is None:
            return None
        views.append(
            PageView(
                page=page,
                label=blocks[0].locator.page_label,
                page_count=stored.document.page_count,
                width_px=place.width_px,
                height_px=place.height_px,
                boxes=place.boxes,
            )
        )
    return tuple(views)


def drawn_width(width_px: int) -> int:
    """The least of the widths that is not under ``width_px``, else the largest."""
    return next((width for width in WIDTHS_PX if width >= width_px), WIDTHS_PX[-1])


def _place(
    workspace: Workspace, stored: Stored, page: int, start: int, end: int, width_px: int
) -> Place | None:
    document = stored.document
    quote = hashlib.sha256(f"{start}:{stored.text[start:end]}".encode()).hexdigest()
    key = (document.sha256, page, width_px, quote)
    place = _places.get(key)
    if place is None:
        begin, text, scanned = _page_text(stored, page)
        place = in_process_apart(
            locate,
            file_of(workspace, document),
            document.sha256,
            page,
            width_px,
            text,
            start - begin,
            end - begin,
            timeout_s=_SCANNED_TIMEOUT_S if scanned else _PRINTED_TIMEOUT_S,
        )
        if place is not None:
            _places.put(key, place)
    return place


def _page_text(stored: Stored, page: int) -> tuple[int, str, bool]:
    """Where the canonical text of a page begins, that text, and whether it was recognised."""
    blocks: list[Block] = [block for block in stored.blocks if block.locator.page == page]
    begin, end = blocks[0].start, blocks[-1].end
    return begin, stored.text[begin:end], any(block.locator.ocr for block in blocks)
