"""An evaluation from its first question to its report; it can be interrupted and go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.evaluation import outcomes, runs
from assistant.evaluation.asking import Asker, asker
from assistant.evaluation.gold import Gold, GoldQuestion, chosen
from assistant.evaluation.report import Report, report_of
from assistant.evaluation.report_html import page
from assistant.evaluation.report_markdown import markdown
from assistant.evaluation.runs import Plan, Run
from assistant.figures.files import write_whole
from assistant.wording import Words
from assistant.workspace import Workspace

Progress = Callable[[Words, int, int], None]
ASKING = Words("Questions", "Questions")
FILES = {"json": "report.json", "markdown": "report.md", "html": "report.html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A finished or interrupted evaluation: its folder, its files by kind, what they say."""

    folder: Path
    files: dict[str, Path]
    report: Report


def begin(
    workspace: Workspace,
    gold: Gold,
    plan: Plan,
    *,
    folder: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Evaluation:
    """Ask the questions of a plan and write the report.

    Args:
        workspace: Where the documents are.
        gold: The questions.
        plan: Which of them, and how.
        folder: Where everything is written; by default a new one in the index folder.
        progress: Called as questions are answered.

    Raises:
        EvaluationError: No question is chosen, or the folder cannot be used.
        EmptyIndex: Nothing is ingested.
        ModelMissing: A model is not installed.
    """
    questions = chosen(gold.questions, split=plan.split, limit=plan.limit)
    run = runs.describe(workspace, gold, plan)
    ask = asker(workspace, run)
    folder = folder or _new_folder(workspace, gold)
    runs.record(folder, run)
    return _go_on(run, questions, ask, folder, progress)


def resume(
    workspace: Workspace,
    gold: Gold,
    given: Mapping[str, Any],
    folder: Path,
    *,
    progress: Progress = lambda *_: None,
) -> Evaluation:
    """Ask what an interrupted evaluation has not asked yet, and write the report anew.

    Args:
        workspace: The same as then.
        gold: The same as then.
        given: What is asked of the plan now; it must be what it was.
        folder: The interrupted evaluation's.
        progress: Called as questions are answered.

    Raises:
        EvaluationError: There is none in the folder, or something has changed since.
        EmptyIndex: Nothing is ingested.
        ModelMissing: A model is not installed.
    """
    before = runs.recorded(folder)
    now = runs.describe(workspace, gold, before.plan.model_copy(update=dict(given)))
    runs.require_same(before, now)
    questions = chosen(gold.questions, split=before.plan.split, limit=before.plan.limit)
    return _go_on(before, questions, asker(workspace, before), folder, progress)


def ask_the_rest(
    questions: Sequence[GoldQuestion],
    file: Path,
    ask: Asker,
    progress: Progress = lambda *_: None,
) -> None:
    """Ask the questions that have no outcome in the file yet; Ctrl-C ends it early."""
    outcomes.mend(file)
    done = {outcome.id for outcome in outcomes.read_outcomes(file)}
    left = [question for question in questions if question.id not in done]
    before = len(questions) - len(left)
    try:
        for number, question in enumerate(left, start=before):
            progress(ASKING, number, len(questions))
            outcomes.append_outcome(file, ask(question))
        progress(ASKING, len(questions), len(questions))
    except KeyboardInterrupt:
        outcomes.mend(file)


def write_report(folder: Path, report: Report) -> dict[str, Path]:
    """Write the report in its three forms, each whole or not at all; the files by form."""
    texts = {
        "json": json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n",
        "markdown": markdown(report),
        "html": page(report),
    }
    files = {form: folder / name for form, name in FILES.items()}
    for form, file in files.items():
        write_whole(file, texts[form])
    return files


def _go_on(
    run: Run, questions: Sequence[GoldQuestion], ask: Asker, folder: Path, progress: Progress
) -> Evaluation:
    file = folder / outcomes.FILE_NAME
    ask_the_rest(questions, file, ask, progress)
    report = report_of(run, questions, outcomes.read_outcomes(file))
    return Evaluation(folder=folder, files=write_report(folder, report), report=report)


def _new_folder(workspace: Workspace, gold: Gold) -> Path:
    now = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    return workspace.settings.index_folder / "evaluations" / f"{now}-{Path(gold.name).stem}"
