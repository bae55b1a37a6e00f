"""An archive as it is written: a tar of plain files, the manifest at its end.

Compressed by gzip at its first level, unless the file is called ``.tar``: on the catalogue, mostly
vectors, levels 1 and 6 differ by a hundredth of the size and by a quarter of the speed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from assistant.backup.manifest import MANIFEST, SEAL, BackupManifest, Member, seal_of

_LEVEL = 1


class Archive:
    """An archive that is being written; `writing` opens one.

    Args:
        tar: Open for writing.
    """

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, Member] = {}

    def add(self, name: str, source: IO[bytes], size: int, mtime_ns: int) -> None:
        """Write the next ``size`` bytes of a file, hashed as they pass.

        Raises:
            OSError: There are fewer, or they cannot be read or written.
        """
        passing = _Hashed(source)
        self._tar.addfile(_header(name, size, mtime_ns), passing)
        self.members[name] = Member(bytes=size, sha256=passing.sha256, mtime_ns=mtime_ns)

    def add_file(self, name: str, path: Path, size: int | None = None) -> None:
        """Write a file, or the first ``size`` bytes of it."""
        with path.open("rb") as source:
            stat = os.fstat(source.fileno())
            self.add(name, source, stat.st_size if size is None else size, stat.st_mtime_ns)

    def add_bytes(self, name: str, content: bytes, mtime_ns: int) -> None:
        """Write a content that is at hand."""
        self.add(name, io.BytesIO(content), len(content), mtime_ns)

    def end(self, manifest: BackupManifest) -> None:
        """Write the manifest and its hash; nothing follows."""
        raw = manifest.model_dump_json().encode("utf-8")
        made_ns = int(manifest.made.timestamp()) * 10**9
        for name, content in ((MANIFEST, raw), (SEAL, seal_of(raw))):
            self._tar.addfile(_header(name, len(content), made_ns), io.BytesIO(content))


@contextmanager
def writing(draft: Path, *, compressed: bool) -> Iterator[tuple[Archive, Callable[[], str]]]:
    """Write an archive into a new file for its owner only; it is on the disk when the block ends.

    Returns:
        The archive, and what gives the sha256 of the file once the block has ended.
    """
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        out = _HashedOut(file)
        with ExitStack() as layers:
            stream: io.IOBase = out
            if compressed:
                stream = gzip.GzipFile(fileobj=out, filename="", mode="wb", compresslevel=_LEVEL)
                layers.callback(stream.close)
            tar = layers.enter_context(
                tarfile.open(fileobj=cast("IO[bytes]", stream), mode="w", format=tarfile.PAX_FORMAT)
            )
            yield Archive(tar), out.sha256
        file.flush()
        os.fsync(file.fileno())


def _header(name: str, size: int, mtime_ns: int) -> tarfile.TarInfo:
    """A plain file of nobody in particular."""
    header = tarfile.TarInfo(name)
    header.size, header.mtime, header.mode = size, mtime_ns // 10**9, 0o600
    return header


class _Hashed(io.RawIOBase):
    """What is read from a file, hashed."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source = source
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def read(self, size: int | None = -1, /) -> bytes:
        raw = self._source.read(-1 if size is None else size)
        self._digest.update(raw)
        return raw


class _HashedOut(io.RawIOBase):
    """What is written to a file, hashed."""

    def __init__(self, target: IO[bytes]) -> None:
        super().__init__()
        self._target = target
        self._digest = hashlib.sha256()
        self._written = 0

    def sha256(self) -> str:
        return self._digest.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, raw: object, /) -> int:
        assert isinstance(raw, bytes | bytearray | memoryview)
        self._digest.update(raw)
        self._written += len(raw)
        return self._target.write(raw)

    def tell(self) -> int:
        return self._written
