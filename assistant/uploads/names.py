"""Which names a file and a collection may have in the corpus.

The name a browser sends is hostile. What can be cleaned without changing which file is
meant is cleaned: the folders in front, controls, marks that turn the line around, doubled
spaces, characters that no Windows share carries. The rest is refused, with the name.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from assistant.metadata.said import LINE_CHARS, one_line
from assistant.reading.dispatch import SUPPORTED
from assistant.uploads import refusals as refuse
from assistant.wording import Words

PLAIN_NAME = Words(
    "un nom simple, sans « / », ni « . » ou « _ » au début",
    "a plain name, without `/`, nor `.` or `_` in front",
)

_NAME_BYTES = 200  # of 255: a sidecar and a part have longer names
_COLLECTION_CHARS = 80
_FOLDERS = re.compile(r"[/\\]")
_UNPORTABLE = re.compile(r'[<>:"|?*]')
_LEFT_OUT = (".", "_", "~$")  # what a corpus leaves out, see assistant.metadata.walk
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


def file_name(shown: str) -> str:
    """The name under which an uploaded file is kept.

    Args:
        shown: As the browser gives it, with or without folders of any system.

    Raises:
        UploadRefused: It cannot be cleaned into a name that the corpus takes in.
    """
    last = _FOLDERS.split(shown)[-1]
    if len(last) > LINE_CHARS:
        raise refuse.too_long(last, _NAME_BYTES)
    name = PurePosixPath(_UNPORTABLE.sub("-", one_line(last)))
    kept = f"{name.stem.rstrip()}{name.suffix}"
    if kept.startswith(_LEFT_OUT):
        raise refuse.set_apart(last)
    if name.suffix.casefold() not in SUPPORTED:
        raise refuse.unsupported(last) if any(map(str.isalnum, kept)) else refuse.nameless(shown)
    if not any(map(str.isalnum, name.stem)):
        raise refuse.nameless(last)
    if _is_reserved(kept):
        raise refuse.reserved(last)
    if len(kept.encode()) > _NAME_BYTES:
        raise refuse.too_long(last, _NAME_BYTES)
    return kept


def is_collection_name(name: str) -> bool:
    """True for a name that a folder of the corpus may have: one plain line, found by the walk."""
    return (
        0 < len(name) <= _COLLECTION_CHARS
        and one_line(name) == unicodedata.normalize("NFC", name)
        and len(one_line(name).encode()) <= _NAME_BYTES
        and any(map(str.isalnum, name))
        and not _FOLDERS.search(name)
        and not name.startswith(_LEFT_OUT)
        and not name.casefold().endswith((".", "~", ".toml", "thumbs.db", "desktop.ini"))
        and not _is_reserved(name)
    )


def _is_reserved(name: str) -> bool:
    return name.split(".")[0].rstrip().casefold() in _RESERVED
