"""The catalogue: documents, canonical texts, passages and vectors, in SQLite. The truth.

`store.Catalogue` is the way in, `schema` has the tables and `rows` the way between
rows and records. `failures` are the files that could not be taken in, `journal` what
came, changed and left; `visibility` says which collection a path belongs to.
"""

from assistant.catalogue.belonging import Belonging
from assistant.catalogue.failures import FailedFile
from assistant.catalogue.journal import Change, Happening
from assistant.catalogue.outlines import Outline
from assistant.catalogue.rows import StoredDocument, StoredPassage
from assistant.catalogue.store import Catalogue
from assistant.catalogue.visibility import collection_of_path, is_hidden

__all__ = [
    "Belonging",
    "Catalogue",
    "Change",
    "FailedFile",
    "Happening",
    "Outline",
    "StoredDocument",
    "StoredPassage",
    "collection_of_path",
    "is_hidden",
]
