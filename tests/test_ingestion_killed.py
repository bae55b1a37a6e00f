"""SIGKILL at any moment of an ingestion: the next run ends as if nothing had happened."""

import contextlib
import os
import random
import signal
import subprocess
import time

import numpy as np
import pytest

from assistant.catalogue import Catalogue
from assistant.generations import Generations
from assistant.records import Filters
from tests.conftest import REPOSITORY
from tests.workspaces import command, make_workspace, run_json, write_note

pytestmark = pytest.mark.embedding
KILLS = 20


def change_the_corpus(folder, number: int) -> None:
    """Add, change and remove files, the same way for the same number."""
    draw = random.Random(number)
    for note in draw.sample(range(10), 3):
        write_note(folder, note, extra=f"Révision {number}.")
    gone = folder / "corpus" / "notes" / f"note-{draw.randrange(10):02d}.md"
    gone.unlink(missing_ok=True)


def state_of(folder):
    """All that a reader can see: documents, texts, passages, and what the indexes hold."""
    catalogue = Catalogue(folder / "index" / "catalogue.sqlite3")
    generation = catalogue.generation
    generations = Generations(folder / "index" / "generations", catalogue)
    assert generations.sound(generation)
    assert catalogue.pending() == []
    documents, vectors = {}, {}
    for stored in catalogue.documents(generation):
        rows = catalogue.passage_rows([stored.row]).tolist()
        known = catalogue.passages(rows)
        documents[stored.document.path] = (
            stored.document,
            catalogue.text(stored.row),
            [known[row][0] for row in rows],
        )
        vectors[stored.document.path] = catalogue.vectors(rows)
    with generations.reading() as reader:
        assert len(reader.lexical) == len(reader.vectors.rows)
        among = catalogue.passage_rows(catalogue.document_rows(generation, Filters()))
        assert reader.vectors.rows.tolist() == among.tolist()
    generations.close()
    return documents, vectors


def test_twenty_kills_at_random_points_change_nothing(tmp_path):
    killed = make_workspace(tmp_path / "killed")
    undisturbed = make_workspace(tmp_path / "undisturbed")
    draw = random.Random(2026)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    whole_s = 4.0
    died = 0

    for number in range(KILLS):
        change_the_corpus(killed, number)
        process = subprocess.Popen(
            command(killed, "ingest"),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=REPOSITORY,
            start_new_session=True,
        )
        began = time.monotonic()
        try:
            process.wait(timeout=draw.uniform(0.3, whole_s))
            whole_s = time.monotonic() - began  # finished first: aim earlier from now on
        except subprocess.TimeoutExpired:
            died += 1
        # the reader process it started goes with it, as in a power cut
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        change_the_corpus(undisturbed, number)

    run_json(killed, "ingest")
    run_json(undisturbed, "ingest")
    documents, vectors = state_of(killed)
    expected_documents, expected_vectors = state_of(undisturbed)

    assert died >= KILLS // 2
    assert documents == expected_documents
    assert vectors.keys() == expected_vectors.keys()
    for path, found in vectors.items():
        # the batches differ, and with them the order of floating-point sums
        assert np.allclose(found, expected_vectors[path], atol=1e-4), path
