"""The network guard: this process speaks to this machine and to allowed hosts, to nobody else.

``offline_environment()`` tells the libraries not to try; ``install()`` makes sure.
The guard is an audit hook of the interpreter (PEP 578), so it sees every use of a
socket from Python whatever library makes it, it cannot be removed, and no import
order gets around it. One thing the interpreter does before it raises the event: a
socket that is given a *name* to connect to resolves it first. So the methods of
``socket.socket`` that take an address check names themselves, and no query leaves.
Call both functions before importing anything heavy.

Refused and logged: every connection, datagram or name look-up (reverse look-ups
too) whose host is neither loopback, a Unix socket, nor an allowed host. A name
that is allowed may be resolved, and the addresses it resolves to may be connected
to. Listening is never refused.

What it cannot see, and what stands there instead:

- A name given to the bare C type ``_socket.socket``: it is resolved, then refused.
- Native code that opens its own sockets. uvloop does, and uvicorn would choose it
  for the interface, so ``install`` makes its import fail and uvicorn takes asyncio;
  gRPC and hf-xet do, and the offline environment keeps both asleep.
- Other processes. A child process gets the environment but not the guard: a Python
  child that reads documents installs it again. The one child that is meant to reach
  a registry, the package installer that fetches models, uses ``outside_environment()``.
- A hostile extension module. The proof that nothing leaves is therefore the test that
  runs ingestion and questions under ``unshare -n``, where there is no network to
  reach; the guard is what refuses, and says so, on a machine that has one.
"""

from __future__ import annotations

import functools
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

from assistant.errors import EgressRefused
from assistant.hosts import as_address, host_name, is_this_machine

_OFFLINE: Final = {
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "CHROMA_OTEL_COLLECTION_ENDPOINT": "",
    "DO_NOT_TRACK": "1",
    "DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_OFFLINE": "1",
    "OTEL_SDK_DISABLED": "true",
    "TRANSFORMERS_OFFLINE": "1",
}
_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY", "WS_PROXY", "WSS_PROXY")
_OUT_OF_SIGHT: Final = ("uvloop", "zuvloop")
_LOG_BYTES: Final = 1_000_000  # then one older file of the same size is kept
_FRAMES: Final = 8
_SENDS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_TAKES_ADDRESS: Final = {"connect": 0, "connect_ex": 0, "bind": 0, "sendto": -1, "sendmsg": 3}
_LOOKUPS: Final = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refused attempt: where to and from which code, never what it would have sent.

    ``time`` is UTC, ISO 8601; ``event`` the interpreter's name of the attempt;
    ``stack`` the calling frames, innermost first, ``file:line function``.
    """

    time: str
    event: str
    host: str
    port: int | str | None
    stack: tuple[str, ...]


class _Guard:
    """What the hook consults; the hook itself lives as long as the interpreter."""

    def __init__(self) -> None:
        self.allowed: frozenset[str] = frozenset()
        self.resolved: set[str] = set()
        self.log: Callable[[Refusal], None] | None = None
        self.installed = False
        self.lock = threading.Lock()
        self.inside = threading.local()  # set while the guard itself resolves or logs


_guard = _Guard()
_kept_environment: dict[str, str] = {}


def offline_environment() -> None:
    """Tell every library, before it is imported, to stay off the network.

    Proxies leave the environment too: one that listens on loopback would carry out
    what the guard takes for a local connection.
    """
    for name in list(os.environ):
        if name.upper() in _PROXIES:
            _kept_environment[name] = os.environ.pop(name)
    os.environ.update(_OFFLINE)


def outside_environment() -> dict[str, str]:
    """An environment with the proxies as they were, for a child that is meant to go out."""
    return {**os.environ, **_kept_environment}


def install(
    allowed_hosts: Iterable[str] = (), log: Callable[[Refusal], None] | Path | None = None
) -> None:
    """Refuse what leaves this machine, from now to the end of the process.

    A second call replaces the allowed hosts and the log, so that the guard can stand
    before the settings are read.

    Args:
        allowed_hosts: Names or addresses that may be reached besides loopback.
        log: Called with each refusal, or a file that gets a JSON line for each and is
            kept under 1 MB (one older file beside it).

    Raises:
        ValueError: A host is not a bare name or address.
        RuntimeError: A library that the guard cannot see was imported before it.
    """
    allowed = frozenset(host_name(host) for host in allowed_hosts)
    for module in _OUT_OF_SIGHT:
        if sys.modules.get(module) is not None:
            raise RuntimeError(f"{module} was imported before the network guard was installed")
        sys.modules[module] = None  # type: ignore[assignment]  # documented: its import fails
    with _guard.lock:
        _guard.allowed = allowed
        _guard.resolved = set()
        _guard.log = _FileLog(log) if isinstance(log, Path) else log
        if not _guard.installed:
            sys.addaudithook(_hook)
            for method, position in _TAKES_ADDRESS.items():
                setattr(socket.socket, method, _checking_names(method, position))
            _guard.installed = True


def installed() -> bool:
    """Whether the guard stands in this process."""
    return _guard.installed


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):  # most events of the interpreter, so first
        return
    if event in _SENDS:
        _check_send(event, args[0], args[1])
    elif event in _LOOKUPS:
        target = args[0]
        host, port = target[:2] if isinstance(target, tuple) else (target, None)
        _check_lookup(event, host, args[1] if event == "socket.getaddrinfo" else port)


def _checking_names(method: str, position: int) -> Callable[..., Any]:
    """A socket method that has a name approved before the interpreter resolves it."""
    original = getattr(socket.socket, method)

    @functools.wraps(original)
    def checked(sock: socket.socket, *args: Any) -> Any:
        address = args[position] if len(args) > max(position, 0) else None
        if isinstance(address, tuple) and len(address) > 1:
            host = _text(address[0])
            if as_address(host) is None:
                _check_lookup(f"socket.{method}", host, address[1])
        return original(sock, *args)

    return checked


def _check_send(event: str, sock: socket.socket, address: object) -> None:
    if address is None or sock.family == getattr(socket, "AF_UNIX", None):
        return  # None: a datagram on a socket whose connection was checked
    known = sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple)
    host = _text(address[0]) if known and isinstance(address, tuple) else _text(address)
    if known and (is_this_machine(host) or _is_allowed(host)):
        return
    port = address[1] if isinstance(address, tuple) and len(address) > 1 else None
    _refuse(event, host, port)


def _check_lookup(event: str, host: object, port: object) -> None:
    if host is None or getattr(_guard.inside, "resolving", False):
        return
    name = _text(host)
    reverse = event in ("socket.gethostbyaddr", "socket.getnameinfo")
    if name == "" or is_this_machine(name):
        return
    if as_address(name) is not None and not reverse:
        return  # an address is not looked up; connecting to it is checked in its turn
    if not _is_allowed(name):
        _refuse(event, name, port)
    if not reverse:
        _resolve(name)


def _is_allowed(host: str) -> bool:
    """Allowed by name or address, or an address that an allowed name resolves to."""
    if host in _guard.allowed or host in _guard.resolved:
        return True
    if as_address(host) is None:
        return False
    for name in _guard.allowed:  # the name may have moved to other addresses since
        if as_address(name) is None:
            _resolve(name)
    return host in _guard.resolved


def _resolve(name: str) -> None:
    """Learn the addresses of an allowed name, without being one's own suspect."""
    if as_address(name) is not None or getattr(_guard.inside, "resolving", False):
        return
    _guard.inside.resolving = True
    try:
        found = socket.getaddrinfo(name, None)
    except OSError:
        return  # the caller's own look-up will say so
    finally:
        _guard.inside.resolving = False
    _guard.resolved.update(_text(address[0]) for *_, address in found)


