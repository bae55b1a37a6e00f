"""An archive as it is read: nothing in it is believed before all of it was checked.

An archive may come from anywhere. `check` reads it whole and writes nothing: plain files only,
each under a name that a workspace has, once, of the size and the sha256 that the manifest gives,
the manifest after them, then its hash, and nothing more. `extract` reads it again and refuses
what differs from what was checked. What the tar format lets a header ask for (a name of
gigabytes, a sparse file of terabytes) is bounded before Python's reader sees it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, cast

from pydantic import ValidationError

from assistant.backup import refusals as refuse
from assistant.backup.manifest import (
    MANIFEST,
    MAX_MANIFEST_BYTES,
    SEAL,
    BackupManifest,
    Member,
    has_a_place,
    seal_of,
)
from assistant.backup.refusals import ArchiveRefused, BackupError

_CHUNK: Final = 1 << 20
_HEADER_BYTES: Final = 1 << 17  # a header of ours is 3 blocks; a path has 4096 bytes at most
_MAX_TAIL: Final = 1 << 20
_DAMAGE: Final = (
    tarfile.TarError,
    EOFError,
    zlib.error,
    ValueError,
    IndexError,
    OverflowError,
    RecursionError,
)

Advance = Callable[[int, int], None]
"""Called with the bytes of the archive read so far, and all of them."""


def check(archive: Path, advance: Advance = lambda *_: None) -> BackupManifest:
    """Read an archive whole and compare every member with the manifest; nothing is written.

    Raises:
        ArchiveRefused: It is damaged, or is not what this program writes; names the member.
        BackupError: It cannot be opened.
    """
    found: dict[str, tuple[int, str]] = {}
    manifest: bytes | None = None
    sealed = False
    for name, size, chunks in _members(archive, advance):
        if sealed or (manifest is not None and name != SEAL):
            raise ArchiveRefused(name, refuse.NOT_LAST)
        if name == MANIFEST:
            manifest = _short(name, size, chunks)
            continue
        if name == SEAL and manifest is not None:
            sealed = _short(name, size, chunks) == seal_of(manifest)
            if not sealed:
                raise ArchiveRefused(MANIFEST, refuse.ALTERED)
            continue
        if not has_a_place(name):
            raise ArchiveRefused(name, refuse.UNSAFE_NAME)
        if name in found:
            raise ArchiveRefused(name, refuse.TWICE)
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
        found[name] = (size, digest.hexdigest())
    if manifest is None or not sealed:
        raise ArchiveRefused(archive.name, refuse.NOT_A_BACKUP)
    said = _parsed(manifest)
    for name, (size, sha256) in found.items():
        if name not in said.members:
            raise ArchiveRefused(name, refuse.UNANNOUNCED)
        _compare(name, size, sha256, said.members[name])
    for name in said.members:
        if name not in found:
            raise ArchiveRefused(name, refuse.MISSING)
    return said


def extract(
    archive: Path, manifest: BackupManifest, target: Path, advance: Advance = lambda *_: None
) -> None:
    """Write the members below an empty folder, for its owner only, as they were checked.

    Raises:
        ArchiveRefused: It is not any more what was checked.
        OSError: It cannot be written.
    """
    folders: set[Path] = set()
    for name, size, chunks in _members(archive, advance):
        if name in (MANIFEST, SEAL):
            continue
        member = manifest.members.get(name)
        if member is None or size != member.bytes or not has_a_place(name):
            raise ArchiveRefused(name, refuse.ALTERED)
        place = target / name
        try:
            if place.parent not in folders:
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                folders.add(place.parent)
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except (FileExistsError, NotADirectoryError) as error:
            raise ArchiveRefused(name, refuse.CLASHES) from error
        digest = hashlib.sha256()
        with os.fdopen(descriptor, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
        _compare(name, size, digest.hexdigest(), member)
        os.utime(place, ns=(member.mtime_ns, member.mtime_ns))


def _compare(name: str, size: int, sha256: str, member: Member) -> None:
    if size != member.bytes:
        raise ArchiveRefused(name, refuse.wrong_size(size, member.bytes))
    if sha256 != member.sha256:
        raise ArchiveRefused(name, refuse.ALTERED)


def _short(name: str, size: int, chunks: Iterator[bytes]) -> bytes:
    """The content of a member that is held in memory."""
    if size > MAX_MANIFEST_BYTES:
        raise ArchiveRefused(name, refuse.wrong_size(size, MAX_MANIFEST_BYTES))
    return b"".join(chunks)


def _parsed(manifest: bytes) -> BackupManifest:
    try:
        return BackupManifest.model_validate_json(manifest)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["loc"] == ("format",) and isinstance(first["input"], int):
            raise ArchiveRefused(MANIFEST, refuse.newer_format(first["input"])) from None
        raise ArchiveRefused(MANIFEST, refuse.NOT_A_BACKUP) from None


def _members(archive: Path, advance: Advance) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Name, size and content of each member, in order; each content is read before the next.

    Raises:
        ArchiveRefused: The archive is damaged, or a member is no plain file.
        BackupError: It cannot be opened.
    """
    try:
        raw = archive.open("rb")
        total = archive.stat().st_size
    except OSError as error:
        raise refuse.not_read(archive, error.strerror or error) from error
    last = archive.name
    with raw:
        compressed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        bounded = _Bounded(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if compressed else raw)
        with ExitStack() as opened:
            with _believing_nothing(archive, last):
                tar = opened.enter_context(
                    tarfile.open(fileobj=bounded, mode="r:")  # type: ignore[call-overload]
                )
            while True:
                with _believing_nothing(archive, last):
                    bounded.left = _HEADER_BYTES
                    header = tar.next()
                    bounded.left = None
                if header is None:
                    break
                last = header.name
                _check_plain(header)
                tar.members.clear()  # or all headers would stay in memory
                content = _content(tar, header)
                yield last, header.size, _guarded(archive, last, content, raw, total, advance)
            with _believing_nothing(archive, last):
                _check_tail(bounded, tar.offset, last)


