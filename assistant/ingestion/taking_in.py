"""What an administrator asks for: take in, take out, bring back, leave out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.contract import energy_json
from assistant.corpus_scope import Scope, Source, scope_of
from assistant.energy import metering
from assistant.errors import DocumentNotFound
from assistant.ingestion.report import IngestionReport, Progress
from assistant.ingestion.run import Run
from assistant.ingestion.workforce import ThisProcess, Workforce
from assistant.records import Document
from assistant.wording import Words
from assistant.workspace import Workspace


def ingest(
    workspace: Workspace,
    paths: Sequence[Path] = (),
    *,
    collection: str | None = None,
    rebuild: bool = False,
    workforce: Workforce | None = None,
    progress: Progress = lambda *_: None,
    wait_s: float = 30.0,
    stop: Callable[[], bool] = lambda: False,
) -> IngestionReport:
    """Bring the index up to date with files of the corpus.

    Files of the corpus that cannot be taken in are kept as failures in the catalogue; the
    former version of such a document stays.

    Args:
        workspace: Where.
        paths: Files or folders; those outside the corpus are copied into it. None: all of it.
        collection: Folder of the corpus that copied files go to.
        rebuild: Read, embed and index everything again.
        workforce: Who reads and embeds; ``None``: this process.
        progress: Called as work goes on.
        wait_s: How long to wait for another writer, in seconds.
        stop: Asked between files and between batches; once true, nothing is published and
            what is read and embedded waits for the next ingestion, which goes on from there.

    Raises:
        WorkspaceBusy: Another process is writing.
        IndexModelMismatch: The index was built with another embedding model.
        ModelMissing: The embedding model is not installed.
    """

    def scope(report: IngestionReport) -> Scope:
        return scope_of(workspace.settings, paths, collection, refuse=report.refuse)

    return _take_in(
        workspace,
        scope,
        rebuild=rebuild,
        workforce=workforce,
        progress=progress,
        wait_s=wait_s,
        stop=stop,
    )


def readmit(
    workspace: Workspace,
    path: str,
    *,
    progress: Progress = lambda *_: None,
    wait_s: float = 30.0,
    stop: Callable[[], bool] = lambda: False,
) -> IngestionReport:
    """Bring a withdrawn document back: an ingestion of its file alone.

    Args:
        workspace: Where.
        path: As the catalogue keeps it, relative to the corpus.
        progress: As for `ingest`.
        wait_s: As for `ingest`.
        stop: As for `ingest`.

    Raises:
        DocumentNotFound: It is not withdrawn, or its file is not there any more.
        WorkspaceBusy: Another process is writing.
        IndexModelMismatch: The index was built with another embedding model.
        ModelMissing: The embedding model is not installed.
    """
    root = workspace.settings.corpus_folder.resolve()
    if path not in workspace.catalogue.withdrawn():
        raise _not_withdrawn(path)
    file = root / path
    if not (file.is_file() and file.resolve().is_relative_to(root)):
        raise _file_gone(path)
    alone = Scope(root, (), (Source(file, path),))
    return _take_in(
        workspace, lambda _: alone, rebuild=False, progress=progress, wait_s=wait_s, stop=stop
    )


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


def set_aside(workspace: Workspace, path: str) -> None:
    """Leave out a file that fails and has no document: it is withdrawn before it ever came.

    Raises:
        DocumentNotFound: No such file fails, or a former version of it is searched
            (`withdraw` takes that one out).
    """
    with workspace.writing():
        catalogue = workspace.catalogue
        searched = {s.document.path for s in catalogue.documents(catalogue.generation)}
        if path in searched or path not in {failed.path for failed in catalogue.failures()}:
            raise _not_failing(path)
        catalogue.withdraw(path, withdrawn=True)


def _take_in(
    workspace: Workspace,
    scope_for: Callable[[IngestionReport], Scope],
    *,
    rebuild: bool,
    progress: Progress,
    wait_s: float,
    stop: Callable[[], bool],
    workforce: Workforce | None = None,
) -> IngestionReport:
    began = time.monotonic()
    report = IngestionReport()
    with workspace.writing(wait_s=wait_s):
        workers = workforce or ThisProcess(workspace)
        run = Run(workspace, workers, report, progress, stop, rebuild=rebuild)
        with metering() as meter:
            scope = scope_for(report)
            if run.foreign():  # one index never mixes two models' vectors: all is read again
                scope = scope.whole()
            run.read(scope)
            run.embed()
            run.publish(scope)
    if report.added or report.updated or report.removed:
        report.energy = meter.reading
        _record(workspace, report)
    report.seconds = round(time.monotonic() - began, 2)
    return report


def _record(workspace: Workspace, report: IngestionReport) -> None:
    """Note in the audit log that the corpus changed, and what that took: figures only, no text."""
    workspace.audit.append(
        "corpus.ingested",
        {
            "generation": workspace.catalogue.generation,
            "added": report.added,
            "updated": report.updated,
            "removed": report.removed,
            "failed": len(report.failed),
            "passages": report.passages,
            "embedding": workspace.embedding_name,
            "energy": report.energy and energy_json(report.energy),
        },
    )


def _not_withdrawn(path: str) -> DocumentNotFound:
    return DocumentNotFound(
        Words(f"« {path} » n’est pas retiré.", f"{path!r} is not withdrawn."),
        remedy=Words(
            "Rechargez la liste des documents : il y est peut-être déjà revenu.",
            "Load the list of documents again: it may be back already.",
        ),
    )


def _file_gone(path: str) -> DocumentNotFound:
    return DocumentNotFound(
        Words(
            f"Le fichier de « {path} » n’est plus dans le corpus.",
            f"The file of {path!r} is not in the corpus any more.",
        ),
        remedy=Words(
            "Remettez-le à sa place dans corpus/, ou déposez-le de nouveau.",
            "Put it back in its place in corpus/, or upload it again.",
        ),
    )


def _not_failing(path: str) -> DocumentNotFound:
    return DocumentNotFound(
        Words(
            f"« {path} » n’est pas un fichier en échec sans version publiée.",
            f"{path!r} is not a failing file without a published version.",
        ),
        remedy=Words(
            "Rechargez la liste ; un document publié se retire avec « assistant forget ».",
            "Load the list again; `assistant forget` takes a published document out.",
        ),
    )
