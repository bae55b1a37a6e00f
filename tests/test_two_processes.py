"""A writer and readers in processes of their own, on one index, for fifty rounds."""

import multiprocessing
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from assistant.catalogue import Catalogue
from assistant.generations import Generations
from assistant.passages import cut_passages
from assistant.reading.canonical import CanonicalText
from assistant.records import Locator, Role
from assistant.vector_index import VectorIndex
from tests.conftest import document

ROUNDS = 50
PATHS = ("a/un.txt", "a/deux.txt")


def vector_of(number: int) -> np.ndarray:
    """A direction that belongs to one round, so that a vector tells which round it is of."""
    angle = number / ROUNDS
    return np.array([np.cos(angle), np.sin(angle), 0, 0], dtype=np.float32)


def write(folder: Path) -> None:
    """Publish round after round: each replaces both documents at once."""
    catalogue = Catalogue(folder / "catalogue.sqlite3")
    generations = Generations(folder / "generations", catalogue)
    former: list[int] = []
    for number in range(1, ROUNDS + 1):
        rows = []
        for path in PATHS:
            canonical = CanonicalText()
            canonical.add(f"Tour numéro {number} du document.", Role.BODY, Locator())
            text, blocks = canonical.build()
            made = document(path)
            passages = cut_passages(made, text, blocks, target_words=50, max_words=60)
            rows.append(catalogue.add(made, text, blocks, passages, recipe="r"))
        waiting = [stored.row for stored in catalogue.without_vector(10)]
        vectors = [vector_of(number)] * len(waiting)
        catalogue.keep_vectors(waiting, vectors, [vector[:0].reshape(0, 4) for vector in vectors])
        generations.publish(adds=rows, retires=former)
        former = rows


def read(folder: Path, results: "multiprocessing.Queue[tuple[int, list[str]]]") -> None:
    """Look again and again, through each index; report rounds seen and every mixture."""
    catalogue = Catalogue(folder / "catalogue.sqlite3")
    generations = Generations(folder / "generations", catalogue)
    seen: set[int] = set()
    wrong: list[str] = []
    deadline = time.monotonic() + 240
    while max(seen, default=0) < ROUNDS and time.monotonic() < deadline:
        if catalogue.generation == 0:
            continue
        with generations.reading() as generation:
            words = generation.lexical.search("tour du document", 10)
            folder_of = generations.folder_of(generation.number)
            with closing(VectorIndex(folder_of / "vectors", exact_limit=0)) as graph:
                near = graph.search(vector_of(generation.number), 10)
            scan = generation.vectors.search(vector_of(generation.number), 10)
            known = catalogue.passages([row for row, _ in words])
            texts = {known[row][0].text for row, _ in words if row in known}
            first = generation.read(document(PATHS[0]).document_id, 0, 50)
            rows = {frozenset(row for row, _ in found) for found in (words, near, scan)}
        if len(rows) != 1 or len(words) != len(PATHS):
            wrong.append(f"{generation.number}: indexes disagree {words} {near} {scan}")
        if texts != {first} or any(score < 0.9999 for _, score in near):
            wrong.append(f"{generation.number}: mixture {texts} {first} {near}")
        seen.add(generation.number)
    generations.close()
    results.put((len(seen), wrong))


def test_readers_in_other_processes_never_see_a_mixture_over_fifty_rounds(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    writer = spawn.Process(target=write, args=(tmp_path,))
    readers = [spawn.Process(target=read, args=(tmp_path, results)) for _ in range(2)]
    for process in (writer, *readers):
        process.start()
    found = [results.get(timeout=300) for _ in readers]
    for process in (writer, *readers):
        process.join(timeout=60)

    assert writer.exitcode == 0
    assert [wrong for _, wrong in found] == [[], []]
    assert all(count >= ROUNDS // 5 for count, _ in found), "readers must notice new generations"
    catalogue = Catalogue(tmp_path / "catalogue.sqlite3")
    assert catalogue.generation == ROUNDS
    Generations(tmp_path / "generations", catalogue).clean()
    assert [f.name for f in sorted((tmp_path / "generations").iterdir())] == [f"{ROUNDS:08d}"]
