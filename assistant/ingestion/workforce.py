"""Who reads and embeds for an ingestion: this process, or machines of the premises.

The run asks, keeps what comes and publishes it; it does not know who worked.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import Protocol

from assistant.catalogue import StoredPassage
from assistant.corpus_scope import Source
from assistant.embedding import PassageVectors
from assistant.errors import DocumentError
from assistant.ingestion.preparing import Prepared, embed, prepare
from assistant.reading.isolated import read_each
from assistant.workspace import Workspace

Stop = Callable[[], bool]


class Workforce(Protocol):
    """Reads documents, and embeds passages that an earlier run read."""

    @property
    def at_once(self) -> int:
        """Passages that `embed` is best given together."""

    def take(
        self, sources: Sequence[Source], stop: Stop
    ) -> Generator[tuple[Source, Prepared | DocumentError]]:
        """Each source with what came of it, as it is done, in any order; fewer when stopped."""

    def embed(
        self, passages: Sequence[StoredPassage], stop: Stop
    ) -> Generator[tuple[Sequence[StoredPassage], list[PassageVectors]]]:
        """The vectors of all of them, some at a time; fewer when stopped."""


class ThisProcess:
    """Reads ahead in a process of its own, file after file; embeds here, across documents."""

    at_once = 128

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def take(
        self, sources: Sequence[Source], stop: Stop
    ) -> Generator[tuple[Source, Prepared | DocumentError]]:
        """In the order given, without vectors; see `Workforce.take`."""
        _ = self._workspace.embedder  # its absence is told before anything is read
        settings = self._workspace.settings
        root = settings.corpus_folder.resolve()
        timeout_s = settings.limits.reader_timeout_s
        # closed at once on the way out: the reader's process ends with it, whatever it reads
        with closing(
            read_each((source.file for source in sources), timeout_s=timeout_s, stop=stop)
        ) as read:
            for source, (_, outcome) in zip(sources, read, strict=False):
                if isinstance(outcome, DocumentError):
                    yield source, outcome
                    continue
                try:
                    prepared = prepare(source, root, outcome, settings.passages)
                except DocumentError as error:
                    yield source, error
                else:
                    yield source, prepared

    def embed(
        self, passages: Sequence[StoredPassage], stop: Stop
    ) -> Generator[tuple[Sequence[StoredPassage], list[PassageVectors]]]:
        """All at once; see `Workforce.embed`."""
        yield passages, embed(self._workspace.embedder, [stored.passage for stored in passages])
