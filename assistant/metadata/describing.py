"""What is known of a document beside its text, and where each piece was found.

A person's word beside the file wins (``NAME.EXT.toml``), then what the file says of
itself, then what its collection says (``collection.toml`` of the nearest folder above
it), then what its name and first lines suggest. A suggestion never overrides a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.metadata import deductions as deduce
from assistant.metadata.said import Facts, choice_of, one_line, read_collection, read_sidecar
from assistant.metadata.walk import nearest_collection_file, sidecar_of
from assistant.records import DocumentKind, Reading, Status

GENERAL = "general"
"""The collection of documents that stand at the root of the corpus."""

# Titles that programs give, not people.
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|untitled\b.*|sans titre\b.*|titre du document|title"
    r"|(?:word )?document ?\d*|pr[ée]sentation(?: powerpoint)? ?\d*|powerpoint presentation"
    r"|.{0,80}\.(?:docx?|odt|pdf|pptx?|indd|html?|txt|rtf)",
    re.IGNORECASE,
)
_LETTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the catalogue keeps of a document beside its text.

    ``origins`` says where each field was found: ``"sidecar"``, ``"file"``,
    ``"collection"``, ``"text"`` or ``"file name"``; a field that was found nowhere has
    its default and no origin.
    """

    title: str
    date: date | None
    kind: DocumentKind
    collection: str
    commission: str | None = None
    status: Status = Status.FINAL
    superseded_by: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)


def describe(path: Path, root: Path, reading: Reading) -> Metadata:
    """Gather what is known of one document.

    Args:
        path: The file, below ``root``.
        root: The corpus.
        reading: What the reader made of the file.

    Raises:
        UnreadableDocument: A sidecar or a collection file holds a mistake; it is named.
    """
    collection_file = nearest_collection_file(path, root)
    sources: tuple[tuple[str, Facts], ...] = (
        ("sidecar", read_sidecar(sidecar_of(path))),
        ("file", _of_itself(reading)),
        ("collection", read_collection(collection_file, path) if collection_file else {}),
        ("text", {"kind": deduce.kind_of_text(reading)}),
        ("file name", _suggested_by_name(path)),
        ("text", _suggested_by_text(reading)),
        ("file name", {"title": one_line(deduce.title_of_name(path.stem)) or "Sans titre"}),
        ("file name", {"collection": _folder(path, root)}),
    )
    found: Facts = {}
    origins: dict[str, str] = {}
    for origin, facts in sources:
        for key, value in facts.items():
            if value is not None and key not in found:
                found[key], origins[key] = value, origin
    if "superseded_by" in found and origins.get("status", "text") in ("text", "file name"):
        found["status"], origins["status"] = Status.SUPERSEDED, origins["superseded_by"]
    return Metadata(
        title=found["title"],
        date=found.get("date"),
        kind=found.get("kind", DocumentKind.OTHER),
        collection=found["collection"],
        commission=found.get("commission"),
        status=found.get("status", Status.FINAL),
        superseded_by=found.get("superseded_by"),
        origins=origins,
    )


def _of_itself(reading: Reading) -> Facts:
    """The file's own metadata, where plausible: it is often left over from another document."""
    said = reading.metadata
    title = one_line(said.get("title", ""))
    plausible = sum(c.isalpha() for c in title) >= _LETTERS and not _NO_TITLE.fullmatch(title)
    commission = one_line(said.get("commission", ""))
    return {
        "title": title if plausible else None,
        "date": _day(said.get("date", "")),
        "kind": choice_of(DocumentKind, said.get("kind", "")),
        "status": choice_of(Status, said.get("status", "")),
        "commission": commission or None,
    }


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return None
    return day if deduce.plausible_day(day) else None


def _suggested_by_name(path: Path) -> Facts:
    return {
        "date": deduce.day_in_name(path.stem),
        "kind": deduce.kind_in_words(path.stem),
        "status": deduce.status_in_words(path.stem),
    }


def _suggested_by_text(reading: Reading) -> Facts:
    heading = deduce.title_in_text(reading)
    title = one_line(heading) if heading else None
    return {
        "title": title,
        "date": deduce.day_in_text(reading),
        "kind": deduce.kind_in_words(title) if title else None,
        "status": deduce.status_in_words(title) if title else None,
    }


def _folder(path: Path, root: Path) -> str:
    """The first folder below the corpus; a collection is one line like any other value."""
    parts = path.relative_to(root).parts
    return (one_line(parts[0]) or GENERAL) if len(parts) > 1 else GENERAL
