"""The report as files, written in the one pass that counts it: what they say is of one reading.

Each file takes its name at the end, when all of them are complete; for their owner only, since
they hold questions.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, TextIO

from assistant.figures.files import writing_whole
from assistant.reporting.csv_rows import (
    CLAIMS,
    JUDGEMENTS,
    RECORDS,
    claim_rows,
    judgement_rows,
    record_row,
)
from assistant.reporting.csv_text import Sheet
from assistant.reporting.figures_csv import FIGURES, figure_rows
from assistant.reporting.gathering import Listener, Progress, report
from assistant.reporting.json_form import answer_json, report_json
from assistant.reporting.page import html
from assistant.reporting.records import Answered
from assistant.reporting.refusals import unwritable
from assistant.reporting.report import Report
from assistant.workspace import Workspace

FILES: Final = {
    "html": "report.html",
    "json": "report.json",
    "records": "records.csv",
    "claims": "claims.csv",
    "judgements": "judgements.csv",
    "figures": "figures.csv",
}
_BY_SUFFIX: Final = {".html": "html", ".htm": "html", ".json": "json"}
_NO_FOLDER: Final = (".csv", ".pdf", ".zip")  # somebody expects one file of that

_Ending = Callable[[Report], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The report, and its files by form."""

    report: Report
    files: dict[str, Path]


def write_report(
    workspace: Workspace,
    out: Path | None = None,
    since: date | None = None,
    until: date | None = None,
    hidden: frozenset[str] = frozenset(),
    *,
    progress: Progress = lambda *_: None,
) -> Written:
    """Write the report: every file into a folder, or the page or the JSON alone.

    Args:
        workspace: Where.
        out: A folder, made where it is missing, or a file in ``.html`` or ``.json``; by default
            a new folder of the index. Files of a former report are replaced.
        since: As for `report`.
        until: As for `report`.
        hidden: As for `report`.
        progress: Called as the log is read.

    Raises:
        ReportError: The period ends before it begins, or nothing can be written there.
        AuditError: The log was altered.
    """
    files = _places(workspace, out)
    folder = next(iter(files.values())).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as drafts:
            forms = {
                form: drafts.enter_context(writing_whole(path, private=True))
                for form, path in files.items()
            }
            listeners, endings = _writers(forms)
            found = report(
                workspace,
                since,
                until,
                hidden,
                listen=lambda answer: _tell(listeners, answer),
                progress=progress,
            )
            for end in endings:
                end(found)
    except OSError as error:
        raise unwritable(folder, error.strerror or type(error).__name__) from error
    return Written(report=found, files=files)


def _places(workspace: Workspace, out: Path | None) -> dict[str, Path]:
    if out is None:
        name = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S-%f")
        out = workspace.settings.index_folder / "reports" / name
    form = _BY_SUFFIX.get(out.suffix.lower())
    if form is not None and not out.is_dir():
        return {form: out}
    if out.suffix.lower() in _NO_FOLDER and not out.is_dir():
        raise unwritable(out, out.suffix)
    return {form: out / name for form, name in FILES.items()}


def _writers(forms: dict[str, TextIO]) -> tuple[list[Listener], list[_Ending]]:
    """Who listens to the answers, and who writes when all are counted."""
    listeners: list[Listener] = []
    endings: list[_Ending] = []
    if "json" in forms:
        whole = _Whole(forms["json"])
        listeners.append(whole.add)
        endings.append(whole.end)
    if "html" in forms:
        endings.append(lambda found: _write(forms["html"], html(found)))
    if "records" in forms:
        listeners.append(_Sheets(forms).add)
        endings.append(lambda found: _write_figures(forms["figures"], found))
    return listeners, endings


class _Whole:
    """The JSON of everything: the answers as they come, then the report."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._before = "\n"
        file.write('{"answers": [')

    def add(self, answer: Answered) -> None:
        self._file.write(self._before + json.dumps(answer_json(answer), ensure_ascii=False))
        self._before = ",\n"

    def end(self, found: Report) -> None:
        told = json.dumps(report_json(found), ensure_ascii=False, indent=2)
        self._file.write(f'\n],\n"report": {told}}}\n')


class _Sheets:
    """The CSV files that have rows for each answer."""

    def __init__(self, forms: dict[str, TextIO]) -> None:
        self._records = Sheet(forms["records"], RECORDS)
        self._claims = Sheet(forms["claims"], CLAIMS)
        self._judgements = Sheet(forms["judgements"], JUDGEMENTS)

    def add(self, answer: Answered) -> None:
        self._records.add(record_row(answer))
        for row in claim_rows(answer):
            self._claims.add(row)
        for row in judgement_rows(answer):
            self._judgements.add(row)


def _tell(listeners: list[Listener], answer: Answered) -> None:
    for listener in listeners:
        listener(answer)


def _write(file: TextIO, text: str) -> None:
    file.write(text)


def _write_figures(file: TextIO, found: Report) -> None:
    sheet = Sheet(file, FIGURES)
    for row in figure_rows(found):
        sheet.add(row)
