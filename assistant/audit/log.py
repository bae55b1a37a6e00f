"""The audit log as the rest of the program sees it: open, close, show, verify, forget."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from assistant.audit import exporting, forgetting, freezing, reading, verifying
from assistant.audit.chain import Chain
from assistant.audit.faults import as_audit_errors, nothing_left, unknown
from assistant.audit.findings import Checkpoint
from assistant.audit.forgetting import Erased, Retention
from assistant.audit.payloads import PayloadStore
from assistant.audit.record import CLOSED, FORGOTTEN, OPENED, Entry
from assistant.audit.rows import Payload
from assistant.audit.writing import Writer
from assistant.wording import Words

_TYPE: Final = re.compile(r"[a-z]+(\.[a-z_]+)+")
_RESERVED: Final = (OPENED, CLOSED, FORGOTTEN)
_MOST_AT_ONCE: Final = 1000  # old texts that go along when an answer begins
_FOR_EVER: Final = Retention()


class AuditLog:
    """A chain of records in one folder; safe among threads and processes.

    Every method raises AuditError when the files cannot be used, when another
    process holds the log for 30 seconds, or, before writing, when the files do not
    end where the head says: nothing is added to a log that was tampered with.

    Args:
        folder: Made when the first record is written.
        clock: Gives the time of each record.
        retention: How long texts are kept. The first answer of a day erases those whose
            time is over: nobody has to think of it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        retention: Retention = _FOR_EVER,
    ) -> None:
        self.folder = folder
        self.retention = retention
        self._clock = clock
        self._chain = Chain(folder)
        self._store = PayloadStore(folder / "payloads.sqlite3")
        self._writer = Writer(self._chain, self._store, clock)

    def open(self, payload: Mapping[str, Any], public: Mapping[str, Any] | None = None) -> str:
        """Record that an answer begins; its identifier is returned once that is durable.

        Args:
            payload: Texts and everything personal, JSON values; can be forgotten.
            public: What stays in the chain for ever.
        """
        with self._writer.head() as head:
            name = self._writer.add(head, OPENED, public or {}, payload)
        self._expire_some()
        return name

    def close(
        self, record_id: str, payload: Mapping[str, Any], public: Mapping[str, Any] | None = None
    ) -> None:
        """Record how an answer ended, before anyone sees it.

        When its question was forgotten meanwhile, so is the answer: no text of it is kept.

        Raises:
            AuditError: No such answer is open.
        """
        with self._writer.head() as head:
            found = self._rows_of(record_id)
            types = [row.type for row in found]
            if OPENED not in types or CLOSED in types:
                raise unknown(record_id)
            kept = {} if found[0].body is None else payload
            self._writer.add(head, CLOSED, public or {}, kept, record_id)

    def append(
        self,
        type: str,
        public: Mapping[str, Any],
        payload: Mapping[str, Any] | None = None,
        record_id: str | None = None,
    ) -> str:
        """Record another event (``review.judged``...), about an existing record or on its own.

        What is said of a record whose texts were forgotten is forgotten at once.

        Returns:
            ``record_id``, or a new one.

        Raises:
            AuditError: ``record_id`` is given and there is no such record.
        """
        if not _TYPE.fullmatch(type) or type in _RESERVED:
            raise ValueError(f"not a type for append: {type!r}")
        with self._writer.head() as head:
            kept = payload or {}
            if record_id is not None and self._rows_of(record_id)[0].body is None:
                kept = {}
            return self._writer.add(head, type, public, kept, record_id)

    def forget(self, record_id: str, reason: str) -> int:
        """Erase the texts of a record; the chain stays whole and says that it was done.

        Returns:
            How many payloads were erased.

        Raises:
            AuditError: There is no such record, or nothing is left of it to forget.
        """
        found = self.find(record_id)
        with as_audit_errors(), self._store.rows() as rows:
            seqs = rows.kept_of(found)
        erased = self._writer.erase(seqs, {"record": found}, {"reason": reason})
        if not erased.texts:
            raise nothing_left(Words(f"« {found} »", repr(found)))
        return erased.texts

    def forget_person(self, user: str, reason: str) -> Erased:
        """Erase all texts of one person: what they asked, the answers, what they judged.

        The order names the records and not the person. Judgements themselves, which are
        keys under a pseudonym, stay in the chain.

        Args:
            user: Pseudonym.
            reason: For the record; can be forgotten in its turn.

        Raises:
            AuditError: Nothing of that person is left.
        """
        with as_audit_errors():
            seqs = forgetting.of_person(self._chain, self._store, user)
        erased = self._writer.erase(seqs, {}, {"reason": reason})
        if not erased.texts:
            raise nothing_left(Words("cette personne", "that person"))
        return erased

    def expire(self, *, dry_run: bool = False) -> Erased:
        """Erase the texts that were kept as long as ``retention`` says.

        Args:
            dry_run: Only say how much it would be.
        """
        if dry_run:
            with as_audit_errors(), self._store.rows() as rows:
                return forgetting.due_in_all(rows, self.retention, self._clock())
        erased = Erased()
        while some := self._expire_some():
            erased += some
        return erased

    def find(self, prefix: str) -> str:
        """The identifier that begins so (6 characters at least).

        Raises:
            AuditError: None does, or several do.
        """
        with as_audit_errors():
            return reading.find(self._chain, self._store, prefix)

    def records(self, since: date | None = None, until: date | None = None) -> Iterator[Entry]:
        """The chain's records, oldest first; bounds are inclusive, a bare date is a whole UTC day.

        Raises:
            AuditError: The chain was altered where the next record should be.
        """
        with as_audit_errors():
            yield from reading.records(self._chain, since, until)

    def events(
        self, types: Collection[str], since: date | None = None, until: date | None = None
    ) -> Iterator[Entry]:
        """The chain's records of these types, oldest first, without reading the others.

        Args:
            types: Such as ``{"review.judged", "review.settled"}``.
            since: Inclusive; a bare date begins at midnight UTC.
            until: Inclusive; a bare date is the whole day in UTC.

        Raises:
            AuditError: What is found does not agree with the chain.
        """
        with as_audit_errors():
            yield from reading.events(self._chain, self._store, types, since, until)

    def answers(self, limit: int = 100, skip: int = 0) -> list[reading.Summary]:
        """The newest answers but for the ``skip`` newest, newest first."""
        with as_audit_errors():
            return reading.answers(self._chain, self._store, limit, skip)

    def show(self, record_id: str) -> dict[str, Any]:
        """Everything kept about one record, named by its identifier or a beginning of it.

        Returns:
            ``id``, ``type`` (of its first event), ``state`` (open, closed, forgotten),
            ``opened``, ``closed`` (times or None), ``events`` (``seq``, ``time``, ``type``,
            ``hash``, oldest first), and the events' ``data`` and ``payload``, each merged,
            later ones over earlier ones; ``payload`` is None once forgotten, and
            ``forgotten`` then says ``record``, ``time`` and ``reason``.

        Raises:
            AuditError: There is no such record, or what is kept of it was altered.
        """
        with as_audit_errors():
            return reading.show(self._chain, self._store, record_id)

    def verify(self, against: Checkpoint | None = None) -> verifying.Verification:
        """Derive everything again, in memory that does not grow with the log.

        Args:
            against: A checkpoint taken earlier; proves that nothing before it changed.
        """
        with as_audit_errors():
            return verifying.verify(self._chain, self._store, against)

    def checkpoint(self) -> Checkpoint:
        """The head, to be signed or deposited elsewhere."""
        with self._writer.head() as head:
            path = self.folder / head.file if head.file else self.folder
            return Checkpoint(path=str(path.absolute()), records=head.records, head=head.head)

    def frozen(self) -> AbstractContextManager[freezing.FrozenLog]:
        """One moment of the whole log, for a copy that verifies; answers are recorded meanwhile."""
        return freezing.frozen(self._chain, self._store)

    def export(self, out: Path, since: date | None = None, until: date | None = None) -> int:
        """Write records with their payloads as JSON Lines, for outside tools.

        Returns:
            How many records; ``out`` appears only when it is complete, for its owner's eyes.
        """
        with as_audit_errors():
            return exporting.export(self._chain, self._store, out, since, until)

    def _rows_of(self, record_id: str) -> list[Payload]:
        """What is kept of a record, oldest first; under the lock.

        Raises:
            AuditError: There is no such record.
        """
        with self._store.rows() as rows:
            found = rows.of(record_id)
        if not found:
            raise unknown(record_id)
        return found

    def _expire_some(self) -> Erased | None:
        """Erase the oldest texts whose time is over; None when there is none."""
        if not self.retention.limited:
            return None
        with as_audit_errors(), self._store.rows() as rows:
            seqs = forgetting.due(rows, self.retention, self._clock(), _MOST_AT_ONCE)
        return self._writer.erase(seqs, {"why": reading.RETENTION}, {}) if seqs else None
