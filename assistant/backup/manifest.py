"""What an archive says of itself at its end: each file with its size and sha256.

Names in an archive are those of a workspace with the usual folders, whatever its
``assistant.toml`` calls them. The list of what may stand outside ``corpus/`` is closed.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

MANIFEST: Final = "MANIFEST.json"
SEAL: Final = "MANIFEST.sha256"  # as `sha256sum --check` reads it
MAX_MANIFEST_BYTES: Final = 256 << 20  # about a million files
SETTINGS: Final = "assistant.toml"
AUDIT: Final = "index/audit"
TEXTS: Final = f"{AUDIT}/payloads.sqlite3"
HEAD: Final = f"{AUDIT}/head.json"
CATALOGUE: Final = "index/catalogue.sqlite3"
ACCOUNTS: Final = "index/accounts.sqlite3"
DESKS: Final = "index/desks.sqlite3"
MODELS: Final = ("models/manifest.toml", "models/local.toml")

_FIXED: Final = frozenset({SETTINGS, TEXTS, HEAD, CATALOGUE, ACCOUNTS, DESKS, *MODELS})
_MONTH: Final = re.compile(re.escape(AUDIT) + r"/\d{4}-\d{2}\.jsonl")
_NO_NAMES: Final = frozenset({"", ".", ".."})

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(_Strict):
    """One file; ``mtime_ns`` is put back, so that an ingestion need not hash it again."""

    bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256
    mtime_ns: Annotated[int, Field(ge=0, lt=2**63)]


class ModelNamed(_Strict):
    """A model that the workspace uses; its weights are not in the archive."""

    name: str
    sha256: Sha256


class BackupManifest(_Strict):
    """What follows the files in an archive; only its own sha256 comes after it.

    ``records`` and ``head`` are the checkpoint of the audit log at that moment.
    """

    format: Literal[1] = 1
    program: str
    made: datetime
    records: Annotated[int, Field(ge=0)]
    head: Sha256
    models: tuple[ModelNamed, ...]
    members: dict[str, Member]

    @property
    def bytes(self) -> int:
        """All files together."""
        return sum(member.bytes for member in self.members.values())


def seal_of(manifest: bytes) -> bytes:
    """The last member: the manifest's hash, so that a damaged one is not believed."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode("ascii")


def has_a_place(name: str) -> bool:
    """True for a name that a workspace has, and that stays in it."""
    if name in _FIXED or _MONTH.fullmatch(name):
        return True
    first, *rest = name.split("/")
    return first == "corpus" and bool(rest) and "\0" not in name and _NO_NAMES.isdisjoint(rest)
