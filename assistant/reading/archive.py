"""Refuses a hostile zip of XML (DOCX, ODT) before any library opens it.

Three things swell without warning: a member that decompresses to gigabytes, an
entity that expands to billions of copies, elements nested until a recursion
breaks. All three are measured here in a stream, at the cost of one more pass.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.parsers import expat

from assistant.reading import refusals as refuse

_MEMBERS = 10_000
_TOTAL_BYTES = 512 * 1024 * 1024
_XML_BYTES = 128 * 1024 * 1024
_RATIO = 300
_RATIO_FROM_BYTES = 4 * 1024 * 1024
_DEPTH = 200
_CHUNK = 1 << 16
_ENCRYPTED = 0x1


class _Bounds(Exception):
    """Raised inside expat callbacks; never leaves this module."""


class _TooDeep(_Bounds):
    """Elements nested beyond the bound."""


class _Entities(_Bounds):
    """An entity declaration."""


def open_checked(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip whose declared sizes are within bounds.

    The sizes are only declared, but ``zipfile`` stops each member at its declared
    size, so that they bound what is decompressed.

    Raises:
        UnreadableDocument: Damaged, encrypted, or beyond a bound.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as failure:
        raise refuse.damaged(name, "archive illisible", "unreadable archive") from failure
    members = archive.infolist()
    if len(members) > _MEMBERS:
        raise refuse.beyond(name, f"plus de {_MEMBERS} éléments", f"over {_MEMBERS} members")
    total = 0
    for member in members:
        total += member.file_size
        swells = member.file_size > _RATIO * max(1, member.compress_size)
        if total > _TOTAL_BYTES or (member.file_size > _RATIO_FROM_BYTES and swells):
            raise refuse.beyond(
                name,
                "archive qui se décompresse démesurément",
                "archive that decompresses out of proportion",
            )
        if member.flag_bits & _ENCRYPTED:
            raise refuse.locked(name)
    return archive


def check_xml_members(archive: zipfile.ZipFile, name: str) -> None:
    """Stream every XML member once.

    Raises:
        UnreadableDocument: A member is not well formed, too large, nested too deep,
            or declares entities.
    """
    for member in archive.infolist():
        if not member.filename.casefold().endswith((".xml", ".rels", ".rdf")):
            continue
        if member.file_size > _XML_BYTES:
            raise refuse.beyond(name, "texte démesuré", "oversized text")
        try:
            _check_xml(archive, member)
        except _TooDeep:
            raise refuse.beyond(
                name, f"plus de {_DEPTH} niveaux imbriqués", f"nested over {_DEPTH} deep"
            ) from None
        except _Entities:
            raise refuse.declares_entities(name) from None
        except (expat.ExpatError, LookupError, ValueError) as failure:
            raise refuse.damaged(name, "XML mal formé", "malformed XML") from failure


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def opened(_tag: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise _TooDeep

    def closed(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_declaration: object) -> None:
        raise _Entities

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.EntityDeclHandler = declared
    read = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            parser.Parse(chunk, False)
    if read:  # ODF packages hold empty members, e.g. under Configurations2/
        parser.Parse(b"", True)
