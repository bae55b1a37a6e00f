"""The hash of every file of a bundle, in the two forms that check them before they are used."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from assistant.bundling.pins import Pin
from assistant.model_files import sha256_of_file

SUMS: Final = "SHA256SUMS"


def requirements(pins: Iterable[Pin], wheels: Path, own: str) -> str:
    """What pip installs: each package at its version, and of that the one wheel that is here.

    With ``--require-hashes`` pip refuses any other file, whatever was put beside it.

    Args:
        pins: All packages but this program.
        wheels: Folder of the wheels.
        own: Name of this program's distribution; its wheel is there too.
    """
    by_name = {_distribution(file): file for file in sorted(wheels.glob("*.whl"))}
    lines = []
    for name, version in (*((pin.name, pin.version) for pin in pins), (own, "")):
        file = by_name[name]
        version = version or file.name.split("-")[1]
        lines.append(f"{name}=={version} --hash=sha256:{sha256_of_file(file)}\n")
    return "".join(lines)


def write_sums(folder: Path) -> str:
    """Write ``SHA256SUMS`` over every file below the folder; its own sha256 is returned."""
    files = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    lines = (f"{sha256_of_file(folder / name)}  {name}\n" for name in files if name != SUMS)
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    return sha256_of_file(folder / SUMS)


def _distribution(wheel: Path) -> str:
    """The canonical name that a wheel's file name begins with."""
    return wheel.name.split("-")[0].replace("_", "-").replace(".", "-").lower()
