"""How search grows with the corpus: 1,000 to a million passages, through the real code.

A synthetic corpus (`synthetic`) is added, given its vectors and published as an ingestion does it.
Then a fresh process opens it and asks the real questions of the demo with the real embedding
model: hybrid search, everything warm, one question at a time, the quickest of three rounds each;
over the whole corpus, then in one collection of five.

    python -m benchmarks.scale [--sizes 1000 10000 100000 1000000] [--minutes 15] [--folder DIR]

A million passages take some 20 GB of disk; they are deleted afterwards. A size that is not
built within its time is reported with how far it got; sizes that are not asked for keep their
former rows in ``results/scale.json``.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from assistant.catalogue import Catalogue
from assistant.generations import Generation, Generations
from assistant.records import Filters
from assistant.retrieval import retrieve
from assistant.workspace import Workspace
from benchmarks import scale_page
from benchmarks.sheets import HERE
from benchmarks.synthetic import Written, corpus

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RESTRICTED = Filters(collection="collection-1")
_QUESTIONS = HERE / "gold" / "demo.jsonl"
_ASKED, _WARM = 150, 30
_ROUNDS = 3  # a question's quickest counts: other programs use the machine too
_AT_ONCE = 4  # documents whose vectors are kept in one transaction: 200 passages
_SEARCHES: dict[str, tuple[type, str]] = {
    "filter": (Generation, "passages_of"),
    "sentences": (Catalogue, "sentence_vectors"),
    "outlines": (Catalogue, "outlines"),
    "texts": (Catalogue, "passages"),
}
_PUBLISHES: dict[str, tuple[type, str]] = {
    "vectors": (Generations, "_build_vectors"),
    "words": (Generations, "_build_lexical"),
}


def main() -> int:
    """Build and search each size in processes of their own; save after each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--minutes", type=float, default=15.0, help="to build one size")
    parser.add_argument("--folder", type=Path, help="where the corpora are made and deleted")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the folder is deleted then too
    for size in options.sizes:
        with TemporaryDirectory(dir=options.folder) as made:
            found = measured(Path(made), size, options.minutes * 60)
        print(json.dumps(found), flush=True)
        print(f"written: {scale_page.add(found)}", flush=True)
    return 0


def measured(folder: Path, size: int, limit_s: float) -> dict[str, Any]:
    """Build a corpus, then search it; what came out, or how far it got."""
    try:
        found = _process("built", folder, str(size), limit_s=limit_s)
    except subprocess.TimeoutExpired:
        rows = folder / "generations" / "building" / "vectors" / "rows.i64"
        return {
            "passages": size,
            "stopped_s": limit_s,
            "published_so_far": rows.stat().st_size // 8 if rows.exists() else 0,
        }
    return {"passages": size, **found, **_process("searched", folder)}


def _process(name: str, *arguments: object, limit_s: float | None = None) -> dict[str, Any]:
    """What a function of this module gives, from a fresh process."""
    code = f"import sys, json; from benchmarks.scale import {name} as do; do(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=limit_s,
        cwd=HERE.parent,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# --- in the process that builds ---------------------------------------------------


def built(folder: str, size: str) -> None:
    """Print the seconds that a corpus takes to be written and published; making it up is not in."""
    print(json.dumps(build(Path(folder), int(size))))


def build(folder: Path, size: int) -> dict[str, Any]:
    """Write a corpus and publish it.

    Returns:
        ``write_s`` (documents, texts, passages, vectors), ``publish_s``, its ``stages`` in
        seconds, ``peak_kib`` and ``disk_bytes``.
    """
    catalogue = Catalogue(folder / "catalogue.sqlite3")
    generations = Generations(folder / "generations", catalogue)
    write_s, documents = 0.0, []
    coming = corpus(size)
    while some := list(islice(coming, _AT_ONCE)):
        begin = time.perf_counter()
        documents += _kept(catalogue, some)
        write_s += time.perf_counter() - begin
    begin = time.perf_counter()
    with watched(_PUBLISHES) as spent:
        generations.publish(adds=documents, retires=())
    publish_s = time.perf_counter() - begin
    catalogue.close()
    return {
        "write_s": write_s,
        "publish_s": publish_s,
        "publish_stages_s": {name: sum(laps) for name, laps in spent.items()},
        "publish_peak_kib": _peak_kib(),
        "disk_bytes": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()),
    }


def _kept(catalogue: Catalogue, some: Sequence[Written]) -> list[int]:
    rows = [catalogue.add(w.document, w.text, w.blocks, w.passages, "benchmark") for w in some]
    catalogue.keep_vectors(
        catalogue.passage_rows(rows).tolist(),
        [vector for written in some for vector in written.vectors],
        [parts for written in some for parts in written.sentences],
    )
    return rows