def _refuse(event: str, host: str, port: object) -> None:
    if _guard.log is not None and not getattr(_guard.inside, "logging", False):
        _guard.inside.logging = True
        try:
            _guard.log(
                Refusal(
                    time=datetime.now(UTC).isoformat(timespec="milliseconds"),
                    event=event,
                    host=host,
                    port=port if isinstance(port, int) else None if port is None else _text(port),
                    stack=_callers(sys._getframe()),
                )
            )
        finally:
            _guard.inside.logging = False
    raise EgressRefused(host)


def _text(host: object) -> str:
    """A host as it is compared; what cannot be read as one equals no allowed host."""
    raw = bytes(host).decode("latin-1") if isinstance(host, bytes | bytearray) else str(host)
    try:
        return host_name(raw[:300])
    except ValueError:
        return raw[:255]


def _callers(frame: FrameType | None) -> tuple[str, ...]:
    """The calling frames outside this file, innermost first; no source, no values."""
    found: list[str] = []
    while frame is not None and len(found) < _FRAMES:
        code = frame.f_code
        if code.co_filename != __file__:
            place = "/".join(Path(code.co_filename).parts[-3:])
            found.append(f"{place}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return tuple(found)


class _FileLog:
    """A JSON line for each refusal. A disk that is full never turns a refusal into a passage."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.lock = threading.Lock()

    def __call__(self, refusal: Refusal) -> None:
        line = json.dumps(asdict(refusal), ensure_ascii=True) + "\n"
        with self.lock, suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size + len(line) > _LOG_BYTES:
                self.path.replace(self.path.with_name(self.path.name + ".1"))
            with self.path.open("a", encoding="ascii") as out:
                out.write(line)
