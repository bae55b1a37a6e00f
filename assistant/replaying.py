"""Answering again from a record: same prompt, same model, same settings, compared to the letter."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import AuditError
from assistant.language_model import Message, Prompt, ReplyLimits
from assistant.wording import Words
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay gave; ``differences`` says, for a person, all that is not as it was."""

    record: str
    same: bool
    raw: str
    recorded: str
    differences: tuple[Words, ...]


def replay(workspace: Workspace, record: str) -> Replay:
    """Have the model reply again to a recorded prompt.

    Raises:
        AuditError: No such record, its texts were forgotten, or no model replied then.
        ModelMissing: The model of the settings is not installed.
    """
    shown = workspace.audit.show(record)
    payload = shown["payload"]
    finished = payload is not None and payload.get("status") in ("answered", "abstained")
    if not finished or not payload.get("prompt"):
        raise AuditError(
            Words(
                f"La trace « {record} » ne peut pas être rejouée : aucun modèle n’y a répondu "
                "jusqu’au bout.",
                f"Record {record!r} cannot be replayed: no model finished a reply in it.",
            ),
            remedy=Words(
                "Consultez-la par « assistant audit show ».", "Read it with `assistant audit show`."
            ),
        )
    settings = payload["settings"]
    prompt = Prompt(
        fixed=tuple(Message(**message) for message in payload["prompt"]["fixed"]),
        user=payload["prompt"]["user"],
    )
    limits = ReplyLimits(
        evidence=len(payload.get("given") or payload["evidence"]),
        leanings=tuple(payload["leanings"]),
        claims=settings["max_claims"],
        tokens=settings["max_tokens"],
        seed=settings["seed"],
        temperature=settings["temperature"],
    )
    raw = "".join(workspace.language_model.reply(prompt, limits))
    same = raw == payload["raw"]
    workspace.audit.append("audit.replayed", {"same": same}, record_id=shown["id"])
    return Replay(
        record=shown["id"],
        same=same,
        raw=raw,
        recorded=payload["raw"],
        differences=tuple(_differences(workspace, payload)),
    )


def _differences(workspace: Workspace, payload: dict[str, object]) -> list[Words]:
    """What changed between then and now, besides the reply."""
    found: list[Words] = []
    model = payload["model"]
    assert isinstance(model, dict)
    now = workspace.language_model
    if model["sha256"] != now.sha256:
        found.append(
            Words(
                f"modèle : {model['name']} alors, {now.name} aujourd’hui",
                f"model: {model['name']} then, {now.name} today",
            )
        )
    if payload["program"] != workspace.program_version:
        found.append(
            Words(
                f"programme : version {payload['program']} alors, {workspace.program_version}",
                f"program: version {payload['program']} then, {workspace.program_version} today",
            )
        )
    evidence = payload["evidence"]
    assert isinstance(evidence, list)
    generation = workspace.catalogue.generation
    for sentence in evidence:
        document = sentence["document"]
        stored = workspace.catalogue.read(
            document["id"], sentence["start"], sentence["end"], generation
        )
        if stored != sentence["text"]:
            found.append(
                Words(
                    f"source {sentence['number']} : « {document['title']} » a changé depuis",
                    f"source {sentence['number']}: {document['title']!r} has changed since",
                )
            )
    return found
