"""How the corpus stands, from the catalogue and one look at its folder.

No document is read or hashed for it: a file whose size and time are those it was hashed
with is the file that was hashed. What waits is what an ingestion would read again, by the
rule that the ingestion itself applies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from os import stat_result
from pathlib import Path

from assistant.catalogue import (
    Catalogue,
    Change,
    FailedFile,
    Happening,
    StoredDocument,
    collection_of_path,
    is_hidden,
)
from assistant.corpus_scope import Source
from assistant.errors import DocumentError
from assistant.ingestion.recipe import recipe_of, still_holds
from assistant.ingestion.rows import CorpusRow, CorpusState, State
from assistant.metadata import corpus_files
from assistant.metadata.said import one_line, read_collection, read_sidecar
from assistant.metadata.walk import is_there, nearest_collection_file, sidecar_of
from assistant.wording import Words
from assistant.workspace import Workspace

_INGEST = Words("Lancez l’ingestion.", "Run the ingestion.")
_NEW = Words("Nouveau fichier.", "New file.")
_CHANGED = Words("Le fichier a changé depuis sa lecture.", "The file changed since it was read.")
_DESCRIBED = Words(
    "Sa description ou les réglages ont changé depuis sa lecture.",
    "Its description or the settings changed since it was read.",
)
_READ = Words("Lu, pas encore publié.", "Read, not published yet.")
_LOST = Words(
    "Son fichier n’est plus dans le corpus : le document sortira à la prochaine ingestion.",
    "Its file is not in the corpus any more: the document leaves at the next ingestion.",
)
_PUT_BACK = Words("Remettez le fichier à sa place.", "Put the file back in its place.")
_ASIDE = Words("Retiré ; son fichier est là.", "Withdrawn; its file is there.")
_READMIT = Words("Remettez-le pour l’employer de nouveau.", "Bring it back to use it again.")
_ASIDE_AND_LOST = Words(
    "Retiré ; son fichier n’est plus dans le corpus.",
    "Withdrawn; its file is not in the corpus any more.",
)
_UPLOAD = Words("Déposez le fichier de nouveau.", "Upload the file again.")


def corpus_state(workspace: Workspace, hidden: frozenset[str] = frozenset()) -> CorpusState:
    """List documents and files with the state of each; a running ingestion is not disturbed.

    Args:
        workspace: Where.
        hidden: Collections of which nothing may be shown. A file that was never taken in is
            of its folder and of the collection its description gives; where that cannot be
            read, it is shown only to those from whom nothing is hidden.
    """
    look = _Look(workspace, _Known.of(workspace.catalogue), hidden)
    rows = [*look.published(), *look.waiting(), *look.failed(), *look.withdrawn()]
    rows.sort(key=lambda row: (row.collection, row.path))  # stable: states keep this order
    return CorpusState(generation=look.generation, rows=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the catalogue held at one moment, by path."""

    generation: int
    published: dict[str, StoredDocument]
    pending: dict[str, StoredDocument]
    failures: dict[str, FailedFile]
    withdrawn: set[str]
    last: dict[str, Change]
    hashes: dict[str, tuple[int, int, str]]

    @classmethod
    def of(cls, catalogue: Catalogue) -> _Known:
        with catalogue.at_one_moment():
            generation = catalogue.generation
            return cls(
                generation=generation,
                published={s.document.path: s for s in catalogue.documents(generation)},
                pending={s.document.path: s for s in catalogue.pending()},
                failures={failed.path: failed for failed in catalogue.failures()},
                withdrawn=catalogue.withdrawn(),
                last=catalogue.last_changes(),
                hashes=catalogue.known_hashes(),
            )


