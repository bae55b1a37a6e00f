"""Writing a file into a folder of the corpus, whole or not at all, and nowhere else.

The folder is opened once, without following links, and all is done through its
descriptor: whatever is put in its place meanwhile, the file lands where it was meant to.
A name that is taken is never written over by chance: the finished file gets its name by a
hard link, which fails where the name exists.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO

from assistant.metadata.said import one_line
from assistant.uploads import refusals as refuse

_CHUNK = 1 << 20
_PART = re.compile(r"\.upload-[0-9a-f]{16}\.part")
_STALE_S = 24 * 3600.0
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
_AS_IT_IS = os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class CollectionFolder:
    """An open folder of the corpus; ``name`` is the one it has on disk."""

    name: str
    descriptor: int

    def keep(self, upload: IO[bytes], name: str, *, max_mb: int, replace: bool) -> str:
        """Keep a file; the name it has on disk is returned.

        Args:
            upload: Read to its end.
            name: A name of `names.file_name`.
            max_mb: Limit of its size, in megabytes (10**6 bytes).
            replace: Let it take the place of another content of that name.

        Raises:
            AlreadyThere: The name is taken by another content.
            UploadRefused: It is empty or too large, or its name is taken by no file.
            OSError: It could not be read or written.
        """
        present = _names_in(self.descriptor)
        self._clear_stale(present)
        name = _spelt(name, present)
        with self._part(upload, name, max_mb) as (part, sha256):
            if not self._named(part, name) and self._sha256(name) != sha256:
                if not replace:
                    raise refuse.already_there(name, self.name)
                self._rename(part, name)
        os.fsync(self.descriptor)
        return name

    @contextmanager
    def _part(self, upload: IO[bytes], name: str, max_mb: int) -> Iterator[tuple[str, str]]:
        """The whole content on disk under a hidden name, and its sha256."""
        part = f".upload-{secrets.token_hex(8)}.part"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS
        try:
            with os.fdopen(self._open(part, flags), "wb") as out:
                digest, left = hashlib.sha256(), max_mb * 1_000_000
                while chunk := upload.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise refuse.too_large(name, max_mb)
                    digest.update(chunk)
                    out.write(chunk)
                if not out.tell():
                    raise refuse.empty(name)
                out.flush()
                os.fsync(out.fileno())
            yield part, digest.hexdigest()
        finally:
            with suppress(FileNotFoundError):
                os.unlink(part, dir_fd=self.descriptor)

    def _named(self, part: str, name: str) -> bool:
        """Give a part its name; False when the name is taken."""
        folder = self.descriptor
        try:
            try:
                os.link(part, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                # no hard links here (a Windows share): an empty file of ours holds the name
                os.close(self._open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS))
                self._rename(part, name)
        except FileExistsError:
            return False
        return True

    def _sha256(self, name: str) -> str:
        """What the file of a taken name hashes to; links are not followed."""
        with opened(name, name, folder=self.descriptor) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _rename(self, part: str, name: str) -> None:
        os.replace(part, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def _open(self, name: str, flags: int) -> int:
        return os.open(name, flags, 0o644, dir_fd=self.descriptor)

    def _clear_stale(self, present: list[str]) -> None:
        """Remove what killed uploads left behind, long ago enough not to be under way."""
        for name in filter(_PART.fullmatch, present):
            with suppress(FileNotFoundError):
                found = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
                if time.time() - found.st_mtime > _STALE_S:
                    os.unlink(name, dir_fd=self.descriptor)


@contextmanager
def collection_folder(root: Path, collection: str) -> Iterator[CollectionFolder]:
    """Open the folder of a collection in the corpus ``root``, made if need be.

    Raises:
        UploadRefused: A link or a file stands in its place.
        OSError: It could not be opened or made.
    """
    corpus = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        wanted = one_line(collection)
        alike = [name for name in _names_in(corpus) if one_line(name) == wanted]
        name = wanted if wanted in alike or not alike else alike[0]
        if not alike:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=corpus)
                os.fsync(corpus)
        try:
            folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _AS_IT_IS, dir_fd=corpus)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise refuse.no_folder(collection) from error
            raise
    finally:
        os.close(corpus)
    try:
        yield CollectionFolder(name, folder)
    finally:
        os.close(folder)


@contextmanager
def opened(file: Path | str, name: str, *, folder: int | None = None) -> Iterator[BufferedReader]:
    """Open an ordinary file for reading, links not followed.

    Args:
        file: Where it is.
        name: What it is called in an error.
        folder: Descriptor of the folder that ``file`` is relative to.

    Raises:
        UploadRefused: It is a link, a folder, a pipe or a device.
        OSError: It could not be opened.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | _AS_IT_IS, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise refuse.no_file(name) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refuse.no_file(name)
    with os.fdopen(descriptor, "rb") as opened_file:
        yield opened_file


def _names_in(descriptor: int) -> list[str]:
    with os.scandir(descriptor) as entries:
        return sorted(entry.name for entry in entries)


def _spelt(name: str, present: list[str]) -> str:
    """The name as a file of the folder already spells it: accents may be composed or not."""
    if name.isascii() or name in present:
        return name
    composed = unicodedata.normalize("NFC", name)
    return next((p for p in present if unicodedata.normalize("NFC", p) == composed), name)
