"""The models of a bundle: verified where they stand, then copied with the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.model_files import EXPORT_DIR, files_of
from assistant.model_manifest import LOCAL, MANIFEST, Model, ensure_verified, manifest_path
from assistant.workspace import Workspace


def copy_models(
    workspace: Workspace,
    names: Sequence[str],
    folder: Path,
    advance: Callable[[int, int], None],
) -> list[Model]:
    """Copy models with their exports, and the manifests that name them.

    Args:
        workspace: Whose models they are.
        names: Of the manifest.
        folder: Existing, empty.
        advance: Called with bytes copied and bytes in all.

    Raises:
        ModelUnknown: No manifest names one of them.
        ModelMissing: One is not on this machine.
        ModelCorrupt: One is not what the manifest says.
    """
    source = workspace.settings.models_folder
    models = [workspace.manifest.get(name) for name in dict.fromkeys(names)]
    files = [file for model in models for file in _files(ensure_verified(model, source))]
    total, done = sum(file.stat().st_size for file in files), 0
    for file in files:
        target = folder / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        done += file.stat().st_size
        advance(done, total)
    shutil.copyfile(manifest_path(source), folder / MANIFEST)
    if (source / LOCAL).is_file():
        shutil.copyfile(source / LOCAL, folder / LOCAL)
    return models


def _files(path: Path) -> list[Path]:
    export = path / EXPORT_DIR
    exported = sorted(export.iterdir()) if export.is_dir() else []
    return [*files_of(path), *exported]
