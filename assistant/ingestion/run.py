"""One ingestion under the writer's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from assistant.catalogue import Catalogue, FailedFile, StoredDocument
from assistant.corpus_scope import Scope, Source
from assistant.embedding import PassageVectors
from assistant.errors import DocumentError
from assistant.ingestion.preparing import Prepared
from assistant.ingestion.recipe import recipe_of, still_holds, whole_recipe
from assistant.ingestion.report import EMBEDDING, PUBLISHING, READING, IngestionReport, Progress
from assistant.ingestion.workforce import Workforce
from assistant.workspace import Workspace


class Run:
    """Reads, embeds and publishes, in this order, keeping each thing as it is done.

    Args:
        workspace: Where; its right to write is held.
        workforce: Who reads and embeds.
        report: Filled as work goes on.
        progress: Told of it.
        stop: Asked between files and between batches. Once it has said yes, every further
            step does nothing.
        rebuild: All is read, embedded and indexed again.
    """

    def __init__(
        self,
        workspace: Workspace,
        workforce: Workforce,
        report: IngestionReport,
        progress: Progress,
        stop: Callable[[], bool],
        *,
        rebuild: bool,
    ) -> None:
        self._workspace = workspace
        self._workforce = workforce
        self._catalogue: Catalogue = workspace.catalogue
        self._report = report
        self._progress = progress
        self._stop = stop
        self._rebuild = rebuild
        self._generations = (
            workspace.generations_for_rebuild() if rebuild else workspace.generations
        )
        self._seen = {
            stored.document.path: stored
            for stored in self._catalogue.documents(self._catalogue.generation)
        }
        self._recipe = recipe_of(workspace)

    def foreign(self) -> list[StoredDocument]:
        """Visible documents whose vectors another model made (only a rebuild gets this far)."""
        mine = f"/{self._workspace.embedding_name}/"
        return [stored for stored in self._seen.values() if mine not in stored.recipe]

    def read(self, scope: Scope) -> None:
        """Read and cut what changed; keep each document as it is done, pending."""
        changed = self._changed(scope)
        if not changed or self._stopped():
            return
        with closing(self._workforce.take(changed, self._stopped)) as taken:
            for done, (source, outcome) in enumerate(taken):
                self._progress(READING, done, len(changed))
                if isinstance(outcome, DocumentError):
                    self._refuse(source, outcome)
                else:
                    self._keep(source, outcome)
                    if outcome.vectors is None:
                        self.embed(at_least=self._workforce.at_once)
                if self._stopped():
                    return
        if not self._stopped():
            self._progress(READING, len(changed), len(changed))

    def embed(self, *, at_least: int = 1) -> None:
        """Embed the pending passages that have no vector, a batch at a time, keeping each."""
        done, total = 0, self._catalogue.unembedded()
        while not self._stopped():
            batch = self._catalogue.without_vector(self._workforce.at_once)
            if len(batch) < at_least:
                return
            self._progress(EMBEDDING, done, total)
            with closing(self._workforce.embed(batch, self._stopped)) as embedded:
                for some, vectors in embedded:
                    self._keep_vectors([stored.row for stored in some], vectors)
                    done += len(some)
                    self._progress(EMBEDDING, done, total)

    def publish(self, scope: Scope) -> None:
        """Make everything pending visible, and what left invisible, in one step."""
        if self._stopped():
            return
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

    def _stopped(self) -> bool:
        self._report.stopped = self._report.stopped or self._stop()
        return self._report.stopped

    def _changed(self, scope: Scope) -> list[Source]:
        """What must be read; pending versions of an earlier run are kept where they still hold."""
        withdrawn = self._catalogue.withdrawn()
        for source in scope.named:
            self._catalogue.withdraw(source.path, withdrawn=False)
        left_over = {stored.document.path: stored for stored in self._catalogue.pending()}
        changed: list[Source] = []
        well: list[str] = []
        ill: set[str] = set()
        for listed in scope.sources(withdrawn):
            if self._stopped():
                return []
            try:
                source = self._hashed(listed)
            except DocumentError as error:
                self._refuse(listed, error)
                ill.add(listed.shown)
                continue
            held = left_over.get(source.path)
            if held is not None and still_holds(held, source, self._recipe):
                del left_over[source.path]
                well.append(source.path)
                continue
            seen = self._seen.get(source.path)
            if seen is not None and still_holds(seen, source, self._recipe) and not self._rebuild:
                self._report.unchanged += 1
                well.append(source.path)
            else:
                changed.append(source)
        self._forget_failures(scope, well, ill)
        self._drop_outdated(left_over.values())
        return changed

    def _hashed(self, source: Source) -> Source:
        return source.hashed(self._catalogue, self._workspace.settings)

    def _forget_failures(self, scope: Scope, well: list[str], ill: set[str]) -> None:
        """Failures of files that are as they were published or read, or that are gone."""
        mended = set(well)
        self._catalogue.clear_failures(
            failed.path
            for failed in self._catalogue.failures()
            if failed.path in mended or (failed.path not in ill and scope.has_lost(failed.path))
        )

    def _drop_outdated(self, left_over: Iterable[StoredDocument]) -> None:
        """Let go of pending versions that hold no more.

        Those outside the scope that do hold are published with this run: hours of embedding
        of a stopped run are not lost because one document is taken in before it goes on.
        """
        withdrawn = self._catalogue.withdrawn()
        outdated = [
            stored.row
            for stored in left_over
            if stored.document.path in withdrawn or not self._holds(stored)
        ]
        self._catalogue.drop(outdated)

    def _holds(self, stored: StoredDocument) -> bool:
        path = stored.document.path
        listed = Source(self._workspace.settings.corpus_folder.resolve() / path, path)
        try:
            return still_holds(stored, self._hashed(listed), self._recipe)
        except DocumentError:
            return False

    def _refuse(self, source: Source, error: DocumentError) -> None:
        self._report.refuse(source.shown, error)
        size, mtime_ns = _stamp(source.file)
        self._catalogue.keep_failure(
            FailedFile(
                path=source.shown,
                error=error.message,
                remedy=error.remedy,
                since=datetime.now(UTC),
                size=size,
                mtime_ns=mtime_ns,
            )
        )

    def _keep(self, source: Source, prepared: Prepared) -> None:
        row = self._catalogue.add(
            prepared.document,
            prepared.text,
            prepared.blocks,
            prepared.passages,
            whole_recipe(self._recipe, source),
        )
        if prepared.vectors is not None:
            self._keep_vectors(self._catalogue.passage_rows([row]).tolist(), prepared.vectors)

    def _keep_vectors(self, rows: Sequence[int], vectors: Sequence[PassageVectors]) -> None:
        self._catalogue.keep_vectors(
            rows, [vector.whole for vector in vectors], [vector.parts for vector in vectors]
        )


def _stamp(file: Path) -> tuple[int | None, int | None]:
    """Size in bytes and time of a file, as far as it can be looked at."""
    try:
        stat = file.stat()
    except OSError:
        return None, None
    return stat.st_size, stat.st_mtime_ns
