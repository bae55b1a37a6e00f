"""The whole log with its texts as JSON Lines, for outside tools."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from assistant.audit.chain import Chain
from assistant.audit.faults import altered, as_audit_errors, unwritable
from assistant.audit.payloads import PayloadStore
from assistant.audit.reading import records
from assistant.audit.record import Entry, canonical
from assistant.audit.rows import PayloadWitness


def export(
    chain: Chain, store: PayloadStore, out: Path, since: date | None, until: date | None
) -> int:
    """Write records with their payloads; ``out`` appears when it is complete.

    Raises:
        AuditError: The log was altered, or ``out`` cannot be written.
    """
    if out.is_dir():
        raise unwritable(out, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    draft = out.with_name(out.name + ".part")
    try:
        count = _write(draft, _with_bodies(chain, store, since, until))
        draft.replace(out)
    except OSError as error:  # of the log's own files, the reading makes AuditErrors
        raise unwritable(out, error) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return count


def _write(draft: Path, found: Iterator[tuple[Entry, bytes | None]]) -> int:
    """Write a file for the owner's eyes only: it holds what people asked."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    count = 0
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
        for entry, body in found:
            file.write(_line(entry, body) + b"\n")
            count += 1
    return count


def _with_bodies(
    chain: Chain, store: PayloadStore, since: date | None, until: date | None
) -> Iterator[tuple[Entry, bytes | None]]:
    """Each record with its payload, ``None`` where it was forgotten; both checked."""
    with as_audit_errors():
        entries = records(chain, since, until)
        entry = next(entries, None)
        if entry is None:
            return
        with store.connect() as base:
            witness = PayloadWitness(base)
            while entry is not None:
                row = witness.of(entry.seq)
                if row is None or (row.body is not None and row.digest != entry.payload):
                    raise altered(store.path.name)
                yield entry, row.body
                entry = next(entries, None)


def _line(entry: Entry, body: bytes | None) -> bytes:
    return canonical(
        {
            "seq": entry.seq,
            "time": entry.time,
            "type": entry.type,
            "id": entry.record_id,
            "data": entry.data,
            "prev": entry.prev,
            "hash": entry.hash,
            "payload_hash": entry.payload,
            "payload": None if body is None else json.loads(body),
        }
    )
