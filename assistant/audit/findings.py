"""What a verification compares with and what it can find, said to a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import AuditError
from assistant.wording import Words


class Change(StrEnum):
    """What was done to a log."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    HEAD_ALTERED = "head altered"
    REWRITTEN = "rewritten"
    PAYLOAD_EDITED = "payload edited"
    PAYLOAD_REMOVED = "payload removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A proof to deposit elsewhere: after ``records`` records the last line's SHA-256 was ``head``.

    ``path`` is the file that holds that line.
    """

    path: str
    records: int
    head: str

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """A checkpoint as ``assistant audit checkpoint --json`` prints it.

        Raises:
            AuditError: It is not one.
        """
        try:
            found = json.loads(text)
            made = cls(path=found["path"], records=found["records"], head=found["head"])
        except (ValueError, TypeError, KeyError, RecursionError):
            made = None
        if made is None or type(made.records) is not int or not isinstance(made.head, str):
            raise AuditError(
                Words("Ce fichier n’est pas un point de contrôle.", "This is not a checkpoint."),
                remedy=Words(
                    "Donnez celui qu’a écrit « assistant audit checkpoint --json ».",
                    "Give one that `assistant audit checkpoint --json` wrote.",
                ),
            )
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first thing wrong: record number (None when unknown), file, 1-based line, change."""

    change: Change
    seq: int | None
    file: str | None = None
    line: int | None = None


def describe(finding: Finding | None, records: int, *, interrupted: bool) -> Words:
    """The result of a verification as a sentence."""
    if finding is None:
        torn = Words(
            " Une écriture interrompue a été réparée." if interrupted else "",
            " An interrupted write was repaired." if interrupted else "",
        )
        return Words(
            f"Journal intact : {records} enregistrement(s).{torn.fr}",
            f"The log is intact: {records} record(s).{torn.en}",
        )
    where = Words("", "")
    if finding.file is not None:
        where = Words(
            f" ({finding.file}, ligne {finding.line})", f" ({finding.file}, line {finding.line})"
        )
    said = _SENTENCES[finding.change]
    return Words(
        said.fr.format(seq=finding.seq, where=where.fr),
        said.en.format(seq=finding.seq, where=where.en),
    )


_SENTENCES = {
    Change.EDITED: Words(
        "L’enregistrement {seq} a été modifié{where}.", "Record {seq} was edited{where}."
    ),
    Change.REMOVED: Words(
        "L’enregistrement {seq} a été retiré{where}.", "Record {seq} was removed{where}."
    ),
    Change.INSERTED: Words(
        "Une ligne a été insérée à la place de l’enregistrement {seq}{where}.",
        "A line was inserted where record {seq} belongs{where}.",
    ),
    Change.SWAPPED: Words(
        "L’ordre a été changé à partir de l’enregistrement {seq}{where}.",
        "The order was changed from record {seq} on{where}.",
    ),
    Change.TRUNCATED: Words(
        "La fin du journal manque, à partir de l’enregistrement {seq}{where}.",
        "The end of the log is missing, from record {seq} on{where}.",
    ),
    Change.HEAD_ALTERED: Words(
        "La tête du journal (head.json) a été modifiée ou retirée.",
        "The head of the log (head.json) was altered or removed.",
    ),
    Change.REWRITTEN: Words(
        "Le journal n’est pas celui du point de contrôle : son début a été réécrit.",
        "The log is not the one of the checkpoint: its beginning was rewritten.",
    ),
    Change.PAYLOAD_EDITED: Words(
        "Le contenu de l’enregistrement {seq} a été modifié{where}.",
        "The payload of record {seq} was edited{where}.",
    ),
    Change.PAYLOAD_REMOVED: Words(
        "Le contenu de l’enregistrement {seq} a disparu sans ordre d’oubli{where}.",
        "The payload of record {seq} is gone though nothing ordered it forgotten{where}.",
    ),
}
