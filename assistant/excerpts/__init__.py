"""Excerpts leave the desk: as a document with its sources, or as the cited page, marked."""

from assistant.excerpts.exported import Exported, Refused
from assistant.excerpts.exporting import FORMATS, Format, export
from assistant.excerpts.pages import annotated_excerpt, annotated_page
from assistant.excerpts.refusals import (
    ExportError,
    NotAPdf,
    NothingToExport,
    NotOnThePage,
    PageUnusable,
    SourceChanged,
    TooManyPages,
    UnknownFormat,
)

__all__ = [
    "FORMATS",
    "ExportError",
    "Exported",
    "Format",
    "NotAPdf",
    "NotOnThePage",
    "NothingToExport",
    "PageUnusable",
    "Refused",
    "SourceChanged",
    "TooManyPages",
    "UnknownFormat",
    "annotated_excerpt",
    "annotated_page",
    "export",
]
