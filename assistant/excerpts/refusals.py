"""Why an export or an annotated page is refused: each says what to do instead."""

from __future__ import annotations

from assistant.errors import AssistantError
from assistant.wording import Words

_TAKE_ANEW = Words(
    "Relancez l’ingestion s’il le faut, retrouvez le passage par une recherche et citez-le de "
    "nouveau.",
    "Ingest again if needed, find the passage by a search and cite it again.",
)


class ExportError(AssistantError):
    """Excerpts or a page cannot be given out."""


class NothingToExport(ExportError):
    """There is no excerpt to write."""

    def __init__(self) -> None:
        super().__init__(
            Words("Aucun extrait à exporter.", "No excerpt to export."),
            remedy=Words(
                "Ajoutez des extraits à votre panier depuis une recherche ou une réponse.",
                "Add excerpts to your basket from a search or an answer.",
            ),
        )


class UnknownFormat(ExportError):
    """No export has that name."""

    def __init__(self, known: tuple[str, ...]) -> None:
        listed = ", ".join(known)
        super().__init__(
            Words("Ce format d’export n’existe pas.", "There is no such export format."),
            remedy=Words(f"Choisissez l’un de ceux-ci : {listed}.", f"Choose one of: {listed}."),
        )


class NotAPdf(ExportError):
    """Only a PDF has pages that can be copied with their marks."""

    def __init__(self, title: str) -> None:
        super().__init__(
            Words(
                f"« {title} » n’est pas un PDF : il n’a pas de page à annoter.",
                f"{title!r} is not a PDF: it has no page to annotate.",
            ),
            remedy=Words(
                "Exportez l’extrait en DOCX, ODT ou Markdown.",
                "Export the excerpt as DOCX, ODT or Markdown.",
            ),
        )


class SourceChanged(ExportError):
    """The file in the corpus, or its text, is not the version that was cited."""

    def __init__(self, title: str) -> None:
        super().__init__(
            Words(
                f"« {title} » a été modifié ou retiré depuis qu’il a été cité.",
                f"{title!r} was changed or withdrawn since it was cited.",
            ),
            remedy=_TAKE_ANEW,
        )


class TooManyPages(ExportError):
    """The quotation runs over more pages than one copies to show a citation."""

    def __init__(self, title: str, pages: int, most: int) -> None:
        super().__init__(
            Words(
                f"La citation de « {title} » court sur {pages} pages, maximum {most}.",
                f"The quotation of {title!r} runs over {pages} pages, at most {most}.",
            ),
            remedy=Words("Citez un passage plus court.", "Cite a shorter passage."),
        )


class NotOnThePage(ExportError):
    """None of the words of the quotation was found on its page."""

    def __init__(self, title: str, pages: str) -> None:
        super().__init__(
            Words(
                f"La citation de « {title} » n’a pas été retrouvée à la page {pages}.",
                f"The quotation of {title!r} was not found on page {pages}.",
            ),
            remedy=Words(
                "Ouvrez le document à cette page ; s’il est numérisé, vérifiez que tesseract-ocr "
                "et tesseract-ocr-fra sont installés.",
                "Open the document at that page; if it is scanned, check that tesseract-ocr and "
                "tesseract-ocr-fra are installed.",
            ),
        )


class PageUnusable(ExportError):
    """The page could not be copied out of its file."""

    def __init__(self, title: str, page: int) -> None:
        super().__init__(
            Words(
                f"La page {page} de « {title} » n’a pas pu être copiée.",
                f"Page {page} of {title!r} could not be copied.",
            ),
            remedy=Words(
                "Ouvrez le fichier et réenregistrez-le en PDF, puis relancez l’ingestion.",
                "Open the file and save it as PDF again, then ingest again.",
            ),
        )