@contextmanager
def _believing_nothing(archive: Path, last: str) -> Iterator[None]:
    """What Python's readers make of damaged bytes, as a refusal; of a failing disk, as its error.

    Args:
        archive: Being read.
        last: The member that was read last.
    """
    try:
        yield
    except BackupError:
        raise
    except OSError as error:
        if error.errno is None:  # BadGzipFile, and what gzip and tarfile raise of their own
            raise ArchiveRefused(last, refuse.DAMAGED) from error
        raise refuse.not_read(archive, error.strerror or error) from error
    except _DAMAGE as error:
        raise ArchiveRefused(last, refuse.DAMAGED) from error


def _check_plain(header: tarfile.TarInfo) -> None:
    plain = header.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
    sparse = header.sparse is not None or any("sparse" in key for key in header.pax_headers)
    if not plain or sparse or header.size < 0:
        raise ArchiveRefused(header.name, refuse.NOT_A_FILE)


def _content(tar: tarfile.TarFile, header: tarfile.TarInfo) -> Iterator[bytes]:
    """The content of a member, never more than its header says, and never less."""
    content = tar.extractfile(header)
    assert content is not None, "a plain file has a content"
    left = header.size
    while left:
        chunk = content.read(min(_CHUNK, left))
        if not chunk:
            raise EOFError
        left -= len(chunk)
        yield chunk


def _guarded(
    archive: Path,
    name: str,
    content: Iterator[bytes],
    raw: IO[bytes],
    total: int,
    advance: Advance,
) -> Iterator[bytes]:
    with _believing_nothing(archive, name):
        for chunk in content:
            yield chunk
            advance(raw.tell(), total)


def _check_tail(stream: _Bounded, offset: int, last: str) -> None:
    """Nothing but the zeros that end a tar; reading them has gzip check its own sum."""
    stream.seek(offset)
    length = 0
    while chunk := stream.read(_CHUNK):
        length += len(chunk)
        if chunk.count(0) != len(chunk) or length > _MAX_TAIL:
            raise ArchiveRefused(last, refuse.DAMAGED)
    if length < tarfile.BLOCKSIZE:
        raise ArchiveRefused(last, refuse.DAMAGED)


class _Bounded:
    """A stream that gives a header no more than a header needs.

    Args:
        stream: Seekable.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.left: int | None = _HEADER_BYTES

    def read(self, size: int = -1) -> bytes:
        """Read on, within what is left of the bound."""
        if self.left is not None:
            if not 0 <= size <= self.left:
                raise tarfile.ReadError("header too large")
            self.left -= size
        return self._stream.read(size)

    def seek(self, offset: int) -> int:
        """Go to an offset of the uncompressed archive."""
        return self._stream.seek(offset)

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._stream.tell()
