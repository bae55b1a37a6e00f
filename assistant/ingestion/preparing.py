"""From what a reader made of a file to what the catalogue keeps and the model embeds.

Nothing here depends on who does it: this process, or a machine that was sent the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.corpus_scope import Source
from assistant.embedding import Embedder, PassageVectors, Span
from assistant.errors import UnreadableDocument
from assistant.french.sentences import split_sentences
from assistant.metadata import describe
from assistant.passages import cut_passages
from assistant.records import Block, Document, Passage, Reading
from assistant.settings_sections import PassageSettings
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document with its text, cut; ``vectors`` of its passages, where they are made already."""

    document: Document
    text: str
    blocks: tuple[Block, ...]
    passages: list[Passage]
    vectors: list[PassageVectors] | None = None


def prepare(source: Source, root: Path, reading: Reading, cut: PassageSettings) -> Prepared:
    """Describe and cut one document.

    Args:
        source: The hashed file; what describes it stands beside it and above it.
        root: The corpus, or a folder that holds the file at the same place below it.
        reading: What the reader made of it.
        cut: Lengths of passages.

    Raises:
        UnreadableDocument: It holds no text, or what describes it holds a mistake.
    """
    found = describe(source.file, root, reading)
    document = Document(
        document_id=hashlib.sha256(source.path.encode()).hexdigest()[:12],
        path=source.path,
        sha256=source.sha256,
        format=reading.format,
        title=found.title,
        date=found.date,
        kind=found.kind,
        collection=found.collection,
        commission=found.commission,
        status=found.status,
        superseded_by=found.superseded_by,
        page_count=reading.page_count,
        origins=dict(found.origins),
    )
    passages = cut_passages(
        document,
        reading.text,
        reading.blocks,
        target_words=cut.target_words,
        max_words=cut.max_words,
    )
    if not passages:
        raise _no_text(source.path)
    return Prepared(document=document, text=reading.text, blocks=reading.blocks, passages=passages)


def embed(embedder: Embedder, passages: Sequence[Passage]) -> list[PassageVectors]:
    """The vectors of some passages and of their sentences, each under its context header."""
    texts = [f"{_header(passage)}{passage.text}" for passage in passages]
    return embedder.embed_with_parts(texts, [_sentence_spans(passage) for passage in passages])


def _header(passage: Passage) -> str:
    """What is embedded in front of a passage."""
    return f"{passage.context}\n"


def _sentence_spans(passage: Passage) -> list[Span]:
    """Where the passage's sentences stand in the text that is embedded."""
    shift = len(_header(passage))
    return [(shift + start, shift + end) for start, end in split_sentences(passage.text)]


def _no_text(path: str) -> UnreadableDocument:
    return UnreadableDocument(
        Words(f"« {path} » ne contient aucun texte.", f"{path!r} holds no text."),
        remedy=Words(
            "Vérifiez le fichier ; s’il est numérisé, installez tesseract-ocr-fra.",
            "Check the file; if it is scanned, install tesseract-ocr-fra.",
        ),
    )
