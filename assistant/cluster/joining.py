"""Reach a cluster, make sure that every machine of it may and can do the work, let it go.

Ray's own sockets are out of the network guard's sight. So before a byte of a document is
sent, each machine's address is compared with the allowed hosts, and each actor asks again
where it stands: one that joined since may have been given the place of one that left.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from assistant.cluster import refusals as refuse
from assistant.cluster.equipment import Equipment, equipment
from assistant.cluster.stages import Task
from assistant.cluster.workforce import RayWorkforce
from assistant.errors import AssistantError
from assistant.hosts import cluster_address, is_this_machine
from assistant.ingestion.workforce import Workforce
from assistant.model_manifest import Model
from assistant.settings import Settings
from assistant.workspace import Workspace

_REACH_S = 5.0
_LOOK_S = 300.0  # a machine may have to hash its models first
_LARGEST_SHARE = 4  # processors for one copy of the model, which takes 1.2 GB

_QUIET = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_AUTO_CONNECT": "0",  # or a thread that outlives the connection starts a Ray here
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_NUM_REDIS_GET_RETRIES": "1",  # how often the cluster is asked for again: a minute each
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
}


@contextmanager
def joined(workspace: Workspace) -> Iterator[Workforce]:
    """The machines of the cluster that ``assistant.toml`` names, ready to work.

    Raises:
        ClusterError: Ray is not installed, the cluster cannot be reached or used, or a machine
            of it may not be spoken to, or would read or embed otherwise than this one.
        ModelMissing: The embedding model is not on this machine.
    """
    settings = workspace.settings
    if not settings.cluster.address:
        raise refuse.no_address()
    address, host = cluster_address(settings.cluster.address)
    model = workspace.manifest.get(settings.models.embedding)
    here = equipment(model, settings.models_folder)
    ray = _ray(loopback=is_this_machine(host))
    _reach(address, host)
    with _silenced():
        _connect(ray, address)
        try:
            yield _workforce(ray, settings, model, here)
        finally:
            ray.shutdown()


def _ray(*, loopback: bool) -> Any:
    """The module, told beforehand to be quiet and closed."""
    os.environ.update(_QUIET)
    if loopback:  # else Ray turns 127.0.0.1 into an address of the network
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise refuse.not_installed() from error
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return ray


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep what Ray prints to stdout out of it: a command's answer goes there."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield


@contextmanager
def _stderr_aside() -> Iterator[None]:
    """Keep what Ray's native code says of itself as it starts off the screen."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _reach(address: str, host: str) -> None:
    """Knock, with a time limit: Ray itself would try for minutes."""
    try:
        with socket.create_connection((host, int(address.rpartition(":")[2])), timeout=_REACH_S):
            pass
    except OSError as error:
        raise refuse.unreachable(address, error.strerror or str(error)) from error
    named = os.environ.get("RAY_AUTH_TOKEN_PATH")
    token = Path(named) if named else Path.home() / ".ray" / "auth_token"
    if not os.environ.get("RAY_AUTH_TOKEN") and not token.is_file():
        raise refuse.no_token()


def _connect(ray: Any, address: str) -> None:
    try:
        with _stderr_aside():
            ray.init(
                address=address,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
                configure_logging=False,
            )
    except (RuntimeError, OSError, ray.exceptions.RayError) as error:
        raise refuse.not_let_in(address) from error
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.enable_auto_log_stats = False
    context.max_consecutive_actor_init_deaths = 2  # a machine may die while it loads the model


def _workforce(ray: Any, settings: Settings, model: Model, here: Equipment) -> RayWorkforce:
    machines = [node for node in ray.nodes() if node["Alive"]]
    allowed = _addresses(settings.network.allowed_hosts)
    for node in machines:
        if not is_this_machine(node["NodeManagerAddress"]) and (
            node["NodeManagerAddress"] not in allowed
        ):
            raise refuse.not_allowed(node["NodeManagerAddress"])
    processors = [int(node["Resources"].get("CPU", 0)) for node in machines]
    if not any(processors):
        raise refuse.no_worker()
    models = Path(settings.cluster.models or settings.models_folder)
    _look_at(ray, machines, model, models, here)
    cpus = min(_LARGEST_SHARE, *(count for count in processors if count))
    task = Task(
        root=settings.corpus_folder.resolve(),
        model=model,
        models=models,
        engine=settings.models.embedding_engine,
        threads=cpus,
        cut=settings.passages,
        reader_timeout_s=settings.limits.reader_timeout_s,
        allowed_hosts=settings.network.allowed_hosts,
        machines=tuple(node["NodeManagerAddress"] for node in machines),
        equipment=here,
    )
    return RayWorkforce(
        ray,
        task,
        shares=sum(count // cpus for count in processors),
        cpus=cpus,
        manned=lambda: any(n["Alive"] and n["Resources"].get("CPU") for n in ray.nodes()),
    )


def _look_at(
    ray: Any, machines: list[dict[str, Any]], model: Model, models: Path, here: Equipment
) -> None:
    """Ask every machine how its Ray runs, and those that work what they would work with."""
    look = ray.remote(num_cpus=0, max_retries=1)(_look)
    asked = [
        look.options(label_selector={"ray.io/node-id": node["NodeID"]}).remote(
            model, models if node["Resources"].get("CPU") else None
        )
        for node in machines
    ]
    for node, answer in zip(machines, asked, strict=True):
        host = node["NodeManagerAddress"]
        try:
            closed, silent, found = ray.get(answer, timeout=_LOOK_S)
        except ray.exceptions.RayError as error:
            raise refuse.cannot_work(host, error) from error
        if not closed:
            raise refuse.open_to_all(host)
        if not silent and "node:__internal_head__" in node["Resources"]:
            raise refuse.reports_usage(host)
        if isinstance(found, AssistantError):
            raise refuse.unusable_machine(host, found.message)
        for what, there, mine in found.differences(here) if found else ():
            raise refuse.differs(host, what, there, mine)


def _look(
    model: Model, models: Path | None
) -> tuple[bool, bool, Equipment | AssistantError | None]:
    """On a machine: whether its Ray is closed and silent, and its equipment if it works."""
    closed = os.environ.get("RAY_AUTH_MODE") == "token"
    silent = os.environ.get("RAY_USAGE_STATS_ENABLED") == "0"
    try:
        return closed, silent, equipment(model, models) if models else None
    except AssistantError as error:
        return closed, silent, error


def _addresses(hosts: tuple[str, ...]) -> set[str]:
    """The allowed hosts, and the addresses that their names stand for."""
    found = set(hosts)
    for host in hosts:
        try:
            found.update(str(address[0]) for *_, address in socket.getaddrinfo(host, None))
        except OSError:
            continue  # a host that is not there today is no machine of the cluster
    return found
