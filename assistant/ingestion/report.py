"""What an ingestion says while it runs, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from assistant.errors import DocumentError
from assistant.records import Energy
from assistant.wording import Words

Progress = Callable[[Words, int, int], None]
"""Told what is being done, how much of it is done, and out of how much."""

READING = Words("Lecture", "Reading")
EMBEDDING = Words("Vectorisation", "Embedding")
PUBLISHING = Words("Publication", "Publishing")


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be taken in, why, and what to do about it."""

    path: str
    error: str
    remedy: str


@dataclass(slots=True)
class IngestionReport:
    """What one ingestion did: documents, but for ``passages`` (of what was added or updated).

    ``stopped``: it was asked to stop before the end. Nothing was published then, so that
    nothing is added, updated or removed; what was read waits for the next one.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0
    seconds: float = 0.0
    stopped: bool = False
    energy: Energy | None = None  # of an ingestion that changed something, where it can be known

    def refuse(self, path: str, error: DocumentError) -> None:
        """Note a file that could not be taken in."""
        self.failed.append(Failure(path, str(error.message), str(error.remedy)))

    def as_json(self) -> dict[str, object]:
        """The report of the command contract; ``stopped`` is there only when it was."""
        told = asdict(self)
        del told["energy"]  # in the audit log; the contract's keys stay what they were
        if not self.stopped:
            del told["stopped"]
        return told
