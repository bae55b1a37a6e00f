"""A small workspace whose documents are really read, without an embedding model: for its text."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from assistant.model_files import sha256_of_file
from assistant.reading.dispatch import read
from assistant.records import Document, DocumentKind
from assistant.workspace import Workspace


def shelf(folder: Path) -> Workspace:
    """An empty workspace."""
    (folder / "corpus").mkdir(parents=True)
    (folder / "assistant.toml").write_text("", encoding="utf-8")
    return Workspace.open(folder)


def put(workspace: Workspace, path: str, content: bytes | str, title: str = "Essai") -> Document:
    """Write a file of the corpus, read it, and publish what was read; a former version leaves."""
    file = workspace.settings.corpus_folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    reading = read(file)
    document = Document(
        document_id=hashlib.sha256(path.encode()).hexdigest()[:12],
        path=path,
        sha256=sha256_of_file(file),
        format=reading.format,
        title=title,
        date=date(2026, 2, 12),
        kind=DocumentKind.OTHER,
        collection=path.split("/")[0],
        page_count=reading.page_count,
    )
    catalogue = workspace.catalogue
    former = [
        stored.row
        for stored in catalogue.documents(catalogue.generation)
        if stored.document.path == path
    ]
    row = catalogue.add(document, reading.text, reading.blocks, [], "")
    catalogue.publish(catalogue.generation + 1, adds=[row], retires=former)
    return document


def text_of(workspace: Workspace, document: Document) -> str:
    """The canonical text of a document as it is published now."""
    catalogue = workspace.catalogue
    return catalogue.text(catalogue.find(document.document_id, catalogue.generation).row)


def span(workspace: Workspace, document: Document, words: str) -> tuple[int, int]:
    """Where words stand in it."""
    start = text_of(workspace, document).index(words)
    return start, start + len(words)
