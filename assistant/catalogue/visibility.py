"""Which collection a path belongs to, for whoever may not read all of them."""

from __future__ import annotations

from assistant.metadata import GENERAL
from assistant.metadata.said import one_line


def collection_of_path(path: str) -> str:
    """The first folder of a path of the corpus; ``general`` for a file at its root."""
    folder, slash, _ = path.partition("/")
    return (one_line(folder) or GENERAL) if slash else GENERAL


def is_hidden(hidden: frozenset[str], path: str, *collections: str | None) -> bool:
    """True when nothing of a path may be shown to somebody.

    Args:
        hidden: The collections this person may not read.
        path: Of a file or a document, relative to the corpus.
        collections: What else is known to hold it: a sidecar may put a document in another
            collection than its folder. One hidden collection is enough.
    """
    return not hidden.isdisjoint({collection_of_path(path), *collections})