# --- in the process that searches --------------------------------------------------


def searched(folder: str) -> None:
    """Print how long the demo's questions take in a published corpus."""
    workspace = Workspace.open(HERE.parent)
    embedder = workspace.embedder
    embedder.embed_query("échauffement")
    alone = _peak_kib()
    lines = _QUESTIONS.read_text(encoding="utf-8").splitlines()[:_ASKED]
    questions = [json.loads(line)["question"] for line in lines]
    found = search(Path(folder), questions, workspace)
    print(
        json.dumps(
            {
                **found,
                "embedder_peak_kib": alone,
                "search_peak_kib": _peak_kib(),
                "embedding": {"name": embedder.name, "sha256": embedder.sha256},
                "settings": workspace.settings.retrieval.model_dump(mode="json"),
            }
        )
    )


def search(folder: Path, questions: Sequence[str], workspace: Workspace) -> dict[str, Any]:
    """Ask in a published corpus: whole, and restricted to one collection.

    Returns:
        ``open_s`` (the generation pinned), ``first_s`` (the first question, beyond embedding
        it), and for ``whole`` and ``collection`` the spreads of `spreads`.
    """
    settings = workspace.settings.retrieval
    catalogue = Catalogue(folder / "catalogue.sqlite3")
    generations = Generations(folder / "generations", catalogue)
    begin = time.perf_counter()
    with generations.reading() as generation:
        open_s = time.perf_counter() - begin

        def ask(question: str, filters: Filters) -> dict[str, float]:
            return retrieve(
                question,
                generation,
                workspace.embedder,
                filters=filters,
                top=settings.top,
                candidates=settings.candidates,
                dense_weight=settings.dense_weight,
            ).seconds

        first = ask(questions[0], Filters())
        found: dict[str, Any] = {"open_s": open_s, "first_s": first["total"] - first["embed"]}
        for name, filters in {"whole": Filters(), "collection": RESTRICTED}.items():
            for question in questions[:_WARM]:
                ask(question, filters)
            gc.collect()
            # the stopwatch of a search counts the filter as embedding, so the model itself is timed
            embeds = (type(workspace.embedder), "embed_query")
            with watched({**_SEARCHES, "embed": embeds}) as spent:
                rounds = [
                    [_staged(ask(question, filters), spent) for question in questions]
                    for _ in range(_ROUNDS)
                ]
            quickest = [
                min(some, key=lambda lap: lap["total"]) for some in zip(*rounds, strict=True)
            ]
            found[name] = spreads(quickest)
    generations.close()
    catalogue.close()
    return found


def _staged(seconds: dict[str, float], spent: dict[str, list[float]]) -> dict[str, float]:
    """The seconds of one search by stage; forgets what was spent."""
    lap = dict(seconds)
    for name, times in spent.items():
        if times:
            lap[name] = sum(times)
        times.clear()
    lap["beyond"] = lap["total"] - lap["embed"]
    sums = ("total", "embed", "beyond")
    lap["rest"] = lap["beyond"] - sum(lap[name] for name in lap if name not in sums)
    return lap


def spreads(laps: Sequence[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Median, 95th percentile and mean, ms, of each stage of a search and of what it adds up to.

    ``beyond`` is all that is not embedding; ``rest`` what no stage names.
    """
    stages = {name: [lap.get(name, 0.0) for lap in laps] for name in laps[0]}
    return {
        name: {
            "p50_ms": float(np.percentile(times, 50)) * 1000,
            "p95_ms": float(np.percentile(times, 95)) * 1000,
            "mean_ms": float(np.mean(times)) * 1000,
        }
        for name, times in stages.items()
    }


@contextmanager
def watched(methods: dict[str, tuple[type, str]]) -> Iterator[dict[str, list[float]]]:
    """The seconds of each call of some methods, by the name given to each, while the block runs."""
    spent: dict[str, list[float]] = defaultdict(list)
    kept = {name: getattr(owner, method) for name, (owner, method) in methods.items()}
    for name, (owner, method) in methods.items():
        setattr(owner, method, _timed(kept[name], spent[name]))
    try:
        yield spent
    finally:
        for name, (owner, method) in methods.items():
            setattr(owner, method, kept[name])


def _timed(do: Callable[..., Any], laps: list[float]) -> Callable[..., Any]:
    @functools.wraps(do)
    def timed(*arguments: Any, **named: Any) -> Any:
        begin = time.perf_counter()
        try:
            return do(*arguments, **named)
        finally:
            laps.append(time.perf_counter() - begin)

    return timed


def _peak_kib() -> int:
    """Peak resident memory; not ru_maxrss, which begins at what the parent held when it forked."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    raise SystemExit(main())
