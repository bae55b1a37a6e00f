"""The catalogue: documents, canonical texts, passages and vectors, in SQLite. The truth.

`store.Catalogue` is the way in, `schema` has the tables and `rows` the way between
rows and records.
"""

from assistant.catalogue.rows import StoredDocument, StoredPassage
from assistant.catalogue.store import Catalogue

__all__ = ["Catalogue", "StoredDocument", "StoredPassage"]
