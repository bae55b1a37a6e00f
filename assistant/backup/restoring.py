"""A workspace brought back: checked, made whole beside its place, then moved there in one step."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.audit import Checkpoint
from assistant.audit.verifying import Verification
from assistant.backup import refusals as refuse
from assistant.backup.manifest import MODELS, BackupManifest
from assistant.backup.reading import check, extract
from assistant.errors import AssistantError
from assistant.scratch import scratch, sync_folder
from assistant.settings import FILE_NAME, Settings, commented_toml, load_settings
from assistant.settings_sections import PathSettings
from assistant.wording import Words
from assistant.workspace import Workspace

CHECKING = Words("Vérification", "Checking")
EXTRACTING = Words("Restauration", "Restoring")
REBUILDING = Words("Reconstruction des index", "Rebuilding the indexes")
FORMER_SETTINGS = "assistant.toml.former"
_SPARE_BYTES = 64 << 20

Progress = Callable[[Words, int, int], None]
"""Told what is being done, how much is done, and out of how much (bytes, but for the indexes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A workspace that was brought back.

    ``audit`` is the verification of the log against the checkpoint in the archive: when it finds
    something, the log had been altered before the backup. ``missing`` names models to be fetched.
    """

    workspace: Path
    manifest: BackupManifest
    documents: int
    generation: int
    audit: Verification
    missing: tuple[str, ...]
    seconds: float


def restore(
    archive: Path,
    target: Path,
    *,
    models: Path | None = None,
    progress: Progress = lambda *_: None,
    known: Callable[[Settings], None] = lambda _: None,
) -> Restored:
    """Make a workspace of an archive. Documents are not read again, nor embedded.

    Args:
        archive: As `back_up` wrote it.
        target: A folder that does not exist, or an empty one.
        models: Folder of models to share; by default the one that the settings name if it is
            on this machine, else ``models`` of the workspace.
        progress: Called as work goes on.
        known: Called with the settings before the indexes are rebuilt: a vector server that
            they name can then be reached.

    Raises:
        ArchiveRefused: It is damaged, or is not what this program writes.
        BackupError: The target is taken, or cannot be written.
        SettingsError: Its ``assistant.toml`` is not for this version.
        SearchIndexError: The vector server that its settings name does not take its vectors.
    """
    began = time.monotonic()
    place = target.absolute()
    _refuse_taken(place)
    manifest = check(archive, lambda done, total: progress(CHECKING, done, total))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _require_room(place.parent, manifest)
        with scratch(place.parent, f".{place.name}.restoring-") as room:
            home = room / "workspace"
            home.mkdir(mode=0o700)
            extract(archive, manifest, home, lambda done, total: progress(EXTRACTING, done, total))
            _settle_folders(home, models)
            workspace = Workspace.open(home)
            known(workspace.settings)
            restored = _made_whole(workspace, manifest, progress)
            os.sync()
            _refuse_taken(place)
            home.rename(place)  # takes the place of an empty folder, of no other
            sync_folder(place.parent)
    except AssistantError:
        raise  # one of them is an OSError too
    except OSError as error:
        raise refuse.not_written(place, error.strerror or error) from error
    documents, generation, audit, missing = restored
    return Restored(
        workspace=place,
        manifest=manifest,
        documents=documents,
        generation=generation,
        audit=audit,
        missing=missing,
        seconds=round(time.monotonic() - began, 2),
    )


def _refuse_taken(place: Path) -> None:
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise refuse.taken(place)
    if place.is_dir() and next(place.iterdir(), None) is not None:
        raise refuse.taken(place)


def _require_room(folder: Path, manifest: BackupManifest) -> None:
    need = 2 * manifest.bytes + _SPARE_BYTES  # the indexes are smaller than the catalogue
    free = shutil.disk_usage(folder).free
    if free < need:
        raise refuse.no_room(folder, need, free)


def _settle_folders(home: Path, models: Path | None) -> None:
    """Have the settings name the folders that are there; a file that must change is kept aside.

    An absolute path of another machine would lead the restored workspace to folders that are
    not its own: nothing but the models may lie elsewhere.
    """
    settings = load_settings(home)
    for name in ("corpus", "index"):
        (home / name).mkdir(exist_ok=True, mode=0o700)
    paths = PathSettings(models=_models_path(settings, models))
    if paths.models != PathSettings().models:
        for name in MODELS:
            (home / name).unlink(missing_ok=True)
        shutil.rmtree(home / "models", ignore_errors=True)
    else:
        (home / "models").mkdir(exist_ok=True, mode=0o700)
    if paths != settings.paths:
        file = home / FILE_NAME
        file.rename(home / FORMER_SETTINGS)
        file.write_text(
            commented_toml(settings.model_copy(update={"paths": paths})), encoding="utf-8"
        )


def _models_path(settings: Settings, models: Path | None) -> str:
    if models is not None:
        return str(models.absolute())
    named = Path(settings.paths.models)
    if named.is_absolute() and named.is_dir():
        return str(named)
    return PathSettings().models


def _made_whole(
    workspace: Workspace, manifest: BackupManifest, progress: Progress
) -> tuple[int, int, Verification, tuple[str, ...]]:
    """Rebuild the indexes from the catalogue and verify the log, before anybody sees either."""
    with closing(workspace.catalogue) as catalogue:
        if catalogue.generation:
            progress(REBUILDING, 0, 1)
            with workspace.writing(), closing(workspace.generations_for_rebuild()) as generations:
                generations.publish(adds=[], retires=[], anew=True)
            progress(REBUILDING, 1, 1)
        generation = catalogue.generation
        documents = len(catalogue.documents(generation))
    point = Checkpoint(
        path=str(workspace.audit.folder), records=manifest.records, head=manifest.head
    )
    verified = workspace.audit.verify(point)
    settings = workspace.settings
    wanted = [settings.models.embedding]
    if settings.language_address is None:  # else a server has the language model
        wanted.append(settings.models.language)
    listed = {model.name for model in workspace.manifest.models}
    missing = tuple(name for name in wanted if name not in listed or not workspace.ready(name))
    return documents, generation, verified, missing
