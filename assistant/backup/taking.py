"""Taking a backup: one moment of every store, then their bytes, then the documents.

The order makes the whole consistent. The log is fixed first and the catalogue last, so that
whatever an answer cites is in the catalogue; the documents come after it, and one that changed
since it was read is simply read again by the next ingestion, as on the running workspace.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.accounts.sessions import end_all_sessions
from assistant.audit.freezing import FrozenLog
from assistant.backup import manifest as names
from assistant.backup import refusals as refuse
from assistant.backup.collecting import LeftOut, Listed, Unsettled, corpus_listing, settled
from assistant.backup.freezing import copy, frozen
from assistant.backup.manifest import BackupManifest, ModelNamed
from assistant.backup.writing import Archive, writing
from assistant.errors import AssistantError
from assistant.scratch import scratch, sync_folder
from assistant.settings import FILE_NAME
from assistant.wording import Words
from assistant.workspace import Workspace

COPYING = Words("Sauvegarde", "Backup")
_SCRATCH = ".assistant-backup-"

Progress = Callable[[Words, int, int], None]
"""Told what is being done, bytes done, and out of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was made.

    ``bytes`` and ``sha256`` are those of the archive; ``records`` and ``head`` the checkpoint of
    the audit log in it, to be deposited elsewhere.
    """

    archive: Path
    bytes: int
    sha256: str
    members: int
    documents: int
    records: int
    head: str
    left_out: tuple[LeftOut, ...]
    seconds: float


def back_up(
    workspace: Workspace, destination: Path, *, progress: Progress = lambda *_: None
) -> BackedUp:
    """Write the whole workspace into one archive, while it is in use.

    Args:
        workspace: Where; no writer and no answer waits.
        destination: A file that does not exist (``.tar``: not compressed; else gzip), or a
            folder, in which the name is dated.
        progress: Called as bytes are copied.

    Raises:
        BackupError: It cannot be written there, or a store is damaged.
        AuditError: The log was altered, or another process holds it for 30 seconds.
    """
    began = time.monotonic()
    place = _place(workspace, destination)
    try:
        with scratch(place.parent, _SCRATCH) as room:
            draft = room / "archive"
            taking = _Taking(workspace, room, progress)
            with writing(draft, compressed=place.suffix != ".tar") as (archive, sha256):
                manifest = taking.write(archive)
            if place.exists():
                raise refuse.archive_exists(place)
            draft.rename(place)
            sync_folder(place.parent)
    except AssistantError:
        raise  # one of them is an OSError too
    except OSError as error:
        raise refuse.not_written(place, error.strerror or error) from error
    return BackedUp(
        archive=place,
        bytes=place.stat().st_size,
        sha256=sha256(),
        members=len(manifest.members),
        documents=sum(name.startswith("corpus/") for name in manifest.members),
        records=manifest.records,
        head=manifest.head,
        left_out=tuple(taking.left_out),
        seconds=round(time.monotonic() - began, 2),
    )


def _place(workspace: Workspace, destination: Path) -> Path:
    place = destination.absolute()
    if place.is_dir():
        name = workspace.settings.workspace.resolve().name or "assistant"
        place /= f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.gz"
    if place.exists():
        raise refuse.archive_exists(place)
    if not place.parent.is_dir():
        raise refuse.not_written(place, place.parent)
    for folder in (workspace.settings.corpus_folder, workspace.settings.index_folder):
        if place.parent.resolve().is_relative_to(folder.resolve()):
            raise refuse.inside(place, folder)
    return place


class _Taking:
    """One backup under way.

    Args:
        workspace: Where.
        room: Folder for copies that are in the archive a moment later.
        progress: Told of the bytes.
    """

    def __init__(self, workspace: Workspace, room: Path, progress: Progress) -> None:
        self._workspace = workspace
        self._room = room
        self._progress = progress
        self._done = self._total = 0
        self.left_out: list[LeftOut] = []

    def write(self, archive: Archive) -> BackupManifest:
        """Write every member, and the manifest."""
        settings = self._workspace.settings
        made = datetime.now(UTC)
        with ExitStack() as moment:
            log = moment.enter_context(self._workspace.audit.frozen())
            stores = {
                name: moment.enter_context(frozen(path))
                for name in (names.ACCOUNTS, names.DESKS, names.CATALOGUE)
                if (path := settings.index_folder / Path(name).name).is_file()
            }
            documents, self.left_out = corpus_listing(settings.corpus_folder)
            self._total = (
                sum(_size(base) for base in stores.values())
                + (_size(log.texts) if log.texts else 0)
                + sum(log.sizes.values())
                + sum(document.bytes for document in documents)
            )
            archive.add_file(names.SETTINGS, settings.workspace / FILE_NAME)
            for name in names.MODELS:
                if (path := settings.models_folder / Path(name).name).is_file():
                    archive.add_file(name, path)
            self._write_log(archive, log, made)
            for name, base in stores.items():
                self._write_store(archive, name, base)
        for document in documents:
            self._write_document(archive, document)
        manifest = BackupManifest(
            program=self._workspace.program_version,
            made=made,
            records=log.checkpoint.records,
            head=log.checkpoint.head,
            models=self._models(),
            members=archive.members,
        )
        archive.end(manifest)
        return manifest

    def _write_log(self, archive: Archive, log: FrozenLog, made: datetime) -> None:
        for name, size in log.sizes.items():
            path = self._workspace.audit.folder / name
            archive.add_file(f"{names.AUDIT}/{name}", path, size)
            self._advance(size)
        if log.texts is not None:
            archive.add_bytes(names.HEAD, log.head, int(made.timestamp()) * 10**9)
            self._write_store(archive, names.TEXTS, log.texts)

    def _write_store(self, archive: Archive, name: str, base: sqlite3.Connection) -> None:
        copied = self._room / Path(name).name
        scrub = end_all_sessions if name == names.ACCOUNTS else None
        copy(base, copied, self._advance, scrub=scrub)
        archive.add_file(name, copied)
        copied.unlink()

    def _write_document(self, archive: Archive, document: Listed) -> None:
        try:
            with settled(document.file, self._room) as (content, size, mtime_ns):
                archive.add(f"corpus/{document.path}", content, size, max(0, mtime_ns))
        except FileNotFoundError:
            pass  # removed since the listing: the next ingestion would take it out as well
        except Unsettled as error:
            self.left_out.append(LeftOut(document.path, error.why))
        self._advance(document.bytes)

    def _models(self) -> tuple[ModelNamed, ...]:
        chosen = self._workspace.settings.models
        known = {model.name: model for model in self._workspace.manifest.models}
        return tuple(
            ModelNamed(name=name, sha256=known[name].sha256)
            for name in (chosen.embedding, chosen.language)
            if name in known
        )

    def _advance(self, count: int) -> None:
        self._done += count
        self._progress(COPYING, min(self._done, self._total), self._total)


def _size(base: sqlite3.Connection) -> int:
    """Bytes of a store."""
    pages = base.execute("PRAGMA page_count").fetchone()[0]
    return int(pages) * int(base.execute("PRAGMA page_size").fetchone()[0])
