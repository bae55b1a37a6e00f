"""How fast, against what: each line of the table is a ratio measured side by side in one run.

    python -m benchmarks.speed [--rows first-evidence decode ...]

Each measure runs in a process of its own. Lines that are not asked for keep their former figures
in ``results/speed.json``, with their date and commit. The peer of three of the measures runs in
an environment of its own (`make bench` makes it).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from assistant.workspace import Workspace
from benchmarks import speed_page
from benchmarks.sheets import HERE
from benchmarks.speed_page import Line

MEASURES = {  # name: where it is measured, the lines that it gives
    "first-evidence": ("speed_search.first_evidence", ("first-evidence",)),
    "answers": ("speed_peer.answers", ("first-token", "whole-answer", "search")),
    "tokens": ("speed_tokens.tokens", ("tokens", "tokens-drafting", "tokens-restart")),
    "decode": ("speed_decoding.decoding", ("decode", "prefill")),
    "ingestion": ("speed_ingestion.alone", ("ingestion",)),
    "ingestion-peer": ("speed_peer.ingestion", ("ingestion-peer", "ingestion-peer-read")),
    "memory": ("speed_memory.memory", ("memory", "memory-served")),
    "fresh": ("speed_search.fresh", ("fresh-search", "fresh-ask", "fresh-torch")),
    "growth": ("speed_search.growth", ("growth-search", "growth-ingestion")),
}
ORDER = tuple(key for _, keys in MEASURES.values() for key in keys)


def main() -> int:
    """Measure what is asked, one after the other; save after each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("--rows", nargs="+", choices=MEASURES, default=list(MEASURES))
    options = parser.parse_args()
    failed = 0
    for name in options.rows:
        load, begin = os.getloadavg()[0], time.monotonic()
        print(f"{name} …", flush=True)
        lines = measured(MEASURES[name][0])
        failed += not lines
        for line in lines:
            said = "–" if line.figure is None else f"{line.figure:.2f}"
            print(f"  {line.what}: {line.ours} / {line.other} = {said}: {line.verdict}", flush=True)
        page = add(lines, load)
        print(f"  {time.monotonic() - begin:.0f} s, written: {page}", flush=True)
    return 1 if failed else 0


def measured(where: str) -> list[Line]:
    """What a measure gives, from a fresh process; nothing when it fails: the others go on."""
    module, function = where.split(".")
    code = f"import json; from benchmarks.{module} import {function} as do; print(json.dumps(do()))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE.parent,
        check=False,
    )
    if done.returncode != 0:
        print(f"  failed, exit {done.returncode}", file=sys.stderr)
        return []
    return [speed_page.line_of(row) for row in json.loads(done.stdout.splitlines()[-1])]


def add(lines: list[Line], load: float) -> Path:
    """Save them, with the models and settings that they were measured with."""
    settings = Workspace.open(HERE.parent).settings
    workspace = Workspace(settings)
    names = (settings.models.language, settings.models.embedding)
    return speed_page.add(
        lines,
        ORDER,
        load=load,
        models={name: workspace.manifest.get(name).sha256 for name in names},
        settings={
            **settings.retrieval.model_dump(mode="json"),
            **settings.answer.model_dump(mode="json"),
        },
    )


if __name__ == "__main__":
    raise SystemExit(main())
