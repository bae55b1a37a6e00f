"""What a person keeps: a basket of excerpts, and which of their questions were answered."""

from assistant.desk.excerpt import Excerpt
from assistant.desk.refusals import (
    BasketFull,
    DeskError,
    DeskUnreadable,
    NothingToRestore,
    NotInBasket,
    TextTooLong,
)
from assistant.desk.store import MOST_EXCERPTS, NOTE_CHARS, Desk

__all__ = [
    "MOST_EXCERPTS",
    "NOTE_CHARS",
    "BasketFull",
    "Desk",
    "DeskError",
    "DeskUnreadable",
    "Excerpt",
    "NotInBasket",
    "NothingToRestore",
    "TextTooLong",
]
