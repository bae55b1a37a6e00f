"""Results of a benchmark as a table, a Markdown page and JSON, with what they were made on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from assistant.workspace import Workspace
from benchmarks.ranking_measures import Score
from benchmarks.sheets import HERE

FOLDER = HERE / "results"
_LIBRARIES = ("ir-measures", "numpy", "onnxruntime", "tantivy", "chromadb")


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of one search on some questions; ``unit`` says what takes a place."""

    set: str
    split: str
    kind: str
    mode: str
    unit: str
    scores: Mapping[str, Score]


def made_on(workspace: Workspace, dense_weight: float | None = None) -> dict[str, object]:
    """Commit, model, settings of the search (with another weight, if given), machine, libraries."""
    embedder = workspace.embedder
    settings = workspace.settings.retrieval.model_dump(mode="json")
    if dense_weight is not None:
        settings["dense_weight"] = dense_weight
    return made_with(
        embedding={"name": embedder.name, "sha256": embedder.sha256}, settings=settings
    )


def made_with(**what: object) -> dict[str, object]:
    """Commit, whatever the measure depends on besides, machine, libraries."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "changed_since": bool(_git("status", "--porcelain", "--untracked-files=no")),
        **what,
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def table(rows: Sequence[Row]) -> str:
    """A Markdown table, one line a row; each figure with its 95 % interval."""
    if not rows:
        return ""
    names = list(rows[0].scores)
    lines = []
    for row in rows:
        some = next(iter(row.scores.values()))
        cells = [row.set, row.split, row.kind, str(some.questions), row.unit, row.mode]
        lines.append([*cells, *(_figure(row.scores[name]) for name in names)])
    return lined(["set", "split", "kind", "n", "counted", "mode", *names], lines)


def save(name: str, rows: Sequence[Row], made: Mapping[str, object]) -> Path:
    """Write ``results/NAME.json`` and ``results/NAME.md``; the latter's path is returned."""
    return save_page(name, table(rows), [asdict(row) for row in rows], made)


def save_page(
    name: str, body: str, rows: Sequence[Mapping[str, object]], made: Mapping[str, object]
) -> Path:
    """Write rows of any shape as ``results/NAME.json``, and a Markdown text as ``results/NAME.md``.

    The page begins with what it was made on; its path is returned.
    """
    FOLDER.mkdir(exist_ok=True)
    whole = {"made_on": made, "rows": rows}
    _write(FOLDER / f"{name}.json", json.dumps(whole, ensure_ascii=False, indent=1))
    page = FOLDER / f"{name}.md"
    _write(page, f"# {name}\n\n{_lines(made)}\n\n{body}")
    return page


def lined(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table of cells as they are shown."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    return "\n".join([*lines, *(f"| {' | '.join(cells)} |" for cells in rows)])


def _figure(score: Score) -> str:
    return f"{score.mean:.3f} [{score.low:.2f} – {score.high:.2f}]"


def _lines(made: Mapping[str, object]) -> str:
    return "\n".join(f"- {key}: {_flat(value)}" for key, value in made.items())


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_flat(some)}" for key, some in value.items())
    return str(value)


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(f"{path.suffix}.tmp")
    fresh.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    fresh.replace(path)


def _git(*arguments: str) -> str:
    command: Iterable[str] = ("git", "-C", str(HERE), *arguments)
    found = subprocess.run(list(command), capture_output=True, text=True, check=False)
    return found.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())
