"""``assistant audit show|replay``: one answer, as a person reads it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.commands.actions import add_action
from assistant.terminal import say, say_json, wrapped
from assistant.wording import Words, safe

if TYPE_CHECKING:
    from assistant.replaying import SourceToday

EXIT_DIFFERENT = 3
_VERDICTS = {
    "exact": Words("citation exacte", "exact quotation"),
    "supported": Words("étayé", "supported"),
    "unsupported": Words("NON ÉTAYÉ", "UNSUPPORTED"),
}
_STATES = {
    "open": Words("jamais close : interrompue", "never closed: interrupted"),
    "closed": Words("close", "closed"),
    "forgotten": Words("textes effacés", "texts erased"),
}
Json = dict[str, Any]


def register(actions: Any, shared: argparse.ArgumentParser) -> None:
    """Add the two actions."""
    for name, run, what in (
        ("show", _show, Words("tout d’une réponse", "all of one answer")),
        ("replay", _replay, Words("répondre à nouveau et comparer", "answer again, compare")),
    ):
        add_action(actions, shared, name, run, what).add_argument(
            "record", metavar=str(Words("TRACE", "RECORD"))
        )


def _show(options: argparse.Namespace) -> int:
    from assistant.recorded import evidence_of
    from assistant.replaying import sources_today
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    shown = workspace.audit.show(options.record)
    payload = shown["payload"] or {}
    sources = sources_today(workspace, evidence_of(payload))
    if options.json:
        say_json({**shown, "sources": [_source_json(source) for source in sources]})
        return 0
    _say_head(shown)
    if "question" in payload:
        _say_question(payload)
        _say_answer(payload, sources)
        _say_evidence(payload, sources)
        _say_making(payload)
        _say_notes(payload)
    elif payload:
        _say_pairs(Words("Contenu", "Content"), _pairs(payload))
    _say_chain(shown)
    return 0


def _say_head(shown: Json) -> None:
    times = [shown["opened"], shown["closed"]]
    said = " → ".join(_moment(time) for time in times if time)
    state = _STATES[shown["state"]]
    say(Words(f"Trace {shown['id']} ({state.fr})", f"Record {shown['id']} ({state.en})"))
    say(f"  {said} UTC")
    gone = shown["forgotten"]
    if gone is not None:
        say(
            Words(
                f"  Textes effacés le {_moment(gone['time'])} UTC : {gone['reason'] or '—'}",
                f"  Texts erased on {_moment(gone['time'])} UTC: {gone['reason'] or '-'}",
            )
        )
    say()


def _say_question(payload: Json) -> None:
    say(Words("Question", "Question"))
    say(wrapped(payload["question"], indent="  "))
    standalone = payload.get("standalone")
    if standalone and standalone != payload["question"]:
        say(
            wrapped(
                str(Words(f"Comprise : {standalone}", f"Understood: {standalone}")), indent="  "
            )
        )
    who = [str(payload.get(name)) for name in ("user", "role") if payload.get(name)]
    if who:
        say("  " + str(Words(f"Par : {', '.join(who)}", f"By: {', '.join(who)}")))
    if payload.get("filters"):
        filters = ", ".join(f"{name} = {value}" for name, value in payload["filters"].items())
        say(wrapped(str(Words(f"Filtres : {filters}", f"Filters: {filters}")), indent="  "))
    say()


def _say_answer(payload: Json, sources: tuple[SourceToday, ...]) -> None:
    said = {
        "answered": Words("Réponse", "Answer"),
        "abstained": Words("Pas de réponse dans les documents", "No answer in the documents"),
        "stopped": Words("Arrêtée avant la fin", "Stopped before its end"),
        "interrupted": Words("Interrompue par un arrêt du programme", "Cut short by a restart"),
        "failed": Words("En erreur", "Failed"),
    }
    status = payload.get("status")
    say(said.get(str(status), Words("Jamais close : interrompue", "Never closed: interrupted")))
    for why in (payload.get("reason"), payload.get("error"), payload.get("suggestion")):
        if why:
            say(wrapped(why, indent="  "))
    marks = {(s.document.document_id, s.quote): s.mark for s in sources}
    for claim in payload.get("claims", ()):
        verdict = _VERDICTS.get(claim["verdict"], claim["verdict"])
        say(wrapped(f"{claim['text']} ({verdict})", indent="    ", first="  • "))
        if claim["reason"]:
            say(wrapped(claim["reason"], indent="      "))
        for citation in claim["citations"]:
            say(wrapped(f"«\u00a0{citation['quote']}\u00a0»", indent="      "))
            say(f"      {_reference(citation)}")
            _say_mark(marks.get((citation["document"]["id"], citation["quote"])))
    for one in payload.get("disagreements", ()):
        say(wrapped(one["note"], indent="      ", first="  ≠ "))
    say()


def _say_evidence(payload: Json, sources: tuple[SourceToday, ...]) -> None:
    if not payload.get("evidence"):
        return
    say(Words("Extraits montrés", "Excerpts shown"))
    given = payload.get("given") or ()
    for e, source in zip(payload["evidence"], sources, strict=True):
        notes = [f"score {e['score']}"]
        if e.get("answers") is not None:
            notes.append(str(Words(f"jugé à {e['answers']}", f"judged {e['answers']}")))
        if e["number"] in given:
            notes.append(str(Words("retenu", "chosen")))
        say(wrapped(f"«\u00a0{e['text']}\u00a0»", indent="     ", first=f"{e['number']:3d}. "))
        say(f"     {_reference(e)} ({', '.join(notes)})")
        _say_mark(source.mark)
    say()


def _say_mark(mark: Words | None) -> None:
    if mark is not None:
        say(wrapped(str(mark), indent="        ", first="      ! "))


def _say_making(payload: Json) -> None:
    """Model, program, settings, times: what a replay takes up."""
    model, prompt, energy = (payload.get(name) or {} for name in ("model", "prompt", "energy"))
    how = energy.get("how") or {}
    rows = {
        Words("Modèle", "Model"): model.get("name"),
        Words("SHA-256 du modèle", "Model's SHA-256"): model.get("sha256"),
        Words("Serveur du modèle", "Model's server"): model.get("server"),
        Words("Moteur", "Engine"): payload.get("engine"),
        Words("Programme", "Program"): payload.get("program"),
        Words("Génération de l’index", "Index generation"): payload.get("generation"),
        Words("Réglages", "Settings"): _pairs(payload.get("settings") or {}),
        Words("SHA-256 de l’invite", "Prompt's SHA-256"): prompt.get("sha256"),
        Words("Secondes", "Seconds"): _pairs(payload.get("seconds") or {}),
        Words("Jetons", "Tokens"): _pairs(payload.get("tokens") or {}),
        Words("Énergie", "Energy"): energy
        and f"{energy['wh']:.3g} Wh ({Words(how.get('fr', ''), how.get('en', ''))})",
    }
    say(Words("Fabrication", "Making"))
    for name, value in rows.items():
        if value not in (None, "", {}):
            say(wrapped(str(Words(f"{name.fr} : {value}", f"{name.en}: {value}")), indent="  "))
    if payload.get("raw"):
        say(Words("Réponse brute du modèle", "Raw reply of the model"))
        for line in payload["raw"].splitlines():
            say(f"  │ {line}")
    say()


def _say_notes(payload: Json) -> None:
    """What was said of the answer since: disputes, judgements, replays."""
    found = [
        (name, said)
        for name, said in payload.items()
        if isinstance(said, dict) and name.startswith(("dispute ", "judgement ", "replay "))
    ]
    if not found:
        return
    say(Words("Depuis", "Since"))
    for name, said in found:
        same = name.startswith("replay ") and not said.get("results")
        words = str(Words("identique", "the same")) if same else _pairs(said)
        say(wrapped(f"{name} : {words}", indent="    ", first="  • "))
    say()


def _say_pairs(title: Words, said: str) -> None:
    say(title)
    say(wrapped(said, indent="  "))
    say()


def _say_chain(shown: Json) -> None:
    say(Words("Dans la chaîne", "In the chain"))
    for event in shown["events"]:
        say(f"  {event['seq']}  {_moment(event['time'])}  {event['type']}  {event['hash']}")
    if shown["data"]:
        say(wrapped(_pairs(shown["data"]), indent="  "))


def _replay(options: argparse.Namespace) -> int:
    from assistant.replaying import replay
    from assistant.workspace import Workspace

    found = replay(Workspace.open(options.workspace), options.record)
    if options.json:
        say_json(
            {
                **asdict(found),
                "results": [str(words) for words in found.results],
                "differences": [str(words) for words in found.differences],
                "sources": [_source_json(source) for source in found.sources],
            }
        )
        return 0 if found.same else EXIT_DIFFERENT
    if not found.same:
        say(Words("Différente :", "Different:"))
    elif found.recorded:
        say(Words("Identique, mot pour mot.", "The same, word for word."))
    else:
        say(Words("Identique (aucun modèle n’a rédigé).", "The same (no model wrote)."))
    for words in found.results:
        say(wrapped(str(words), indent="    ", first="  ≠ "))
    if found.differences:
        say(Words("Ce qui a changé depuis :", "What has changed since:"))
    for words in found.differences:
        say(wrapped(str(words), indent="    ", first="  • "))
    if found.raw != found.recorded:
        say(f"— {Words('alors', 'then')} :\n{found.recorded}")
        say(f"— {Words('aujourd’hui', 'today')} :\n{found.raw}")
    return 0 if found.same else EXIT_DIFFERENT


def _source_json(source: SourceToday) -> Json:
    return {
        "number": source.number,
        "document": source.document.document_id,
        "title": source.document.title,
        "quote": source.quote,
        "fate": str(source.fate),
        "replaced_by": source.replaced_by,
        "mark": None if source.mark is None else str(source.mark),
    }


def _reference(said: Json) -> str:
    """What a reader needs to look a recorded source up."""
    document, label = said["document"], said["locator"]["label"]
    parts = [document["title"], document["date"], label, document["path"]]
    return " ".join(safe(" — ".join(part for part in parts if part)).split())


def _moment(time: str) -> str:
    return time[:19].replace("T", " ")


def _pairs(said: Json) -> str:
    return " · ".join(f"{name} {value}" for name, value in _flat(said))


def _flat(said: Json) -> Iterator[tuple[str, Any]]:
    for name, value in said.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in _flat(value))
        elif isinstance(value, list):
            yield name, ", ".join(map(str, value)) or "—"
        elif value not in (None, ""):
            yield name, value
