"""The files of the corpus, each as it was at one moment.

People change the corpus whenever they like. A file is first read whole, and taken only if
nothing touched it meanwhile; one that cannot be read so is left out, and said.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from assistant.wording import Words

_TRIES: Final = 3
_IN_MEMORY: Final = 16 << 20
_CHUNK: Final = 1 << 20
_UPLOAD_UNDER_WAY: Final = re.compile(r"\.upload-[0-9a-f]{16}\.part")
_NAME: Final = Words("nom qui n’est pas de l’UTF-8", "its name is not UTF-8")
_LINK: Final = Words("lien vers l’extérieur du corpus", "a link that leads outside the corpus")
_SPECIAL: Final = Words("ce n’est pas un fichier ordinaire", "it is no regular file")
_CHANGING: Final = Words("il change pendant sa lecture", "it changes while it is read")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the corpus; ``path`` is relative to it, with ``/``; ``bytes`` when it was seen."""

    path: str
    file: Path
    bytes: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of the corpus that is not in the backup, and why."""

    path: str
    why: Words


class Unsettled(Exception):
    """A file could not be read as of one moment."""

    def __init__(self, why: Words) -> None:
        super().__init__(why)
        self.why = why


def corpus_listing(root: Path) -> tuple[list[Listed], list[LeftOut]]:
    """Every file below the corpus, also those that describe others or are kept apart, by path.

    A link counts as the file that it leads to inside the corpus, as it does for an ingestion;
    links to folders are not followed. Uploads under way are none of it.
    """
    found: list[Listed] = []
    out: list[LeftOut] = []
    inside = root.resolve()
    for parent, folders, names in os.walk(inside):
        folders.sort()
        for name in sorted(names):
            if _UPLOAD_UNDER_WAY.fullmatch(name):
                continue
            file = Path(parent, name)
            path = file.relative_to(inside).as_posix()
            try:
                path.encode("utf-8")
                target = file.resolve(strict=True)
                if not target.is_relative_to(inside):
                    out.append(LeftOut(path, _LINK))
                elif target.is_file():
                    found.append(Listed(path, target, target.stat().st_size))
                elif not target.is_dir():
                    out.append(LeftOut(path, _SPECIAL))
            except UnicodeEncodeError:
                out.append(LeftOut(path.encode("utf-8", "replace").decode(), _NAME))
            except FileNotFoundError:
                continue  # removed meanwhile, or a link to nothing: there is nothing to take
            except (OSError, RuntimeError) as error:
                out.append(LeftOut(path, _plain(error)))
    return found, out


@contextmanager
def settled(file: Path, room: Path) -> Iterator[tuple[IO[bytes], int, int]]:
    """A file as it was at one moment: its content, size in bytes and time in nanoseconds.

    Args:
        file: To be read.
        room: Folder for the copies of large files.

    Raises:
        Unsettled: It cannot be read, is no regular file, or changes each time it is read.
        FileNotFoundError: It is not there any more.
    """
    for _ in range(_TRIES):
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(room)) as copy:
            stamp = _copied(file, copy)
            if stamp is not None:
                copy.seek(0)
                yield copy, *stamp
                return
    raise Unsettled(_CHANGING)


def _copied(file: Path, copy: IO[bytes]) -> tuple[int, int] | None:
    """Size and time of what was copied; None when something touched the file meanwhile."""
    try:
        # not blocking: a pipe that was put in its place would otherwise be waited for
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unsettled(_plain(error)) from error
    with os.fdopen(descriptor, "rb", buffering=0) as source:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Unsettled(_SPECIAL)
        size = 0
        try:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                copy.write(chunk)
        except OSError as error:
            raise Unsettled(_plain(error)) from error
        after = os.fstat(descriptor)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return (size, after.st_mtime_ns) if same and size == after.st_size else None


def _plain(error: Exception) -> Words:
    why = getattr(error, "strerror", None) or type(error).__name__
    return Words(why, why)
