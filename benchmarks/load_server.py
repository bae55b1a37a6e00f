"""A real ``assistant serve`` on a port of its own, which is stopped, killed and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchmarks.sheets import HERE

_FAILURE = re.compile(r"[\w.]*(Error|Exception)\b")
_CUT = "timeout graceful shutdown exceeded"
_START_S = 180.0
_STOP_S = 60.0
_SETTLED_S = 10.0  # of a start: models are still being read from the disk


class Server:
    """The server of one workspace. ``up`` is set while it answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._ready_at = 0.0
        self.up = threading.Event()
        self.port = _free_port()
        self.starts_s: list[float] = []
        self.stops_s: list[float] = []

    def start(self) -> None:
        """Start it, and wait until it answers."""
        began = time.monotonic()
        with self._log.open("ab") as out:
            seen = out.tell()
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "assistant.cli", "serve"),
                    *("--port", str(self.port), "--workspace", str(self._folder)),
                ],
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=HERE.parent,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        while time.monotonic() < began + _START_S:
            with self._log.open("rb") as said:
                said.seek(seen)
                if re.search(rb"http://[^ ]+:\d+", said.read()):
                    self._ready_at = time.monotonic()
                    self.starts_s.append(self._ready_at - began)
                    self.up.set()
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start: see {self._log}")

    def stop(self, sign: signal.Signals) -> None:
        """Send it a signal, and wait until it is gone."""
        assert self._process is not None
        self.up.clear()
        began = time.monotonic()
        self._process.send_signal(sign)
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.stops_s.append(time.monotonic() - began)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def settled(self, moment: float) -> bool:
        """Whether it had been up for a while at a moment (monotonic seconds)."""
        return self.up.is_set() and moment - self._ready_at >= _SETTLED_S

    @property
    def errors(self) -> list[str]:
        """Lines of its log that tell of a failure; a stream cut short by a stop is none."""
        said = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in said if _FAILURE.match(line) and _CUT not in line]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
