"""What runs elsewhere: three stages of a Ray Data pipeline, each a class that an actor holds.

A file goes as a parcel: its bytes and those of what describes it. It is laid out as it
stands in the corpus, in a folder that goes away with it, read in a confined process, cut,
and embedded: the vectors of a document depend on it alone, whoever works and in what order.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import egress
from assistant.cluster.equipment import Equipment, equipment
from assistant.cluster.refusals import differs, not_allowed
from assistant.corpus_scope import Source
from assistant.embedding import Engine, PassageVectors, open_embedder
from assistant.errors import DocumentError, UnreadableDocument
from assistant.ingestion.preparing import Prepared, embed, prepare
from assistant.metadata import description_files
from assistant.model_manifest import Model, ensure_verified
from assistant.reading.isolated import IsolatedReader
from assistant.records import Passage
from assistant.scratch import scratch
from assistant.settings_sections import PassageSettings
from assistant.wording import Words

Row = dict[str, Any]
_LARGEST = 1_000_000_000  # bytes; Arrow holds less than 2 GB in one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a machine needs to know to work as the writer would.

    ``root`` is the corpus, on the writer's machine; ``models`` the folder of the models on
    the machine that works; ``machines`` the addresses that were looked at beforehand, and
    ``equipment`` what each of them has.
    """

    root: Path
    model: Model
    models: Path
    engine: Engine
    threads: int
    cut: PassageSettings
    reader_timeout_s: float
    allowed_hosts: tuple[str, ...]
    machines: tuple[str, ...]
    equipment: Equipment


class Sender:
    """On the writer's machine: a source becomes a parcel of bytes, a little ahead of need."""

    def __init__(self, task: Task) -> None:
        _guard(task)
        self._root = task.root

    def __call__(self, row: Row) -> Row:
        """``"source"`` to ``"parcel"``: its files, or why they cannot be sent."""
        source: Source = pickle.loads(row["source"])
        parcel: list[tuple[str, bytes]] | DocumentError
        try:
            parcel = self._parcel(source)
        except DocumentError as error:
            parcel = error
        return {**row, "parcel": pickle.dumps(parcel)}

    def _parcel(self, source: Source) -> list[tuple[str, bytes]]:
        try:
            if source.file.stat().st_size > _LARGEST:
                raise _too_large_to_send(source.shown)
            data = source.file.read_bytes()
            if hashlib.sha256(data).hexdigest() != source.sha256:
                raise _changed(source.shown)
            beside = description_files(source.file, self._root)
            return [
                (source.path, data),
                *((file.relative_to(self._root).as_posix(), file.read_bytes()) for file in beside),
            ]
        except OSError as error:
            raise _unopened(source.shown, error) from error


class Reader:
    """A parcel becomes a document with its passages, or the reason why it cannot."""

    def __init__(self, task: Task) -> None:
        _admit(task)
        self._cut = task.cut
        # a spawned process begins with the main program again: here that is Ray's own
        vars(sys.modules["__main__"]).pop("__file__", None)
        self._reader = IsolatedReader(timeout_s=task.reader_timeout_s)

    def __call__(self, row: Row) -> Row:
        """``"source"`` and ``"parcel"`` to ``"outcome"``."""
        source: Source = pickle.loads(row["source"])
        parcel = pickle.loads(row["parcel"])
        outcome = parcel if isinstance(parcel, DocumentError) else self._read(source, parcel)
        return {"key": row["key"], "outcome": pickle.dumps(outcome)}

    def _read(self, source: Source, parcel: list[tuple[str, bytes]]) -> Prepared | DocumentError:
        with scratch(Path(tempfile.gettempdir()).resolve(), ".assistant-reading-") as root:
            for path, data in parcel:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
            here = replace(source, file=root / source.path)
            reading = self._reader.read(here.file)
            if isinstance(reading, DocumentError):
                return reading
            try:
                return prepare(here, root, reading, self._cut)
            except DocumentError as error:
                return error


class Embedder:
    """Gives a document its vectors; holds the model, whose hash was checked."""

    def __init__(self, task: Task) -> None:
        _admit(task)
        self._embedder = open_embedder(
            ensure_verified(task.model, task.models),
            engine=task.engine,
            threads=task.threads,
        )

    def __call__(self, row: Row) -> Row:
        """``"outcome"`` with vectors; ``"passages"`` of an earlier reading to ``"outcome"``."""
        if "passages" in row:
            vectors = self._embed(row["passages"])
            return {"key": row["key"], "outcome": pickle.dumps(vectors)}
        outcome = pickle.loads(row["outcome"])
        if isinstance(outcome, Prepared):
            outcome = replace(outcome, vectors=embed(self._embedder, outcome.passages))
        return {"key": row["key"], "outcome": pickle.dumps(outcome)}

    def _embed(self, packed: bytes) -> list[PassageVectors]:
        passages: list[Passage] = pickle.loads(packed)
        return embed(self._embedder, passages)


def _guard(task: Task) -> None:
    """The writer's network guard, in a process that nobody else uses."""
    egress.offline_environment()
    sys.modules.pop("uvloop", None)  # Ray has taken it for itself; nobody after it may
    egress.install(task.allowed_hosts)


def _admit(task: Task) -> None:
    """Guard this process, and look again at its machine: it may have come since.

    Raises:
        ClusterError: It was not looked at before, or is not what it was.
    """
    _guard(task)
    import ray

    host = ray.util.get_node_ip_address()
    if host not in task.machines:
        raise not_allowed(host)
    for what, there, here in equipment(task.model, task.models).differences(task.equipment):
        raise differs(host, what, there, here)


def _too_large_to_send(shown: str) -> UnreadableDocument:
    return UnreadableDocument(
        Words(
            f"« {shown} » dépasse {_LARGEST // 1_000_000} Mo : il ne voyage pas vers la grappe.",
            f"{shown!r} is larger than {_LARGEST // 1_000_000} MB: it does not travel.",
        ),
        remedy=Words("Prenez-le en compte sans --cluster.", "Take it in without --cluster."),
    )


def _changed(shown: str) -> UnreadableDocument:
    return UnreadableDocument(
        Words(
            f"« {shown} » a changé pendant l’ingestion.", f"{shown!r} changed while being taken in."
        ),
        remedy=Words("Relancez l’ingestion.", "Ingest again."),
    )


def _unopened(shown: str, error: OSError) -> UnreadableDocument:
    return UnreadableDocument(
        Words(
            f"« {shown} » ne peut pas être ouvert ({error.strerror}).",
            f"{shown!r} cannot be opened ({error.strerror}).",
        ),
        remedy=Words(
            "Vérifiez que l’utilisateur de « ray start » peut le lire sur cette machine.",
            "Check that the user of `ray start` may read it on this machine.",
        ),
    )
