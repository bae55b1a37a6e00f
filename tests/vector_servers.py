"""A real Chroma server on loopback, and small catalogues whose passages have random vectors."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import chromadb
import httpx
import numpy as np
from chromadb.config import Settings

from assistant.catalogue import Catalogue
from assistant.generations import Generations
from assistant.records import Locator, Passage
from assistant.vector_index import VectorIndex
from assistant.vector_index.server import ChromaServer
from tests.conftest import document

DIMENSIONS = 32
# What the command `chroma` does, without importing the whole of chromadb for it. The kernel kills
# it with us, whatever kills us: no server outlives its test.
_RUN = (
    "import ctypes, sys; ctypes.CDLL(None).prctl(1, 9); "
    "import chromadb_rust_bindings as chroma; chroma.cli(['chroma', *sys.argv[1:]])"
)


class Server:
    """``chroma run`` on a folder; the port stays the same when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        arguments = ["run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUN, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{self.address}/api/v2/heartbeat", trust_env=False)
                return
            except httpx.TransportError:
                assert self._process.poll() is None, "the server ended"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def client(self) -> Iterator[Any]:
        """Chroma's own client, to look with other eyes than the program's."""
        settings = Settings(anonymized_telemetry=False)
        client = chromadb.HttpClient("127.0.0.1", self.port, settings=settings)
        try:
            yield client
        finally:
            client.close()
            for part in (client, client._admin_client):  # it forgets both of its sessions
                part._server._session.close()

    def wait_for_more_than(self, vectors: int) -> None:
        """Wait until it holds more than so many in all."""
        deadline = time.monotonic() + 60
        with self.client() as client:
            while sum(found.count() for found in client.list_collections()) <= vectors:
                assert time.monotonic() < deadline, "nothing came"
                time.sleep(0.01)

    def collections(self) -> dict[str, set[int]]:
        """The passage rows that each collection holds, by its name."""
        with self.client() as client:
            return {
                found.name: {int(name) for name in found.get(include=[])["ids"]}
                for found in client.list_collections()
            }


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server for the time of a block."""
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


class Shelf:
    """A catalogue and its generations in a folder; vectors on a server, or embedded."""

    def __init__(self, folder: Path, address: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.catalogue = Catalogue(folder / "catalogue.sqlite3")
        self.keeper = ChromaServer(address, folder / "vector_store.json") if address else None
        self.generations = Generations(folder / "generations", self.catalogue, keeper=self.keeper)

    def keep(self, path: str, passages: int, seed: int) -> int:
        """Keep a pending document with so many passages and repeatable vectors; its row."""
        made = document(path)
        cut = [
            Passage(
                passage_id=f"{made.document_id}:{start}",
                document_id=made.document_id,
                text="x",
                start=start,
                end=start + 1,
                locator=Locator(),
            )
            for start in range(passages)
        ]
        row = self.catalogue.add(made, "x" * passages, (), cut, "r")
        waiting = [stored.row for stored in self.catalogue.without_vector(passages)]
        vectors = some_vectors(passages, seed)
        self.catalogue.keep_vectors(waiting, list(vectors), [vectors[:0]] * passages)
        return row

    def rows(self, *documents: int) -> set[int]:
        """The passage rows of documents."""
        return set(self.catalogue.passage_rows(documents).tolist())

    def graph(self, number: int | None = None) -> VectorIndex:
        """A generation's vectors, always searched through the graph."""
        folder = self.generations.folder_of(number or self.catalogue.generation)
        return VectorIndex(folder / "vectors", keeper=self.keeper, exact_limit=0)

    def found(self, *queries: np.ndarray, number: int | None = None):
        """The ten nearest (row, cosine) to each query, through the graph."""
        with closing(self.graph(number)) as graph:
            return [graph.search(query, 10) for query in queries]

    def agrees(self, *queries: np.ndarray, number: int | None = None) -> bool:
        """The graph gives what the exact scan gives; sums in another order differ by a hair."""
        folder = self.generations.folder_of(number or self.catalogue.generation)
        with closing(VectorIndex(folder / "vectors", keeper=self.keeper)) as index:
            exact = np.array([index.search(query, 10) for query in queries])
        found = np.array(self.found(*queries, number=number))
        assert exact.shape[1] == min(10, len(index.rows))
        return np.array_equal(found[..., 0], exact[..., 0]) and np.allclose(found, exact, atol=1e-6)


def some_vectors(count: int, seed: int) -> np.ndarray:
    """float32[count, DIMENSIONS], L2-normalised, the same for a seed."""
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
