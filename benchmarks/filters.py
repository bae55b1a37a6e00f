"""A dense search under a filter against the exact one: recall and time, also after deletions.

Vectors are synthetic (clusters on the unit sphere, like documents on a topic), the metadata like
those of an assembly: a few collections, kinds, years, speakers. Everything that stands between
a filter and its hits is in the time: the rows that pass it, and the search among them.

    python -m benchmarks.filters [--passages 100000]    # and results/filters.md, filters.json
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.records import DocumentKind, Filters, Locator, Passage
from assistant.vector_index import VectorIndex, build
from benchmarks import results
from benchmarks.synthetic import PER_DOCUMENT, Vectors, metadata, speaker_of, synthetic

TOP, QUERIES = 50, 40
_BATCH = 10_000
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """A search under one filter: how many passages pass it, recall of the 50 nearest, and time."""

    corpus: str
    filter: str
    passages: int
    recall: float
    p50_ms: float
    p95_ms: float
    times_unfiltered: float


def main() -> int:
    """One table before and one after 30 % of the documents were deleted; printed and saved."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.filters")
    parser.add_argument("--passages", type=int, default=100_000)
    count: int = parser.parse_args().passages
    generator = np.random.default_rng(7)
    vectors, queries = synthetic(generator, count, QUERIES)
    with TemporaryDirectory() as folder:
        catalogue = Catalogue(Path(folder) / "catalogue.sqlite3")
        documents = fill(catalogue, count)
        rows = catalogue.passage_rows(documents)
        first = Path(folder) / "first"
        build(None, first, adds=_batches(rows, vectors), removes=np.empty(0, dtype=np.int64))
        catalogue.publish(1, adds=documents, retires=())
        known = (rows, vectors)
        found = [*report(f"{count} passages", catalogue, 1, first, queries, known)]
        gone = generator.permutation(documents)[: len(documents) * 3 // 10].tolist()
        second = Path(folder) / "second"
        build(first, second, adds=(), removes=catalogue.passage_rows(gone))
        catalogue.publish(2, adds=(), retires=gone)
        found += report("after 30 % were deleted", catalogue, 2, second, queries, known)
        catalogue.close()
    print(f"\nwritten: {saved(found)}")
    return 0


def fill(catalogue: Catalogue, count: int) -> list[int]:
    """Documents of 50 passages each, pending; their rows."""
    return [
        _one(catalogue, number, min(PER_DOCUMENT, count - number * PER_DOCUMENT))
        for number in range(-(-count // PER_DOCUMENT))
    ]


def _one(catalogue: Catalogue, number: int, passages: int) -> int:
    name = f"document-{number}"
    cut = [
        Passage(
            passage_id=f"{name}:{start}",
            document_id=name,
            text="x",
            start=start,
            end=start + 1,
            locator=Locator(speaker=speaker_of(number)),
        )
        for start in range(passages)
    ]
    return catalogue.add(metadata(number, name), "x" * passages, (), cut, "benchmark")


def _batches(rows: NDArray[np.int64], vectors: Vectors) -> Iterator[tuple[list[int], Vectors]]:
    for first in range(0, len(rows), _BATCH):
        yield rows[first : first + _BATCH].tolist(), vectors[first : first + _BATCH]


def report(
    title: str,
    catalogue: Catalogue,
    number: int,
    folder: Path,
    queries: Vectors,
    known: tuple[NDArray[np.int64], Vectors],
) -> list[Under]:
    """Print recall and time under each filter, and the time against that of no filter."""
    print(f"\n{title}\n")
    owners = catalogue.belonging(number)
    found: list[Under] = []

    def passing(filters: Filters) -> NDArray[np.int64]:
        return owners.of(catalogue.document_rows(number, filters), filters.speaker)

    def restricted(filters: Filters) -> NDArray[np.int64] | None:
        """What `assistant.retrieval` restricts a search to."""
        return None if filters.empty else passing(filters)

    with closing(VectorIndex(folder)) as index:
        for name, filters in FILTERS.items():
            among = restricted(filters)
            recall, laps = _measured(
                index,
                queries,
                _truth(passing(filters), queries, known),
                partial(restricted, filters),
            )
            middle = median(laps) * 1000
            under = Under(
                corpus=title,
                filter=name,
                passages=len(index.rows) if among is None else len(among),
                recall=recall,
                p50_ms=middle,
                p95_ms=float(np.percentile(laps, 95)) * 1000,
                times_unfiltered=middle / (found[0].p50_ms if found else middle),
            )
            found.append(under)
            print(table(found) if len(found) == 1 else table(found).splitlines()[-1], flush=True)
    return found


def table(found: Sequence[Under]) -> str:
    """One line a filter, in Markdown."""
    head = ["filter", "passages", f"recall@{TOP}", "p50 ms", "p95 ms", "× unfiltered"]
    lines = (
        [
            one.filter,
            str(one.passages),
            f"{one.recall:.3f}",
            f"{one.p50_ms:.1f}",
            f"{one.p95_ms:.1f}",
            f"{one.times_unfiltered:.1f}",
        ]
        for one in found
    )
    return results.lined(head, lines)


def saved(found: Sequence[Under]) -> Path:
    """Write ``results/filters.md`` and ``.json``; the former's path is returned."""
    by_corpus: dict[str, list[Under]] = {}
    for one in found:
        by_corpus.setdefault(one.corpus, []).append(one)
    body = "\n\n".join(f"## {title}\n\n{table(some)}" for title, some in by_corpus.items())
    return results.save_page("filters", body, [asdict(one) for one in found], results.made_with())


def _truth(
    passes: NDArray[np.int64],
    queries: Vectors,
    known: tuple[NDArray[np.int64], Vectors],
) -> list[set[int]]:
    """The true nearest rows of each question, from the vectors themselves; no index has a part."""
    rows, vectors = known
    kept = np.isin(rows, passes)
    some, names = vectors[kept], rows[kept]
    return [set(names[np.argsort(-(some @ query))[:TOP]].tolist()) for query in queries]


def _measured(
    index: VectorIndex,
    queries: Vectors,
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
