"""Taking documents in: what changed is read, cut, embedded, and published at once.

Everything done is kept at every step (a document read, a batch embedded), so an
ingestion that is killed goes on where it was. Nothing is seen by a search before
the whole of it is published.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assistant.catalogue import Catalogue, StoredDocument
from assistant.corpus_scope import Scope, Source, scope_of
from assistant.embedding import Span
from assistant.errors import DocumentError, UnreadableDocument
from assistant.french.sentences import split_sentences
from assistant.metadata import describe
from assistant.passages import cut_passages
from assistant.reading.isolated import read_each
from assistant.records import Document, Passage, Reading
from assistant.wording import Words
from assistant.workspace import Workspace

Progress = Callable[[Words, int, int], None]
"""Told what is being done, how much of it is done, and out of how much."""

READING = Words("Lecture", "Reading")
EMBEDDING = Words("Vectorisation", "Embedding")
PUBLISHING = Words("Publication", "Publishing")

# Changes when readers, canonical text, cutting or sentences give something else for a file.
_RECIPE = "2"
_EMBED_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be taken in, why, and what to do about it."""

    path: str
    error: str
    remedy: str


@dataclass(slots=True)
class IngestionReport:
    """What one ingestion did: documents, but for ``passages`` (of what was added or updated)."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0
    seconds: float = 0.0

    def refuse(self, path: str, error: DocumentError) -> None:
        """Note a file that could not be taken in."""
        self.failed.append(Failure(path, str(error.message), str(error.remedy)))

    def as_json(self) -> dict[str, object]:
        """The report of the command contract."""
        return asdict(self)


def ingest(
    workspace: Workspace,
    paths: Sequence[Path] = (),
    *,
    collection: str | None = None,
    rebuild: bool = False,
    progress: Progress = lambda *_: None,
    wait_s: float = 30.0,
) -> IngestionReport:
    """Bring the index up to date with files of the corpus.

    Args:
        workspace: Where.
        paths: Files or folders; those outside the corpus are copied into it. None: all of it.
        collection: Folder of the corpus that copied files go to.
        rebuild: Read, embed and index everything again.
        progress: Called as work goes on.
        wait_s: How long to wait for another writer, in seconds.

    Raises:
        WorkspaceBusy: Another process is writing.
        IndexModelMismatch: The index was built with another embedding model.
        ModelMissing: The embedding model is not installed.
    """
    began = time.monotonic()
    report = IngestionReport()
    with workspace.writing(wait_s=wait_s):
        run = _Run(workspace, report, progress, rebuild=rebuild)
        scope = scope_of(workspace.settings, paths, collection, refuse=report.refuse)
        if run.foreign():  # one index never mixes two models' vectors: all is read again
            scope = scope.whole()
        run.read(scope)
        run.embed()
        run.publish(scope)
    report.seconds = round(time.monotonic() - began, 2)
    return report


def withdraw(workspace: Workspace, name: str) -> Document:
    """Take a document out of the index, and keep it out; its file stays where it is.

    Raises:
        DocumentNotFound: The name matches no document, or several.
    """
    with workspace.writing():
        catalogue = workspace.catalogue
        stored = catalogue.find(name, catalogue.generation)
        catalogue.withdraw(stored.document.path, withdrawn=True)
        generations = workspace.generations
        generations.publish(
            adds=[],
            retires=[stored.row],
            embedding=workspace.embedding_name,
            anew=not generations.sound(catalogue.generation),
        )
    return stored.document


class _Run:
    """One ingestion under the writer's lock."""

    def __init__(
        self, workspace: Workspace, report: IngestionReport, progress: Progress, *, rebuild: bool
    ) -> None:
        self._workspace = workspace
        self._catalogue: Catalogue = workspace.catalogue
        self._report = report
        self._progress = progress
        self._rebuild = rebuild
        self._generations = (
            workspace.generations_for_rebuild() if rebuild else workspace.generations
        )
        self._embedder = workspace.embedder
        self._seen = {
            stored.document.path: stored
            for stored in self._catalogue.documents(self._catalogue.generation)
        }
        self._recipe = _recipe(workspace)

    def foreign(self) -> list[StoredDocument]:
        """Visible documents whose vectors another model made (only a rebuild gets this far)."""
        mine = f"/{self._workspace.embedding_name}/"
        return [stored for stored in self._seen.values() if mine not in stored.recipe]

    def read(self, scope: Scope) -> None:
        """Read and cut what changed; keep each document as it is done, pending."""
        changed = self._changed(scope)
        limits = self._workspace.settings.limits
        files = (source.file for source in changed)
        readings = read_each(files, timeout_s=limits.reader_timeout_s)
        for done, (source, (_, outcome)) in enumerate(zip(changed, readings, strict=True)):
            self._progress(READING, done, len(changed))
            try:
                if isinstance(outcome, DocumentError):
                    raise outcome
                self._keep(source, outcome)
            except DocumentError as error:
                self._report.refuse(source.path, error)
            self.embed(at_least=_EMBED_AT_ONCE)
        if changed:
            self._progress(READING, len(changed), len(changed))

    def embed(self, *, at_least: int = 1) -> None:
        """Embed the pending passages, a batch at a time, keeping each."""
        done, total = 0, self._catalogue.unembedded()
        while len(batch := self._catalogue.without_vector(_EMBED_AT_ONCE)) >= at_least:
            self._progress(EMBEDDING, done, total)
            texts = [f"{_header(stored.passage)}{stored.passage.text}" for stored in batch]
            spans = [_sentence_spans(stored.passage) for stored in batch]
            vectors = self._embedder.embed_with_parts(texts, spans)
            self._catalogue.keep_vectors(
                [stored.row for stored in batch],
                [vector.whole for vector in vectors],
                [vector.parts for vector in vectors],
            )
            done += len(batch)
            self._progress(EMBEDDING, done, total)

    def publish(self, scope: Scope) -> None:
        """Make everything pending visible, and what left invisible, in one step."""
        pending = self._catalogue.pending()
        arrived = {stored.document.path for stored in pending}
        withdrawn = self._catalogue.withdrawn()
        foreign = {stored.row for stored in self.foreign()}
        gone = [
            stored
            for path, stored in self._seen.items()
            if path not in arrived
            and (path in withdrawn or stored.row in foreign or scope.has_lost(path))
        ]
        replaced = [self._seen[path] for path in arrived if path in self._seen]
        self._report.added = len(arrived) - len(replaced)
        self._report.updated = len(replaced)
        self._report.removed = len(gone)
        self._report.passages = sum(stored.passages for stored in pending)
        present = self._catalogue.generation
        damaged = bool(present) and not self._generations.sound(present)
        if pending or gone or damaged or (self._rebuild and present):
            self._progress(PUBLISHING, 0, 1)
            self._generations.publish(
                adds=[stored.row for stored in pending],
                retires=[stored.row for stored in (*replaced, *gone)],
                embedding=self._workspace.embedding_name,
                anew=self._rebuild or damaged,
            )
            self._progress(PUBLISHING, 1, 1)
        else:
            self._generations.clean()

    def _changed(self, scope: Scope) -> list[Source]:
        """What must be read; pending versions of a killed run are kept where they still hold."""
        withdrawn = self._catalogue.withdrawn()
        for source in scope.named:
            self._catalogue.withdraw(source.path, withdrawn=False)
        pending = {stored.document.path: stored for stored in self._catalogue.pending()}
        changed: list[Source] = []
        for listed in scope.sources(withdrawn):
            try:
                source = listed.hashed(self._catalogue, self._workspace.settings)
            except DocumentError as error:
                self._report.refuse(listed.shown, error)
                continue
            held = pending.get(source.path)
            if held is not None and self._same(held, source):
                del pending[source.path]
                continue
            seen = self._seen.get(source.path)
            if seen is not None and self._same(seen, source) and not self._rebuild:
                self._report.unchanged += 1
            else:
                changed.append(source)
        self._catalogue.drop(stored.row for stored in pending.values())
        return changed

    def _same(self, stored: StoredDocument, source: Source) -> bool:
        recipe = f"{self._recipe}/{source.described_by}"
        return stored.document.sha256 == source.sha256 and stored.recipe == recipe

    def _keep(self, source: Source, reading: Reading) -> None:
        settings = self._workspace.settings
        found = describe(source.file, settings.corpus_folder.resolve(), reading)
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
            target_words=settings.passages.target_words,
            max_words=settings.passages.max_words,
        )
        if not passages:
            raise _no_text(source.path)
        recipe = f"{self._recipe}/{source.described_by}"
        self._catalogue.add(document, reading.text, reading.blocks, passages, recipe)


def _header(passage: Passage) -> str:
    """What is embedded in front of a passage."""
    return f"{passage.context}\n"


def _sentence_spans(passage: Passage) -> list[Span]:
    """Where the passage's sentences stand in the text that is embedded."""
    shift = len(_header(passage))
    return [(shift + start, shift + end) for start, end in split_sentences(passage.text)]


def _recipe(workspace: Workspace) -> str:
    """Names everything but the file that decides what its passages and vectors are."""
    cut = workspace.settings.passages
    return f"{_RECIPE}/{cut.target_words}-{cut.max_words}/{workspace.embedding_name}"


def _no_text(path: str) -> UnreadableDocument:
    return UnreadableDocument(
        Words(f"« {path} » ne contient aucun texte.", f"{path!r} holds no text."),
        remedy=Words(
            "Vérifiez le fichier ; s’il est numérisé, installez tesseract-ocr-fra.",
            "Check the file; if it is scanned, install tesseract-ocr-fra.",
        ),
    )
