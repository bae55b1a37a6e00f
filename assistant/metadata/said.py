"""What a person wrote about documents: sidecars and collection files, validated.

A mistake in one is told to the person who wrote it, with what is allowed, never
guessed around.
"""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import UnreadableDocument
from assistant.metadata.walk import is_there
from assistant.records import DocumentKind, Status
from assistant.wording import Words

LINE_CHARS = 300
_FILE_BYTES = 1024 * 1024
_TEXTS = ("title", "commission", "collection", "superseded_by")
_FIELDS = (*_TEXTS, "date", "kind", "status")
# A collection file names itself with these; they say nothing of its documents.
_OF_COLLECTION = ("name", "description", "documents", "title")

Facts = dict[str, Any]
"""Field → value, already of its final type."""

_Choice = TypeVar("_Choice", bound=StrEnum)


def one_line(value: str) -> str:
    """A bounded line for display: no control, no direction-changing character."""
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in unicodedata.normalize("NFC", value)
        if unicodedata.category(c) not in ("Cf", "Cs")
    )
    line = " ".join(kept.split())
    return line if len(line) <= LINE_CHARS else f"{line[: LINE_CHARS - 1].rstrip()}…"


def choice_of(kinds: type[_Choice], value: str) -> _Choice | None:
    """The member that a person means, whatever the case and the accents."""
    meant = _folded(value)
    return next((one for one in kinds if _folded(one.value) == meant), None)


def read_sidecar(file: Path) -> Facts:
    """What ``NAME.EXT.toml`` says; nothing when it is not there.

    Raises:
        UnreadableDocument: It is not TOML, or holds an unknown field or value.
    """
    return _facts(_load(file), file, allowed=_FIELDS) if is_there(file) else {}


def read_collection(file: Path, document: Path) -> Facts:
    """What ``collection.toml`` says of one document of its folder.

    Fields at the top hold for every document; ``[documents."file.pdf"]`` holds for one,
    named relative to the folder, and wins. A title at the top is the collection's.

    Raises:
        UnreadableDocument: As for a sidecar.
    """
    said = _load(file)
    tables = said.get("documents", {})
    if not isinstance(tables, dict):
        raise _wrong(file, "documents", 'table [documents."fichier.pdf"]')
    unknown = [key for key in said if key not in (*_FIELDS, *_OF_COLLECTION)]
    if unknown:
        raise _wrong(file, unknown[0], ", ".join((*_FIELDS, *_OF_COLLECTION)))
    common = {key: value for key, value in said.items() if key not in _OF_COLLECTION}
    if "collection" not in common and "name" in said:
        common["collection"] = said["name"]
    facts = _facts(common, file, allowed=_FIELDS)
    own = tables.get(document.relative_to(file.parent).as_posix(), tables.get(document.name, {}))
    if not isinstance(own, dict):
        raise _wrong(file, f"documents.{document.name}", ", ".join(_FIELDS))
    return facts | _facts(own, file, allowed=_FIELDS)


def _load(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as handle:
            data = handle.read(_FILE_BYTES + 1)
        if len(data) > _FILE_BYTES:
            raise _not_toml(file, "> 1 Mio")
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as failure:
        raise _not_toml(file, one_line(str(failure))) from failure
    except OSError as failure:
        raise _not_toml(file, failure.strerror or "?") from failure


def _facts(said: dict[str, Any], file: Path, *, allowed: tuple[str, ...]) -> Facts:
    facts: Facts = {}
    for key, value in said.items():
        if key not in allowed:
            raise _wrong(file, key, ", ".join(allowed))
        if key in _TEXTS:
            if not isinstance(value, str) or not one_line(value):
                raise _wrong(file, key, "texte non vide (non-empty text)")
            facts[key] = one_line(value)
        elif key == "date":
            facts[key] = _date(value, file)
        elif key == "kind":
            facts[key] = _chosen(DocumentKind, value, key, file)
        else:
            facts[key] = _chosen(Status, value, key, file)
    return facts


def _date(value: object, file: Path) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as failure:
        raise _wrong(file, "date", "AAAA-MM-JJ (YYYY-MM-DD)") from failure


def _chosen(kinds: type[_Choice], value: object, key: str, file: Path) -> _Choice:
    found = choice_of(kinds, value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(file, key, ", ".join(one.value for one in kinds))
    return found


def _folded(value: str) -> str:
    bare = unicodedata.normalize("NFD", value.casefold())
    letters = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(letters.split())


def _wrong(file: Path, key: str, allowed: str) -> UnreadableDocument:
    name, key = one_line(file.name), one_line(key)
    return UnreadableDocument(
        Words(
            f"« {name} » : le champ « {key} » n’est pas valable ; admis : {allowed}.",
            f"{name!r}: the field {key!r} is not valid; allowed: {allowed}.",
        ),
        remedy=Words(
            f"Corrigez « {name} », puis relancez l’ingestion.",
            f"Correct {name!r}, then ingest again.",
        ),
    )


def _not_toml(file: Path, why: str) -> UnreadableDocument:
    name = one_line(file.name)
    allowed = ", ".join(_FIELDS)
    return UnreadableDocument(
        Words(f"« {name} » n’est pas du TOML lisible ({why}).", f"{name!r} is not TOML ({why})."),
        remedy=Words(
            f"Corrigez-le, puis relancez l’ingestion ; champs admis : {allowed}.",
            f"Correct it, then ingest again; fields allowed: {allowed}.",
        ),
    )
