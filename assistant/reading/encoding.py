"""Finds the encoding of a text, and says so when the bytes do not tell.

A mark at the beginning decides; then strict UTF-8, which no other text passes by
chance; then the two encodings of older French office software and UTF-16, between
which a detector measures. It takes « 15 € » for « 15 ¤ », so the two older encodings
are told apart here, by the eight bytes that they read differently. What cannot be told
apart is refused, never guessed.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from assistant.errors import UnreadableDocument
from assistant.reading import refusals as refuse

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLDER = ("cp1252", "iso8859_15")
_PLAUSIBLE = [*_OLDER, "utf_16_le", "utf_16_be"]
_TYPOGRAPHY = re.compile(rb"[\x80-\x9f]")
_DIFFERENT = re.compile(rb"[\xa4\xa6\xa8\xb4\xb8\xbc\xbd\xbe]")
_EURO, _ACUTE = 0xA4, 0xB4
# The detector is slow on long texts; what it must see is where letters are not ASCII.
_SAMPLE_BYTES = 64 * 1024
_WORD_BYTES = 32
# Tabs, line ends, form feeds, and the end-of-file mark that old DOS editors left.
_ALLOWED_CONTROLS = frozenset("\t\n\r\x0b\x0c\x1a")


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode a whole text file.

    Args:
        data: The bytes of the file.
        name: Shown in errors.

    Returns:
        The text, and the name of the encoding that was found.

    Raises:
        UnreadableDocument: No plausible encoding, several that differ, or not a text.
    """
    text, encoding = _decode(data, name)
    if any(c < " " and c not in _ALLOWED_CONTROLS for c in text):
        raise refuse.undecidable(name, "contenu binaire", "binary content")
    return text, encoding


def looks_binary(data: bytes) -> bool:
    """True when the beginning of a file has what texts do not: NULs or control characters.

    UTF-16 and UTF-32 hold NULs and are recognised by their mark, or by every other
    byte being one.
    """
    head = data[:4096]
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return False
    if b"\0" in head:
        return max(head[0::2].count(0), head[1::2].count(0)) < len(head) // 4
    return sum(byte < 32 and chr(byte) not in _ALLOWED_CONTROLS for byte in head) > 0


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as failure:
                raise refuse.damaged(
                    name, f"annoncé {encoding}, mais ne l’est pas", f"marked {encoding}, but is not"
                ) from failure
    if b"\0" not in data:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    return _measured(data, name)


def _measured(data: bytes, name: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    matches = list(from_bytes(_telling(data), cp_isolation=_PLAUSIBLE))
    if not matches:
        raise refuse.undecidable(name, "aucun n’est plausible", "none is plausible")
    best, others = matches[0], [m for m in matches if _family(m) != _family(matches[0])]
    for other in others:
        if (other.chaos, -other.coherence) <= (best.chaos, -best.coherence):
            raise _between(name, best.encoding, other.encoding)
    encoding = _older(data, name) if _family(best) == "older" else best.encoding
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as failure:
        raise refuse.undecidable(name, "encodages mêlés", "mixed encodings") from failure


def _family(match: CharsetMatch) -> str:
    return "older" if match.encoding in _OLDER else match.encoding


def _older(data: bytes, name: str) -> str:
    """Which of the two Western encodings.

    Bytes 80 to 9F are typography in cp1252 and controls in ISO 8859-15. Without them,
    A4 is the euro of ISO 8859-15 (nobody writes the ¤ of cp1252), BC to BE are its œ and
    Ÿ beside letters but fractions in cp1252, B4 is the acute accent typed as apostrophe.
    """
    if _TYPOGRAPHY.search(data):
        return "cp1252"
    readings = {
        "iso8859_15" if _reads_as_iso(data, found.start()) else "cp1252"
        for found in _DIFFERENT.finditer(data)
    }
    if len(readings) > 1:
        raise _between(name, *_OLDER)
    return readings.pop() if readings else "cp1252"


def _reads_as_iso(data: bytes, at: int) -> bool:
    byte = data[at]
    before, after = (data[i : i + 1].decode("cp1252", "replace") for i in (max(at - 1, 0), at + 1))
    if byte == _EURO:
        return True
    return byte != _ACUTE and not before.isdigit() and (before.isalpha() or after.isalpha())


def _between(name: str, one: str, other: str) -> UnreadableDocument:
    return refuse.undecidable(name, f"{one} ou {other}", f"{one} or {other}")


def _telling(data: bytes) -> bytes:
    """A bounded sample: the beginning, and the surroundings of non-ASCII bytes further on."""
    if len(data) <= _SAMPLE_BYTES or b"\0" in data[:_SAMPLE_BYTES]:
        return data[:_SAMPLE_BYTES]
    parts = [data[: _SAMPLE_BYTES // 2]]
    room = _SAMPLE_BYTES // 2
    at = _SAMPLE_BYTES // 2
    while at < len(data) and room > 0:
        if data[at] >= 0x80:
            parts.append(data[at - _WORD_BYTES : at + _WORD_BYTES])
            room -= 2 * _WORD_BYTES
            at += _WORD_BYTES
        else:
            at += 1
    return b" ".join(parts)
