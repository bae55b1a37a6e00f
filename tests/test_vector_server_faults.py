"""A vector server that is away, dies, loses its memory or is none: nothing is lost, and it is said."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import uuid
from contextlib import closing

import numpy as np
import pytest

from assistant.errors import (
    CollectionUnusable,
    VectorServerError,
    VectorServerRefused,
    VectorServerUnreachable,
)
from assistant.vector_index.connection import Connection
from assistant.vector_index.server import ChromaServer
from tests.conftest import REPOSITORY
from tests.vector_servers import Server, Shelf, running, some_vectors
from tests.workspaces import command, make_workspace, run, run_json

QUERY = some_vectors(1, seed=1)[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("chroma")) as started:
        yield started


@pytest.fixture
def shelf(tmp_path, server):
    """Fifty passages, published."""
    made = Shelf(tmp_path / "shelf", server.address)
    made.generations.publish(adds=[made.keep("a/un.txt", 50, seed=1)], retires=[])
    yield made
    made.generations.close()


def test_a_server_that_dies_while_it_is_filled_loses_nothing(tmp_path):
    with running(tmp_path / "chroma") as server:
        shelf = Shelf(tmp_path / "shelf", server.address)
        first = shelf.keep("a/un.txt", 50, seed=1)
        shelf.generations.publish(adds=[first], retires=[])
        large = shelf.keep("a/grand.txt", 4_000, seed=2)
        expected = shelf.found(QUERY)

        def kill_once_it_has_some() -> None:
            server.wait_for_more_than(50)
            server.kill()

        killer = threading.Thread(target=kill_once_it_has_some)
        killer.start()
        with pytest.raises(VectorServerUnreachable, match=server.address):
            shelf.generations.publish(adds=[large], retires=[first])
        killer.join()
        assert shelf.catalogue.generation == 1
        assert [stored.row for stored in shelf.catalogue.pending()] == [large]

        server.start()
        assert shelf.generations.sound(1)
        assert np.allclose(shelf.found(QUERY), expected, atol=1e-6)
        shelf.generations.publish(adds=[large], retires=[first])
        assert list(server.collections().values()) == [shelf.rows(large)]
        assert shelf.agrees(QUERY)


def test_a_question_asked_while_the_server_dies_is_told_so_and_the_next_one_is_answered(tmp_path):
    with running(tmp_path / "chroma") as server:
        shelf = Shelf(tmp_path / "shelf", server.address)
        shelf.generations.publish(adds=[shelf.keep("a/un.txt", 50, seed=1)], retires=[])
        with closing(shelf.graph()) as graph:
            expected = graph.search(QUERY, 10)
            threading.Timer(0.3, server.kill).start()
            with pytest.raises(VectorServerUnreachable, match=server.address):
                while True:
                    graph.search(QUERY, 10)
            server.start()
            assert graph.search(QUERY, 10) == expected


def test_a_server_that_lost_everything_is_filled_again_from_the_catalogue(tmp_path):
    with running(tmp_path / "chroma") as server:
        shelf = Shelf(tmp_path / "shelf", server.address)
        shelf.generations.publish(adds=[shelf.keep("a/un.txt", 50, seed=1)], retires=[])
        server.kill()
        shutil.rmtree(server.folder)
        server.start()

        with pytest.raises(CollectionUnusable, match=server.address) as refused:
            shelf.found(QUERY)
        assert "assistant ingest" in str(refused.value.remedy)
        assert not shelf.generations.sound(1)
        shelf.generations.publish(adds=[], retires=[], anew=True)
        assert shelf.generations.sound(2)
        assert shelf.agrees(QUERY)


def test_a_collection_that_lost_some_vectors_gets_them_again(server, shelf):
    name = (shelf.generations.folder_of(1) / "vectors" / "collection.txt").read_text()
    with server.client() as client:
        client.get_collection(name).delete(ids=["1", "2", "3"])
        client.get_collection(name).add(ids=["9999"], embeddings=[QUERY])

    assert not shelf.generations.sound(1)
    with pytest.raises(CollectionUnusable, match="48 vecteurs sur 50"):
        shelf.found(QUERY)
    shelf.generations.clean()

    assert shelf.generations.sound(1)
    assert shelf.agrees(QUERY)
    assert server.collections()[name] == shelf.rows(1)


def test_a_collection_of_another_dimension_is_refused_and_made_again(server, shelf):
    name = (shelf.generations.folder_of(1) / "vectors" / "collection.txt").read_text()
    with server.client() as client:
        client.delete_collection(name)
        client.create_collection(name).add(ids=["1"], embeddings=[[1.0, 0.0, 0.0]])

    with pytest.raises(CollectionUnusable, match="3 dimensions, et non 32"):
        shelf.found(QUERY)
    assert not shelf.generations.sound(1)
    shelf.generations.publish(adds=[], retires=[], anew=True)
    assert shelf.generations.sound(2)


def test_what_could_not_be_deleted_on_the_server_is_found_by_the_next_ingestion(tmp_path):
    with running(tmp_path / "chroma") as server:
        shelf = Shelf(tmp_path / "shelf", server.address)
        rows = [shelf.keep(f"a/{n}.txt", 20, seed=n) for n in range(2)]
        shelf.generations.publish(adds=rows, retires=[])
        with shelf.generations.reading():
            shelf.generations.publish(adds=[], retires=rows[:1])
        kept = shelf.rows(rows[1])
        with shelf.generations.reading():
            server.kill()
            shelf.generations.clean()  # deletes the old folder; the server is away
        assert not shelf.generations.folder_of(1).exists()

        server.start()
        assert len(server.collections().popitem()[1]) == 40
        shelf.generations.clean()

        assert list(server.collections().values()) == [kept]
        shelf.generations.close()


def test_a_server_that_hangs_is_given_up_in_time(server):
    os.kill(server._process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with (
            closing(Connection(server.address, patience_s=0.5)) as connection,
            pytest.raises(VectorServerUnreachable, match=r"pas de réponse en 0\.5 s"),
        ):
            connection.names("")
        assert time.monotonic() - began < 5
    finally:
        os.kill(server._process.pid, signal.SIGCONT)


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


COLLECTION = {
    "id": str(uuid.uuid4()),
    "name": "assistant-0-00000001",
    "configuration_json": {},
    "metadata": None,
    "dimension": 32,
    "tenant": "default_tenant",
    "database": "default_database",
    "version": 0,
    "log_position": 0,
}
NONSENSE = {
    "nothing at all": b"",
    "half an answer": answer(b"[]" * 9)[:-9],
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a web page": answer(b"<html>Bonjour</html>"),
    "an error page": answer(b"<html>Bad gateway</html>", "502 Bad Gateway"),
    "a redirection": answer(b"", "302 Found", "Location: http://192.0.2.1/\r\n"),
    "other JSON": answer(b'{"bonjour": 1}'),
    "a list": answer(b"[]"),
    "an error of Chroma": answer(b'{"error": "InternalError", "message": "disk full"}', "500 No"),
    "an error of another": answer(b'{"error": "Quota", "message": "no"}', "429 Too Many"),
    "ids that are no rows": answer(json.dumps({**COLLECTION, "ids": [["douze"]]}).encode()),
    "bytes": answer(bytes(range(256))),
}


@pytest.fixture(params=NONSENSE.values(), ids=NONSENSE)
def impostor(request):
    """Something that listens where a Chroma server should, and says the same thing to all."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    accepted, _ = listening.accept()
                except OSError:
                    return
                with accepted:
                    accepted.recv(65_536)
                    accepted.sendall(request.param)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A workspace whose generation 1 says that a server has its graph."""
    folder = tmp_path_factory.mktemp("published")
    embedded = Shelf(folder)
    embedded.generations.publish(adds=[embedded.keep("a/un.txt", 20, seed=1)], retires=[])
    vectors = embedded.generations.folder_of(1) / "vectors"
    (vectors / "collection.txt").write_text(COLLECTION["name"])
    return folder


def test_what_is_no_chroma_server_is_named_as_such(published, impostor):
    shelf = Shelf(published, impostor)

    for attempt in (
        lambda: shelf.found(QUERY),
        ChromaServer(impostor, published / "id").version,
        lambda: shelf.generations.publish(adds=[], retires=[], anew=True),
    ):
        with pytest.raises(VectorServerError) as refused:
            attempt()
        assert impostor in refused.value.message.fr and impostor in refused.value.message.en
        assert "vector_store" in str(refused.value.remedy)
    assert shelf.catalogue.generation == 1


def test_chroma_s_own_errors_are_passed_on(server):
    with (
        closing(Connection(server.address, patience_s=5)) as connection,
        pytest.raises(VectorServerRefused, match="3-512 characters"),
    ):
        connection.create("é")


@pytest.mark.embedding
def test_the_commands_say_that_the_server_is_away_and_lose_nothing(tmp_path):
    server = Server(tmp_path / "chroma")
    workspace = make_workspace(tmp_path / "workspace", documents=2)
    with (workspace / "assistant.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'[retrieval]\nvector_store = "{server.address}"\n')

    away = run(workspace, "ingest", expect=3)
    assert server.address in away.stderr and "chroma run" in away.stderr
    try:
        server.start()
        assert run_json(workspace, "ingest")["added"] == 2
        (held,) = server.collections().values()
        assert ("Vector server", True) in doctor(workspace, 0)
        run(workspace, "forget", "note-00.md")
        assert server.collections().popitem()[1] < held
    finally:
        server.kill()
    assert ("Vector server", False) in doctor(workspace, 3)


def doctor(workspace, code: int) -> set[tuple[str, bool]]:
    """What it found of each thing."""
    done = subprocess.run(
        command(workspace, "doctor", "--json"), capture_output=True, cwd=REPOSITORY, check=False
    )
    assert done.returncode == code, done.stdout
    return {(found["name"], found["well"]) for found in json.loads(done.stdout)["findings"]}
