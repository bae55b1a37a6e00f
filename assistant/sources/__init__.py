"""Showing a source: what a reader sees when a citation is opened.

The quotation is read again from the catalogue, then shown where it stands: on the
picture of its page, in its speaker's turn, or in its section. Records only: the
interface makes markup of them, and every text in them is a document's own, hostile.
"""

from assistant.sources.pages import WIDTHS_PX, page_png
from assistant.sources.records import (
    Highlight,
    PageView,
    QuotedBlock,
    SectionView,
    SourceView,
    TextBlock,
    Turn,
    TurnView,
)
from assistant.sources.viewing import view

__all__ = [
    "WIDTHS_PX",
    "Highlight",
    "PageView",
    "QuotedBlock",
    "SectionView",
    "SourceView",
    "TextBlock",
    "Turn",
    "TurnView",
    "page_png",
    "view",
]
