"""Lines of `speed` without a language model at work: first evidence, a fresh process, growth."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from statistics import median
from threading import Thread
from typing import Any

import numpy as np

import assistant.answering.asking as asking
from assistant.answering import EvidenceReady, Question, ask
from assistant.audit import AuditLog
from assistant.workspace import Workspace
from benchmarks import results
from benchmarks.scale import watched
from benchmarks.speed_page import Goal, Json, Line, ratio
from benchmarks.speed_workspaces import REPOSITORY, demo, questions

_ASKED, _WARM, _ROUNDS = 60, 10, 5
_STARTS = 3
_STAGES = {"retrieval": "_found", "evidence": "select_evidence"}


def first_evidence() -> list[Json]:
    """From the question to its evidence, everything warm, against embedding the question."""
    workspace = Workspace.open(demo())
    workspace.embedder.embed_query("échauffement")
    _ = workspace.language_model  # loaded, as in a server: else it would load meanwhile
    some = questions()[:_ASKED]
    for question in some[:_WARM]:
        _until_evidence(workspace, question)
    stages: dict[str, tuple[Any, str]] = {
        **{name: (asking, function) for name, function in _STAGES.items()},
        "audit": (AuditLog, "open"),
        "embed": (type(workspace.embedder), "embed_query"),
    }
    alone: list[list[float]] = []
    whole: list[list[dict[str, float]]] = []
    gc.collect()
    for _ in range(_ROUNDS):
        alone.append([])
        whole.append([])
        for question in some:  # one beside the other: what disturbs one disturbs both
            alone[-1].append(_timed(lambda q=question: workspace.embedder.embed_query(q)))
            with watched(stages) as spent:
                total = _until_evidence(workspace, question)
                whole[-1].append({"total": total, **{n: sum(t) for n, t in spent.items()}})
    ours = [min(laps, key=lambda lap: lap["total"]) for laps in zip(*whole, strict=True)]
    embed = [min(times) for times in zip(*alone, strict=True)]
    mean_ms = {name: float(np.mean([lap[name] for lap in ours])) * 1000 for name in ours[0]}
    found, other = (1000 * median(times) for times in ([lap["total"] for lap in ours], embed))
    parts = ", ".join(f"{name} {ms:.1f}" for name, ms in mean_ms.items())
    line = Line(
        key="first-evidence",
        what="first evidence on screen",
        ours=f"{found:.1f} ms",
        against="embedding the query alone",
        other=f"{other:.1f} ms",
        figure=ratio(found, other),
        goal=Goal("≤", 1.5),
        note=f"{len(some)} demo questions, each right after its embedding alone; medians of each "
        f"question's quickest of {_ROUNDS} rounds. The audit record is opened first, and synced "
        f"to disk. Mean ms of the parts: {parts} (embed is within retrieval).",
        figures={"mean_ms": mean_ms, "embed_alone_ms": [1000 * t for t in embed]},
    )
    return [line.as_json()]


def _until_evidence(workspace: Workspace, question: str) -> float:
    """Seconds from the question to its evidence; whoever asked then goes away."""
    begin = time.perf_counter()
    with closing(ask(workspace, Question(text=question))) as events:
        for event in events:
            if isinstance(event, EvidenceReady):
                return time.perf_counter() - begin
    raise SystemExit("no evidence came")


def _timed(do: Callable[[], object]) -> float:
    begin = time.perf_counter()
    do()
    return time.perf_counter() - begin


# --- a fresh process ----------------------------------------------------------------


def fresh() -> list[Json]:
    """The commands from nothing to their first line, against one import."""
    folder = demo()
    question = questions()[0]
    command = [sys.executable, "-m", "assistant.cli"]
    asked = {
        name: [*command, name, question, "--workspace", str(folder)] for name in ("search", "ask")
    }
    alone = [sys.executable, "-c", "import sentence_transformers; print('imported', flush=True)"]
    runs = {**asked, "import": alone}
    for each in runs.values():
        _first_line_s(each)  # everything is in the page cache
    laps = [{name: _first_line_s(each) for name, each in runs.items()} for _ in range(_STARTS)]
    quickest = {name: min(lap[name] for lap in laps) for name in runs}
    lines = [
        Line(
            key=f"fresh-{name}",
            what=f"a fresh process: `assistant {name}` to its first evidence",
            ours=f"{quickest[name]:.2f} s",
            against="`import sentence_transformers` alone",
            other=f"{quickest['import']:.2f} s",
            figure=ratio(quickest[name], quickest["import"]),
            goal=Goal("≤", 0.35),
            note=f"From the start of the process to its first line; the quickest of {_STARTS} "
            "starts, all three in turns.",
            figures={"seconds": [lap[name] for lap in laps]},
        )
        for name in asked
    ]
    heavy = {name: _imports(each) for name, each in asked.items()}
    lines.append(
        Line(
            key="fresh-torch",
            what="modules of torch on the way to the first evidence",
            ours=", ".join(f"{name}: {n}" for name, n in heavy.items()),
            against="none",
            other="0",
            figure=float(sum(heavy.values())),
            goal=Goal("≤", 0, ""),
            note="Counted in the import times that Python itself writes (`-X importtime`).",
        )
    )
    return [line.as_json() for line in lines]


def _first_line_s(command: Sequence[str]) -> float:
    """Seconds until something is on stdout; the process is then ended."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        line = process.stdout.readline() if process.stdout else b""
        seconds = time.perf_counter() - begin
        process.terminate()
        process.communicate()
    if not line.strip():
        raise SystemExit(f"{command[-1]} said nothing")
    return seconds


