"""The bytes of a model on this machine: their hash, and a receipt that spares hashing them again.

A folder's hash is the sha256 of one line ``<sha256>  <relative path>`` per file,
sorted by path. What was exported from the folder (``onnx/``) stays out of it:
the bytes of an export change with the exporter's version, those of a model do not.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""

EXPORT_DIR = "onnx"
EXPORT_FILE = "model.onnx"
EXPORT_NOTE = "export-2.json"  # an earlier export gives no token vectors: it is made again

_CHUNK = 1 << 20


def silent(done: int, total: int) -> None:
    """A progress that shows nothing."""


def sha256_of_file(path: Path, advance: Callable[[int], None] | None = None) -> str:
    """The hexadecimal sha256 of a file; ``advance`` is called with the size of each chunk read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if advance is not None:
                advance(len(chunk))
    return digest.hexdigest()


def files_of(path: Path) -> list[Path]:
    """The files that make a model: itself, or a folder's files sorted by relative path.

    Hidden files and the export stay out.
    """
    if path.is_file():
        return [path]
    found = []
    for parent, folders, names in os.walk(path):
        here = Path(parent)
        folders[:] = [f for f in folders if not f.startswith(".")]
        if here == path:
            folders[:] = [f for f in folders if f != EXPORT_DIR]
        found += [here / name for name in names if not name.startswith(".")]
    return sorted(found, key=lambda file: file.relative_to(path).as_posix())


def size_of(path: Path) -> int:
    """Bytes of a model's file, or of all the files of its folder."""
    return sum(file.stat().st_size for file in files_of(path))


def sha256_of(path: Path, progress: Progress = silent) -> str:
    """The hash of a model's file or folder, as the manifest states it."""
    total = size_of(path)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    if path.is_file():
        return sha256_of_file(path, advance)
    lines = (
        f"{sha256_of_file(file, advance)}  {file.relative_to(path).as_posix()}\n"
        for file in files_of(path)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def receipt_path(path: Path) -> Path:
    """Where the receipt of a model stands: beside it."""
    return path.with_name(path.name + ".receipt.json")


def write_receipt(path: Path, sha256: str) -> None:
    """Note that these files, with these sizes and times, were found to have this hash."""
    text = json.dumps({"sha256": sha256, "files": _stamps(path)}, indent=1)
    target = receipt_path(path)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(target)


def forget_receipt(path: Path) -> None:
    """Drop the receipt: the next use hashes again."""
    receipt_path(path).unlink(missing_ok=True)


def receipt_holds(path: Path, sha256: str) -> bool:
    """True when the receipt gives this hash and no file has changed size or time since."""
    try:
        noted = json.loads(receipt_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        isinstance(noted, dict)
        and noted.get("sha256") == sha256
        and noted.get("files") == _stamps(path)
    )


def _stamps(path: Path) -> dict[str, list[int]]:
    files = files_of(path)
    export = path / EXPORT_DIR
    if export.is_dir():
        files += sorted(file for file in export.iterdir() if file.is_file())
    stamps = {}
    for file in files:
        stat = file.stat()
        name = "." if file == path else file.relative_to(path).as_posix()
        stamps[name] = [stat.st_size, stat.st_mtime_ns]
    return stamps
