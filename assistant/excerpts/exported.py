"""What an export hands over: a file in memory, its name, and what could not be vouched for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.french.letters import fold
from assistant.wording import Words

AUTHOR = "Assistant documentaire"

_NAME_CHARS = 80
# Windows gives these names to devices, whatever the extension.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$")


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is not given as it was asked for; ``number`` is the excerpt's, or the page's.

    In an export, an excerpt whose source changed stays in the file, marked; one that the person
    may not read any more is left out.
    """

    number: int
    reason: Words


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to save: ``name`` is plain ASCII and never a path."""

    name: str
    media_type: str
    content: bytes
    refused: tuple[Refused, ...] = ()


def file_name(title: str, extension: str, *, page: str = "") -> str:
    """A file name of lower-case letters, figures and hyphens: ``note-budget-p12.pdf``."""
    name = _words(title) or "extraits"
    if page:
        name = f"{name}-p{_words(page)}"
    if _DEVICES.match(name):
        name = f"extraits-{name}"
    return f"{name}.{extension}"


def _words(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))[:_NAME_CHARS].strip("-")
