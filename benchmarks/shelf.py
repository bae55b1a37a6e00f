"""What the measures of retrieval search: a published workspace, or a folder of files by words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.lexical_index import LexicalIndex
from assistant.metadata import describe
from assistant.passages import cut_passages
from assistant.reading import read
from assistant.records import Document, Filters, Passage
from assistant.retrieval import Mode, retrieve
from assistant.retrieval.copies import words_of
from assistant.settings_sections import PassageSettings
from assistant.workspace import Workspace

DEPTH = 50


@dataclass(frozen=True, slots=True)
class Shelf:
    """Texts and passages by path, and what searches them: ids of passages, best first.

    Passages of the same words are one hit; its id is that of the first of them (`first_copies`).
    """

    texts: Mapping[str, str]
    passages: Mapping[str, Sequence[Passage]]
    modes: tuple[Mode, ...]
    search: Callable[[str, Mode], list[str]]


def published(workspace: Workspace, dense_weight: float | None = None) -> Shelf:
    """The documents that a workspace has published, searched as the assistant searches them.

    Args:
        workspace: Ingested.
        dense_weight: Of the fusion; by default the workspace's own.
    """
    catalogue = workspace.catalogue
    texts, passages = {}, {}
    for document in catalogue.documents(catalogue.generation):
        path = document.document.path
        texts[path] = catalogue.text(document.row)
        batches = catalogue.stored([document.row])
        passages[path] = [stored.passage for batch in batches for stored in batch]

    same_as = first_copies(passages)
    settings = workspace.settings.retrieval
    weight = settings.dense_weight if dense_weight is None else dense_weight

    def find(question: str, mode: Mode) -> list[str]:
        with workspace.generations.reading() as generation:
            hits = retrieve(
                question,
                generation,
                None if mode == "lexical" else workspace.embedder,
                filters=Filters(),
                top=DEPTH,
                candidates=settings.candidates,
                dense_weight=weight,
                mode=mode,
            ).hits
        return [same_as[hit.passage.passage_id] for hit in hits]

    return Shelf(texts, passages, ("dense", "lexical", "hybrid"), find)


@contextmanager
def by_words(corpus: Path) -> Iterator[Shelf]:
    """The files of a corpus, read and cut as an ingestion does, and searched by words alone.

    For what takes hours to embed: the lexical mode needs no vector.
    """
    texts, passages = {}, {}
    for file in sorted(corpus.rglob("*.html")):
        path = file.relative_to(corpus).as_posix()
        texts[path], passages[path] = _cut(file, corpus, path)
    same_as = first_copies(passages)
    numbered = list(enumerate(one for some in passages.values() for one in some))
    with TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder))
        index.change(adds=((row, 0, passage) for row, passage in numbered), removes=())

        def find(question: str, mode: Mode) -> list[str]:
            assert mode == "lexical"
            ids = (numbered[row][1].passage_id for row, _ in index.search(question, DEPTH))
            return list(dict.fromkeys(same_as[one] for one in ids))

        yield Shelf(texts, passages, ("lexical",), find)


def first_copies(passages: Mapping[str, Sequence[Passage]]) -> dict[str, str]:
    """The first passage with the same words (white space aside), by passage id."""
    first: dict[str, str] = {}
    return {
        one.passage_id: first.setdefault(words_of(one), one.passage_id)
        for some in passages.values()
        for one in some
    }


def _cut(file: Path, corpus: Path, path: str) -> tuple[str, list[Passage]]:
    reading = read(file)
    known = describe(file, corpus, reading)
    document = Document(
        document_id=path,
        path=path,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        format=reading.format,
        title=known.title,
        date=known.date,
        kind=known.kind,
        collection=known.collection,
    )
    cut = PassageSettings()
    return reading.text, cut_passages(
        document,
        reading.text,
        reading.blocks,
        target_words=cut.target_words,
        max_words=cut.max_words,
    )
