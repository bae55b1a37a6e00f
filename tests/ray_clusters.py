"""A real Ray cluster on loopback: a head, and worker machines of one processor each.

Run as a program it starts one and prints where it is; it ends with its standard input.
Nothing of it outlives the test: it is a session of processes, killed as a whole.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.conftest import REPOSITORY

WORKERS = 2


@dataclass(frozen=True)
class Cluster:
    """Where it is, the processes that stand for machines, and what is in a user's environment."""

    address: str
    machines: list[int]
    session: int
    environment: dict[str, str]

    def actors(self, stage: str) -> list[psutil.Process]:
        """The processes that hold a stage of the work just now."""
        return [p for p in self.processes() if f"({stage})" in " ".join(_command(p))]

    def processes(self) -> list[psutil.Process]:
        """All that runs of the cluster."""
        return [p for p in psutil.process_iter() if _session(p) == self.session]


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start one, and leave no process of it behind."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # sockets want a short path
    (folder / "ray").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_TMPDIR": str(folder),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    }
    with (folder / "log").open("w") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.ray_clusters"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            cwd=REPOSITORY,
            start_new_session=True,
            text=True,
        )
    try:
        assert program.stdout is not None
        line = program.stdout.readline()
        assert line, (folder / "log").read_text()
        yield Cluster(**json.loads(line), session=program.pid, environment=environment)
    finally:
        for process in psutil.process_iter():
            if _session(process) == program.pid:
                process.send_signal(signal.SIGKILL)
        program.wait()
        program.stdin.close()
        program.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def _session(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except OSError:
        return None


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def main() -> None:
    """Start the processes and wait."""
    from ray.cluster_utils import Cluster as Started

    machine = {
        "node_ip_address": "127.0.0.1",
        "object_store_memory": 100_000_000,
        "include_log_monitor": False,
    }
    started = Started(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "include_dashboard": False, **machine},
        shutdown_at_exit=False,
    )
    nodes = [started.add_node(num_cpus=1, wait=False, **machine) for _ in range(WORKERS)]
    started.wait_for_nodes()
    machines = [node.all_processes["raylet"][0].process.pid for node in nodes]
    print(json.dumps({"address": started.address, "machines": machines}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
