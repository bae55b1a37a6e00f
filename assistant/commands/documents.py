"""``assistant ingest``, ``documents``, ``forget`` and ``text``."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.terminal import Bars, note, say, say_json, table
from assistant.wording import Words

if TYPE_CHECKING:
    from assistant.catalogue import FailedFile
    from assistant.ingestion.workforce import Workforce
    from assistant.workspace import Workspace

EXIT_SOME_FAILED = 4


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the four commands."""
    ingest = commands.add_parser(
        "ingest",
        parents=[shared],
        help=str(Words("prendre en compte les documents du corpus", "take documents in")),
    )
    ingest.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar=str(Words("CHEMIN", "PATH")),
        help=str(
            Words(
                "fichiers ou dossiers ; hors du corpus, ils y sont copiés ; sans rien : tout",
                "files or folders; copied into the corpus if outside; none: everything",
            )
        ),
    )
    ingest.add_argument(
        "--collection",
        type=_collection,
        metavar=str(Words("NOM", "NAME")),
        help=str(Words("collection des fichiers copiés", "collection of copied files")),
    )
    ingest.add_argument(
        "--rebuild",
        action="store_true",
        help=str(Words("tout relire et tout réindexer", "read and index everything again")),
    )
    ingest.add_argument(
        "--cluster",
        action="store_true",
        help=str(
            Words(
                "lire et vectoriser sur les machines de [cluster] address",
                "read and embed on the machines of [cluster] address",
            )
        ),
    )
    ingest.add_argument(
        "--wait",
        type=float,
        default=30.0,
        metavar="S",
        help=str(
            Words("secondes d’attente d’une autre écriture", "seconds to wait for another writer")
        ),
    )
    _json(ingest)
    ingest.set_defaults(run=_ingest)
    documents = commands.add_parser(
        "documents", parents=[shared], help=str(Words("lister les documents", "list documents"))
    )
    _json(documents)
    documents.set_defaults(run=_documents)
    forget = commands.add_parser(
        "forget",
        parents=[shared],
        help=str(
            Words(
                "retirer un document de l’index (son fichier reste en place)",
                "take a document out of the index (its file stays)",
            )
        ),
    )
    forget.add_argument("document", help=str(Words("chemin, titre ou id", "path, title or id")))
    forget.set_defaults(run=_forget)
    text = commands.add_parser(
        "text",
        parents=[shared],
        help=str(Words("le texte canonique d’un document", "a document's canonical text")),
    )
    text.add_argument("document", help=str(Words("chemin, titre ou id", "path, title or id")))
    text.add_argument("--page", type=int, metavar="N", help=str(Words("cette page", "this page")))
    text.set_defaults(run=_text)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )


def _ingest(options: argparse.Namespace) -> int:
    from assistant.ingestion import ingest
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    with closing(Bars()) as bars, _workforce(workspace, cluster=options.cluster) as workforce:
        report = ingest(
            workspace,
            options.paths,
            collection=options.collection,
            rebuild=options.rebuild,
            workforce=workforce,
            progress=bars,
            wait_s=options.wait,
        )
    if options.json:
        say_json(report.as_json())
    else:
        say(
            Words(
                f"{report.added} ajouté(s), {report.updated} mis à jour, "
                f"{report.unchanged} inchangé(s), {report.removed} retiré(s), "
                f"{len(report.failed)} en échec ; {report.passages} passages ; "
                f"{report.seconds:.1f} s.",
                f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
                f"{report.removed} removed, {len(report.failed)} failed; "
                f"{report.passages} passages; {report.seconds:.1f} s.",
            )
        )
    for failure in report.failed:
        note(Words(f"Échec : {failure.error}", f"Failed: {failure.error}"))
        note(Words(f"Remède : {failure.remedy}", f"Remedy: {failure.remedy}"))
    return EXIT_SOME_FAILED if report.failed else 0


def _workforce(workspace: Workspace, *, cluster: bool) -> AbstractContextManager[Workforce | None]:
    """The machines that were asked for; none: this process."""
    if not cluster:
        return nullcontext()
    from assistant.cluster import joined

    return joined(workspace)


def _documents(options: argparse.Namespace) -> int:
    from assistant.contract import document_json
    from assistant.workspace import Workspace

    catalogue = Workspace.open(options.workspace).catalogue
    stored = catalogue.documents(catalogue.generation)
    failures = catalogue.failures()
    if options.json:
        say_json(
            {
                "documents": [
                    {
                        **document_json(s.document),
                        "origins": s.document.origins,
                        "passages": s.passages,
                        "state": "ready",
                    }
                    for s in stored
                ],
                "withdrawn": sorted(catalogue.withdrawn()),
                "failed": [
                    {
                        "path": failed.path,
                        "error": str(failed.error),
                        "remedy": str(failed.remedy),
                        "since": failed.since.isoformat(timespec="seconds"),
                    }
                    for failed in failures
                ],
            }
        )
        return 0
    rows = [
        (
            s.document.document_id,
            s.document.date.isoformat() if s.document.date else "—",
            str(s.document.kind),
            str(s.document.status),
            str(s.document.page_count or "—"),
            str(s.passages),
            s.document.path,
            s.document.title[:60],
        )
        for s in stored
    ]
    header = Words(
        "id,date,nature,statut,pages,passages,chemin,titre",
        "id,date,kind,status,pages,passages,path,title",
    )
    say(table(rows, str(header).split(",")))
    for failed in failures:
        _say_failure(failed)
    return 0


def _say_failure(failed: FailedFile) -> None:
    from assistant.metadata.said import one_line

    since = f"{failed.since.astimezone():%Y-%m-%d %H:%M}"
    # one line each: a file's name may hold line ends, and would forge what follows
    path, error, remedy = (one_line(str(s)) for s in (failed.path, failed.error, failed.remedy))
    say()
    say(Words(f"En échec depuis le {since} : {path}", f"Fails since {since}: {path}"))
    say(f"  {error}")
    say(Words(f"  Remède : {remedy}", f"  Remedy: {remedy}"))


def _forget(options: argparse.Namespace) -> int:
    from assistant.ingestion import withdraw
    from assistant.workspace import Workspace

    document = withdraw(Workspace.open(options.workspace), options.document)
    say(
        Words(
            f"« {document.title} » est retiré de l’index. Pour l’y remettre : "
            f"assistant ingest corpus/{document.path}",
            f"{document.title!r} is out of the index. To bring it back: "
            f"assistant ingest corpus/{document.path}",
        )
    )
    return 0


def _text(options: argparse.Namespace) -> int:
    from assistant.workspace import Workspace

    catalogue = Workspace.open(options.workspace).catalogue
    stored = catalogue.find(options.document, catalogue.generation)
    text = catalogue.text(stored.row)
    if options.page is None:
        say(text)
        return 0
    for block in catalogue.blocks(stored.row):
        if block.locator.page == options.page:
            say(text[block.start : block.end] + "\n")
    return 0


def _collection(name: str) -> str:
    from assistant.uploads import PLAIN_NAME, is_collection_name

    if not is_collection_name(name):
        raise argparse.ArgumentTypeError(str(PLAIN_NAME))
    return name
