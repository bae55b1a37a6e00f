"""Vectors on a Chroma server: the same results, and the same promises as a folder a generation."""

import multiprocessing
import shutil
import time

import numpy as np
import pytest

from assistant.errors import IndexElsewhere
from tests.vector_servers import Shelf, running, some_vectors

QUERIES = some_vectors(20, seed=1)


def rows_of(found):
    """The passage rows of results, without their scores."""
    return [[row for row, _ in each] for each in found]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("chroma")) as started:
        yield started


@pytest.fixture
def shelf(tmp_path, server):
    made = Shelf(tmp_path / "shelf", server.address)
    yield made
    made.generations.close()


@pytest.fixture(autouse=True)
def empty(server):
    """Collections of one test do not outlive it."""
    yield
    with server.client() as client:
        for found in client.list_collections():
            client.delete_collection(found.name)


def test_a_server_gives_what_the_embedded_index_gives(tmp_path, shelf):
    embedded = Shelf(tmp_path / "embedded")
    for kept in (shelf, embedded):
        rows = [kept.keep(f"a/{n}.txt", 150, seed=n) for n in range(4)]
        kept.generations.publish(adds=rows[:3], retires=[])
        kept.generations.publish(adds=rows[3:], retires=rows[:1])
        assert kept.generations.sound(2)

    assert shelf.found(*QUERIES) == embedded.found(*QUERIES)
    assert shelf.agrees(*QUERIES)


def test_the_server_gets_numbers_and_never_a_word(server, shelf):
    shelf.generations.publish(adds=[shelf.keep("a/un.txt", 3, seed=1)], retires=[])

    with server.client() as client:
        (collection,) = client.list_collections()
        held = collection.get(include=["documents", "metadatas", "uris"])

    assert held["ids"] == ["1", "2", "3"]
    assert [held[part] for part in ("documents", "metadatas", "uris")] == [[None] * 3] * 3


def test_a_reader_keeps_its_generation_while_the_server_takes_the_next_one(server, shelf):
    first, second = shelf.keep("a/un.txt", 50, seed=1), shelf.keep("a/deux.txt", 50, seed=2)
    shelf.generations.publish(adds=[first, second], retires=[])

    with shelf.generations.reading():
        before = shelf.found(*QUERIES)
        third = shelf.keep("a/trois.txt", 50, seed=3)
        shelf.generations.publish(adds=[third], retires=[first])
        assert shelf.agrees(*QUERIES, number=1)
        during = shelf.found(*QUERIES, number=1)
        after = shelf.found(*QUERIES)
        assert server.collections().popitem()[1] == shelf.rows(first, second, third)

    assert rows_of(during) == rows_of(before)
    assert {row for found in rows_of(after) for row in found} <= shelf.rows(second, third)


def test_what_left_is_deleted_on_the_server_once_nobody_reads_it(server, shelf):
    first, second = shelf.keep("a/un.txt", 50, seed=1), shelf.keep("a/deux.txt", 50, seed=2)
    shelf.generations.publish(adds=[first, second], retires=[])
    stays = shelf.rows(second)
    with shelf.generations.reading():
        shelf.generations.publish(adds=[], retires=[first])
    with shelf.generations.reading() as reader:
        assert reader.number == 2

    shelf.generations.clean()

    assert list(server.collections().values()) == [stays]
    assert shelf.generations.sound(2)


def test_a_rebuild_takes_a_new_collection_and_deletes_the_old_one(server, shelf):
    first = shelf.keep("a/un.txt", 20, seed=1)
    shelf.generations.publish(adds=[first], retires=[])
    (old,) = server.collections()
    with shelf.generations.reading():
        shelf.generations.publish(adds=[], retires=[], anew=True)
        assert old in server.collections()
        assert shelf.agrees(QUERIES[0], number=1)
    with shelf.generations.reading():
        shelf.generations.clean()

    (new,) = server.collections()
    assert new != old
    assert shelf.agrees(QUERIES[0])


def test_vectors_move_to_a_server_and_back_from_the_catalogue_alone(tmp_path, server):
    embedded = Shelf(tmp_path)
    embedded.generations.publish(adds=[embedded.keep("a/un.txt", 30, seed=1)], retires=[])
    expected = embedded.found(QUERIES[0])

    for number, moved in ((2, Shelf(tmp_path, server.address)), (3, Shelf(tmp_path))):
        with pytest.raises(IndexElsewhere) as refused, moved.generations.reading():
            pass
        assert "assistant ingest" in str(refused.value.remedy)
        assert not moved.generations.sound(number - 1)
        moved.generations.publish(adds=[], retires=[], anew=True)
        assert moved.generations.sound(number)
        assert moved.found(QUERIES[0]) == expected


