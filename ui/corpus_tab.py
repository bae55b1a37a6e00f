"""Corpus: what is there and how it stands; take in, take out, bring back; what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.accounts import Right
from assistant.catalogue import is_hidden
from assistant.collection_picture import by_kind_and_month
from assistant.errors import AssistantError, DocumentNotFound
from assistant.ingestion import (
    CorpusRow,
    State,
    corpus_state,
    ingest,
    readmit,
    set_aside,
    withdraw,
)
from assistant.reading.dispatch import SUPPORTED
from assistant.uploads import take_upload
from assistant.wording import Words
from ui import filters, render
from ui.background import Job
from ui.handlers import Action, Told, handler, reaction
from ui.live import live, on_action
from ui.site import Person, Site

_CHANGES = 50
_BUSY = Words(
    "Une prise en compte est déjà en cours : en voici la progression.",
    "Documents are being taken in already: here is how far it is.",
)


def build(site: Site) -> Callable[[Any], None]:
    """Lay the tab out and wire it; what is returned draws it when it is opened."""
    with gr.Row(elem_classes="collect"):
        with gr.Column(scale=8, min_width=320):
            with gr.Row(elem_classes="actions"):
                update = gr.Button(
                    str(Words("Prendre en compte le corpus", "Take the corpus in")),
                    variant="primary",
                    elem_id="ingest",
                )
                stop = gr.Button(str(Words("Arrêter", "Stop")), elem_id="ingest-stop")
            going = live("going", polite=True)
            told = live("corpus-told", polite=True)
            state = live("corpus-state")
        with gr.Column(scale=4, min_width=300):
            files = gr.File(
                label=str(Words("Déposer des documents", "Upload documents")),
                file_count="multiple",
                file_types=sorted(SUPPORTED),
                elem_id="upload",
                height=170,
            )
            collection = gr.Dropdown(
                [],
                label=str(Words("Dans la collection", "Into the collection")),
                allow_custom_value=True,
                elem_id="collection",
            )
            replace = gr.Checkbox(
                label=str(
                    Words("Remplacer un fichier du même nom", "Replace a file of the same name")
                )
            )
            send = gr.Button(
                str(Words("Déposer et prendre en compte", "Upload and take in")), elem_id="deposit"
            )
            since = filters.day(Words("Ce qui a changé depuis le", "What changed since"))
            changes = live("changes")
            picture = live("picture")

    def drawn(person: Person, since: str) -> tuple[str, str, str]:
        rows = corpus_state(site.workspace, person.hidden)
        day = filters.date_of(str(since or "").strip())
        moment = None if day is None else datetime.combine(day, time.min).astimezone()
        changed = site.workspace.catalogue.changes(moment, _CHANGES, person.hidden)
        documents = [r.document for r in rows.rows if r.state is State.READY and r.document]
        return (
            render.corpus(rows),
            render.changes(changed),
            render.picture(by_kind_and_month(documents)),
        )

    def collections(person: Person) -> gr.Dropdown:
        names = sorted({row.collection for row in corpus_state(site.workspace, person.hidden).rows})
        return gr.Dropdown(choices=names, value=names[0] if names else "general")

    def follow(person: Person, since: str, job: Job | None) -> Iterator[tuple[Any, ...]]:
        """Begin a job, or watch the one that runs, and draw the corpus anew at its end."""
        if job is not None and not site.background.start(job):
            yield render.notice(_BUSY), gr.skip(), gr.skip(), gr.skip()
        for moment in site.background.watch():
            if not moment.over:
                bar = render.progress(moment.words, moment.done, moment.total)
                yield bar, gr.skip(), gr.skip(), gr.skip()
            elif moment.report is not None:
                yield render.report(moment.report, _visible(site, person)), *drawn(person, since)
            elif moment.error is not None:
                yield render.error_banner(moment.error), *drawn(person, since)

    def take_all(person: Person, since: str) -> Iterator[tuple[Any, ...]]:
        yield from follow(
            person,
            since,
            lambda progress, stop: ingest(site.workspace, progress=progress, stop=stop),
        )

    def deposit(
        person: Person, given: list[str] | None, name: str | None, over: bool, since: str
    ) -> Iterator[tuple[Any, ...]]:
        refused, taken = _deposited(site, person, given or [], name or "", over)
        yield None, "", render.refusals(refused), gr.skip(), gr.skip(), gr.skip()
        if not taken:
            return
        job: Job = lambda progress, stop: ingest(  # noqa: E731
            site.workspace, taken, progress=progress, stop=stop
        )
        for step in follow(person, since, job):
            yield None, step[0], gr.skip(), *step[1:]

    def on_row(person: Person, pressed: Action, since: str) -> Iterator[tuple[Any, ...]]:
        row = _row_of(site, person, pressed.item)
        match pressed.name:
            case "withdraw" if row.document is not None:
                withdraw(site.workspace, row.document.document_id)
                yield render.notice(_withdrawn(row)), *drawn(person, since)
            case "set-aside":
                set_aside(site.workspace, row.path)
                yield render.notice(_withdrawn(row)), *drawn(person, since)
            case "readmit":
                yield from follow(
                    person,
                    since,
                    lambda progress, stop: readmit(
                        site.workspace, row.path, progress=progress, stop=stop
                    ),
                )
            case "again":
                file = site.workspace.settings.corpus_folder / row.path
                yield from follow(
                    person,
                    since,
                    lambda progress, stop: ingest(
                        site.workspace, [file], progress=progress, stop=stop
                    ),
                )

    parts = [state, changes, picture]
    quiet: dict[str, Any] = {"show_progress": "hidden"}
    update.click(
        handler(site, Right.CORPUS, take_all, Told(0, 4)),
        inputs=since,
        outputs=[going, *parts],
        **quiet,
    )
    stop.click(handler(site, Right.CORPUS, lambda _: site.background.stop()), **quiet)
    send.click(
        handler(site, Right.CORPUS, deposit, Told(1, 6)),
        inputs=[files, collection, replace, since],
        outputs=[files, going, told, *parts],
        **quiet,
    )
    on_action(
        state,
        reaction(site, Right.CORPUS, on_row, Told(0, 4)),
        inputs=since,
        outputs=[going, *parts],
        **quiet,
    )
    since.submit(
        handler(site, Right.CORPUS, drawn, Told(1, 3)), inputs=since, outputs=parts, **quiet
    )

    def opened(event: Any) -> None:
        event(handler(site, Right.CORPUS, drawn, Told(1, 3)), inputs=since, outputs=parts, **quiet)
        event(handler(site, Right.CORPUS, collections), outputs=collection, **quiet)

        def watch(person: Person, since: str) -> Iterator[tuple[Any, ...]]:
            if site.background.running:
                yield from follow(person, since, None)
            else:
                yield tuple(gr.skip() for _ in range(4))

        event(
            handler(site, Right.CORPUS, watch, Told(0, 4)),
            inputs=since,
            outputs=[going, *parts],
            **quiet,
        )

    return opened


def _deposited(
    site: Site, person: Person, given: list[str], collection: str, over: bool
) -> tuple[list[AssistantError], list[Path]]:
    """Put uploads into the corpus one by one: why some could not be, and where the others lie."""
    refused: list[AssistantError] = []
    taken: list[Path] = []
    for name in given:
        source = Path(name)
        try:
            if is_hidden(person.hidden, f"{collection}/"):
                raise _not_yours(collection)
            taken.append(take_upload(site.workspace, source, source.name, collection, replace=over))
        except AssistantError as error:
            refused.append(error)
        finally:
            source.unlink(missing_ok=True)
    return refused, taken


def _visible(site: Site, person: Person) -> frozenset[str]:
    """The paths that this person may know of."""
    return frozenset(row.path for row in corpus_state(site.workspace, person.hidden).rows)


def _row_of(site: Site, person: Person, path: str) -> CorpusRow:
    """The row that a press names, among those that this person may see."""
    for row in corpus_state(site.workspace, person.hidden).rows:
        if row.path == path:
            return row
    raise DocumentNotFound(
        Words(f"Aucun document « {path} ».", f"No document {path!r}."),
        remedy=Words("Rouvrez l’onglet : la liste a changé.", "Open the tab again: it changed."),
    )


def _withdrawn(row: CorpusRow) -> Words:
    return Words(
        f"« {row.title} » est retiré ; « Remettre » le rétablit.",
        f"{row.title!r} is withdrawn; “Bring back” restores it.",
    )


def _not_yours(collection: str) -> AssistantError:
    return AssistantError(
        Words(
            f"La collection « {collection} » ne peut pas être choisie.",
            f"The collection {collection!r} cannot be chosen.",
        ),
        remedy=Words("Choisissez-en une autre.", "Choose another."),
    )
