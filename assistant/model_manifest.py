"""Which models this program knows, where their bytes come from, and whether they are intact here.

``manifest.toml`` comes with the program; ``local.toml``, in the models folder, holds
what an administrator added. Both have the same shape, and both are read as
untrusted text: a name or a path that could leave the models folder is refused.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ModelCorrupt, ModelError, ModelMissing, ModelUnknown
from assistant.model_files import (
    EXPORT_DIR,
    EXPORT_NOTE,
    Progress,
    forget_receipt,
    receipt_holds,
    sha256_of,
    sha256_of_file,
    silent,
    write_receipt,
)
from assistant.wording import Words

MANIFEST = "manifest.toml"
LOCAL = "local.toml"

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,119}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Kind = Literal["language", "embedding"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Strict):
    """One file inside one pinned Python package, which serves as a carrier only.

    ``member`` is a pattern that matches exactly one path of the wheel; ``platform``
    is given when the wheel has a platform tag, so that any machine can bring it.
    """

    package: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    version: Annotated[str, Field(pattern=r"^[0-9][0-9A-Za-z.!+]{0,39}$")]
    member: Annotated[str, Field(min_length=1, max_length=200)]
    bytes: Annotated[int, Field(gt=0)]
    sha256: Sha256 | None = None
    platform: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")] | None = None


class Model(_Strict):
    """One model: what it is, the hash of its bytes, and the parts they are assembled from.

    ``path`` is a file or a folder directly in the models folder.
    """

    name: Name
    kind: Kind
    licence: str
    upstream: str
    description: str = ""
    path: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,139}$")]
    bytes: Annotated[int, Field(gt=0)]
    sha256: Sha256
    default: bool = False
    assembly: Literal["none", "join", "e5"] = "none"
    parts: tuple[Part, ...] = ()
    origin: Literal["manifest", "local"] = "manifest"


class _File(_Strict):
    models: tuple[Model, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every known model; names are unique."""

    models: tuple[Model, ...]

    def get(self, name: str) -> Model:
        """The model of that name.

        Raises:
            ModelUnknown: There is none; the message lists the known names.
        """
        for model in self.models:
            if model.name == name:
                return model
        raise ModelUnknown(name, sorted(model.name for model in self.models))

    def default(self, kind: Kind) -> Model:
        """The model that is used when the settings name none."""
        for model in self.models:
            if model.kind == kind and model.default:
                return model
        raise ModelUnknown(kind, sorted(model.name for model in self.models))


def load_manifest(models_dir: Path) -> Manifest:
    """Read the manifest that comes with the program, and the local one of this models folder.

    A ``manifest.toml`` in the models folder takes the place of the program's own.

    Raises:
        ModelError: A manifest cannot be read, is not valid, or names a model twice.
    """
    models = list(_read(manifest_path(models_dir)))
    local = models_dir / LOCAL
    if local.exists():
        models += [model.model_copy(update={"origin": "local"}) for model in _read(local)]
    names = [model.name for model in models]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _bad_manifest(local, f"{', '.join(twice)} : nom déjà pris / name already taken")
    return Manifest(tuple(models))


def manifest_path(models_dir: Path) -> Path:
    """The manifest that serves a models folder: its own, else the one of the program."""
    package = Path(__file__).resolve().parent
    candidates = (
        models_dir / MANIFEST,
        package / MANIFEST,  # installed from a wheel
        package.parent / "models" / MANIFEST,  # run from a checkout
    )
    return next((path for path in candidates if path.is_file()), candidates[0])


def _read(path: Path) -> tuple[Model, ...]:
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).models
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise _bad_manifest(path, f"{where}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise _bad_manifest(path, str(error)) from error


def _bad_manifest(path: Path, why: str) -> ModelError:
    return ModelError(
        Words(
            f"La liste des modèles « {path} » est inutilisable : {why}",
            f"The list of models {str(path)!r} cannot be used: {why}",
        ),
        remedy=Words(
            "Corrigez ce fichier, ou rétablissez celui de la version installée.",
            "Correct this file, or restore the one of the installed version.",
        ),
    )


def path_of(model: Model, models_dir: Path) -> Path:
    """Where the model's file or folder stands; it may be absent."""
    return models_dir / model.path


def is_installed(model: Model, models_dir: Path) -> bool:
    """True when the model is there under its final name, which it only gets once verified."""
    path = path_of(model, models_dir)
    if model.kind == "embedding":
        return (path / EXPORT_DIR / EXPORT_NOTE).is_file()
    return path.is_file()


def verify(model: Model, models_dir: Path, progress: Progress = silent) -> None:
    """Hash the model's bytes and compare; always reads everything, and leaves a receipt.

    Raises:
        ModelMissing: It is not there.
        ModelCorrupt: Its hash, or that of its export, is not the expected one.
    """
    if not is_installed(model, models_dir):
        raise ModelMissing(model.name)
    path = path_of(model, models_dir)
    forget_receipt(path)
    found = sha256_of(path, progress)
    if found != model.sha256:
        raise ModelCorrupt(model.name, model.sha256, found)
    if model.kind == "embedding":
        _verify_export(model, path / EXPORT_DIR)
    write_receipt(path, found)


def ensure_verified(model: Model, models_dir: Path, progress: Progress = silent) -> Path:
    """Where the model stands, once it is known to be intact; hashes only what changed since.

    Raises:
        ModelMissing: It is not there.
        ModelCorrupt: Its hash is not the manifest's.
    """
    path = path_of(model, models_dir)
    if not is_installed(model, models_dir) or not receipt_holds(path, model.sha256):
        verify(model, models_dir, progress)
    return path


def _verify_export(model: Model, folder: Path) -> None:
    """Compare the export's files with what was noted when it was made and checked."""
    try:
        note = json.loads((folder / EXPORT_NOTE).read_text(encoding="utf-8"))
        exported_from, files = str(note["source_sha256"]), dict(note["files"])
        float(note["least_cosine"])  # noted last, once the export was found faithful
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMissing(model.name) from error
    if exported_from != model.sha256:
        raise ModelCorrupt(model.name, model.sha256, exported_from)
    here = sorted(file.name for file in folder.iterdir() if file.name != EXPORT_NOTE)
    if here != sorted(files):
        raise ModelCorrupt(model.name, " ".join(sorted(files)), " ".join(here))
    for name in here:
        found = sha256_of_file(folder / name)
        if found != files[name]:
            raise ModelCorrupt(model.name, str(files[name]), found)
