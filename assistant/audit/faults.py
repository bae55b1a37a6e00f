"""What can go wrong with the log, said to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import AuditError
from assistant.wording import Words


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
