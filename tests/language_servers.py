"""A real llama_cpp.server for tests, and small real servers that do what none should."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from typing import Any

from assistant.language_model.served import ServedModel, served_model
from assistant.settings_sections import LanguageServerSettings
from tests.conftest import REPOSITORY

WEIGHTS = REPOSITORY / "models" / "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
SMALL = "petit-modele"  # the name that the server gives
_START_S = 90.0


def free_port() -> int:
    with closing(create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


@contextmanager
def llama_server(log: Path, *arguments: str, token: str = "") -> Iterator[str]:
    """``python -m llama_cpp.server`` with the small model; its interface's address is given."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "llama_cpp.server", "--model", str(WEIGHTS)),
        *("--model_alias", SMALL, "--host", "127.0.0.1", "--port", str(port)),
        *("--n_ctx", "1024", "--n_threads", "1", "--n_threads_batch", "1"),
        *("--interrupt_requests", "false"),
        *("--verbose", "false", *arguments),
    ]
    environment = {**os.environ, **({"API_KEY": token} if token else {})}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, cwd=log.parent, env=environment
        ) as process,
    ):
        try:
            _wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asking:
            asking.request("GET", "/v1/models")
            asking.getresponse().read()
            return
        time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


@dataclass
class Asked:
    """One request that a server of this file was sent, on which its script answers."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    wire: BaseHTTPRequestHandler

    def send(self, status: int, said: bytes, kind: str = "application/json", **more: str) -> None:
        self.begin(status, kind, Content_Length=str(len(said)), **more)
        self.write(said)

    def begin(self, status: int = 200, kind: str = "text/event-stream", **more: str) -> None:
        self.wire.send_response(status)
        self.wire.send_header("Content-Type", kind)
        for name, value in more.items():
            self.wire.send_header(name.replace("_", "-"), value)
        self.wire.end_headers()

    def write(self, said: bytes) -> None:
        self.wire.wfile.write(said)
        self.wire.wfile.flush()

    def pieces(self, *pieces: str, end: str | None = "stop") -> None:
        """A stream's chunks, and how it ends; without an end the script goes on."""
        for piece in pieces:
            self.write(chunk(piece))
        if end is not None:
            self.write(chunk("", end) + b"data: [DONE]\n\n")

    def stream(self, *pieces: str, end: str | None = "stop") -> None:
        self.begin()
        self.pieces(*pieces, end=end)

    def left(self, within_s: float) -> bool:
        """Whether the other side closes the connection within so many seconds."""
        self.wire.connection.settimeout(within_s)
        try:
            return self.wire.connection.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


def chunk(piece: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def one_word(*listed: tuple[str, float]) -> bytes:
    """A whole reply of one word with the log-probabilities of several."""
    first = {
        "token": listed[0][0] if listed else "non",
        "top_logprobs": [{"token": token, "logprob": value} for token, value in listed],
    }
    choice: dict[str, Any] = {"message": {"content": "non"}, "finish_reason": "length"}
    if listed:
        choice["logprobs"] = {"content": [first]}
    usage = {"prompt_tokens": 90, "completion_tokens": 1}
    return json.dumps({"choices": [choice], "usage": usage}).encode()


Script = Callable[[Asked], None]


@dataclass
class Scripted:
    """A server on loopback whose chats follow a script; it remembers what it was sent."""

    address: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def chats(self) -> list[Asked]:
        return [one for one in self.asked if one.path.endswith("/chat/completions")]

    def model(self, **settings: Any) -> ServedModel:
        quick = {"first_token_s": 10.0, "between_tokens_s": 10.0, "retries": 1, **settings}
        return served_model(self.address, LanguageServerSettings(**quick))


@contextmanager
def scripted_server(
    script: Script, models: tuple[str, ...] = ("regional-7b",)
) -> Iterator[Scripted]:
    """Serve a list of models, and chats by the script."""
    listed = json.dumps({"data": [{"id": name} for name in models]}).encode()

    class Wire(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(asked := Asked(self.path, dict(self.headers), {}, self))
            asked.send(200, listed)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known.asked.append(asked := Asked(self.path, dict(self.headers), body, self))
            with suppress(ConnectionError):  # whoever asked has left
                script(asked)

        def log_message(self, *said: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Quiet(("127.0.0.1", 0), Wire) as server:
        known = Scripted(f"http://127.0.0.1:{server.server_port}/v1")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield known
        finally:
            server.shutdown()
            thread.join()


def heard(work: Any) -> tuple[list[Any], Any]:
    """All that a generator of an engine yields, signs of life left out, and what it returns."""
    found = []
    while True:
        try:
            one = next(work)
        except StopIteration as end:
            return found, end.value
        if one is not None and not (isinstance(one, str) and not one):
            found.append(one)
