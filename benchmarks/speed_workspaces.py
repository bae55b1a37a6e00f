"""What `speed` measures on: the demo corpus alone, and with public sheets set as PDF beside it.

Both are copies in ``benchmarks/.cache/speed``, with the repository's models: what is asked there
leaves no trace in the repository's own index and audit log.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from assistant.settings import FILE_NAME, write_default
from assistant.workspace import Workspace
from benchmarks import sheets
from benchmarks.packages import CACHE

REPOSITORY = sheets.HERE.parent
FOLDER = CACHE / "speed"
SHEETS = 12  # with the demo corpus some 600 passages
_GOLD = sheets.HERE / "gold" / "demo.jsonl"


def demo() -> Path:
    """The workspace of the demo corpus, ingested."""
    folder = _made(FOLDER / "demo")
    command = [sys.executable, "-m", "assistant.cli", "ingest", "--json", "--workspace", folder]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 4):  # 4: a file that cannot be read, as the demo means it
        raise SystemExit(f"the demo corpus was not ingested: exit {done.returncode}")
    return folder


def larger() -> Path:
    """The demo corpus and sheets as PDF, not ingested."""
    folder = FOLDER / "larger"
    if not (folder / FILE_NAME).is_file():
        for sheet in sheets.load(sheets.fetch())[:SHEETS]:
            target = folder / "corpus" / Path(sheet.path).with_suffix(".pdf")
            target.parent.mkdir(parents=True, exist_ok=True)
            _set(sheet, target)
    return _made(folder)


@cache
def questions(*, answerable: bool = False) -> tuple[str, ...]:
    """The demo's gold questions, in the order of the file."""
    lines = map(json.loads, _GOLD.read_text(encoding="utf-8").splitlines())
    return tuple(line["question"] for line in lines if line["answerable"] or not answerable)


def texts(workspace: Workspace) -> list[dict[str, str]]:
    """Path and canonical text of each document: what ``assistant text`` prints."""
    catalogue = workspace.catalogue
    return [
        {"path": stored.document.path, "text": catalogue.text(stored.row)}
        for stored in catalogue.documents(catalogue.generation)
    ]


def models_of(workspace: Workspace) -> dict[str, Any]:
    """Names and hashes of the two models."""
    names = (workspace.settings.models.language, workspace.settings.models.embedding)
    return {name: workspace.manifest.get(name).sha256 for name in names}


def _made(folder: Path) -> Path:
    """The folder as a workspace, with the demo's documents as they are now."""
    shutil.copytree(
        REPOSITORY / "corpus",
        folder / "corpus",
        ignore=shutil.ignore_patterns("_sources", "README.md", "__pycache__"),
        dirs_exist_ok=True,
    )
    if not (folder / FILE_NAME).is_file():
        write_default(folder, models=REPOSITORY / "models")
    return folder


def _set(sheet: sheets.Sheet, target: Path) -> None:
    """A sheet as a PDF with its headings."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    flow = [Paragraph(escape(sheet.title), styles["Title"])]
    for section in sheet.sections:
        if section.title:
            flow.append(Paragraph(escape(section.title), styles["Heading2"]))
        blocks = [line for line in section.text.splitlines() if line.strip()]
        flow += [Paragraph(escape(block), styles["BodyText"]) for block in blocks]
    SimpleDocTemplate(str(target), pagesize=A4, title=sheet.title, invariant=1).build(flow)
