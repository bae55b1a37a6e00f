"""One replay: the model of then if it is still here, the way once more, what differs, a record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from assistant.answering.past import readable
from assistant.errors import AuditError
from assistant.language_model import LanguageModel
from assistant.replaying.again import Again, answer_again
from assistant.replaying.circumstances import circumstances
from assistant.replaying.comparing import compared
from assistant.replaying.script import Script, script_of
from assistant.replaying.sources import SourceToday, sources_today
from assistant.wording import Words
from assistant.workspace import Workspace

REPLAYED = "audit.replayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay gave.

    ``same`` when every stage gave what is recorded, the model's reply token for token.
    ``results`` says what did not; ``differences`` what around it is not as it was. ``raw`` is
    today's reply and ``recorded`` the former one, both empty where no model wrote.
    """

    record: str
    same: bool
    raw: str
    recorded: str
    results: tuple[Words, ...]
    differences: tuple[Words, ...]
    sources: tuple[SourceToday, ...]


def replay(
    workspace: Workspace, record: str, hidden: frozenset[str] = frozenset(), by: str | None = None
) -> Replay:
    """Answer a recorded question again from the same evidence, and compare.

    Args:
        workspace: Where.
        record: The answer, by its identifier or the beginning of it.
        hidden: Collections that whoever asks may not read.
        by: Pseudonym of whoever asks.

    Raises:
        AuditError: No such record for them, its texts were forgotten, or it holds no answer.
        ModelMissing: A model wrote it, and neither that one nor today's is installed.
        ModelServerError: Today's model is on a server, and it failed.
    """
    shown = workspace.audit.show(record)
    if shown["payload"] is not None and not readable(workspace, shown["payload"], hidden):
        raise _unreadable(record)
    script = script_of(shown)
    with _model(workspace, script) as (model, named):
        again = answer_again(script, model)
    results = compared(script, again)
    around = circumstances(workspace, script, again, named)
    sources = sources_today(workspace, script.evidence)
    _note(workspace, script, again, results, by)
    return Replay(
        record=script.record,
        same=not results,
        raw=again.raw,
        recorded=script.raw,
        results=results,
        differences=(*around, *_changed(sources)),
        sources=sources,
    )


@contextmanager
def _model(
    workspace: Workspace, script: Script
) -> Iterator[tuple[LanguageModel | None, dict[str, Any]]]:
    """The model of then when it is installed, else today's; and what it is called.

    It computes as it did then, to the bit, whatever this machine was measured to do best since.
    """
    if script.model_name is None:
        yield None, {"name": None, "sha256": None}
        return
    configured = workspace.language_identity
    former = next(
        (
            model
            for model in workspace.manifest.models
            if model.sha256 == script.model_sha256 and workspace.ready(model.name)
        ),
        None,
    )
    running = workspace.running.computing_as(script.payload.get("running"))
    as_then = running.numerics == workspace.running.numerics
    if former is None or (former.sha256 == configured.sha256 and as_then):
        named: dict[str, Any] = dict(configured.as_json())
        yield workspace.language_model, named
        # a server names its model while it answers
        named.update(workspace.language_identity.as_json())
        return
    named = {"name": former.name, "sha256": former.sha256}
    models = workspace.settings.models.model_copy(update={"language": former.name})
    settings = workspace.settings.model_copy(update={"models": models, "answer": script.settings})
    model = Workspace(settings, running).language_model
    try:
        yield model, named
    finally:
        if close := getattr(model, "close", None):  # two models at once are for this replay only
            close()


def _changed(sources: tuple[SourceToday, ...]) -> list[Words]:
    """What became of the documents, one line each."""
    found: dict[tuple[str, Words], list[str]] = {}
    for source in sources:
        if source.mark is not None:
            key = (source.document.title, source.mark)
            found.setdefault(key, []).append(str(source.number))
    return [
        Words(
            f"source {', '.join(numbers)}, « {title} » : {mark.fr}",
            f"source {', '.join(numbers)}, {title!r}: {mark.en}",
        )
        for (title, mark), numbers in found.items()
    ]


def _note(
    workspace: Workspace, script: Script, again: Again, results: tuple[Words, ...], by: str | None
) -> None:
    """That it was replayed and what came out, as a record of the chain about the answer."""
    number = sum(name.startswith("replay ") for name in script.payload) + 1
    kept: dict[str, Any] = {"by": by, "results": [words.fr for words in results]}
    if again.raw != script.raw:
        kept["raw"] = again.raw
    workspace.audit.append(
        REPLAYED, {"same": not results}, {f"replay {number}": kept}, record_id=script.record
    )


def _unreadable(record: str) -> AuditError:
    return AuditError(
        Words(f"Aucune trace « {record[:60]} ».", f"No record {record[:60]!r}."),
        remedy=Words(
            "« assistant audit list » donne les traces.", "`assistant audit list` lists them."
        ),
    )
