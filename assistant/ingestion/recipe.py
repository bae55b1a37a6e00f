"""What decides, beside a file's bytes, what its passages and vectors are."""

from __future__ import annotations

from assistant.catalogue import StoredDocument
from assistant.corpus_scope import Source
from assistant.workspace import Workspace

# Changes when readers, canonical text, cutting or sentences give something else for a file.
_RECIPE = "2"


def recipe_of(workspace: Workspace) -> str:
    """Names the program's reading, the settings of cutting, and the embedding model."""
    cut = workspace.settings.passages
    return f"{_RECIPE}/{cut.target_words}-{cut.max_words}/{workspace.embedding_name}"


def whole_recipe(recipe: str, source: Source) -> str:
    """The same with what describes one file beside it."""
    return f"{recipe}/{source.described_by}"


def still_holds(stored: StoredDocument, source: Source, recipe: str) -> bool:
    """True when reading this hashed file again would give this version again."""
    return stored.document.sha256 == source.sha256 and stored.recipe == whole_recipe(recipe, source)
