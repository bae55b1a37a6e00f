"""What can go wrong with the log, said to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import AuditError
from assistant.wording import Words, safe

_WHY = {
    FileNotFoundError: Words("ce dossier n’existe pas", "there is no such folder"),
    NotADirectoryError: Words("ce dossier n’en est pas un", "that is not a folder"),
    IsADirectoryError: Words("c’est un dossier", "it is a folder"),
    PermissionError: Words("vous n’y avez pas le droit d’écrire", "you may not write there"),
}


def altered(what: str) -> AuditError:
    """The log was changed by something else than this program."""
    return AuditError(
        Words(
            f"Le journal d’audit a été modifié hors du programme ({what}).",
            f"The audit log was changed outside this program ({what}).",
        ),
        remedy=Words(
            "Lancez « assistant audit verify » ; gardez index/audit comme pièce en le "
            "renommant : un nouveau journal commencera.",
            "Run `assistant audit verify`; keep index/audit as evidence by renaming it: "
            "a new log will begin.",
        ),
    )


def busy() -> AuditError:
    """Another process is writing, and went on for too long."""
    return AuditError(
        Words(
            "Le journal d’audit est occupé par un autre processus.",
            "Another process holds the audit log.",
        ),
        remedy=Words(
            "Attendez qu’il se termine, ou arrêtez-le, puis recommencez.",
            "Wait until it ends, or stop it, then try again.",
        ),
    )


def unknown(record_id: str) -> AuditError:
    """No record has that name, or none that can be meant."""
    return AuditError(
        Words(
            f"Le journal d’audit n’a pas (ou plus d’un) enregistrement « {record_id[:60]} ».",
            f"The audit log has no record (or several) named {record_id[:60]!r}.",
        ),
        remedy=Words(
            "« assistant audit list » donne les identifiants.",
            "`assistant audit list` gives the identifiers.",
        ),
    )


def unwritable(path: Path, error: OSError) -> AuditError:
    """The export cannot be written where it was asked for; the log is not at fault."""
    plain = str(error.strerror or type(error).__name__)
    why = _WHY.get(type(error), Words(plain, plain))
    return AuditError(
        Words(
            f"L’export « {safe(str(path))} » ne peut pas être écrit : {why.fr}.",
            f"The export {str(path)!r} cannot be written: {why.en}.",
        ),
        remedy=Words(
            "Donnez un fichier dans un dossier qui existe et où vous pouvez écrire.",
            "Name a file in a folder that exists and that you may write to.",
        ),
    )


def nothing_left(of: Words) -> AuditError:
    """There is nothing left to forget there."""
    return AuditError(
        Words(
            f"Rien n’est gardé de {of.fr}, ou plus rien.",
            f"Nothing of {of.en} is kept, or nothing any more.",
        ),
        remedy=Words("Il n’y a rien à faire.", "There is nothing to do."),
    )


@contextmanager
def as_audit_errors() -> Iterator[None]:
    """What the disk or SQLite refuses, as an error that a person can mend."""
    try:
        yield
    except AuditError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise AuditError(
            Words(
                f"Le journal d’audit n’est pas accessible : {error}.",
                f"The audit log cannot be used: {error}.",
            ),
            remedy=Words(
                "Vérifiez l’espace disque et les droits du dossier index/audit.",
                "Check the disk space and the permissions of index/audit.",
            ),
        ) from error
