"""Bring an administrator's folder of a model into the models folder: data only, never code."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.model_files import files_of

_DATA = frozenset({".json", ".safetensors", ".txt", ".model"})


def mirror_folder(source: Path, target: Path, *, link: bool) -> None:
    """Copy, or link one by one, the data files of a folder; the rest stays behind.

    Python files and pickled weights would run when loaded, so they are not taken.

    Args:
        source: The folder; its export and its hidden files are left out.
        target: Made here; must not exist.
        link: Make symbolic links instead of copies.
    """
    target.mkdir(parents=True)
    for file in files_of(source):
        if file.suffix not in _DATA:
            continue
        there = target / file.relative_to(source)
        there.parent.mkdir(parents=True, exist_ok=True)
        if link:
            there.symlink_to(file.resolve())
        else:
            shutil.copyfile(file, there)
