"""Why an uploaded file is not taken, in words for a person.

DocumentError
└── UploadRefused       its name, its collection, its size, or what stands in its place
    └── AlreadyThere    the name is taken by another content: ask, then replace
"""

from __future__ import annotations

from assistant.errors import DocumentError
from assistant.metadata.said import one_line
from assistant.reading.refusals import FORMATS
from assistant.wording import Words

_SHOWN_CHARS = 120
_RENAME = Words("Renommez le fichier, puis déposez-le.", "Rename the file, then upload it.")


class UploadRefused(DocumentError):
    """The file stays out of the corpus; nothing there has changed."""


class AlreadyThere(UploadRefused):
    """Another content has that name in that collection; it can be replaced knowingly."""


def nameless(name: str) -> UploadRefused:
    """Nothing is left of the name, or no letter and no digit."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » n’est pas un nom de fichier.",
            f"{_shown(name)!r} is not a file name.",
        ),
        remedy=_RENAME,
    )


def set_apart(name: str) -> UploadRefused:
    """Its name is one of those that a corpus leaves out."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » est un nom de fichier caché ou de travail (il commence par "
            "« . », « _ » ou « ~$ »).",
            f"{_shown(name)!r} is the name of a hidden or working file (it begins with `.`, `_` "
            "or `~$`).",
        ),
        remedy=_RENAME,
    )


def reserved(name: str) -> UploadRefused:
    """Windows keeps the name for a device: the corpus could not be copied or shared there."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » est un nom que Windows réserve.",
            f"{_shown(name)!r} is a name that Windows reserves.",
        ),
        remedy=_RENAME,
    )


def too_long(name: str, limit_bytes: int) -> UploadRefused:
    """Longer than what leaves room for the names of the files beside it."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » : nom trop long ({limit_bytes} octets au plus).",
            f"{_shown(name)!r}: name too long ({limit_bytes} bytes at most).",
        ),
        remedy=_RENAME,
    )


def unsupported(name: str) -> UploadRefused:
    """No reader knows its suffix."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » : format non pris en charge.",
            f"{_shown(name)!r}: format not supported.",
        ),
        remedy=Words(
            f"Convertissez-le dans un format lu ({FORMATS}), puis déposez-le.",
            f"Convert it to a format that is read ({FORMATS}), then upload it.",
        ),
    )


def bad_collection(name: str, expected: Words) -> UploadRefused:
    """The collection's name is not a plain one."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » ne peut pas nommer une collection.",
            f"{_shown(name)!r} cannot name a collection.",
        ),
        remedy=Words(f"Choisissez {expected.fr}.", f"Choose {expected.en}."),
    )


def no_folder(name: str) -> UploadRefused:
    """A link or a file stands where the collection's folder should be."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » n’est pas un dossier du corpus : c’est un lien ou un fichier.",
            f"{_shown(name)!r} is not a folder of the corpus: it is a link or a file.",
        ),
        remedy=Words("Choisissez une autre collection.", "Choose another collection."),
    )


def no_file(name: str) -> UploadRefused:
    """A link, a folder or a device stands where the file should be, or was uploaded."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » n’est pas un fichier ordinaire.",
            f"{_shown(name)!r} is not an ordinary file.",
        ),
        remedy=_RENAME,
    )


def empty(name: str) -> UploadRefused:
    """Not one byte."""
    return UploadRefused(
        Words(f"« {_shown(name)} » est vide.", f"{_shown(name)!r} is empty."),
        remedy=Words(
            "Vérifiez le fichier sur votre poste, puis déposez-le de nouveau.",
            "Check the file on your machine, then upload it again.",
        ),
    )


def too_large(name: str, limit_mb: int) -> UploadRefused:
    """Beyond ``max_file_mb``."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » dépasse la taille permise ({limit_mb} Mo).",
            f"{_shown(name)!r} is larger than allowed ({limit_mb} MB).",
        ),
        remedy=Words(
            "Découpez-le, ou augmentez max_file_mb dans assistant.toml.",
            "Split it, or raise max_file_mb in assistant.toml.",
        ),
    )


def already_there(name: str, collection: str) -> AlreadyThere:
    """The name is taken by another content."""
    return AlreadyThere(
        Words(
            f"« {_shown(name)} » existe déjà dans « {_shown(collection)} » avec un autre contenu.",
            f"{_shown(name)!r} is already in {_shown(collection)!r} with another content.",
        ),
        remedy=Words(
            "Demandez à le remplacer si c’est une nouvelle version ; sinon, renommez-le.",
            "Ask to replace it if this is a new version; otherwise rename it.",
        ),
    )


def not_written(name: str, reason: str) -> UploadRefused:
    """The system would not let it be read or written."""
    return UploadRefused(
        Words(
            f"« {_shown(name)} » n’a pas pu être enregistré ({reason}).",
            f"{_shown(name)!r} could not be saved ({reason}).",
        ),
        remedy=Words(
            "Vérifiez la place libre et les droits d’écriture sur le dossier corpus.",
            "Check the free space and the right to write in the corpus folder.",
        ),
    )


def _shown(name: str) -> str:
    line = one_line(name)
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…"
