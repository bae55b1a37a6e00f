"""The stored text of one document, for a person who may read it; nothing else decides that."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import QuoteMismatch
from assistant.model_files import sha256_of_file
from assistant.records import Block, Document, Role
from assistant.sources.refusals import not_found
from assistant.workspace import Workspace

_LONGEST_QUOTE = 20_000  # code points; a passage is a tenth of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A document version with its canonical text and the blocks that tile it."""

    document: Document
    text: str
    blocks: tuple[Block, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the blocks that ``text[start:end]`` touches: first, and last plus one.

        Raises:
            QuoteMismatch: Nothing can be quoted there: outside the text, empty, too long, or
                across the words of two speakers.
        """
        if not (0 <= start < end <= len(self.text) and end - start <= _LONGEST_QUOTE):
            raise QuoteMismatch(self.document.title, start, end)
        touched = [
            number
            for number, block in enumerate(self.blocks)
            if block.start < end and block.end > start
        ]
        first = touched[0] if touched else 0
        last = touched[-1] if touched else -1
        spoken = any(self.blocks[number].role is Role.TURN for number in touched)
        if not self.text[start:end].strip() or not touched or (spoken and last > first):
            raise QuoteMismatch(self.document.title, start, end)
        return first, last + 1


def find_document(workspace: Workspace, document_id: str, hidden: frozenset[str]) -> Document:
    """The published document of that very id.

    Raises:
        DocumentNotFound: There is none, or it stands in a hidden collection.
    """
    return _find(workspace, document_id, hidden)[1]


def read_document(workspace: Workspace, document_id: str, hidden: frozenset[str]) -> Stored:
    """Its text and blocks, all of one published state.

    Raises:
        DocumentNotFound: There is none, or it stands in a hidden collection.
    """
    catalogue = workspace.catalogue
    with catalogue.at_one_moment():
        row, document = _find(workspace, document_id, hidden)
        return Stored(document=document, text=catalogue.text(row), blocks=catalogue.blocks(row))


def file_of(workspace: Workspace, document: Document) -> Path:
    """Where its file lies: a path of the catalogue, never of a request."""
    return workspace.settings.corpus_folder / document.path


def is_the_file_read(workspace: Workspace, document: Document) -> bool:
    """True when the file on disk is the version that was read."""
    file = file_of(workspace, document)
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return False
        known = workspace.catalogue.known_hash(document.path, status.st_size, status.st_mtime_ns)
        return (known or sha256_of_file(file)) == document.sha256
    except OSError:
        return False


def _find(workspace: Workspace, document_id: str, hidden: frozenset[str]) -> tuple[int, Document]:
    catalogue = workspace.catalogue
    for stored in catalogue.documents(catalogue.generation):
        if stored.document.document_id == document_id and stored.document.collection not in hidden:
            return stored.row, stored.document
    raise not_found()


def nearest(text: str, quote: str, start: int) -> int | None:
    """Where ``quote`` stands in a text, nearest to ``start``; ``None`` when it does not."""
    after = text.find(quote, start)
    before = text.rfind(quote, 0, start + len(quote))
    found: Sequence[int] = [place for place in (after, before) if place >= 0]
    return min(found, key=lambda place: abs(place - start)) if found else None
