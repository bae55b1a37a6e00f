"""Register an administrator's own model, by copy or by link, with its hash.

A file whose hash the manifest knows becomes that model: so a machine without any
network is served from a disk. Any other is written in ``local.toml``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import ModelError, WorkspaceBusy
from assistant.model_files import Progress, sha256_of, silent, size_of, write_receipt
from assistant.model_manifest import LOCAL, Kind, Manifest, Model, load_manifest, path_of
from assistant.provisioning.mirroring import mirror_folder
from assistant.wording import Words

_GGUF_MAGIC = b"GGUF"
_SPLIT = re.compile(r"-\d{5}-of-\d{5}\.gguf$")
_PARTS_DIR = ".parts"


def add(
    path: Path,
    models_dir: Path,
    link: bool = False,
    *,
    licence: str = "non précisée",
    progress: Progress = silent,
) -> Model:
    """Take in a GGUF file or a sentence-transformers folder.

    Args:
        path: The administrator's file or folder.
        models_dir: The models folder of the workspace.
        link: Link to it instead of copying; it must then stay where it is.
        licence: What the administrator knows of its licence.
        progress: Called with bytes done and bytes in all, while hashing.

    Returns:
        The model as it is now known: one of the manifest when the hash is its own.

    Raises:
        ModelError: It is neither of the two, it would run code, or its name is taken.
        ModelFetchFailed: An embedding model's export to ONNX is not faithful.
        WorkspaceBusy: Another process is adding a model.
    """
    kind = _kind_of(path)
    desk = models_dir / _PARTS_DIR / "adding"
    desk.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(desk.with_suffix(".lock")).acquire(timeout=0):
            shutil.rmtree(desk, ignore_errors=True)  # of an addition that was killed
            desk.mkdir()
            try:
                fresh = _take(path, desk / "taken", kind, link=link)
                model = _identify(path, fresh, kind, load_manifest(models_dir), licence, progress)
                _install(model, fresh, models_dir)
            finally:
                shutil.rmtree(desk)
    except Timeout as error:
        raise WorkspaceBusy("models add") from error
    return model


def _kind_of(path: Path) -> Kind:
    if path.is_dir():
        _require_plain_folder(path)
        return "embedding"
    if not path.is_file():
        raise _refused(path, "introuvable", "not found")
    with path.open("rb") as file:
        if file.read(4) != _GGUF_MAGIC:
            raise _refused(path, "ce n’est pas un fichier GGUF", "it is not a GGUF file")
    if _SPLIT.search(path.name):
        raise _refused(
            path,
            "modèle en plusieurs fichiers : réunissez-les avec llama-gguf-split --merge",
            "a model in several files: merge them with llama-gguf-split --merge",
        )
    return "language"


def _require_plain_folder(path: Path) -> None:
    """Refuse a folder that lacks a piece, or whose modules are not those of the library."""
    for name in ("modules.json", "config.json", "tokenizer.json", "model.safetensors"):
        if not (path / name).is_file():
            raise _refused(path, f"{name} n’y est pas", f"it has no {name}")
    try:
        modules = json.loads((path / "modules.json").read_text(encoding="utf-8"))
        kinds = [str(module["type"]) for module in modules]
        folders = [Path(module["path"]) for module in modules]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refused(path, "modules.json est illisible", "modules.json is unreadable") from error
    if not all(kind.startswith("sentence_transformers.") for kind in kinds):
        raise _refused(path, "il exécuterait son propre code", "it would run code of its own")
    if any(folder.is_absolute() or ".." in folder.parts for folder in folders):
        raise _refused(
            path, "modules.json désigne un autre dossier", "modules.json points elsewhere"
        )


def _take(path: Path, fresh: Path, kind: Kind, *, link: bool) -> Path:
    try:
        if kind == "embedding":
            mirror_folder(path, fresh, link=link)
        elif link:
            fresh.symlink_to(path.resolve())
        else:
            shutil.copyfile(path, fresh)
    except OSError as error:
        raise _refused(
            path, f"copie impossible ({error})", f"it cannot be copied ({error})"
        ) from error
    return fresh


def _identify(
    path: Path, fresh: Path, kind: Kind, manifest: Manifest, licence: str, progress: Progress
) -> Model:
    found = sha256_of(fresh, progress)
    for known in manifest.models:
        if known.sha256 == found:
            return known
    name = _slug(path.stem if kind == "language" else path.resolve().name)
    if any(known.name == name for known in manifest.models):
        raise _refused(path, f"le nom « {name} » est déjà pris", f"the name {name!r} is taken")
    return Model(
        name=name,
        kind=kind,
        licence=_printable(licence),
        upstream=_printable(path.name),
        path=f"{name}.gguf" if kind == "language" else name,
        bytes=size_of(fresh),
        sha256=found,
        origin="local",
    )


def _install(model: Model, fresh: Path, models_dir: Path) -> None:
    final = path_of(model, models_dir)
    if model.kind == "embedding":
        from assistant.provisioning.onnx_export import export_to_onnx

        named = fresh.with_name(model.name)
        fresh.rename(named)
        export_to_onnx(named, source_sha256=model.sha256)
        if final.is_dir():
            final.rename(fresh.with_name("former"))
        named.rename(final)
    else:
        fresh.replace(final)
    write_receipt(final, model.sha256)
    if model.origin == "local":
        _register(model, models_dir / LOCAL)


def _register(model: Model, local: Path) -> None:
    """Add the model to ``local.toml`` unless it stands there; the file is replaced whole."""
    before = local.read_text(encoding="utf-8") if local.exists() else ""
    if f'name = "{model.name}"\n' in before:
        return
    fields = model.model_dump(
        include={"name", "kind", "licence", "upstream", "path", "bytes", "sha256"}
    )
    # a JSON string of printable characters is a TOML basic string
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    fresh = local.with_name(f"{local.name}.{os.getpid()}")
    fresh.write_text(before + "\n".join(["", "[[models]]", *lines, ""]), encoding="utf-8")
    fresh.replace(local)


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._")[:100]
    return slug or "modele"


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:200]


def _refused(path: Path, fr: str, en: str) -> ModelError:
    return ModelError(
        Words(
            f"« {path} » ne peut pas être ajouté : {fr}.", f"{str(path)!r} cannot be added: {en}."
        ),
        remedy=Words(
            "Donnez un fichier GGUF entier, ou un dossier sentence-transformers avec "
            "model.safetensors et tokenizer.json, sous un nom encore libre.",
            "Give one whole GGUF file, or a sentence-transformers folder with "
            "model.safetensors and tokenizer.json, under a name that is free.",
        ),
    )
