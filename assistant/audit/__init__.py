"""An append-only log that cannot be quietly changed, and that can forget.

``index/audit/`` holds one JSON Lines file a month (the chain, `record`), its head
apart (`chain`), and a SQLite store of the texts that the chain only has hashes of
(`payloads`). `log.AuditLog` is the way in; `diagnosis` names what was changed.
"""

from assistant.audit.findings import Change, Checkpoint
from assistant.audit.forgetting import Erased, Retention
from assistant.audit.log import AuditLog
from assistant.audit.reading import Summary
from assistant.audit.record import Entry
from assistant.audit.verifying import Verification

__all__ = [
    "AuditLog",
    "Change",
    "Checkpoint",
    "Entry",
    "Erased",
    "Retention",
    "Summary",
    "Verification",
]
