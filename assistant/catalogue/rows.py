"""Records to rows of the catalogue, and rows to records."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import date

from assistant.records import Document, DocumentKind, Locator, Passage, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document version with its row, the recipe that made it, and its number of passages."""

    row: int
    document: Document
    recipe: str
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage with its row: the name it has in the derived indexes."""

    row: int
    passage: Passage


def locator_values(locator: Locator) -> dict[str, object]:
    """What of a locator is not its default: most fields are empty for most formats."""
    return {name: value for name, value in asdict(locator).items() if value not in (None, False)}


def document_values(document: Document) -> tuple[object, ...]:
    """The columns of a document version, in the order of the table."""
    return (
        document.document_id,
        document.path,
        document.sha256,
        document.format,
        document.title,
        document.date and document.date.isoformat(),
        document.kind,
        document.collection,
        document.commission,
        document.status,
        document.superseded_by,
        document.page_count,
        json.dumps(document.origins, ensure_ascii=False),
    )


def document_of(row: sqlite3.Row) -> Document:
    """The document of a row."""
    return Document(
        document_id=row["document_id"],
        path=row["path"],
        sha256=row["sha256"],
        format=row["format"],
        title=row["title"],
        date=date.fromisoformat(row["date"]) if row["date"] else None,
        kind=DocumentKind(row["kind"]),
        collection=row["collection"],
        commission=row["commission"],
        status=Status(row["status"]),
        superseded_by=row["superseded_by"],
        page_count=row["page_count"],
        origins=json.loads(row["origins"]),
    )


def stored_document_of(row: sqlite3.Row) -> StoredDocument:
    """The document of a row, with its row number, recipe and passages."""
    return StoredDocument(
        row=row["id"], document=document_of(row), recipe=row["recipe"], passages=row["passages"]
    )


def passage_of(row: sqlite3.Row) -> Passage:
    """The passage of a row that holds its slice."""
    return Passage(
        passage_id=f"{row['document_id']}:{row['start']}",
        document_id=row["document_id"],
        text=row["slice"],
        start=row["start"],
        end=row["end"],
        locator=Locator(**json.loads(row["locator"])),
        context=row["context"],
    )
