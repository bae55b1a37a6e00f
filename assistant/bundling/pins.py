"""Which packages a bundle holds, each at the one version that the locks give."""

from __future__ import annotations

import importlib.metadata
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assistant.bundling.refusals import no_checkout, unpinned

LOCKS: Final = ("requirements-torch.lock", "requirements.lock")
_PROJECT: Final = "pyproject.toml"
_TORCH_USER: Final = "sentence-transformers"
# Comes with a virtual environment's own pip, or is asked for by torch alone; never pinned.
_UNPINNED: Final = frozenset({"setuptools", "pip", "wheel"})


@dataclass(frozen=True, slots=True)
class Pin:
    """A package at an exact version; ``name`` is canonical (lower case, hyphens)."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def project_root() -> Path:
    """The clone that this program runs from.

    Raises:
        BundleError: It runs from an installed wheel.
    """
    root = Path(__file__).resolve().parents[2]
    if not all((root / name).is_file() for name in (_PROJECT, *LOCKS)):
        raise no_checkout(root)
    return root


def locked(root: Path) -> dict[str, Pin]:
    """Every pin of the locks, by name, torch first."""
    pins = {}
    for lock in LOCKS:
        for line in (root / lock).read_text(encoding="utf-8").splitlines():
            name, _, version = line.partition("#")[0].strip().partition("==")
            if version:
                pin = Pin(canonicalize_name(name), version)
                pins[pin.name] = pin
    return pins


def needed(root: Path, *, torch: bool) -> list[Pin]:
    """What the program needs to run: its dependencies and theirs, as installed here.

    Development tools stay out. With torch, what exports an embedding model is in as well.

    Args:
        root: The clone.
        torch: Without it, sentence-transformers and what only it needs stay out: everything
            works but fetching or adding an embedding model, and the reference engine.

    Raises:
        BundleError: One of them is in no lock, or not installed here.
    """
    project = tomllib.loads((root / _PROJECT).read_text(encoding="utf-8"))["project"]
    roots = list(project["dependencies"])
    if torch:
        roots += project["optional-dependencies"]["fetch"]
    wanted = [Requirement(said) for said in roots]
    return pinned(
        root,
        _closure(w for w in wanted if torch or canonicalize_name(w.name) != _TORCH_USER),
    )


def pinned(root: Path, names: Collection[str]) -> list[Pin]:
    """These packages at the versions of the locks, in the locks' order.

    Raises:
        BundleError: One of them is in no lock.
    """
    wanted = {canonicalize_name(name) for name in names}
    pins = locked(root)
    if missing := sorted(wanted - pins.keys() - _UNPINNED):
        raise unpinned(missing)
    return [pin for name, pin in pins.items() if name in wanted]


def _closure(roots: Iterable[Requirement]) -> set[str]:
    """The names of these requirements and of all that they require on this machine."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(roots)
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            required = importlib.metadata.requires(wanted.name) or []
        except importlib.metadata.PackageNotFoundError:
            raise unpinned([wanted.name]) from None
        for said in required:
            further = Requirement(said)
            extras = wanted.extras or {""}
            if further.marker is None or any(
                further.marker.evaluate({"extra": extra}) for extra in extras
            ):
                waiting.append(further)
    return {name for name, _ in seen}
