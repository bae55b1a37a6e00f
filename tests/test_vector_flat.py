"""The flat file of vectors: found by number, scanned exactly, whatever part of it is asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.vector_index.flat import FlatVectors, FlatWriter, places

NUMBERS = st.lists(st.integers(0, 400), max_size=60)


@given(st.sets(st.integers(0, 400), max_size=300), NUMBERS)
def test_numbers_are_found_at_their_places_however_many_are_asked_for(kept, wanted):
    ascending = np.array(sorted(kept), dtype=np.int64)

    found = places(ascending, np.array(wanted, dtype=np.int64))

    assert ascending[found].tolist() == sorted(kept & set(wanted))


@pytest.fixture(scope="module")
def flat(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flat")
    vectors = np.random.default_rng(3).standard_normal((3_000, 8)).astype(np.float32)
    with FlatWriter(folder) as writer:
        writer.append(range(10, 3_010), vectors)
    return FlatVectors(folder), vectors


@pytest.mark.parametrize("share", [1.0, 0.8, 0.3, 0.01, 0.0])
def test_a_scan_of_any_part_gives_its_nearest_in_order(flat, share):
    index, vectors = flat
    query = np.ones(8, dtype=np.float32)
    chosen = np.flatnonzero(np.random.default_rng(5).random(3_000) < share)

    found = index.scan(query, 10, None if share == 1.0 else chosen)

    true = sorted((-float(vectors[i] @ query), int(i) + 10) for i in chosen)[:10]
    assert [row for row, _ in found] == [row for _, row in true]
    assert [score for _, score in found] == pytest.approx([-c for c, _ in true], abs=1e-5)
