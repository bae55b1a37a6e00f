"""An excerpt as a person keeps it, and the row it is kept in.

The document and the place are kept as they were when the excerpt was taken: it can be shown
and cited even after the document has changed or left the corpus.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from assistant.records import Document, DocumentKind, Locator, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A quotation in a basket, with the person's note.

    ``quote`` was the slice ``start:end`` of the document's canonical text (code points, end
    exclusive) when it was ``added`` (UTC). Whoever gives it out reads it again.
    """

    excerpt_id: str
    document_id: str
    sha256: str
    start: int
    end: int
    quote: str
    note: str
    added: datetime
    document: Document
    locator: Locator
    passage_id: str


def excerpt_of(row: sqlite3.Row) -> Excerpt:
    """The excerpt of a row."""
    return Excerpt(
        excerpt_id=row["excerpt_id"],
        document_id=row["document_id"],
        sha256=row["sha256"],
        start=row["start"],
        end=row["end"],
        quote=row["quote"],
        note=row["note"],
        added=datetime.fromisoformat(row["added"]),
        document=_document_of(json.loads(row["document"])),
        locator=Locator(**_known(Locator, json.loads(row["locator"]))),
        passage_id=row["passage_id"],
    )


def snapshot(record: Document | Locator) -> str:
    """A record as JSON; ASCII, so that a file name that is not text passes too."""
    return json.dumps(
        asdict(record), default=lambda day: day.isoformat() if isinstance(day, date) else str(day)
    )


def _document_of(values: dict[str, Any]) -> Document:
    known = _known(Document, values)
    known["date"] = date.fromisoformat(known["date"]) if known.get("date") else None
    known["kind"] = DocumentKind(known["kind"])
    known["status"] = Status(known["status"])
    return Document(**known)


def _known(record: type[Document] | type[Locator], values: dict[str, Any]) -> dict[str, Any]:
    """What this version of the record still has a field for."""
    names = {field.name for field in fields(record)}
    return {name: value for name, value in values.items() if name in names}
