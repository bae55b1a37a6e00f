"""Lines of `speed` on memory: serving 100,000 passages with the default models.

The corpus is that of `synthetic`, published by the real code. A fresh process then opens it,
loads both models, searches once and answers once; then it builds the whole interface too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering import AnswerReady, Question, ask, search
from assistant.catalogue import Catalogue
from assistant.generations import Generations
from assistant.model_files import EXPORT_DIR, EXPORT_FILE
from assistant.records import Filters
from assistant.settings import write_default
from assistant.workspace import Workspace
from benchmarks.scale import _kept
from benchmarks.speed_page import Goal, Json, Line
from benchmarks.speed_workspaces import REPOSITORY, questions
from benchmarks.synthetic import D, corpus

PASSAGES = 100_000
_SPARE_MB = 600.0
_AT_ONCE = 4
_FIELDS = {"rss": "VmRSS", "peak": "VmHWM", "files": "RssFile", "own": "RssAnon"}


def memory() -> list[Json]:
    """Build the corpus, then serve it from a fresh process; the folder is deleted."""
    with TemporaryDirectory(prefix="speed-") as made:
        folder = Path(made)
        write_default(folder, models=REPOSITORY / "models")
        _build(folder, PASSAGES)
        code = "import sys; from benchmarks.speed_memory import served as do; do(*sys.argv[1:])"
        command = [sys.executable, "-c", code, str(folder)]
        done = subprocess.run(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True
        )
        found = json.loads(done.stdout.splitlines()[-1])
    return [line.as_json() for line in lines_of(found, PASSAGES)]


def _build(folder: Path, size: int) -> None:
    workspace = Workspace.open(folder)
    index = workspace.settings.index_folder
    index.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue(index / "catalogue.sqlite3")
    generations = Generations(index / "generations", catalogue)
    documents: list[int] = []
    coming = corpus(size)
    while some := list(islice(coming, _AT_ONCE)):
        documents += _kept(catalogue, some)
    generations.publish(adds=documents, retires=(), embedding=workspace.embedding_name)
    catalogue.close()


def served(folder: str) -> None:
    """Print what the process holds after a search and an answer, and with the interface."""
    workspace = Workspace.open(Path(folder))
    settings = workspace.settings
    found: Json = {"started": _held()}
    found["hits"] = len(search(workspace, questions()[0], filters=Filters()).hits)
    found["searched"] = _held()
    _ = workspace.language_model
    for event in ask(workspace, Question(text=questions()[0])):
        if isinstance(event, AnswerReady):
            found["status"] = event.as_json()["status"]
            found["tokens"] = event.as_json()["tokens"]
    found["answered"] = _held()
    from ui.server import application

    application(workspace, "127.0.0.1")
    found["served"] = _held()
    models = settings.models_folder
    embedding = models / settings.models.embedding
    loaded = (
        models / workspace.manifest.get(settings.models.language).path,
        *(embedding / EXPORT_DIR).glob(f"{EXPORT_FILE}*"),
        embedding / "tokenizer.json",
    )
    found["files_mb"] = {file.name: file.stat().st_size / 1e6 for file in loaded}
    print(json.dumps(found))


def _held() -> dict[str, float]:
    """Memory of this process in MB of 10^6 bytes: resident, its peak, of files, its own."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return {name: int(lines[key].split()[0]) * 1024 / 1e6 for name, key in _FIELDS.items()}


def lines_of(found: Json, passages: int) -> list[Line]:
    """Two lines: without the interface, and with it."""
    vectors = passages * D * 4 / 1e6
    other = sum(found["files_mb"].values()) + vectors
    files = ", ".join(f"{name} {mb:.0f}" for name, mb in found["files_mb"].items())
    lines = []
    for key, moment, what in (
        ("memory", "answered", "memory after a search and an answer in 100,000 passages"),
        ("memory-served", "served", "the same with the interface"),
    ):
        held = found[moment]
        lines.append(
            Line(
                key=key,
                what=what,
                ours=f"{held['rss']:,.0f} MB",
                against="the models' files and the vectors",
                other=f"{other:,.0f} MB",
                figure=held["rss"] - other,
                goal=Goal("≤", _SPARE_MB, "MB more"),
                note=f"Resident: {held['own']:,.0f} MB of its own, {held['files']:,.0f} MB of "
                f"mapped files; peak {held['peak']:,.0f} MB. Started with "
                f"{found['started']['rss']:,.0f} MB, {found['searched']['rss']:,.0f} after the "
                f"search. Files, MB: {files}; vectors {vectors:.0f}. The answer: "
                f"{found['status']}, {found['hits']} hits.",
                figures={moment: held},
            )
        )
    return lines
