"""Why a backup is not made, or not restored.

BackupError
└── ArchiveRefused      the archive is damaged, or is not what this program writes
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import AssistantError
from assistant.wording import Words, safe

_SHOWN_CHARS = 200
_OTHER_COPY = Words(
    "Rien n’a été mis en place. Prenez une autre copie de cette sauvegarde, ou une plus ancienne.",
    "Nothing was put in place. Take another copy of this backup, or an older one.",
)


class BackupError(AssistantError):
    """A backup cannot be made, or cannot be put where it was asked."""


class ArchiveRefused(BackupError):
    """An archive that is damaged, or that could harm: nothing of it was put in place.

    Args:
        member: Name in the archive, or the archive's own.
        why: What is wrong with it.
    """

    def __init__(self, member: str, why: Words) -> None:
        name = _shown(member)
        super().__init__(
            Words(
                f"Sauvegarde refusée, « {name} » : {why.fr}.",
                f"Backup refused, {name!r}: {why.en}.",
            ),
            remedy=_OTHER_COPY,
        )
        self.member = member


DAMAGED = Words("archive abîmée ou tronquée", "damaged or truncated archive")
UNSAFE_NAME = Words("nom hors de l’espace de travail", "a name outside the workspace")
NOT_A_FILE = Words("ce n’est pas un fichier ordinaire", "it is no regular file")
TWICE = Words("présent deux fois", "it is there twice")
MISSING = Words("annoncé et absent", "announced and missing")
UNANNOUNCED = Words("absent du manifeste", "not in the manifest")
ALTERED = Words(
    "son empreinte n’est pas celle du manifeste", "its hash is not the one of the manifest"
)
NOT_LAST = Words("quelque chose suit le manifeste", "something follows the manifest")
NOT_A_BACKUP = Words(
    "le manifeste manque ou n’est pas lisible : archive tronquée, ou autre chose qu’une sauvegarde",
    "the manifest is missing or unreadable: a truncated archive, or no backup at all",
)
CLASHES = Words("son nom heurte celui d’un autre fichier", "its name clashes with another file's")


def wrong_size(found: int, announced: int) -> Words:
    """A member whose size is not the manifest's."""
    return Words(f"{found} octets au lieu de {announced}", f"{found} bytes instead of {announced}")


def newer_format(found: object) -> Words:
    """A later version of this program wrote it."""
    return Words(
        f"format {found}, que cette version ne connaît pas ; mettez le programme à jour",
        f"format {found}, unknown to this version; update the program",
    )


def taken(target: Path) -> BackupError:
    """Something is already there, and a restoration never mixes with it."""
    return BackupError(
        Words(
            f"« {target} » existe et n’est pas un dossier vide.",
            f"{str(target)!r} exists and is not an empty folder.",
        ),
        remedy=Words(
            "Donnez un dossier qui n’existe pas encore, puis échangez les deux.",
            "Name a folder that does not exist yet, then swap the two.",
        ),
    )


def archive_exists(path: Path) -> BackupError:
    """A backup never takes the place of another."""
    return BackupError(
        Words(f"« {path} » existe déjà.", f"{str(path)!r} already exists."),
        remedy=Words(
            "Donnez un autre nom, ou un dossier : le nom sera alors daté.",
            "Give another name, or a folder: the name then has the date.",
        ),
    )


def inside(path: Path, folder: Path) -> BackupError:
    """The archive would be among what it holds."""
    return BackupError(
        Words(
            f"« {path} » est dans « {folder} », qui fait partie de la sauvegarde.",
            f"{str(path)!r} is in {str(folder)!r}, which is part of the backup.",
        ),
        remedy=Words(
            "Choisissez un dossier ailleurs, de préférence sur un autre disque.",
            "Choose a folder elsewhere, on another disk for preference.",
        ),
    )


def store_damaged(name: str) -> BackupError:
    """A SQLite file whose copy does not pass SQLite's own check."""
    return BackupError(
        Words(
            f"« {name} » est abîmé : sa copie ne passe pas la vérification de SQLite.",
            f"{name!r} is damaged: its copy fails SQLite's own check.",
        ),
        remedy=Words(
            "Gardez la dernière bonne sauvegarde et restaurez-la ; vérifiez le disque.",
            "Keep the last good backup and restore it; check the disk.",
        ),
    )


def not_written(path: Path, why: object) -> BackupError:
    """The disk or the rights do not allow it; nothing is left of what was begun."""
    return BackupError(
        Words(
            f"« {path} » n’a pas pu être écrit : {why}.", f"{str(path)!r} was not written: {why}."
        ),
        remedy=Words(
            "Vérifiez que le dossier existe, ses droits et la place libre.",
            "Check that the folder exists, its rights and the free space.",
        ),
    )


def not_read(path: Path, why: object) -> BackupError:
    """The archive cannot be opened."""
    return BackupError(
        Words(f"« {path} » n’est pas lisible : {why}.", f"{str(path)!r} cannot be read: {why}."),
        remedy=Words("Vérifiez le chemin et les droits.", "Check the path and the rights."),
    )


def no_room(folder: Path, need: int, free: int) -> BackupError:
    """Not enough space for what the archive holds, and for the indexes made of it."""
    return BackupError(
        Words(
            f"Il faut {need / 1e9:.1f} Go dans « {folder} », et il en reste {free / 1e9:.1f}.",
            f"{need / 1e9:.1f} GB are needed in {str(folder)!r}, and {free / 1e9:.1f} are left.",
        ),
        remedy=Words(
            "Libérez de la place, ou restaurez ailleurs.", "Free space, or restore elsewhere."
        ),
    )


def _shown(name: str) -> str:
    one_line = " ".join(safe(name).split())
    return one_line if len(one_line) <= _SHOWN_CHARS else f"{one_line[:_SHOWN_CHARS]}…"
