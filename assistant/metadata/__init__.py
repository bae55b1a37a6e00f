"""Which files a corpus holds, and what is known of each beside its text."""

from assistant.metadata.describing import GENERAL, Metadata, describe
from assistant.metadata.walk import corpus_files, description_files

__all__ = ["GENERAL", "Metadata", "corpus_files", "describe", "description_files"]
