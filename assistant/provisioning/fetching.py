"""Fetch a model: bring its parts, assemble them, verify, and only then give it its name."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import (
    AssistantError,
    ModelCorrupt,
    ModelFetchFailed,
    WorkspaceBusy,
)
from assistant.model_files import EXPORT_DIR, Progress, sha256_of, silent, write_receipt
from assistant.model_manifest import Model, ensure_verified, is_installed, path_of
from assistant.provisioning.mirroring import mirror_folder
from assistant.provisioning.parts import bring_part
from assistant.wording import Words

PARTS_DIR = ".parts"
_CHUNK = 1 << 20
_SPARE = 256 << 20


def fetch(model: Model, models_dir: Path, progress: Progress = silent) -> Path:
    """Bring a model to this machine; what is already here is not brought again.

    Args:
        model: From the manifest.
        models_dir: Where it goes; made when absent.
        progress: Called with bytes done and bytes in all.

    Returns:
        Where the model stands.

    Raises:
        ModelFetchFailed: No source, no room, or a part that could not be brought.
        ModelCorrupt: The assembled bytes are not the manifest's; they were deleted.
        WorkspaceBusy: Another process is fetching the same model.
    """
    models_dir.mkdir(parents=True, exist_ok=True)
    shelf = models_dir / PARTS_DIR / model.name
    shelf.mkdir(parents=True, exist_ok=True)
    lock = FileLock(models_dir / PARTS_DIR / f"{model.name}.lock")
    try:
        with lock.acquire(timeout=0):
            if is_installed(model, models_dir):
                ensure_verified(model, models_dir, progress)
            elif model.kind == "embedding" and path_of(model, models_dir).is_dir():
                _restore_export(model, path_of(model, models_dir), shelf)
            else:
                _fetch(model, models_dir, shelf, progress)
            shutil.rmtree(shelf)
    except Timeout as error:
        raise WorkspaceBusy(f"models fetch {model.name}") from error
    except AssistantError:
        raise  # one of them is an OSError too
    except OSError as error:
        raise _not_written(model, models_dir, error) from error
    return path_of(model, models_dir)


def _fetch(model: Model, models_dir: Path, shelf: Path, progress: Progress) -> None:
    if not model.parts:
        raise _no_source(model)
    final = path_of(model, models_dir)
    _require_room(model, models_dir, shelf)
    parts = _bring_parts(model, shelf, progress)
    fresh = shelf / "assembled"
    if model.assembly == "e5":
        from assistant.provisioning.e5_folder import assemble_e5

        shutil.rmtree(fresh, ignore_errors=True)
        weights, tokenizer = parts
        assemble_e5(weights, tokenizer, fresh)
        _refuse_unless(model, sha256_of(fresh), shelf)
        _export(model, fresh)
    else:
        _refuse_unless(model, _join(parts, fresh), shelf)
    fresh.replace(final)
    write_receipt(final, model.sha256)


def _bring_parts(model: Model, shelf: Path, progress: Progress) -> list[Path]:
    total = sum(part.bytes for part in model.parts)
    before = 0
    brought = []

    def advance(count: int) -> None:
        progress(before + count, total)

    for number, part in enumerate(model.parts, start=1):
        target = shelf / f"{number:03d}.part"
        bring_part(part, target, advance)
        brought.append(target)
        before += part.bytes
    return brought


def _join(parts: list[Path], target: Path) -> str:
    """Write the parts one after the other, in bounded memory; the sha256 of the whole."""
    digest = hashlib.sha256()
    with target.open("wb") as sink:
        for part in parts:
            with part.open("rb") as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    sink.write(chunk)
        sink.flush()
        os.fsync(sink.fileno())
    return digest.hexdigest()


def _refuse_unless(model: Model, found: str, shelf: Path) -> None:
    """Delete everything that was brought when the whole is not what the manifest says."""
    if found != model.sha256:
        shutil.rmtree(shelf)
        raise ModelCorrupt(model.name, model.sha256, found)


def _export(model: Model, folder: Path) -> None:
    from assistant.provisioning.onnx_export import export_to_onnx

    export_to_onnx(folder, source_sha256=model.sha256)


def _restore_export(model: Model, final: Path, shelf: Path) -> None:
    """Export again beside the model, so that an unchecked export never stands in its folder."""
    found = sha256_of(final)
    if found != model.sha256:
        raise ModelCorrupt(model.name, model.sha256, found)
    mirror = shelf / "mirror"
    shutil.rmtree(mirror, ignore_errors=True)
    mirror_folder(final, mirror, link=True)
    _export(model, mirror)
    shutil.rmtree(final / EXPORT_DIR, ignore_errors=True)
    (mirror / EXPORT_DIR).replace(final / EXPORT_DIR)
    write_receipt(final, model.sha256)


def _require_room(model: Model, models_dir: Path, shelf: Path) -> None:
    """Parts, pip's own copies, and the assembled model (for an embedding model, twice)."""
    parts = sum(part.bytes for part in model.parts)
    here = sum(file.stat().st_size for file in shelf.glob("*.part"))
    assembled = model.bytes * (2 if model.kind == "embedding" else 1)
    need = max(0, 2 * (parts - here)) + assembled + _SPARE
    free = shutil.disk_usage(models_dir).free
    if free < need:
        raise ModelFetchFailed(
            Words(
                f"Il faut {need / 1e9:.1f} Go pour « {model.name} », et il en reste "
                f"{free / 1e9:.1f} dans « {models_dir} ».",
                f"{model.name!r} needs {need / 1e9:.1f} GB, and {free / 1e9:.1f} are left "
                f"in {str(models_dir)!r}.",
            ),
            remedy=Words(
                "Libérez de la place, ou choisissez un autre dossier de modèles.",
                "Free some room, or choose another models folder.",
            ),
        )


def _not_written(model: Model, models_dir: Path, error: OSError) -> ModelFetchFailed:
    return ModelFetchFailed(
        Words(
            f"« {model.name} » n’a pas pu être écrit dans « {models_dir} » : {error}",
            f"{model.name!r} could not be written in {str(models_dir)!r}: {error}",
        ),
        remedy=Words(
            "Vérifiez la place et les droits de ce dossier, puis relancez : "
            "ce qui est déjà là sera gardé.",
            "Check the room and the rights of this folder and run again: "
            "what is here already is kept.",
        ),
    )


def _no_source(model: Model) -> ModelFetchFailed:
    return ModelFetchFailed(
        Words(
            f"« {model.name} » a été ajouté à la main : aucune source ne permet de le reprendre.",
            f"{model.name!r} was added by hand: there is no source to bring it from.",
        ),
        remedy=Words(
            "Ajoutez-le de nouveau avec « assistant models add CHEMIN ».",
            "Add it again with `assistant models add PATH`.",
        ),
    )