def test_a_copied_workspace_never_touches_the_collection_of_the_first(tmp_path, server, shelf):
    first = shelf.keep("a/un.txt", 20, seed=1)
    shelf.generations.publish(adds=[first], retires=[])
    shelf.catalogue.close()
    before = server.collections()
    shutil.copytree(shelf.folder, tmp_path / "copy")
    copy = Shelf(tmp_path / "copy", server.address)
    assert copy.found(QUERIES[0]) == shelf.found(QUERIES[0])
    copy.generations.clean()
    newer = shelf.keep("a/deux.txt", 20, seed=4)
    shelf.generations.publish(adds=[newer], retires=[])
    copy.generations.clean()
    assert server.collections()[next(iter(before))] == shelf.rows(first, newer)

    copy.generations.publish(adds=[copy.keep("a/deux.txt", 20, seed=2)], retires=[first])
    own = set(server.collections()) - set(before)
    mine = shelf.keep("a/trois.txt", 20, seed=3)
    shelf.generations.publish(adds=[mine], retires=[])

    assert len(own) == 1
    assert server.collections()[own.pop()] == copy.rows(2)
    assert shelf.generations.sound(3)
    assert copy.generations.sound(2)
    for kept in (shelf, copy):
        assert kept.agrees(QUERIES[1])


def fill(folder, address: str) -> None:
    """Publish 4,000 passages; meant to be killed meanwhile."""
    writer = Shelf(folder, address)
    writer.generations.publish(
        adds=[stored.row for stored in writer.catalogue.pending()], retires=[]
    )


@pytest.mark.parametrize("published", [False, True], ids=["first ingestion", "later one"])
def test_what_a_killed_ingestion_left_on_the_server_is_found_and_redone(server, shelf, published):
    if published:
        shelf.generations.publish(adds=[shelf.keep("a/un.txt", 50, seed=1)], retires=[])
    before = shelf.rows(1) if published else set()
    given_up = shelf.keep("a/grand.txt", 4_000, seed=2)
    writer = multiprocessing.get_context("spawn").Process(
        target=fill, args=(shelf.folder, server.address)
    )
    writer.start()
    server.wait_for_more_than(len(before))
    writer.kill()
    writer.join()

    assert shelf.catalogue.generation == int(published)
    left = set().union(*server.collections().values())
    assert before < left < before | shelf.rows(given_up), "killed too late to show anything"
    if published:
        assert shelf.agrees(QUERIES[0])
        assert shelf.generations.sound(1)
    shelf.catalogue.drop([given_up])
    small = shelf.keep("a/petit.txt", 50, seed=3)
    shelf.generations.publish(adds=[small], retires=[])

    assert list(server.collections().values()) == [before | shelf.rows(small)]
    assert shelf.agrees(QUERIES[0])


ROUNDS = 6


def write(folder, address: str) -> None:
    """Round after round, replace both documents at once; a vector tells its round."""
    writer = Shelf(folder, address)
    former: list[int] = []
    for number in range(1, ROUNDS + 1):
        rows = [writer.keep(f"a/{path}.txt", 5, seed=number * 2 + path) for path in (0, 1)]
        writer.generations.publish(adds=rows, retires=former)
        former = rows


def read(folder, address: str, results) -> None:
    """Look again and again through the server; report rounds seen and every mixture."""
    reader = Shelf(folder, address)
    seen: set[int] = set()
    wrong: list[str] = []
    deadline = time.monotonic() + 120
    while max(seen, default=0) < ROUNDS and time.monotonic() < deadline:
        if reader.catalogue.generation == 0:
            continue
        with reader.generations.reading() as generation:
            number = generation.number
            (found,) = reader.found(some_vectors(5, seed=number * 2)[0], number=number)
            rows = set(generation.vectors.rows.tolist())
        if {row for row, _ in found} != rows or len(rows) != 10 or found[0][1] < 0.9999:
            wrong.append(f"{number}: {found} {rows}")
        seen.add(number)
    reader.generations.close()
    results.put((len(seen), wrong))


def test_two_processes_read_one_index_on_the_server_while_a_third_writes(tmp_path, server):
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    writer = spawn.Process(target=write, args=(tmp_path, server.address))
    readers = [spawn.Process(target=read, args=(tmp_path, server.address, results)) for _ in "ab"]
    for process in (writer, *readers):
        process.start()
    found = [results.get(timeout=150) for _ in readers]
    for process in (writer, *readers):
        process.join(timeout=60)

    assert writer.exitcode == 0
    assert [wrong for _, wrong in found] == [[], []]
    assert all(count >= 2 for count, _ in found), "readers must notice new generations"
    last = Shelf(tmp_path, server.address)
    last.generations.clean()
    (held,) = server.collections().values()
    with last.generations.reading() as generation:
        assert held == set(generation.vectors.rows.tolist())
    last.generations.close()


def test_a_graph_full_of_another_generation_still_gives_every_neighbour(shelf):
    """While a large ingestion fills the collection, its passages take the places of the nearest."""
    near = shelf.keep("a/un.txt", 30, seed=1)
    shelf.generations.publish(adds=[near], retires=[])
    with shelf.generations.reading():
        shelf.generations.publish(adds=[shelf.keep("a/deux.txt", 3000, seed=2)], retires=[])
        assert shelf.agrees(*QUERIES, number=1)


def test_scores_are_cosines_of_the_vectors_that_the_catalogue_keeps(shelf):
    shelf.generations.publish(adds=[shelf.keep("a/un.txt", 40, seed=1)], retires=[])

    for row, score in shelf.found(QUERIES[0])[0]:
        assert np.isclose(score, float(shelf.catalogue.vectors([row])[0] @ QUERIES[0]), atol=1e-6)