class _Look:
    """One look at the corpus folder, beside what is known of it."""

    def __init__(self, workspace: Workspace, known: _Known, hidden: frozenset[str]) -> None:
        self._workspace = workspace
        self._known = known
        self._hidden = hidden
        self._root = workspace.settings.corpus_folder.resolve()
        self._recipe = recipe_of(workspace)
        listed = (Source(f, f.relative_to(self._root).as_posix()) for f in corpus_files(self._root))
        self._files = {source.shown: source for source in listed}
        self._alike: dict[Path, str] = {}

    @property
    def generation(self) -> int:
        return self._known.generation

    def published(self) -> Iterator[CorpusRow]:
        for path, stored in self._known.published.items():
            if not self._is_hidden(path):
                there, last = path in self._files, self._known.last.get(path)
                yield CorpusRow(
                    path=path,
                    title=stored.document.title,
                    collection=stored.document.collection,
                    state=State.READY,
                    there=there,
                    document=stored.document,
                    pages=stored.document.page_count,
                    passages=stored.passages,
                    reason=None if there else _LOST,
                    remedy=None if there else _PUT_BACK,
                    since=None if last is None else last.when,
                )

    def waiting(self) -> Iterator[CorpusRow]:
        for path, source in self._files.items():
            try:
                stat = source.file.stat()
            except OSError:
                continue  # gone since it was listed
            why = self._why_it_waits(source, stat)
            if why is None or self._is_hidden(path, as_described=True):
                continue
            read = self._known.pending.get(path) if why is _READ else None
            yield CorpusRow(
                path=path,
                title=read.document.title if read else self._title(path),
                collection=read.document.collection if read else self._collection(path),
                state=State.PENDING,
                there=True,
                document=None if read is None else read.document,
                pages=read.document.page_count if read else 0,
                passages=read.passages if read else 0,
                reason=why,
                remedy=_INGEST,
                since=_moment(stat),
            )

    def failed(self) -> Iterator[CorpusRow]:
        for path, failed in self._known.failures.items():
            if not self._is_hidden(path, as_described=True):
                yield CorpusRow(
                    path=path,
                    title=self._title(path),
                    collection=self._collection(path),
                    state=State.FAILED,
                    there=path in self._files,
                    reason=failed.error,
                    remedy=failed.remedy,
                    since=failed.since,
                )

    def withdrawn(self) -> Iterator[CorpusRow]:
        for path in self._known.withdrawn:
            if not self._is_hidden(path, as_described=True):
                there, last = path in self._files, self._known.last.get(path)
                left = last is not None and last.what is Happening.WITHDRAWN
                yield CorpusRow(
                    path=path,
                    title=self._title(path),
                    collection=self._collection(path),
                    state=State.WITHDRAWN,
                    there=there,
                    reason=_ASIDE if there else _ASIDE_AND_LOST,
                    remedy=_READMIT if there else _UPLOAD,
                    since=last.when if last is not None and left else None,
                )

    def _why_it_waits(self, source: Source, stat: stat_result) -> Words | None:
        """What an ingestion would do with a file; ``None``: nothing, or nothing but fail again."""
        path = source.shown
        failed = self._known.failures.get(path)
        if path in self._known.withdrawn:
            return None
        if failed is not None and (failed.size, failed.mtime_ns) == _stamp(stat):
            return None
        pending, published = self._known.pending.get(path), self._known.published.get(path)
        if pending is not None and self._difference(source, stat, pending) is None:
            return _READ
        return _NEW if published is None else self._difference(source, stat, published)

    def _difference(
        self, source: Source, stat: stat_result, stored: StoredDocument
    ) -> Words | None:
        """Why a version would be read again, if it would."""
        size, mtime_ns, sha256 = self._known.hashes.get(source.path, (None, None, ""))
        if (size, mtime_ns) != _stamp(stat) or sha256 != stored.document.sha256:
            return _CHANGED
        try:
            now = replace(source, sha256=sha256, described_by=self._described_by(source))
        except DocumentError:
            return _CHANGED
        return None if still_holds(stored, now, self._recipe) else _DESCRIBED

    def _described_by(self, source: Source) -> str:
        """Hash of what describes a file whose own hash is known, so that it is not read.

        The files of one folder that have no sidecar are all described alike.
        """
        folder = source.file.parent
        if is_there(sidecar_of(source.file)):
            return self._hashed(source).described_by
        if folder not in self._alike:
            self._alike[folder] = self._hashed(source).described_by
        return self._alike[folder]

    def _hashed(self, source: Source) -> Source:
        return source.hashed(self._workspace.catalogue, self._workspace.settings)

    def _title(self, path: str) -> str:
        published, last = self._known.published.get(path), self._known.last.get(path)
        if published is not None:
            return published.document.title
        return last.title if last is not None else one_line(path.rsplit("/", 1)[-1]) or path

    def _collection(self, path: str) -> str:
        published, last = self._known.published.get(path), self._known.last.get(path)
        if published is not None:
            return published.document.collection
        return last.collection if last is not None else collection_of_path(path)

    def _is_hidden(self, path: str, *, as_described: bool = False) -> bool:
        """Whether nothing of a path may be shown.

        Args:
            path: As it is shown.
            as_described: Ask also what now describes the file, which no version may hold yet.
        """
        if not self._hidden:
            return False
        versions = (self._known.published.get(path), self._known.pending.get(path))
        known = {stored.document.collection for stored in versions if stored is not None}
        if (last := self._known.last.get(path)) is not None:
            known.add(last.collection)
        if is_hidden(self._hidden, path, *known):
            return True
        if not as_described or path not in self._files:
            return False
        try:
            return is_hidden(self._hidden, path, self._described(self._files[path]))
        except DocumentError:
            return True

    def _described(self, source: Source) -> str | None:
        """The collection that a sidecar or a collection file gives."""
        own = read_sidecar(sidecar_of(source.file)).get("collection")
        shared = nearest_collection_file(source.file, self._root)
        return own or (read_collection(shared, source.file).get("collection") if shared else None)


def _stamp(stat: stat_result) -> tuple[int, int]:
    return stat.st_size, stat.st_mtime_ns


def _moment(stat: stat_result) -> datetime | None:
    """The file's time on disk; a file system may hold any number there."""
    try:
        return datetime.fromtimestamp(stat.st_mtime, UTC)
    except (OverflowError, ValueError, OSError):
        return None