def _imports(command: Sequence[str]) -> int:
    """How many modules of torch a command imports until its evidence is there."""
    with subprocess.Popen(
        [command[0], "-X", "importtime", *command[1:]],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        # stderr is read by a thread of its own: the list of imports is longer than a pipe holds
        said: list[str] = []
        listening = Thread(target=lambda: said.extend(process.stderr or ()))
        listening.start()
        _ = process.stdout.readline() if process.stdout else ""
        process.terminate()
        process.wait()
        listening.join()
    names = [line.rsplit("|", 1)[-1].strip() for line in said if line.startswith("import time:")]
    return sum(name.split(".")[0] in ("torch", "sentence_transformers") for name in names)


# --- growth: measured by `scale` ------------------------------------------------------


def growth() -> list[Json]:
    """What `scale` found, as two lines of this table."""
    known = json.loads((results.FOLDER / "scale.json").read_text(encoding="utf-8"))
    return [line.as_json() for line in growth_of(known["rows"], known["made_on"])]


def growth_of(rows: Sequence[Json], made: Json) -> list[Line]:
    """Search and publishing at the largest size that was searched, against 10,000 passages.

    Only a million decides: at a smaller size the figure is told, and the goal is not measured.
    """
    by_size = {row["passages"]: row for row in rows if "whole" in row}
    if 10_000 not in by_size:
        return []
    size = max(by_size)
    few, many = (by_size[n]["whole"]["total"]["p95_ms"] for n in (10_000, size))
    decided = size >= 1_000_000
    times = many / few
    where = f"`results/scale.json`, {made['made'][:10]}, {made['commit'][:7]}"
    small, large = (1000 * by_size[n]["publish_s"] / n for n in (10_000, size))
    return [
        Line(
            key="growth-search",
            what=f"search p95 at {size:,} passages",
            ours=f"{many:.1f} ms",
            against="at 10,000",
            other=f"{few:.1f} ms",
            figure=times if decided else None,
            goal=Goal("≤", 3),
            note=f"{where}. × {times:.2f}" + ("." if decided else "; a million was not measured."),
        ),
        Line(
            key="growth-ingestion",
            what=f"publishing 1,000 passages of {size:,}",
            ours=f"{large:.2f} s",
            against="of 10,000",
            other=f"{small:.2f} s",
            figure=ratio(large, small),
            goal=Goal("≤", 1.2),
            note=f"{where}. Linear: the goal is ours, a fifth of difference.",
        ),
    ]
