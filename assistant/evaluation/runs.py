"""What an evaluation is of: written down before its first question, compared when it goes on."""

from __future__ import annotations

import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.evaluation.gold import Gold
from assistant.evaluation.refusals import EvaluationError
from assistant.figures.files import write_whole
from assistant.wording import Words
from assistant.workspace import Workspace

FILE_NAME = "run.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Plan(_Record):
    """Which questions are asked, and how; ``limit`` ``None`` asks them all."""

    mode: Literal["model", "extractive"] = "model"
    split: Literal["dev", "test", "all"] = "all"
    limit: int | None = None


class Machine(_Record):
    """Where the questions were asked; times depend on it."""

    cpu_count: int
    platform: str
    python: str


class Run(_Record):
    """All that the outcomes depend on; ``model`` is empty when no model writes.

    ``generation`` numbers the published state of the documents; ``settings`` are those
    of retrieval and of the answer.
    """

    begun: str
    gold: str
    gold_sha256: str
    plan: Plan
    program: str
    model: str | None
    model_sha256: str | None
    embedding: str
    generation: int
    settings: dict[str, dict[str, Any]]
    machine: Machine


def describe(workspace: Workspace, gold: Gold, plan: Plan) -> Run:
    """The run that would begin now.

    Raises:
        EmptyIndex: Nothing is ingested.
        IndexModelMismatch: The index was built with another embedding model.
    """
    with workspace.generations.reading() as generation:
        number = generation.number
    model = None
    if plan.mode == "model":
        model = workspace.language_identity
    settings = workspace.settings
    return Run(
        begun=datetime.now().astimezone().isoformat(timespec="seconds"),
        gold=gold.name,
        gold_sha256=gold.sha256,
        plan=plan,
        program=workspace.program_version,
        model=None if model is None else model.name,
        model_sha256=None if model is None else model.sha256,
        embedding=workspace.embedding_name,
        generation=number,
        settings={
            "retrieval": settings.retrieval.model_dump(mode="json"),
            "answer": settings.answer.model_dump(mode="json"),
        },
        machine=Machine(
            cpu_count=os.cpu_count() or 1,
            platform=platform.platform(),
            python=platform.python_version(),
        ),
    )


def record(folder: Path, run: Run) -> None:
    """Make the folder of a new evaluation.

    Raises:
        EvaluationError: It holds an evaluation already, or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / FILE_NAME).exists():
            raise EvaluationError(
                Words(
                    f"« {folder} » contient déjà une évaluation.",
                    f"{str(folder)!r} holds an evaluation already.",
                ),
                remedy=Words(
                    f"Poursuivez-la par --resume {folder}, ou choisissez un autre dossier.",
                    f"Go on with it by --resume {folder}, or choose another folder.",
                ),
            )
        write_whole(folder / FILE_NAME, run.model_dump_json(indent=2) + "\n")
    except OSError as error:
        raise EvaluationError(
            Words(
                f"« {folder} » ne peut pas être écrit : {error}.",
                f"{str(folder)!r} cannot be written: {error}.",
            ),
            remedy=Words("Choisissez un autre dossier.", "Choose another folder."),
        ) from error


def recorded(folder: Path) -> Run:
    """The run that was begun in a folder.

    Raises:
        EvaluationError: No evaluation was begun there.
    """
    try:
        return Run.model_validate_json((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise EvaluationError(
            Words(
                f"« {folder} » ne contient pas d’évaluation à poursuivre.",
                f"{str(folder)!r} holds no evaluation to go on with.",
            ),
            remedy=Words(
                "Indiquez le dossier d’une évaluation interrompue.",
                "Name the folder of an interrupted evaluation.",
            ),
        ) from error


def require_same(before: Run, now: Run) -> None:
    """Refuse to mix outcomes that cannot be compared.

    Raises:
        EvaluationError: Something that outcomes depend on has changed; it is named.
    """
    one, other = (
        run.model_dump(mode="json", exclude={"begun", "machine"}) for run in (before, now)
    )
    changed = ", ".join(name for name in one if one[name] != other[name])
    if changed:
        raise EvaluationError(
            Words(
                f"L’évaluation ne peut pas se poursuivre : ont changé depuis : {changed}.",
                f"The evaluation cannot go on: changed since: {changed}.",
            ),
            remedy=Words(
                "Rétablissez-les, ou commencez une nouvelle évaluation.",
                "Restore them, or begin a new evaluation.",
            ),
        )
