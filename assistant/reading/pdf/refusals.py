"""Every reason for which a PDF is refused, and the bounds it is measured against.

A PDF is hostile until proven small: each bound below stops one way of making
the reader spin, swell or lie by omission. A refusal concerns one file only.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import UnreadableDocument
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """Bounds of one file; the defaults pass every administrative document we know of."""

    file_bytes: int = 256 * 1024 * 1024
    pages: int = 5_000
    page_side_pt: float = 14_400.0
    """The largest side that the PDF reference allows without UserUnit (200 inches)."""
    page_chars: int = 100_000
    document_chars: int = 8_000_000
    content_bytes: int = 32 * 1024 * 1024
    """Drawing instructions of one page, decompressed, nested forms counted at each use."""
    document_content_bytes: int = 1024 * 1024 * 1024
    image_pixels: int = 200_000_000
    """One scanned image; A0 at 300 dpi is 139 million pixels."""
    render_pixels: int = 40_000_000
    ocr_dpi: int = 300
    ocr_dpi_least: int = 100
    """Under this resolution character recognition is not worth trusting."""
    ocr_timeout_s: float = 180.0


_RESAVE = Words(
    "Récupérez une copie complète, ou rouvrez le fichier et réenregistrez-le en PDF, "
    "puis relancez l’ingestion.",
    "Get a complete copy, or open the file and save it as PDF again, then ingest again.",
)
_SPLIT = Words(
    "Découpez ou allégez le fichier (impression en PDF, par exemple), puis relancez l’ingestion.",
    "Split or lighten the file (print it to PDF, for instance), then ingest again.",
)


def damaged(name: str, fr: str, en: str) -> UnreadableDocument:
    """The bytes are not those of a whole PDF; ``fr``/``en`` say what was found."""
    return UnreadableDocument(
        Words(f"« {name} » : PDF endommagé ({fr}).", f"{name!r}: damaged PDF ({en})."),
        remedy=_RESAVE,
    )


def beyond(name: str, fr: str, en: str) -> UnreadableDocument:
    """A bound is exceeded; ``fr``/``en`` name it with its value."""
    return UnreadableDocument(
        Words(f"« {name} » : PDF hors limites ({fr}).", f"{name!r}: PDF beyond limits ({en})."),
        remedy=_SPLIT,
    )


def unreachable(name: str, reason: str) -> UnreadableDocument:
    """The file itself cannot be opened."""
    return UnreadableDocument(
        Words(
            f"« {name} » : le fichier ne peut pas être ouvert ({reason}).",
            f"{name!r}: the file cannot be opened ({reason}).",
        ),
        remedy=Words(
            "Vérifiez que le fichier existe et que vous avez le droit de le lire.",
            "Check that the file exists and that you may read it.",
        ),
    )


def locked(name: str) -> UnreadableDocument:
    """A password is needed to open it."""
    return UnreadableDocument(
        Words(
            f"« {name} » : PDF protégé par un mot de passe.",
            f"{name!r}: password-protected PDF.",
        ),
        remedy=Words(
            "Ouvrez-le avec son mot de passe, enregistrez-en une copie sans protection "
            "et relancez l’ingestion.",
            "Open it with its password, save a copy without protection and ingest again.",
        ),
    )


def pageless(name: str) -> UnreadableDocument:
    """It opens and holds no page."""
    return UnreadableDocument(
        Words(f"« {name} » : PDF sans aucune page.", f"{name!r}: PDF without any page."),
        remedy=_RESAVE,
    )


def unrecognised(name: str, page: int, fr: str, en: str) -> UnreadableDocument:
    """Character recognition failed on a scanned page."""
    return UnreadableDocument(
        Words(
            f"« {name} » : la reconnaissance de la page {page} a échoué ({fr}).",
            f"{name!r}: character recognition of page {page} failed ({en}).",
        ),
        remedy=Words(
            "Numérisez de nouveau cette page (300 points par pouce), ou vérifiez "
            "l’installation de tesseract, puis relancez l’ingestion.",
            "Scan that page again (300 dots per inch), or check how tesseract is installed, "
            "then ingest again.",
        ),
    )


def textless(name: str) -> UnreadableDocument:
    """No page holds a single letter, printed or recognised."""
    return UnreadableDocument(
        Words(f"« {name} » : PDF sans aucun texte.", f"{name!r}: PDF without any text."),
        remedy=Words(
            "Vérifiez que ce n’est pas un document vide ; sinon numérisez-le de nouveau "
            "(300 points par pouce).",
            "Check that the document is not empty; otherwise scan it again (300 dots per inch).",
        ),
    )
