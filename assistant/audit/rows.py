"""Reading the payload store: rows by record, by type, by age; all of them beside the chain."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.audit.chain import Place
from assistant.audit.record import OPENED, payload_digest

_LAST: Final = 2**63 - 1  # the greatest number that SQLite holds
_EXPIRED: Final = f"""
    WITH old AS (
        SELECT seq, record_id, type FROM payloads INDEXED BY kept
        WHERE (substr(type, 1, 7) = 'review.') = :reviews AND time < :before
        AND body IS NOT NULL AND length(body) > 2 ORDER BY time LIMIT :most)
    SELECT seq FROM old UNION
    SELECT payloads.seq FROM old JOIN payloads USING (record_id)
    WHERE old.type = '{OPENED}' AND body IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One row; ``salt`` and ``body`` are None once forgotten, by record ``forgotten_by``."""

    seq: int
    record_id: str
    type: str
    time: str
    place: Place
    salt: bytes | None
    body: bytes | None
    forgotten_by: int | None

    @property
    def digest(self) -> str | None:
        """What the chain must say of this payload; None once forgotten."""
        if self.salt is None or self.body is None:
            return None
        return payload_digest(self.salt, self.body)


class PayloadRows:
    """Queries on one open store.

    ``upto`` is the number of the chain's last record: a row after it is being written at this
    moment, and is not there yet for anyone who reads.
    """

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def of(self, record_id: str, upto: int = _LAST) -> list[Payload]:
        """The rows of one record, oldest first."""
        query = "SELECT * FROM payloads WHERE record_id = ? AND seq <= ? ORDER BY seq"
        return [payload_of(row) for row in self._base.execute(query, (record_id, upto))]

    def at(self, seq: int) -> Payload | None:
        """The row of one chain record."""
        row = self._base.execute("SELECT * FROM payloads WHERE seq = ?", (seq,)).fetchone()
        return None if row is None else payload_of(row)

    def of_types(
        self, types: Collection[str], first: str, last: str, after: int, upto: int, limit: int
    ) -> list[tuple[int, str, str, str, Place]]:
        """(seq, identifier, type, time, place) of records of these types, ascending.

        Args:
            types: Such as ``review.judged``.
            first: Time as the rows spell it, inclusive.
            last: Likewise.
            after: The record number before the first one wanted.
            upto: The last record number wanted.
            limit: At most so many.
        """
        marks = ", ".join("?" * len(types))
        found = self._base.execute(
            f"SELECT seq, record_id, type, time, file, offset FROM payloads "
            f"WHERE type IN ({marks}) AND time BETWEEN ? AND ? AND seq > ? AND seq <= ? "
            f"ORDER BY seq LIMIT ?",
            (*types, first, last, after, upto, limit),
        )
        return [
            (seq, name, type, time, Place(file=file, offset=offset))
            for seq, name, type, time, file, offset in found
        ]

    def identifiers(self, prefix: str, upto: int) -> list[str]:
        """At most two record identifiers that begin so: enough to know whether it is unique."""
        query = (
            "SELECT DISTINCT record_id FROM payloads "
            "WHERE record_id >= ? AND record_id < ? AND seq <= ? LIMIT 2"
        )
        found = self._base.execute(query, (prefix, prefix + "{", upto))
        return [str(row[0]) for row in found]

    def newest_answers(
        self, limit: int, skip: int, upto: int
    ) -> list[tuple[str, str, str | None, bool]]:
        """(identifier, opened, closed or None, forgotten) of answers, newest first."""
        query = f"""
            SELECT record_id, min(time), max(CASE type WHEN 'answer.closed' THEN time END),
                   max(type = '{OPENED}' AND (body IS NULL OR forgotten_by <= :upto))
            FROM payloads WHERE seq <= :upto AND record_id IN (
                SELECT record_id FROM payloads WHERE type = '{OPENED}' AND seq <= :upto
                ORDER BY seq DESC LIMIT :limit OFFSET :skip)
            GROUP BY record_id ORDER BY min(seq) DESC
        """
        rows = self._base.execute(query, {"upto": upto, "limit": limit, "skip": skip})
        return [(str(i), str(o), None if c is None else str(c), bool(f)) for i, o, c, f in rows]

    def asked_by(self, user: str) -> Iterator[str]:
        """The answers to a person's questions, oldest first; every kept question is read."""
        query = f"""
            SELECT record_id FROM payloads WHERE type = '{OPENED}' AND body IS NOT NULL
            AND CASE WHEN json_valid(CAST(body AS TEXT))
                THEN json_extract(CAST(body AS TEXT), '$.user') END = ? ORDER BY seq
        """
        yield from (str(row[0]) for row in self._base.execute(query, (user,)))

    def expired(self, before: str, *, reviews: bool, most: int) -> list[int]:
        """The numbers of records whose texts are from before a time, ascending.

        Args:
            before: As the rows spell it.
            reviews: Texts of evaluators, else all others; an answer that is from before takes
                along all that was said of it since.
            most: By so many of the oldest.
        """
        values = {"reviews": reviews, "before": before, "most": most}
        return [int(row[0]) for row in self._base.execute(f"{_EXPIRED} ORDER BY seq", values)]

    def count_expired(self, terms: Sequence[tuple[bool, str]]) -> tuple[int, int]:
        """(answers, texts) that ``expired`` would give for all these terms, once each."""
        values: dict[str, object] = {"most": -1}
        either = []
        for place, (reviews, before) in enumerate(terms):
            values |= {f"reviews{place}": reviews, f"before{place}": before}
            query = _EXPIRED.replace(":reviews", f":reviews{place}")
            either.append(f"seq IN ({query.replace(':before', f':before{place}')})")
        answers, texts = self._base.execute(
            f"SELECT count(*) FILTER (WHERE type = '{OPENED}'), count(*) FROM payloads "
            f"WHERE {' OR '.join(either) or 'FALSE'}",
            values,
        ).fetchone()
        return int(answers), int(texts)

    def kept_of(self, record_id: str) -> list[int]:
        """The numbers of the records whose texts are kept under one identifier."""
        query = "SELECT seq FROM payloads WHERE record_id = ? AND body IS NOT NULL ORDER BY seq"
        return [int(row[0]) for row in self._base.execute(query, (record_id,))]

    def kept_among(self, seqs: Sequence[int]) -> list[int]:
        """Those of these records whose texts are kept and not ordered forgotten, ascending."""
        query = """
            SELECT seq FROM payloads WHERE seq IN (SELECT value FROM json_each(?))
            AND body IS NOT NULL AND forgotten_by IS NULL ORDER BY seq
        """
        return [int(row[0]) for row in self._base.execute(query, (json.dumps(list(seqs)),))]

    def count_answers(self, seqs: Sequence[int]) -> int:
        """How many of these records open an answer."""
        query = f"""
            SELECT count(*) FROM payloads WHERE type = '{OPENED}'
            AND seq IN (SELECT value FROM json_each(?))
        """
        return int(self._base.execute(query, (json.dumps(list(seqs)),)).fetchone()[0])


