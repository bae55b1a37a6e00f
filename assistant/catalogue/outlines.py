"""What ranking needs to know of a passage, without its text.

SQLite finds a slice of a text by walking from its beginning, so a hundred slices of long documents
cost more than the search that found them; these rows cost nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outline:
    """The title of a passage's document, the passage's length in code points, if it opens it."""

    title: str
    length: int
    opens: bool


def read(db: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Outline]:
    """The outlines of some passages by row; rows that are gone are left out."""
    marks = ",".join("?" * len(rows))
    found = db.execute(
        f"SELECT p.id, p.end - p.start AS length, d.title, "
        f"p.id = (SELECT min(id) FROM passages WHERE document_row = d.id) AS opens FROM passages p "
        f"JOIN documents d ON d.id = p.document_row WHERE p.id IN ({marks})",
        tuple(rows),
    )
    return {row["id"]: Outline(row["title"], row["length"], bool(row["opens"])) for row in found}
