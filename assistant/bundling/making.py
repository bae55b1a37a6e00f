"""Making a bundle: wheels, models, the installer, and the hash of everything."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import sys
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.bundling import refusals as refuse
from assistant.bundling.pins import needed, pinned, project_root
from assistant.bundling.sums import requirements, write_sums
from assistant.bundling.weights import copy_models
from assistant.bundling.wheels import bring_wheels, build_own_wheel
from assistant.errors import AssistantError
from assistant.scratch import scratch, sync_folder
from assistant.settings import Settings
from assistant.wording import Words
from assistant.workspace import Workspace

WHEELS = Words("Paquets", "Packages")
MODELS = Words("Modèles", "Models")
HASHING = Words("Empreintes", "Hashes")
INSTALLER: Final = "install.sh"
_PAGE: Final = "LISEZMOI.md"
# How it is run once it is installed: beside the project's other pages.
_DEPLOYMENT: Final = (
    "deployment.md",
    "assistant.service",
    "assistant-backup.service",
    "assistant-backup.timer",
)
_OWN: Final = "assistant-documentaire"
_CPUINFO: Final = Path("/proc/cpuinfo")
# What llama.cpp may use when it is compiled for the processor at hand.
_INSTRUCTIONS: Final = re.compile(r"sse4_2|avx\w*|amx_\w+|bmi2|f16c|fma")

Progress = Callable[[Words, int, int], None]
"""Told what is being done, how much of it is done, and out of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A bundle that was made.

    ``bytes`` is the size of all its files; ``sha256`` that of its ``SHA256SUMS``, which vouches
    for all the others: to be sent by another way than the bundle.
    """

    folder: Path
    release: str
    packages: int
    models: tuple[str, ...]
    bytes: int
    sha256: str
    seconds: float


def make_bundle(
    workspace: Workspace,
    target: Path,
    *,
    models: Sequence[str] | None = None,
    torch: bool = True,
    only: Collection[str] | None = None,
    progress: Progress = lambda *_: None,
) -> Bundled:
    """Gather all that installs this program, and its models, without a network.

    Args:
        workspace: Whose models go along.
        target: A folder that does not exist.
        models: Names of the manifest; by default those that the settings name. None of them: ().
        torch: As for `pins.needed`.
        only: These packages instead of all that are needed: for a part of the program.
        progress: Called as work goes on.

    Raises:
        BundleError: The program does not run from a clone, pip failed, or nothing can be
            written there.
        ModelError: A model is unknown, missing or corrupt.
    """
    began = time.monotonic()
    place = target.absolute()
    root = project_root()
    if place.exists() or place.is_symlink():
        raise refuse.taken(place)
    pins = needed(root, torch=torch) if only is None else pinned(root, only)
    names = _chosen(workspace.settings) if models is None else models
    try:
        with scratch(place.parent, ".assistant-bundle-") as room:
            home = room / "bundle"
            wheels, weights = home / "wheels", home / "models"
            for folder in (wheels, weights):
                folder.mkdir(parents=True)
            copied = copy_models(
                workspace, names, weights, lambda done, total: progress(MODELS, done, total)
            )
            progress(WHEELS, 0, len(pins))
            bring_wheels(pins, wheels, lambda done, total: progress(WHEELS, done, total))
            build_own_wheel(root, wheels)
            pinned_text = requirements(pins, wheels, _OWN)
            (home / "requirements.txt").write_text(pinned_text, encoding="utf-8")
            release = _write_installer(home, workspace.program_version, pinned_text)
            (home / "deployment").mkdir()
            for name in _DEPLOYMENT:
                shutil.copyfile(root / "docs" / name, home / "deployment" / name)
            progress(HASHING, 0, 1)
            sha256 = write_sums(home)
            progress(HASHING, 1, 1)
            size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
            home.rename(place)
            sync_folder(place.parent)
    except AssistantError:
        raise  # one of them is an OSError too
    except OSError as error:
        raise refuse.not_written(place, error.strerror or error) from error
    return Bundled(
        folder=place,
        release=release,
        packages=len(pins) + 1,
        models=tuple(model.name for model in copied),
        bytes=size,
        sha256=sha256,
        seconds=round(time.monotonic() - began, 1),
    )


def _chosen(settings: Settings) -> list[str]:
    """The models that the settings name, but for one that a server has."""
    names = [settings.models.embedding]
    if settings.language_address is None:
        names.append(settings.models.language)
    return names


def _write_installer(home: Path, version: str, pinned_text: str) -> str:
    """Write the installer, its page, and what it must find on the machine; names the release."""
    here = Path(__file__).parent
    for name in (INSTALLER, _PAGE):
        shutil.copyfile(here / name, home / name)
    (home / INSTALLER).chmod(0o755)
    release = f"{version}-{hashlib.sha256(pinned_text.encode()).hexdigest()[:8]}"
    made_for = {
        "release": release,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "machine": platform.machine(),
        "processor": " ".join(_instructions()),
    }
    for name, value in made_for.items():
        (home / name.upper()).write_text(f"{value}\n", encoding="ascii")
    return release


def _instructions() -> list[str]:
    """What this machine's processor can do, of what the compiled wheels may ask for."""
    try:
        lines = _CPUINFO.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    flags = next((line.partition(":")[2] for line in lines if line.startswith("flags")), "")
    return sorted(flag for flag in flags.split() if _INSTRUCTIONS.fullmatch(flag))
