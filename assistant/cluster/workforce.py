"""The machines of a cluster, as an ingestion asks for them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import Any

from assistant.catalogue import StoredPassage
from assistant.cluster.stages import Embedder, Reader, Sender, Task
from assistant.cluster.stream import rows_of
from assistant.corpus_scope import Source
from assistant.embedding import PassageVectors
from assistant.errors import ClusterError, DocumentError
from assistant.ingestion.preparing import Prepared

_BARREN = 2  # pipelines in a row that brought nothing
_CHUNK = 32  # passages of one task, where documents were read by an earlier run
# Of a share's processors, asked for less than half together: where a machine dies, its actors
# must find room beside those of another.
_READING, _EMBEDDING = 0.05, 0.4


class RayWorkforce:
    """Reading and embedding as stages of Ray Data.

    Args:
        ray: The module, connected.
        task: What each machine must know.
        shares: How many times ``cpus`` processors the machines offer together.
        cpus: Processors of one share: one reader and one model.
        manned: Whether machines are left.
    """

    at_once = 4096

    def __init__(
        self, ray: Any, task: Task, *, shares: int, cpus: int, manned: Callable[[], bool]
    ) -> None:
        self._ray = ray
        self._task = task
        self._shares = shares
        self._cpus = cpus
        self._manned = manned

    def take(
        self, sources: Sequence[Source], stop: Callable[[], bool]
    ) -> Generator[tuple[Source, Prepared | DocumentError]]:
        """With vectors, in the order they are done; see `Workforce.take`."""
        here = self._ray.get_runtime_context().get_node_id()

        def pipeline(rows: Any) -> Any:
            sent = self._stage(rows, Sender, 1, 0, label_selector={"ray.io/node-id": here})
            return self._embedding(self._stage(sent, Reader, self._shares, _READING * self._cpus))

        items = [{"source": pickle.dumps(source)} for source in sources]
        for key, outcome in self._outcomes(items, pipeline, stop):
            yield sources[key], outcome

    def embed(
        self, passages: Sequence[StoredPassage], stop: Callable[[], bool]
    ) -> Generator[tuple[Sequence[StoredPassage], list[PassageVectors]]]:
        """Some passages a task; see `Workforce.embed`."""
        chunks = [passages[at : at + _CHUNK] for at in range(0, len(passages), _CHUNK)]
        items = [
            {"passages": pickle.dumps([stored.passage for stored in chunk])} for chunk in chunks
        ]
        for key, vectors in self._outcomes(items, self._embedding, stop):
            yield chunks[key], vectors

    def _outcomes(
        self,
        items: Sequence[dict[str, Any]],
        pipeline: Callable[[Any], Any],
        stop: Callable[[], bool],
    ) -> Generator[tuple[int, Any]]:
        """The position of each item with what came of it.

        Ray does again what a dead process had under way. Where it breaks off all the same, the
        pipeline is set up again for what is missing, unless that brings nothing twice.
        """
        missing = {key: {"key": key, **item} for key, item in enumerate(items)}
        barren = 0
        while missing and not stop():
            before = len(missing)
            # one row a block: each item is a task of its own, lost and done again alone
            rows = self._ray.data.from_items(
                list(missing.values()), override_num_blocks=len(missing)
            )
            try:
                with closing(rows_of(pipeline(rows), stop, self._manned)) as done:
                    for row in done:
                        del missing[row["key"]]
                        yield row["key"], pickle.loads(row["outcome"])
            except ClusterError:
                barren = 0 if len(missing) < before else barren + 1
                if barren == _BARREN or not self._manned():
                    raise

    def _embedding(self, pipeline: Any) -> Any:
        return self._stage(pipeline, Embedder, self._shares, _EMBEDDING * self._cpus)

    def _stage(self, pipeline: Any, stage: type, actors: int, cpus: float, **placing: Any) -> Any:
        """A stage of actors; one that dies is started again, and its rows are done again."""
        return pipeline.map(
            stage,
            fn_constructor_args=(self._task,),
            compute=self._ray.data.ActorPoolStrategy(size=actors),
            num_cpus=round(cpus, 4),
            **placing,
        )
