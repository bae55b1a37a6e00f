"""Which files of a folder are documents, and which files beside them describe them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

COLLECTION_FILE = "collection.toml"
_SIDECAR_SUFFIX = ".toml"
_README = "readme.md"
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})


def corpus_files(root: Path) -> Iterator[Path]:
    """The documents below ``root``, in an order that repeats.

    Left out: hidden names, names that begin with ``_``, TOML files (they describe),
    lock files of office programs, the README of the root, and links that lead
    outside. Links to folders are not followed: what they lead to inside the root is
    found where it stands, so that no file comes twice and no loop is entered.
    """
    try:
        inside = root.resolve(strict=True)
    except (OSError, RuntimeError):
        return
    waiting = _entries(root)
    while waiting:
        path = waiting.pop()
        if path.is_symlink():
            if _leads_to_a_file_of(path, inside):
                yield path
        elif path.is_dir():
            waiting.extend(_entries(path))
        elif path.is_file() and not (path.parent == root and path.name.casefold() == _README):
            yield path


def description_files(path: Path, root: Path) -> list[Path]:
    """The files that exist and say something of a document: sidecar, then collection file."""
    found = [sidecar_of(path), nearest_collection_file(path, root)]
    return [file for file in found if file is not None and is_there(file)]


def is_there(file: Path) -> bool:
    """True for a file; False also when the name is too long for one to exist."""
    try:
        return file.is_file()
    except OSError:
        return False


def sidecar_of(path: Path) -> Path:
    """``rapport.pdf`` is described by ``rapport.pdf.toml``."""
    return path.with_name(f"{path.name}{_SIDECAR_SUFFIX}")


def nearest_collection_file(path: Path, root: Path) -> Path | None:
    """The ``collection.toml`` of the nearest folder above ``path``, up to the root."""
    for folder in path.parents:
        if not folder.is_relative_to(root):
            return None
        if (file := folder / COLLECTION_FILE).is_file():
            return file
    return None


def _entries(folder: Path) -> list[Path]:
    """What counts in a folder, last first."""
    try:
        return sorted((path for path in folder.iterdir() if not _left_out(path.name)), reverse=True)
    except OSError:
        return []  # removed or closed to us meanwhile: there is nothing to read in it


def _left_out(name: str) -> bool:
    return (
        name.startswith((".", "_", "~$"))
        or name.endswith("~")
        or name.casefold().endswith(_SIDECAR_SUFFIX)
        or name.casefold() in _SYSTEM_FILES
    )


def _leads_to_a_file_of(link: Path, inside: Path) -> bool:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # broken, or a loop
        return False
    if not target.is_relative_to(inside) or not target.is_file():
        return False
    return not any(_left_out(part) for part in target.relative_to(inside).parts)
