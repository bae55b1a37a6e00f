"""Line of `speed` on ingestion: files to a searchable index, against embedding their texts alone.

Ours is everything: reading PDF and other files, cutting, embedding passages and their sentences,
catalogue, indexes, the audit record. Alone is the same session of ONNX Runtime on the passages'
texts sorted by length, in the batches that were the fastest of several on a part of them.
"""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.catalogue import Catalogue
from assistant.embedding.batching import batches_by_length
from assistant.generations import Generations
from assistant.ingestion import ingest
from assistant.records import Filters
from assistant.workspace import Workspace
from benchmarks.scale import watched
from benchmarks.speed_page import Goal, Json, Line, ratio
from benchmarks.speed_workspaces import larger

_ROUNDS = 3
_BUDGETS = (512, 1024, 2048, 4096)  # tokens of a batch, padding included
_SIZES = (1, 4, 8, 16, 32)  # or a fixed number of passages
_TRIED = 4  # one passage in so many, to choose the batches


def ingested(folder: Path) -> tuple[Workspace, Json]:
    """A workspace taken in from nothing with a loaded model.

    Returns:
        The workspace, and its ``seconds``, ``cpu_s`` (readers' too) and ``stages`` in seconds.
    """
    shutil.rmtree(folder / "index", ignore_errors=True)
    workspace = Workspace.open(folder)
    workspace.embedder.embed_query("échauffement")
    stages = {
        "embedding": (type(workspace.embedder), "embed_with_parts"),
        "cataloguing": (Catalogue, "add"),
        "vectors kept": (Catalogue, "keep_vectors"),
        "publishing": (Generations, "publish"),
    }
    with watched(stages) as spent:
        cpu_s, begin = spent_cpu_s(), time.perf_counter()
        report = ingest(workspace)
        seconds, cpu_s = time.perf_counter() - begin, spent_cpu_s() - cpu_s
    if not report.passages:
        raise SystemExit("nothing was ingested")
    stages_s = {name: sum(times) for name, times in spent.items()}
    return workspace, {"seconds": seconds, "cpu_s": cpu_s, "stages": stages_s}


def spent_cpu_s() -> float:
    """CPU seconds of this process and of its ended children."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def passages_of(workspace: Workspace) -> list[str]:
    """The texts of all passages as they are embedded: each behind its context."""
    catalogue = workspace.catalogue
    rows = catalogue.document_rows(catalogue.generation, Filters())
    return [
        f"{stored.passage.context}\n{stored.passage.text}"
        for batch in catalogue.stored(rows)
        for stored in batch
    ]


class Alone:
    """The embedding model and nothing else; texts are sorted and tokenized within the time."""

    def __init__(self, embedder: Any) -> None:
        self._embedder = embedder

    def seconds(self, texts: Sequence[str], batches: str) -> float:
        """How long the vectors of the texts take, in batches of so many tokens or passages."""
        kind, size = batches.split()
        begin = time.perf_counter()
        read = self._embedder._folder.as_passage
        encoded = self._embedder._tokenizer.encode_batch([read(text) for text in texts])
        lengths = [len(encoding.ids) for encoding in encoded]
        limits = {"token_budget": int(size), "largest": len(texts)}
        if kind == "passages":
            limits = {"token_budget": int(size) * max(lengths), "largest": int(size)}
        for rows in batches_by_length(lengths, **limits):
            self._embedder._run([encoded[row] for row in rows])
        return time.perf_counter() - begin

    def best(self, texts: Sequence[str]) -> tuple[str, dict[str, float]]:
        """The fastest way on a part of the texts, and passages a second of each way."""
        some = texts[::_TRIED]
        ways = [*(f"tokens {n}" for n in _BUDGETS), *(f"passages {n}" for n in _SIZES)]
        quickest = {way: min(self.seconds(some, way) for _ in range(2)) for way in ways}
        rates = {way: len(some) / seconds for way, seconds in quickest.items()}
        return max(rates, key=lambda way: rates[way]), rates


def alone() -> list[Json]:
    """Ingestions and the model alone, in turns."""
    folder = larger()
    workspace, _ = ingested(folder)
    texts, characters = passages_of(workspace), _characters(workspace)
    model = Alone(workspace.embedder)
    way, tried = model.best(texts)
    laps = []
    for _ in range(_ROUNDS):
        cpu_s = spent_cpu_s()
        alone_s = model.seconds(texts, way)
        cpu_s = spent_cpu_s() - cpu_s
        laps.append({"alone_s": alone_s, "alone_cpu_s": cpu_s, **ingested(folder)[1]})
    return [line_of(laps, len(texts), characters, way, tried).as_json()]


def _characters(workspace: Workspace) -> int:
    catalogue = workspace.catalogue
    documents = catalogue.documents(catalogue.generation)
    return sum(len(catalogue.text(stored.row)) for stored in documents)


def line_of(
    laps: Sequence[Json], passages: int, characters: int, way: str, tried: dict[str, float]
) -> Line:
    """The line: of each the quickest round counts."""
    ours = min(laps, key=lambda lap: lap["seconds"])
    other = min(lap["alone_s"] for lap in laps)
    cpu_s, alone_cpu_s = (min(lap[name] for lap in laps) for name in ("cpu_s", "alone_cpu_s"))
    stages = dict(ours["stages"])
    stages["waiting for readers, and the rest"] = ours["seconds"] - sum(stages.values())
    told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items())
    rates = ", ".join(f"{name} {rate:.1f}" for name, rate in tried.items())
    return Line(
        key="ingestion",
        what="ingestion, files to index",
        ours=f"{passages / ours['seconds']:.1f} passages/s",
        against="the embedding model alone, sorted, best batches",
        other=f"{passages / other:.1f} passages/s",
        figure=ratio(other, ours["seconds"]),
        goal=Goal("≥", 0.92),
        note=f"{passages} passages of {characters:,} characters, the demo corpus and sheets as "
        f"PDF; the quickest of {len(laps)} rounds in turns. Ours, seconds: {told}. Alone, batches "
        f"of {way}; passages/s of all that were tried on a part: {rates}. CPU seconds, less "
        f"disturbed by others: ours {cpu_s:.0f}, alone {alone_cpu_s:.0f}.",
        figures={"laps": list(laps), "tried": tried},
    )
