"""A dense search under a filter against the exact one: recall and time, also after deletions.

Vectors are synthetic (clusters on the unit sphere, like documents on a topic), the metadata like
those of an assembly: a few collections, kinds, years, speakers. Everything that stands between
a filter and its hits is in the time: the rows that pass it, and the search among them.

    python -m benchmarks.filters [--passages 100000]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.records import Document, DocumentKind, Filters, Locator, Passage
from assistant.vector_index import VectorIndex, build

D, TOP, QUERIES, PER_DOCUMENT = 384, 50, 40, 50
_TOPICS = 400
_BATCH = 10_000
_KINDS = (
    *(DocumentKind.HEARING, DocumentKind.MINUTES, DocumentKind.REPORT, DocumentKind.NOTE),
    *(DocumentKind.REPORT, DocumentKind.HEARING, DocumentKind.DELIBERATION, DocumentKind.OPINION),
)
FILTERS = {
    "none": Filters(),
    "collection (1 of 5)": Filters(collection="collection-1"),
    "kind (1 of 4)": Filters(kind=DocumentKind.REPORT),
    "two years of ten": Filters(since=date(2020, 1, 1), until=date(2021, 12, 31)),
    "one month": Filters(since=date(2020, 3, 1), until=date(2020, 3, 31)),
    "speaker": Filters(speaker="Intervenant 16"),
    "collection, kind, two years": Filters(
        collection="collection-1",
        kind=DocumentKind.REPORT,
        since=date(2020, 1, 1),
        until=date(2021, 12, 31),
    ),
    "hidden collection": Filters(hidden=frozenset({"collection-2"})),
}


def main() -> int:
    """Print one table before and one after 30 % of the documents were deleted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.filters")
    parser.add_argument("--passages", type=int, default=100_000)
    count: int = parser.parse_args().passages
    generator = np.random.default_rng(7)
    vectors, queries = synthetic(generator, count)
    with TemporaryDirectory() as folder:
        catalogue = Catalogue(Path(folder) / "catalogue.sqlite3")
        documents = fill(catalogue, count)
        rows = catalogue.passage_rows(documents, None)
        first = Path(folder) / "first"
        build(None, first, adds=_batches(rows, vectors), removes=np.empty(0, dtype=np.int64))
        catalogue.publish(1, adds=documents, retires=())
        known = (rows, vectors)
        report(f"{count} passages", catalogue, 1, first, queries, known)
        gone = generator.permutation(documents)[: len(documents) * 3 // 10].tolist()
        second = Path(folder) / "second"
        build(first, second, adds=(), removes=catalogue.passage_rows(gone, None))
        catalogue.publish(2, adds=(), retires=gone)
        report("after 30 % were deleted", catalogue, 2, second, queries, known)
        catalogue.close()
    return 0


def synthetic(
    generator: np.random.Generator, count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Passages and questions as unit vectors around common topics, float32[n, 384]."""
    topics = generator.standard_normal((_TOPICS, D), dtype=np.float32)

    def around(some: int) -> NDArray[np.float32]:
        noise = generator.standard_normal((some, D), dtype=np.float32)
        found = topics[generator.integers(0, _TOPICS, some)] + 0.8 * noise
        result: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return result

    return around(count), around(QUERIES)


def fill(catalogue: Catalogue, count: int) -> list[int]:
    """Documents of 50 passages each, pending; their rows."""
    return [
        _one(catalogue, number, min(PER_DOCUMENT, count - number * PER_DOCUMENT))
        for number in range(-(-count // PER_DOCUMENT))
    ]


def _one(catalogue: Catalogue, number: int, passages: int) -> int:
    name = f"document-{number}"
    kind = _KINDS[number % len(_KINDS)]
    speaker = f"Intervenant {number % 200}" if kind is DocumentKind.HEARING else None
    document = Document(
        document_id=name,
        path=f"{name}.md",
        sha256=name,
        format="markdown",
        title=name,
        date=date(2016, 1, 1) + timedelta(days=number * 37 % 3650),
        kind=kind,
        collection=f"collection-{number * 7 // 3 % 5}",
    )
    cut = [
        Passage(
            passage_id=f"{name}:{start}",
            document_id=name,
            text="x",
            start=start,
            end=start + 1,
            locator=Locator(speaker=speaker),
        )
        for start in range(passages)
    ]
    return catalogue.add(document, "x" * passages, (), cut, "benchmark")


def _batches(
    rows: NDArray[np.int64], vectors: NDArray[np.float32]
) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
    for first in range(0, len(rows), _BATCH):
        yield rows[first : first + _BATCH].tolist(), vectors[first : first + _BATCH]


def report(
    title: str,
    catalogue: Catalogue,
    number: int,
    folder: Path,
    queries: NDArray[np.float32],
    known: tuple[NDArray[np.int64], NDArray[np.float32]],
) -> None:
    """Print recall and time under each filter, and the time against that of no filter."""
    print(f"\n{title}\n\n| filter | passages | recall@{TOP} | p50 ms | p95 ms | × unfiltered |")
    print("|---|---|---|---|---|---|")
    with closing(VectorIndex(folder)) as index:
        everything = float("nan")
        for name, filters in FILTERS.items():
            among = _among(catalogue, number, filters)
            recall, laps = _measured(
                index,
                queries,
                _truth(catalogue, number, filters, queries, known),
                lambda asked=filters: _among(catalogue, number, asked),
            )
            middle = median(laps)
            everything = middle if filters.empty else everything
            size = len(index.rows) if among is None else len(among)
            print(
                f"| {name} | {size} | {recall:.3f} | {middle * 1000:.1f} "
                f"| {float(np.percentile(laps, 95)) * 1000:.1f} | {middle / everything:.1f} |",
                flush=True,
            )


def _among(catalogue: Catalogue, number: int, filters: Filters) -> NDArray[np.int64] | None:
    """What `assistant.retrieval` restricts a search to."""
    if filters.empty:
        return None
    return catalogue.passage_rows(catalogue.document_rows(number, filters), filters.speaker)


def _truth(
    catalogue: Catalogue,
    number: int,
    filters: Filters,
    queries: NDArray[np.float32],
    known: tuple[NDArray[np.int64], NDArray[np.float32]],
) -> list[set[int]]:
    """The true nearest rows of each question, from the vectors themselves; no index has a part."""
    rows, vectors = known
    passes = catalogue.passage_rows(catalogue.document_rows(number, filters), filters.speaker)
    kept = np.isin(rows, passes)
    some, names = vectors[kept], rows[kept]
    return [set(names[np.argsort(-(some @ query))[:TOP]].tolist()) for query in queries]


def _measured(
    index: VectorIndex,
    queries: NDArray[np.float32],
    truth: Sequence[set[int]],
    restrict: Callable[[], NDArray[np.int64] | None],
) -> tuple[float, list[float]]:
    index.search(queries[0], TOP, among=restrict())  # opens what is opened late
    found, laps = 0, []
    for query, true in zip(queries, truth, strict=True):
        begin = time.perf_counter()
        hits = index.search(query, TOP, among=restrict())
        laps.append(time.perf_counter() - begin)
        found += len({row for row, _ in hits} & true)
    return found / max(1, sum(map(len, truth))), laps


if __name__ == "__main__":
    raise SystemExit(main())
