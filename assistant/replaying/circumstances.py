"""What is not as it was around an answer: model, engine, program, settings, prompt, threshold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.answering.recording import ENGINE, engine
from assistant.replaying.again import Again
from assistant.replaying.script import Script
from assistant.wording import Words
from assistant.workspace import Workspace

_HASH_CHARS = 16  # of a sha256; enough to tell two models apart


def circumstances(
    workspace: Workspace, script: Script, again: Again, model: dict[str, Any]
) -> tuple[Words, ...]:
    """Everything that differs and may be why an answer does.

    Args:
        workspace: Today's.
        script: What the record keeps.
        again: What came out.
        model: ``name``, ``sha256``, ``server`` of the one that was asked this time, None without.
    """
    payload = script.payload
    return (
        *_model(payload["model"], model),
        *_program(workspace, payload),
        *_settings(workspace, payload),
        *_prompt(script, again),
        *_threshold(payload, again),
        *_index(workspace, payload),
    )


def _model(then: dict[str, Any], now: dict[str, Any]) -> Iterator[Words]:
    same = then["sha256"] == now["sha256"] and then.get("server") == now.get("server")
    if not same or (then.get("server") is not None and then["name"] != now["name"]):
        yield _changed(Words("modèle", "model"), _named(then), _named(now))
    if then.get("server") is not None:
        yield Words(
            "modèle sur un serveur : ses poids ne sont pas connus ici, "
            "seuls les textes sont comparés",
            "model on a server: its weights are not known here, only texts are compared",
        )


def _named(model: dict[str, Any]) -> str:
    where = model.get("server") or f"{str(model['sha256'])[:_HASH_CHARS]}…"
    return f"{model['name']} ({where})"


def _program(workspace: Workspace, payload: dict[str, Any]) -> Iterator[Words]:
    if payload["program"] != workspace.program_version:
        yield _changed(Words("programme", "program"), payload["program"], workspace.program_version)
    then = payload.get("engine")
    if then is not None and then != engine():
        yield _changed(Words("moteur", "engine"), then, engine() or ENGINE)


def _settings(workspace: Workspace, payload: dict[str, Any]) -> Iterator[Words]:
    """Settings are replayed as they were, but for the threads, which change no bit of a result."""
    running = workspace.running
    now = {**workspace.settings.answer.model_dump(), "threads": running.threads}
    then = {**payload["settings"], "threads": payload.get("threads", running.threads)}
    if payload.get("engine") is not None:
        now |= running.numerics
        then |= running.computing_as(payload.get("running")).numerics
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            yield _changed(
                Words(f"réglage « {name} »", f"setting {name!r}"),
                str(then.get(name, "∅")),
                str(now.get(name, "∅")),
            )


def _prompt(script: Script, again: Again) -> Iterator[Words]:
    if script.prompt is None or again.prompt is None or script.prompt == again.prompt:
        return
    fixed = script.prompt.fixed != again.prompt.fixed
    user = script.prompt.user != again.prompt.user
    where = Words(
        " et ".join(["consigne"] * fixed + ["question et extraits"] * user),
        " and ".join(["instructions"] * fixed + ["question and excerpts"] * user),
    )
    yield Words(
        f"invite : le programme en écrirait une autre aujourd’hui ({where.fr}) ; "
        "le modèle a relu celle d’alors",
        f"prompt: today's program would write another one ({where.en}); "
        "the model has read the former one again",
    )


def _threshold(payload: dict[str, Any], again: Again) -> Iterator[Words]:
    then = payload.get("threshold")
    if then is not None and again.threshold is not None and then != again.threshold:
        yield _changed(Words("seuil du refus", "threshold"), str(then), str(again.threshold))


def _index(workspace: Workspace, payload: dict[str, Any]) -> Iterator[Words]:
    now = workspace.catalogue.generation
    if payload["generation"] != now:
        yield _changed(
            Words("génération de l’index", "index generation"), str(payload["generation"]), str(now)
        )


def _changed(what: Words, then: str, now: str) -> Words:
    return Words(f"{what.fr} : {then} alors, {now} aujourd’hui", f"{what.en}: {then} then, {now}")
