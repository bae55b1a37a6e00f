"""Writing to the log: one record with its payload, or an order that erases texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from assistant.audit.chain import Chain, Head, Place
from assistant.audit.faults import as_audit_errors
from assistant.audit.forgetting import Erased
from assistant.audit.payloads import PayloadStore, new_salt
from assistant.audit.record import (
    FORGOTTEN,
    MAX_PAYLOAD_BYTES,
    canonical,
    new_record_id,
    payload_digest,
    timestamp,
    write_line,
)
from assistant.audit.rows import Payload

_MOST_IN_ORDER: Final = 4000  # a line holds the numbers of so many records


class Writer:
    """Adds records to a chain and their payloads to its store.

    Args:
        chain: Whose lock is held while a record is written.
        store: Beside it.
        clock: Gives the time of each record.
    """

    def __init__(self, chain: Chain, store: PayloadStore, clock: Callable[[], datetime]) -> None:
        self._chain = chain
        self._store = store
        self._clock = clock

    @contextmanager
    def head(self) -> Iterator[Head]:
        """Hold the lock on a chain that is settled; its head is given.

        Raises:
            AuditError: The log is busy, cannot be used, or was altered.
        """
        with as_audit_errors(), self._chain.lock():
            head, _ = self._chain.settle(self._store.prune)
            self._store.erase_marked()
            yield head

    def add(
        self,
        head: Head,
        type: str,
        public: Mapping[str, Any],
        payload: Mapping[str, Any],
        about: str | None = None,
        *,
        marks: Sequence[int] = (),
    ) -> str:
        """Write the one record that comes after ``head``; durable on return.

        Args:
            head: As ``head()`` gives it; good for one record.
            type: What happened.
            public: Stays in the chain.
            payload: Can be forgotten.
            about: The identifier that the record shares with others; a new one unless given.
            marks: The numbers of records whose texts this one orders forgotten.

        Returns:
            The identifier.

        Raises:
            ValueError: A payload of more than ``MAX_PAYLOAD_BYTES``, or a line too long.
        """
        body, salt = canonical(dict(payload)), new_salt()
        if len(body) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"an audit payload of {len(body)} bytes")
        now = self._clock()
        name, seq, moment = about or new_record_id(now), head.records + 1, timestamp(now)
        line = write_line(
            seq=seq,
            time=moment,
            type=type,
            record_id=name,
            data=public,
            payload=payload_digest(salt, body),
            prev=head.head,
        )

        def keep(place: Place) -> None:
            row = Payload(
                seq=seq,
                record_id=name,
                type=type,
                time=moment,
                place=place,
                salt=salt,
                body=body,
                forgotten_by=None,
            )
            self._store.add(row, marks=marks)

        self._chain.append(head, line, keep)
        return name

    def erase(
        self, seqs: Sequence[int], public: Mapping[str, Any], payload: Mapping[str, Any]
    ) -> Erased:
        """Order texts forgotten, as records of the chain, and erase those that still are there.

        Args:
            seqs: The numbers of their records.
            public: What the order says besides these numbers.
            payload: Why, in words.
        """
        erased = Erased()
        for first in range(0, len(seqs), _MOST_IN_ORDER):
            with self.head() as head:
                with self._store.rows() as rows:
                    marks = rows.kept_among(seqs[first : first + _MOST_IN_ORDER])
                    answers = rows.count_answers(marks)
                if marks:
                    named = {**public, "payloads": marks}
                    self.add(head, FORGOTTEN, named, payload, marks=marks)
                    self._store.erase_marked()
            erased += Erased(answers=answers, texts=len(marks))
        return erased
