"""Every reason for which a file that is not a PDF is refused, in words for a person.

A file name is hostile text too: it is shown without control or
direction-changing characters, and never whole when it is endless.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import UnreadableDocument, UnsupportedFormat
from assistant.reading.canonical import normalise
from assistant.wording import Words

FORMATS = "PDF, DOCX, ODT, HTML, Markdown, TXT, SRT, WebVTT"
_NAME_CHARS = 120

_RESAVE = Words(
    "Rouvrez le fichier dans son logiciel, enregistrez-le de nouveau, puis relancez l’ingestion.",
    "Open the file in its own program, save it again, then ingest again.",
)
_SPLIT = Words(
    "Découpez ou allégez le fichier, puis relancez l’ingestion.",
    "Split or lighten the file, then ingest again.",
)


def shown(path: Path) -> str:
    """The file's name as it may be displayed: one short line without control characters."""
    name = normalise(path.name.encode("utf-8", "replace").decode()).replace("\n", " ")
    return name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}…"


def damaged(name: str, fr: str, en: str) -> UnreadableDocument:
    """The bytes are not those of a whole file of its format; ``fr``/``en`` say what was found."""
    return UnreadableDocument(
        Words(f"« {name} » : fichier endommagé ({fr}).", f"{name!r}: damaged file ({en})."),
        remedy=_RESAVE,
    )


def beyond(name: str, fr: str, en: str) -> UnreadableDocument:
    """A bound is exceeded; ``fr``/``en`` name it with its value."""
    return UnreadableDocument(
        Words(f"« {name} » : fichier hors limites ({fr}).", f"{name!r}: beyond limits ({en})."),
        remedy=_SPLIT,
    )


def empty(name: str) -> UnreadableDocument:
    """Nothing in it can be read as text."""
    return UnreadableDocument(
        Words(f"« {name} » ne contient aucun texte.", f"{name!r} holds no text."),
        remedy=Words(
            "Vérifiez que c’est le bon fichier ; sinon, retirez-le du corpus.",
            "Check that it is the right file; otherwise take it out of the corpus.",
        ),
    )


def unreachable(name: str, reason: str) -> UnreadableDocument:
    """The file itself cannot be opened."""
    return UnreadableDocument(
        Words(
            f"« {name} » : le fichier ne peut pas être ouvert ({reason}).",
            f"{name!r}: the file cannot be opened ({reason}).",
        ),
        remedy=Words(
            "Vérifiez que c’est un fichier ordinaire et que vous avez le droit de le lire.",
            "Check that it is an ordinary file and that you may read it.",
        ),
    )


def unnameable(name: str) -> UnreadableDocument:
    """The file's name is not valid UTF-8, so that nothing could ever cite it."""
    return UnreadableDocument(
        Words(
            f"« {name} » : le nom du fichier n’est pas en UTF-8.",
            f"{name!r}: the file's name is not UTF-8.",
        ),
        remedy=Words("Renommez le fichier, puis relancez.", "Rename the file, then try again."),
    )


def declares_entities(name: str) -> UnreadableDocument:
    """An XML part declares entities, which no word processor writes: the way bombs are built."""
    return UnreadableDocument(
        Words(
            f"« {name} » : le fichier déclare des entités XML, il est refusé par sûreté.",
            f"{name!r}: the file declares XML entities; it is refused for safety.",
        ),
        remedy=_RESAVE,
    )


def locked(name: str) -> UnreadableDocument:
    """A password is needed to open it."""
    return UnreadableDocument(
        Words(
            f"« {name} » : fichier protégé par un mot de passe.",
            f"{name!r}: password-protected file.",
        ),
        remedy=Words(
            "Enregistrez-en une copie sans protection, puis relancez l’ingestion.",
            "Save a copy without protection, then ingest again.",
        ),
    )


def undecidable(name: str, fr: str, en: str) -> UnreadableDocument:
    """The bytes do not say in which encoding the text is."""
    return UnreadableDocument(
        Words(
            f"« {name} » : l’encodage du texte est indécidable ({fr}).",
            f"{name!r}: the encoding of the text cannot be decided ({en}).",
        ),
        remedy=Words(
            "Enregistrez le fichier en UTF-8, puis relancez l’ingestion.",
            "Save the file as UTF-8, then ingest again.",
        ),
    )


def unsupported(
    name: str, fr: str = "format inconnu", en: str = "unknown format"
) -> UnsupportedFormat:
    """No reader knows what it is; ``fr``/``en`` say what was recognised."""
    return UnsupportedFormat(
        Words(f"« {name} » : {fr}.", f"{name!r}: {en}."),
        remedy=Words(
            f"Convertissez-le dans un format lu ({FORMATS}), ou retirez-le du corpus.",
            f"Convert it to a format that is read ({FORMATS}), or take it out of the corpus.",
        ),
    )
