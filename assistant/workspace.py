"""The composition root: the only place that opens files, indexes and models.

A workspace is a folder with ``assistant.toml``, ``corpus/``, ``models/`` and
``index/``. What is heavy opens at its first use and stays open.
"""

from __future__ import annotations

import fcntl
import importlib.metadata
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from assistant.accounts import Accounts
from assistant.audit import AuditLog, Retention
from assistant.catalogue import Catalogue
from assistant.desk import Desk
from assistant.embedding import Embedder, open_embedder
from assistant.errors import (
    AssistantError,
    AuditError,
    IndexModelMismatch,
    WorkspaceBusy,
    WorkspaceNotFound,
)
from assistant.generations import Generations
from assistant.language_model import Identity, LanguageModel, Running, usual
from assistant.model_manifest import Manifest, ensure_verified, is_installed, load_manifest
from assistant.settings import FILE_NAME, Settings, load_settings
from assistant.tuning import Standing, standing, this_machine
from assistant.turns import Turns
from assistant.underway import Underway
from assistant.vector_index import GraphKeeper, keeper_of

ENVIRONMENT = "ASSISTANT_WORKSPACE"
_POLL_S = 0.2


class Workspace:
    """An open workspace; safe to share between the threads of one process."""

    def __init__(self, settings: Settings, running: Running | None = None) -> None:
        self.settings = settings
        if running is not None:  # as an old answer was computed, whatever was measured since
            self.running = running
        self.turns = Turns()
        self._loading = threading.Lock()
        self._language_model: LanguageModel | None = None

    @classmethod
    def open(cls, folder: Path | None = None) -> Workspace:
        """Open a folder, else the one ``ASSISTANT_WORKSPACE`` names, else here or above.

        Raises:
            WorkspaceNotFound: None of these is a workspace.
            SettingsError: Its ``assistant.toml`` cannot be used.
        """
        named = folder or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
        if named is not None:
            return cls(load_settings(named))
        here = Path.cwd()
        for candidate in (here, *here.parents):
            if (candidate / FILE_NAME).is_file():
                return cls(load_settings(candidate))
        raise WorkspaceNotFound(str(here))

    # --- what is in it -----------------------------------------------------------

    @cached_property
    def manifest(self) -> Manifest:
        """The models this workspace knows."""
        return load_manifest(self.settings.models_folder)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Documents, texts, passages: the truth."""
        return Catalogue(self.settings.index_folder / "catalogue.sqlite3")

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model of the settings.

        Raises:
            ModelMissing: It is not on this machine.
        """
        model = self.manifest.get(self.settings.models.embedding)
        answer, tuned = self.settings.answer, self.tuning.embedding
        measured = None if tuned is None else tuned.threads
        return open_embedder(
            ensure_verified(model, self.settings.models_folder),
            engine=self.settings.models.embedding_engine,
            threads=answer.threads or measured or answer.thread_count,
            batch_tokens=None if tuned is None else tuned.batch_tokens,
        )

    @cached_property
    def tuning(self) -> Standing:
        """What `assistant doctor --tune` measured, as far as it holds here and today."""
        chosen = self.settings.models
        served = self.settings.language_address is not None
        return standing(
            self.settings.index_folder,
            this_machine(),
            language_sha256=None if served else self._sha256_of(chosen.language),
            embedding_sha256=self._sha256_of(chosen.embedding),
        )

    def _sha256_of(self, name: str) -> str | None:
        """Of a model of the manifest; ``None`` when none has that name."""
        known = (model.sha256 for model in self.manifest.models if model.name == name)
        return next(known, None)

    @cached_property
    def running(self) -> Running:
        """How the language model computes here: the settings, then the measures, then the usual."""
        answer, tuned = self.settings.answer, self.tuning.language
        measured = usual(answer.thread_count) if tuned is None else tuned.running
        if not answer.threads:
            return measured
        return replace(measured, threads=answer.threads, prefill_threads=answer.threads)

    @property
    def language_model(self) -> LanguageModel:
        """The language model of the settings, loaded at the first use.

        Raises:
            ModelMissing: It is not on this machine, nor does the setting name a server.
        """
        with self._loading:
            if self._language_model is None:
                self._language_model = self._load_language_model()
            return self._language_model

    def load_language_model_meanwhile(self) -> None:
        """Begin to load the language model, if it is not loaded, while the caller goes on."""
        if self._language_model is None:
            threading.Thread(target=self._warm, daemon=True).start()

    def _warm(self) -> None:
        with suppress(AssistantError):  # raised again where the model is asked for
            _ = self.language_model

    @property
    def language_identity(self) -> Identity:
        """Which language model the settings name; nothing is loaded and no server is asked.

        A server's model has the name that it gave last; before, that of the settings or its host.

        Raises:
            ModelUnknown: No manifest names it.
        """
        address = self.settings.language_address
        if address is None:
            model = self.manifest.get(self.settings.models.language)
            return Identity(name=model.name, sha256=model.sha256)
        told = "" if self._language_model is None else self._language_model.name
        name = told or self.settings.language_server.model or address.split("/")[2]
        return Identity(name=name, sha256=None, server=address)

    def _load_language_model(self) -> LanguageModel:
        address = self.settings.language_address
        if address is not None:
            from assistant.language_model.served import served_model

            return served_model(address, self.settings.language_server)

        from assistant.language_model.gguf import GgufModel

        answer = self.settings.answer
        model = self.manifest.get(self.settings.models.language)
        return GgufModel(
            ensure_verified(model, self.settings.models_folder),
            name=model.name,
            sha256=model.sha256,
            context_tokens=answer.context_tokens,
            running=self.running,
            state_folder=self.settings.index_folder / "prefix",
        )

    @cached_property
    def generations(self) -> Generations:
        """The derived indexes.

        Raises:
            IndexModelMismatch: They were built with another embedding model.
        """
        built_with = self.catalogue.fact("embedding")
        if built_with is not None and built_with != self.embedding_name:
            raise IndexModelMismatch(built_with, self.embedding_name)
        return self.generations_for_rebuild()

    def generations_for_rebuild(self) -> Generations:
        """The same without asking which model they were built with."""
        folder = self.settings.index_folder / "generations"
        return Generations(folder, self.catalogue, self.embedding_name, self.graph_keeper)

    @cached_property
    def graph_keeper(self) -> GraphKeeper:
        """Who has the graphs of the vectors: this program, or a Chroma server."""
        return keeper_of(self.settings.retrieval.vector_store, self.settings.index_folder)

    @cached_property
    def audit(self) -> AuditLog:
        """The hash-chained log of answers."""
        kept = self.settings.audit
        return AuditLog(
            self.settings.index_folder / "audit",
            retention=Retention(
                answers_months=kept.keep_answers_months, reviews_months=kept.keep_reviews_months
            ),
        )

    @cached_property
    def underway(self) -> Underway:
        """The answers that are being given, and what a killed process left of its own."""

        def interrupted(record: str) -> None:
            ended = {"status": "interrupted"}
            with suppress(AuditError):  # it was closed, and the process died before it noted that
                self.audit.close(record, ended, ended)

        return Underway(self.settings.index_folder / "underway", interrupted)

    @cached_property
    def accounts(self) -> Accounts:
        """Who may use the interface."""
        return Accounts(self.settings.index_folder / "accounts.sqlite3")

    @cached_property
    def desk(self) -> Desk:
        """What each person keeps: a basket of excerpts, and their own questions."""
        return Desk(self.settings.index_folder / "desks.sqlite3")

    @property
    def program_version(self) -> str:
        """The version of this program."""
        return importlib.metadata.version("assistant-documentaire")

    @property
    def embedding_name(self) -> str:
        """The embedding model's name and the beginning of its hash, as kept with the index."""
        model = self.manifest.get(self.settings.models.embedding)
        return f"{model.name} {model.sha256[:16]}"

    def ready(self, name: str) -> bool:
        """True when a model of the manifest is on this machine, or a server is named for it."""
        if name == self.settings.models.language and self.settings.language_address is not None:
            return True
        return is_installed(self.manifest.get(name), self.settings.models_folder)

    # --- one writer at a time ----------------------------------------------------

    @contextmanager
    def writing(self, *, wait_s: float = 30.0) -> Iterator[None]:
        """Hold the right to write, in this process and against all others.

        Raises:
            WorkspaceBusy: Another process holds it, and still does after ``wait_s`` seconds.
        """
        folder = self.settings.index_folder
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "writer.lock").open("a+", encoding="utf-8") as lock:
            _acquire(lock.fileno(), lock.name, wait_s)
            lock.truncate(0)
            lock.write(
                json.dumps(
                    {
                        "pid": os.getpid(),
                        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:3]])[:120],
                        "since": datetime.now(UTC).isoformat(timespec="seconds"),
                    }
                )
            )
            lock.flush()
            try:
                yield
            finally:
                lock.truncate(0)


def _acquire(descriptor: int, path: str, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise WorkspaceBusy(_holder(Path(path))) from None
            time.sleep(_POLL_S)
        else:
            return


def _holder(path: Path) -> str:
    """Who holds the lock, as it wrote itself down; bounded, since any process may write there."""
    try:
        said = json.loads(path.read_text(encoding="utf-8")[:2000])
        return f"{said['command']} (pid {said['pid']}, {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "?"
