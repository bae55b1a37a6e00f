"""One way in for every file: what it is, which reader knows it, what is refused.

The content decides before the name does: a PDF called ``.docx`` is read as a PDF. A
reader that fails on hostile bytes fails as a ``DocumentError``, whatever its library
raised.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import tomllib
import zipfile
import zlib
from pathlib import Path

from assistant.errors import DocumentError
from assistant.reading import refusals as refuse
from assistant.reading.archive import check_xml_members, open_checked
from assistant.reading.canonical import CanonicalText
from assistant.reading.encoding import decode, looks_binary
from assistant.reading.pieces import Piece, compose
from assistant.reading.turns import compose_hearing
from assistant.records import DocumentKind, Reading

SUPPORTED: frozenset[str] = frozenset(
    {".pdf", ".docx", ".odt", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".srt", ".vtt"}
)
"""Suffixes, lower case, of the formats that are read."""

_PACKAGE_BYTES = 256 * 1024 * 1024
_TEXT_BYTES = 40 * 1024 * 1024
_PDF_WITHIN = 1024
_SIDECAR_BYTES = 64 * 1024

_TEXTUAL = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".srt": "srt",
    ".vtt": "vtt",
}
_SRT = re.compile(r"\ufeff?\s*\d+[ \t]*\r?\n\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}[ \t]*-->")
_VTT = re.compile(r"\ufeff?WEBVTT(?:[ \t\r\n]|$)")
_HTML = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_KNOWN = (
    (b"{\\rtf", "document RTF", "RTF document"),
    (
        b"\xd0\xcf\x11\xe0",
        "ancien format Office, ou fichier chiffré",
        "old or encrypted Office file",
    ),
    (b"\x89PNG", "image", "image"),
    (b"\xff\xd8\xff", "image", "image"),
    (b"GIF8", "image", "image"),
    (b"II*\0", "image", "image"),
    (b"MM\0*", "image", "image"),
    (b"7z\xbc\xaf", "archive", "archive"),
    (b"Rar!", "archive", "archive"),
    (b"\x1f\x8b", "archive", "archive"),
    (b"\x7fELF", "programme", "program"),
    (b"MZ", "programme", "program"),
    (b"ID3", "son", "sound"),
    (b"OggS", "son", "sound"),
    (b"RIFF", "son ou vidéo", "sound or video"),
)
_HEARING_NAME = re.compile(r"audition|transcri|verbatim|retranscription|sténo", re.IGNORECASE)

# What the libraries below were seen to raise, or may raise, on bytes that are no document.
# Anything else is a fault of ours and must be seen.
_LIBRARY_FAILURES = (
    ValueError,  # includes Unicode errors and pydantic's
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,  # includes RecursionError and NotImplementedError
    SyntaxError,  # lxml's XMLSyntaxError
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
)


def read(path: Path) -> Reading:
    """Read one file into canonical text with locators.

    Args:
        path: Any file. A sidecar beside it (``NAME.EXT.toml``) that says
            ``kind = "audition"`` has it read as turns of speech.

    Raises:
        UnsupportedFormat: No reader knows what it is.
        UnreadableDocument: Empty, damaged, encrypted, undecodable or beyond the bounds.
        NeedsOcr: Scanned, and no character recognition is installed.
    """
    name = refuse.shown(path)
    try:
        path.name.encode()
    except UnicodeEncodeError as failure:
        raise refuse.unnameable(name) from failure
    try:
        head = _head(path, name)
    except (OSError, ValueError) as failure:
        raise refuse.unreachable(name, _reason(failure)) from failure
    try:
        if b"%PDF-" in head[:_PDF_WITHIN]:
            from assistant.reading.pdf.reader import read_pdf

            reading = read_pdf(path)
        elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            reading = _read_package(path, name)
        else:
            reading = _read_text(path, name, head)
    except DocumentError:
        raise
    except _LIBRARY_FAILURES as failure:
        kind = type(failure).__name__
        raise refuse.damaged(name, f"contenu illisible, {kind}", f"unreadable, {kind}") from failure
    if not reading.blocks:
        raise refuse.empty(name)
    return reading


def _head(path: Path, name: str) -> bytes:
    """The first bytes of an ordinary file that is not empty; a pipe would never end."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise refuse.unreachable(name, "pas un fichier ordinaire")
    if found.st_size == 0:
        raise refuse.empty(name)
    with path.open("rb") as file:
        return file.read(8192)


