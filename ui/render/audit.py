"""The audit log on the page: a list of answers, and one of them whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.answering.past import WRONG, ready_of
from assistant.auditing import RecordRow
from assistant.errors import AuditError
from assistant.wording import Words, plural, spoken
from ui.render.answer import answer, evidence_list
from ui.render.markup import button, options, text, waiting

OUTCOMES = {
    "answered": Words("répondue", "answered"),
    "abstained": Words("refusée", "refused"),
    "stopped": Words("arrêtée", "stopped"),
    "interrupted": Words("interrompue", "interrupted"),
    "failed": Words("en erreur", "failed"),
    "open": Words("jamais close", "never closed"),
    "forgotten": Words("textes effacés", "texts erased"),
}
"""How an answer ended, by the key that is recorded."""


def records(rows: Sequence[RecordRow]) -> str:
    """The list, newest first; each opens its record."""
    if not rows:
        return waiting(Words("Aucune trace ne correspond.", "No record matches."))
    heads = Words("Ouverte le|Question|Issue|Signalée|Par", "Opened|Question|Outcome|Reported|By")
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in str(heads).split("|"))
    body = "".join(_row(row) for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{text(Words("Traces", "Records"))}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: RecordRow) -> str:
    question = row.question or str(Words("(textes effacés)", "(texts erased)"))
    shortened = question if len(question) <= 160 else f"{question[:159]}…"
    wrong = ", ".join(str(WRONG.get(why, why)) for why in row.disputes)
    outcome = str(OUTCOMES[row.outcome])
    if row.unsupported:
        many = plural(row.unsupported)
        outcome += str(
            Words(f", {row.unsupported} non étayée{many.fr}", f", {row.unsupported} unsupported")
        )
    return (
        f"<tr><td>{row.opened.strftime('%d/%m/%Y %H:%M')}</td>"
        f"<td>{button(shortened, 'record', row.record, look='opens')}</td>"
        f"<td>{text(outcome)}</td><td>{text(wrong) or '—'}</td>"
        f"<td>{text(row.user) or '—'}</td></tr>"
    )


def report_form() -> str:
    """Asks for the report on a period, as a page of its own."""
    legend = text(Words("Bilan d’une période", "Report on a period"))
    since, until = text(Words("Du", "From")), text(Words("au", "to"))
    page, figures = text(Words("Ouvrir le bilan", "Open the report")), text("JSON")
    language = spoken()
    return (
        f'<form class="exports" method="get" action="/bilan.html" target="_blank"><fieldset>'
        f'<legend>{legend}</legend><label>{since} <input type="date" name="depuis"></label>'
        f'<label>{until} <input type="date" name="jusque"></label>'
        f'<input type="hidden" name="langue" value="{language}">'
        f'<button class="act plain">{page}</button>'
        f'<button class="act plain" formaction="/bilan.json">{figures}</button></fieldset></form>'
    )


def no_record() -> str:
    """Before one is opened."""
    return waiting(
        Words("Choisissez une trace pour la lire en entier.", "Choose a record to read it whole.")
    )


def record(shown: dict[str, Any]) -> str:
    """Everything kept about one answer, as `AuditLog.show` gives it."""
    payload = shown["payload"]
    title = text(Words(f"Trace {shown['id']}", f"Record {shown['id']}"))
    head = f'<h2 tabindex="-1">{title}</h2>'
    if payload is None:
        gone = shown["forgotten"] or {}
        words = Words(
            f"Textes effacés le {gone.get('time', '?')} : {gone.get('reason') or '—'}",
            f"Texts erased on {gone.get('time', '?')}: {gone.get('reason') or '-'}",
        )
        return f'<section class="record">{head}{waiting(words)}{_events(shown)}</section>'
    try:
        given = answer(ready_of(shown["id"], payload), disputable=False)
    except AuditError as error:
        given = waiting(error.message)
    found = (
        evidence_list(ready_of(shown["id"], payload).answer.evidence) if "claims" in payload else ""
    )
    return (
        f'<section class="record">{head}{_asked(payload)}{given}{found}{_settings(payload)}'
        f"{_folded(Words('Invite du modèle', 'Prompt'), _prompt(payload))}"
        f"{_folded(Words('Réponse brute du modèle', 'Raw reply'), str(payload.get('raw') or ''))}"
        f"{_events(shown)}</section>"
    )


def _asked(payload: dict[str, Any]) -> str:
    said = [(str(Words("Question", "Question")), text(payload.get("question", "")))]
    if payload.get("standalone") not in (None, payload.get("question")):
        said.append((str(Words("Comprise comme", "Understood as")), text(payload["standalone"])))
    said.append((str(Words("Par", "By")), text(payload.get("user") or "—")))
    limits = payload.get("filters") or {}
    if limits:
        kept = ", ".join(f"{name} = {value}" for name, value in limits.items())
        said.append((str(Words("Filtres", "Filters")), text(kept)))
    return options(said)


def _settings(payload: dict[str, Any]) -> str:
    model = payload.get("model") or {}
    named = " · ".join(model[key] for key in ("name", "server") if model.get(key))
    tokens = payload.get("tokens") or {}
    seconds = payload.get("seconds") or {}
    return options(
        [
            (str(Words("Modèle", "Model")), text(named or "—")),
            ("SHA-256", f"<code>{text(model.get('sha256') or '—')}</code>"),
            (str(Words("Programme", "Program")), text(payload.get("program", "—"))),
            (
                str(Words("Génération de l’index", "Index generation")),
                text(payload.get("generation", "—")),
            ),
            (str(Words("Jetons", "Tokens")), text(_pairs(tokens))),
            (str(Words("Secondes", "Seconds")), text(_pairs(seconds))),
            (str(Words("Réglages", "Settings")), text(_pairs(payload.get("settings") or {}))),
        ]
    )


def _pairs(said: dict[str, Any]) -> str:
    return " · ".join(f"{name} {value}" for name, value in said.items()) or "—"


def _prompt(payload: dict[str, Any]) -> str:
    prompt = payload.get("prompt")
    if not prompt:
        return ""
    said = [f"[{message['role']}]\n{message['text']}" for message in prompt["fixed"]]
    return "\n\n".join([*said, f"[user]\n{prompt['user']}"])


def _folded(title: Words, body: str) -> str:
    if not body:
        return ""
    return (
        f'<details><summary>{text(title)}</summary><pre tabindex="0">{text(body)}</pre></details>'
    )


def _events(shown: dict[str, Any]) -> str:
    lines = [
        f"{event['seq']}  {event['time']}  {event['type']}  {event['hash']}"
        for event in shown["events"]
    ]
    title = Words("Dans la chaîne", "In the chain")
    public = json.dumps(shown["data"], ensure_ascii=False) if shown["data"] else ""
    return _folded(title, "\n".join([*lines, public]).strip())
