"""What two machines must have in common to make the same index.

The program's own source is compared, not its version alone; so are the libraries that
text and vectors come from, the character recognition, and the model's bytes.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import assistant
from assistant.model_files import EXPORT_DIR, EXPORT_NOTE
from assistant.model_manifest import Model, ensure_verified
from assistant.wording import Words

_LIBRARIES = (
    "beautifulsoup4",
    "charset-normalizer",
    "lxml",
    "markdown-it-py",
    "odfdo",
    "onnxruntime",
    "pypdf",
    "pypdfium2",
    "python-docx",
    "srt",
    "tokenizers",
    "webvtt-py",
)
_SOURCE = (
    "cluster/*.py",
    "embedding/*.py",
    "french/*.py",
    "ingestion/preparing.py",
    "metadata/*.py",
    "passages.py",
    "reading/**/*.py",
    "records.py",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What one machine reads and embeds with, each as one line."""

    program: str
    libraries: tuple[str, ...]
    recognition: str
    model: str

    def differences(self, here: Equipment) -> Iterator[tuple[Words, str, str]]:
        """What would make another index: what it is, as it is on that machine, as it is here."""
        if self.program != here.program:
            yield Words("programme", "program"), self.program, here.program
        for there, mine in zip(self.libraries, here.libraries, strict=True):
            if there != mine:
                yield Words("bibliothèque", "library"), there, mine
        if self.recognition != here.recognition:
            name = Words("reconnaissance de caractères", "character recognition")
            yield name, self.recognition, here.recognition
        if self.model != here.model:
            yield Words("modèle de plongement", "embedding model"), self.model, here.model


def equipment(model: Model, models_folder: Path) -> Equipment:
    """Look at this machine; the model's files are hashed unless a receipt says they were.

    Args:
        model: The embedding model, as the writer's manifest has it.
        models_folder: Where it stands on this machine.

    Raises:
        ModelMissing: It is not there.
        ModelCorrupt: Its hash is not the expected one.
    """
    folder = ensure_verified(model, models_folder)
    return Equipment(
        program=f"{importlib.metadata.version('assistant-documentaire')}+{_source_hash()}",
        libraries=tuple(f"{name} {_version(name)}" for name in _LIBRARIES),
        recognition=_recognition(),
        model=f"{model.name} {_export_hash(folder)}",
    )


def _source_hash() -> str:
    """Of the source that reads, cuts and embeds: two checkouts of one version are told apart."""
    root = Path(assistant.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(file for pattern in _SOURCE for file in root.glob(pattern)):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _export_hash(folder: Path) -> str:
    """Of the verified note of what the engine runs: one model is not always exported alike."""
    noted = json.loads((folder / EXPORT_DIR / EXPORT_NOTE).read_text(encoding="utf-8"))
    files = json.dumps(noted["files"], sort_keys=True)
    return hashlib.sha256(files.encode()).hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "-"


def _recognition() -> str:
    program = shutil.which("tesseract")
    if program is None:
        return "-"
    said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    languages = " ".join(said.stdout.split("\n")[1:]).strip()
    return f"{version.stdout.splitlines()[0] if version.stdout else '?'} ({languages})"
