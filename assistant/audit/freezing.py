"""One moment of a log, held while it is copied: answers are recorded meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from assistant.audit.chain import Chain
from assistant.audit.faults import as_audit_errors
from assistant.audit.findings import Checkpoint
from assistant.audit.payloads import PayloadStore
from assistant.audit.record import GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenLog:
    """What makes a whole log at that moment; empty before the first record.

    ``head`` is the content of ``head.json``; ``sizes`` gives, by month file, oldest first, how
    many of its bytes belong to the moment (what is written later only follows them); ``texts``
    sees the payloads of the records up to ``checkpoint`` and no others.
    """

    checkpoint: Checkpoint
    head: bytes = b""
    sizes: dict[str, int] = field(default_factory=dict)
    texts: sqlite3.Connection | None = None


@contextmanager
def frozen(chain: Chain, store: PayloadStore) -> Iterator[FrozenLog]:
    """Fix a moment under the lock, and keep it for reading once the lock is free.

    Raises:
        AuditError: The log is busy, cannot be used, or was altered.
    """
    with ExitStack() as held:
        with as_audit_errors():
            log = _fix(chain, store, held)
        yield log


def _fix(chain: Chain, store: PayloadStore, held: ExitStack) -> FrozenLog:
    empty = FrozenLog(checkpoint=Checkpoint(path=str(chain.folder), records=0, head=GENESIS))
    if not chain.folder.is_dir():
        return empty
    with chain.lock():
        head, _ = chain.settle(store.prune)
        if not head.records:
            return empty
        store.erase_marked()
        texts = held.enter_context(store.connect())
        texts.execute("BEGIN")
        texts.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the moment begins here
        return FrozenLog(
            checkpoint=Checkpoint(
                path=str(chain.folder / head.file), records=head.records, head=head.head
            ),
            head=chain.head_file.read_bytes(),
            sizes={path.name: path.stat().st_size for path in chain.files()},
            texts=texts,
        )