def _bytes_of(path: Path, name: str, limit: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        size = f"{limit // (1024 * 1024)}"
        raise refuse.beyond(name, f"plus de {size} Mio", f"over {size} MiB")
    return data


def _read_package(path: Path, name: str) -> Reading:
    data = _bytes_of(path, name, _PACKAGE_BYTES)
    with open_checked(data, name) as archive:
        format_ = _package_format(archive, name)
        check_xml_members(archive, name)
    if format_ == "docx":
        from assistant.reading.word import read_word

        pieces, metadata = read_word(data)
    else:
        from assistant.reading.odt import read_odt

        pieces, metadata = read_odt(data)
    return _composed(path, format_, pieces, metadata)


def _package_format(archive: zipfile.ZipFile, name: str) -> str:
    members = set(archive.namelist())
    if "mimetype" in members:
        with archive.open("mimetype") as declared:
            kind = declared.read(200).decode("ascii", "replace").strip()
        if kind.startswith("application/vnd.oasis.opendocument.text"):
            return "odt"
        if kind.startswith("application/vnd.oasis.opendocument"):
            raise refuse.unsupported(name, "classeur ou présentation", "spreadsheet or slides")
    if "word/document.xml" in members:
        return "docx"
    if any(member.startswith(("xl/", "ppt/")) for member in members):
        raise refuse.unsupported(name, "classeur ou présentation", "spreadsheet or slides")
    raise refuse.unsupported(name, "archive sans document reconnu", "archive of no known document")


def _read_text(path: Path, name: str, head: bytes) -> Reading:
    suffix = path.suffix.casefold()
    for magic, fr, en in _KNOWN:
        if head.startswith(magic) and (looks_binary(head) or magic == b"{\\rtf"):
            raise refuse.unsupported(name, fr, en)
    if looks_binary(head):
        if suffix in SUPPORTED:
            raise refuse.damaged(name, "contenu binaire", "binary content")
        raise refuse.unsupported(name)
    data = _bytes_of(path, name, _TEXT_BYTES)
    format_ = _text_format(data, suffix)
    if format_ is None:
        raise refuse.unsupported(name)
    if format_ == "html":
        from assistant.reading.html import decode_html, read_html

        markup, encoding = decode_html(data, name)
        pieces, metadata = read_html(markup, name)
        return _composed(path, format_, pieces, metadata | {"encoding": encoding})
    text, encoding = decode(data, name)
    if format_ in ("srt", "vtt"):
        from assistant.reading.captions import read_srt, read_vtt

        reader = read_srt if format_ == "srt" else read_vtt
        return _reading(format_, reader(text, name), {"encoding": encoding})
    if format_ == "markdown":
        from assistant.reading.markdown import read_markdown

        pieces, metadata = read_markdown(text, name)
    else:
        from assistant.reading.plain import read_plain

        pieces, metadata = read_plain(text), {}
    return _composed(path, format_, pieces, metadata | {"encoding": encoding})


def _text_format(data: bytes, suffix: str) -> str | None:
    """What the first lines are, else what the suffix says; None when neither is known."""
    opening = _opening(data)
    if _VTT.match(opening):
        return "vtt"
    if _SRT.match(opening):
        return "srt"
    if _HTML.match(opening):
        return "html"
    if suffix not in SUPPORTED:
        return None
    named = _TEXTUAL.get(suffix, "text")
    if named == "srt" and "-->" not in opening:
        return "text"
    return named


def _opening(data: bytes) -> str:
    head = data[:8192]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:2]
    return head.decode("utf-16" if wide else "utf-8", "replace")


def _composed(path: Path, format_: str, pieces: list[Piece], metadata: dict[str, str]) -> Reading:
    hearing = compose_hearing(
        pieces,
        announced=_announced_as_hearing(path),
        expected=_HEARING_NAME.search(path.name) is not None,
    )
    return _reading(format_, hearing or compose(pieces), metadata)


def _reading(format_: str, canonical: CanonicalText, metadata: dict[str, str]) -> Reading:
    text, blocks = canonical.build()
    return Reading(format=format_, text=text, blocks=blocks, metadata=metadata)


def _announced_as_hearing(path: Path) -> bool:
    """Whether a sidecar says so; what else is wrong with it is told where it is validated."""
    sidecar = path.with_name(f"{path.name}.toml")
    try:
        with sidecar.open("rb") as file:
            said = tomllib.loads(file.read(_SIDECAR_BYTES).decode())
    except (OSError, ValueError):
        return False
    return str(said.get("kind", "")).casefold() == DocumentKind.HEARING.value


def _reason(failure: Exception) -> str:
    return (
        os.strerror(failure.errno) if isinstance(failure, OSError) and failure.errno else "chemin"
    )