class PayloadWitness:
    """A fixed view of every row, read beside the chain in bounded memory."""

    def __init__(self, base: sqlite3.Connection) -> None:
        base.execute("BEGIN")
        self._base = base
        self._rows = map(payload_of, base.execute("SELECT * FROM payloads ORDER BY seq"))
        self._row = next(self._rows, None)
        self.tombstones = 0
        self.ordered = 0

    def of(self, seq: int) -> Payload | None:
        """The row of one record; records must be asked for in ascending order."""
        while self._row is not None and self._row.seq < seq:
            self._row = next(self._rows, None)
        found = self._row if self._row is not None and self._row.seq == seq else None
        if found is not None and found.body is None:
            self.tombstones += 1
        return found

    def count_order(self, seq: int, forgotten: Iterable[int]) -> None:
        """Note that chain record ``seq`` orders these rows forgotten."""
        query = "SELECT count(*) FROM payloads WHERE seq = ? AND forgotten_by = ? AND body IS NULL"
        for row in set(forgotten):
            self.ordered += self._base.execute(query, (row, seq)).fetchone()[0]

    def beyond(self, records: int) -> int:
        """How many rows belong to records after the given number."""
        query = "SELECT count(*) FROM payloads WHERE seq > ?"
        return int(self._base.execute(query, (records,)).fetchone()[0])

    def tombstone_orders(self) -> Iterator[tuple[int, int | None]]:
        """(row, the record that is said to have ordered it forgotten), ascending."""
        query = "SELECT seq, forgotten_by FROM payloads WHERE body IS NULL ORDER BY seq"
        yield from self._base.execute(query)


def payload_of(
    row: tuple[int, str, str, str, str, int, bytes | None, bytes | None, int | None],
) -> Payload:
    """A row as SQLite gives it."""
    return Payload(
        seq=row[0],
        record_id=row[1],
        type=row[2],
        time=row[3],
        place=Place(file=row[4], offset=row[5]),
        salt=row[6],
        body=row[7],
        forgotten_by=row[8],
    )
