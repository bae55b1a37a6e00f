"""Why a source, or a page of it, is not shown."""

from __future__ import annotations

from assistant.errors import DocumentNotFound, UnreadableDocument
from assistant.records import Document
from assistant.wording import Words, safe

NEW_VERSION = Words(
    "Le document a une nouvelle version depuis cette citation : voici son texte actuel, "
    "où le passage a pu changer de place.",
    "The document has a new version since it was quoted: this is its present text, "
    "in which the passage may have moved.",
)
FILE_CHANGED = Words(
    "Le fichier a changé ou n’est plus là depuis son ingestion : voici le texte qui en avait "
    "été lu. Une nouvelle ingestion mettra le corpus à jour.",
    "The file has changed or gone since it was ingested: this is the text that was read "
    "from it. Another ingestion will bring the corpus up to date.",
)


def not_found() -> DocumentNotFound:
    """No such document, for that person: a hidden one is told from a missing one by nothing."""
    return DocumentNotFound(
        Words("Ce document n’est pas dans le corpus.", "This document is not in the corpus."),
        remedy=Words(
            "Il a peut-être été retiré : posez la question à nouveau.",
            "It may have been withdrawn: ask the question again.",
        ),
    )


def no_such_page(document: Document, page: int) -> UnreadableDocument:
    """The document has no page of that number (1-based) that could be shown."""
    title = safe(document.title)
    return UnreadableDocument(
        Words(f"« {title} » n’a pas de page {page}.", f"{title!r} has no page {page}."),
        remedy=Words(
            f"Choisissez une page entre 1 et {document.page_count}."
            if document.page_count
            else "Ce document n’a pas de pages : lisez son texte.",
            f"Choose a page from 1 to {document.page_count}."
            if document.page_count
            else "This document has no pages: read its text.",
        ),
    )


def file_changed(document: Document) -> UnreadableDocument:
    """The picture would not be that of the version that was read."""
    title = safe(document.title)
    return UnreadableDocument(
        Words(
            f"« {title} » : le fichier n’est plus celui qui a été lu.",
            f"{title!r}: the file is no longer the one that was read.",
        ),
        remedy=Words("Lancez une nouvelle ingestion.", "Ingest it again."),
    )
