"""The corpus on the page: rows with their state, what changed, what an ingestion did, a picture."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalogue import Change, Happening
from assistant.errors import AssistantError
from assistant.ingestion import CorpusRow, CorpusState, IngestionReport, State
from assistant.wording import Words, plural
from ui.render.markup import banner, button, day, notice, status_mark, text, waiting

_STATES = {
    State.READY: Words("interrogeable", "searched"),
    State.PENDING: Words("à prendre en compte", "to be taken in"),
    State.FAILED: Words("en échec", "failed"),
    State.WITHDRAWN: Words("retiré", "withdrawn"),
}
_HAPPENINGS = {
    Happening.ADDED: Words("ajouté", "added"),
    Happening.UPDATED: Words("mis à jour", "updated"),
    Happening.REMOVED: Words("sorti", "removed"),
    Happening.WITHDRAWN: Words("retiré", "withdrawn"),
    Happening.READMITTED: Words("remis", "brought back"),
}


def corpus(state: CorpusState) -> str:
    """Every document and file, by collection."""
    if not state.rows:
        return waiting(
            Words(
                "Aucun document encore : déposez-en, ou placez-les dans corpus/.",
                "No document yet: upload some, or put them in corpus/.",
            )
        )
    counts = state.counts()
    summary = " · ".join(
        str(Words(f"{said.fr} : {counts[one]}", f"{said.en}: {counts[one]}"))
        for one, said in _STATES.items()
        if counts[one]
    )
    heads = Words(
        "Document|Date|Nature|Pages|Passages|État|Actions",
        "Document|Date|Kind|Pages|Passages|State|Actions",
    )
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in str(heads).split("|"))
    parts = []
    collection = None
    for row in state.rows:
        if row.collection != collection:
            collection = row.collection
            parts.append(f'<tr><th scope="rowgroup" colspan="7">{text(collection)}</th></tr>')
        parts.append(_row(row))
    label = text(Words("Documents du corpus", "Documents of the corpus"))
    return (
        f'<p class="count">{text(summary)}</p><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{label}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(parts)}</tbody></table></div>"
    )


def _row(row: CorpusRow) -> str:
    document = row.document
    mark = status_mark(document.status) if document is not None else ""
    why = ""
    if row.reason is not None:
        remedy = f" {text(row.remedy)}" if row.remedy is not None else ""
        why = f'<p class="reason">{text(row.reason)}{remedy}</p>'
    return (
        f'<tr><td>{text(row.title)}{mark}<p class="provenance">{text(row.path)}</p>{why}</td>'
        f"<td>{day(document.date) if document else '—'}</td>"
        f"<td>{text(document.kind) if document else '—'}</td>"
        f'<td class="number">{row.pages or "—"}</td><td class="number">{row.passages or "—"}</td>'
        f'<td><span class="state {row.state}">{text(_STATES[row.state])}</span></td>'
        f"<td>{_actions(row)}</td></tr>"
    )


def _actions(row: CorpusRow) -> str:
    """What can be done about a row, each button saying of which document."""

    def one(label: Words, act: str) -> str:
        said = Words(f"{label.fr} : {row.title}", f"{label.en}: {row.title}")
        return button(label, act, row.path, title=said)

    out = one(Words("Retirer", "Withdraw"), "withdraw")
    again = one(Words("Relire", "Read again"), "again")
    match row.state:
        case State.READY:
            return f'<div class="tools">{out}</div>'
        case State.PENDING:
            return f'<div class="tools">{again if row.there else ""}</div>'
        case State.FAILED:
            aside = one(Words("Laisser de côté", "Leave out"), "set-aside")
            return f'<div class="tools">{again}{aside}</div>'
        case State.WITHDRAWN if row.there:
            return f'<div class="tools">{one(Words("Remettre", "Bring back"), "readmit")}</div>'
    return ""


def changes(found: Sequence[Change]) -> str:
    """What came, changed or left, newest first."""
    if not found:
        return waiting(Words("Rien n’a changé.", "Nothing changed."))
    rows = "".join(
        f"<li>{text(change.title)} — {text(_HAPPENINGS[change.what])} "
        f'<span class="provenance">{text(change.when.astimezone().strftime("%d/%m/%Y %H:%M"))} · '
        f"{text(change.collection)}</span></li>"
        for change in found
    )
    return f"<ul>{rows}</ul>"


def report(done: IngestionReport, visible: frozenset[str]) -> str:
    """What an ingestion did; only failures of files that the person may know of are told."""
    if done.stopped:
        return notice(
            Words(
                "Arrêté. Ce qui était lu est gardé ; rien n’est encore publié.",
                "Stopped. What was read is kept; nothing is published yet.",
            )
        )
    seen = [f for f in done.failed if f.path in visible]
    new, same, gone = plural(done.added), plural(done.unchanged), plural(done.removed)
    parts = plural(done.passages)
    summary = notice(
        Words(
            f"{done.added} ajouté{new.fr}, {done.updated} mis à jour, {done.unchanged} "
            f"inchangé{same.fr}, {done.removed} sorti{gone.fr}, {len(seen)} en échec ; "
            f"{done.passages} passage{parts.fr}.",
            f"{done.added} added, {done.updated} updated, {done.unchanged} unchanged, "
            f"{done.removed} removed, {len(seen)} failed; {done.passages} passage{parts.en}.",
        )
    )
    return summary + "".join(banner(failure.error, failure.remedy) for failure in seen)


def refusals(errors: Sequence[AssistantError]) -> str:
    """Why some uploads were not taken."""
    return "".join(banner(error.message, error.remedy) for error in errors)
