"""Which document and which speaker each passage is of, in memory: what a filter asks of a corpus.

SQLite tells the rows of a filter in tens of milliseconds at 100,000 passages, longer than the
search among them takes. So a generation reads this once, 20 bytes a passage.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.french.words import fold
from assistant.row_sets import among

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Belonging:
    """The passages of one generation, rows ascending.

    ``documents`` holds the document row of each passage, ``speakers`` the place of its speaker's
    name in ``names``.
    """

    rows: Rows
    documents: Rows
    speakers: NDArray[np.int32]
    names: tuple[str, ...]

    def of(self, documents: Sequence[int], speaker: str | None = None) -> Rows:
        """Rows of the passages of these documents, ascending; of one speaker if named.

        A speaker matches when every word of the given name is in the stored one,
        accents and case ignored: « leroy » finds « Mme Claire Leroy ».
        """
        kept = among(self.documents, np.asarray(documents, dtype=np.int64))
        if speaker is not None:
            words = set(fold(speaker).split())
            meant = [
                place
                for place, name in enumerate(self.names)
                if name and words <= set(fold(name).split())
            ]
            kept &= np.isin(self.speakers, np.asarray(meant, dtype=np.int32))
        return self.rows[kept]


def read(db: sqlite3.Connection, documents: Sequence[int]) -> Belonging:
    """What the passages of these documents belong to."""
    found = db.execute(
        "SELECT id, document_row, speaker FROM passages "
        "WHERE document_row IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(documents)),),
    )
    rows, owners, codes = array("q"), array("q"), array("i")
    places: dict[str, int] = {}
    for row, owner, speaker in found:
        rows.append(row)
        owners.append(owner)
        codes.append(places.setdefault(speaker, len(places)))
    return Belonging(
        rows=np.array(rows, dtype=np.int64),
        documents=np.array(owners, dtype=np.int64),
        speakers=np.array(codes, dtype=np.int32),
        names=tuple(places),
    )
