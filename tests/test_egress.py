"""The guard cannot be removed once it stands, so every probe runs in a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]

# 192.0.2.0/24, 2001:db8::/32 and .example are reserved for documentation: they belong to nobody.
PROBES = r"""
import asyncio, http.client, json, socket, sys, threading, urllib.request, xmlrpc.client
from pathlib import Path
from assistant import egress

egress.install((), Path(sys.argv[1]))
outcome = {}

def probe(name, action):
    try:
        action()
    except BaseException as error:
        outcome[name] = type(error).__name__
        reason = getattr(error, "reason", None)
        if isinstance(reason, BaseException):
            outcome[name] += "/" + type(reason).__name__
    else:
        outcome[name] = "passed"

def tcp(address, family=socket.AF_INET, how="connect"):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(0.3)
        getattr(s, how)(address)

def udp(address, family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.sendto(b"secret payload", address)

def udp_message(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendmsg([b"secret payload"], [], 0, address)

async def streams(host):
    await asyncio.open_connection(host, 80)

async def datagram():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=("192.0.2.1", 53))

async def raw_loop():
    with socket.socket() as s:
        s.setblocking(False)
        await asyncio.get_running_loop().sock_connect(s, ("192.0.2.1", 80))

probe("tcp", lambda: tcp(("192.0.2.1", 80)))
probe("tcp by name", lambda: tcp(("parti.example", 80)))
probe("connect_ex by name", lambda: tcp(("parti.example", 80), how="connect_ex"))
probe("udp by name", lambda: udp(("parti.example", 53)))
probe("sendmsg by name", lambda: udp_message(("parti.example", 53)))
probe("bind by name", lambda: tcp(("parti.example", 80), how="bind"))
probe("connect_ex", lambda: tcp(("192.0.2.1", 80), how="connect_ex"))
probe("ipv6", lambda: tcp(("2001:db8::1", 80), socket.AF_INET6))
probe("ipv4 in ipv6", lambda: tcp(("::ffff:192.0.2.1", 80), socket.AF_INET6))
probe("decimal address", lambda: tcp(("3221225985", 80)))
probe("udp", lambda: udp(("192.0.2.1", 53)))
probe("udp ipv6", lambda: udp(("2001:db8::1", 53), socket.AF_INET6))
probe("sendmsg", lambda: udp_message(("192.0.2.1", 53)))
probe("broadcast", lambda: udp(("<broadcast>", 53)))
probe("create_connection", lambda: socket.create_connection(("192.0.2.1", 80), 0.3))
probe("getaddrinfo", lambda: socket.getaddrinfo("parti.example", 443))
probe("getaddrinfo of bytes", lambda: socket.getaddrinfo(b"parti.example", 443))
probe("gethostbyname", lambda: socket.gethostbyname("parti.example"))
probe("gethostbyname_ex", lambda: socket.gethostbyname_ex("parti.example"))
probe("gethostbyaddr", lambda: socket.gethostbyaddr("192.0.2.1"))
probe("getnameinfo", lambda: socket.getnameinfo(("192.0.2.1", 80), 0))
probe("asyncio by name", lambda: asyncio.run(streams("parti.example")))
probe("asyncio by address", lambda: asyncio.run(streams("192.0.2.1")))
probe("asyncio datagram", lambda: asyncio.run(datagram()))
probe("asyncio sock_connect", lambda: asyncio.run(raw_loop()))
probe("urllib", lambda: urllib.request.urlopen("http://parti.example/", timeout=0.3))
probe("http.client", lambda: http.client.HTTPConnection("192.0.2.1", timeout=0.3).connect())
probe("localhost in a name", lambda: socket.getaddrinfo("localhost.parti.example", 80))
probe("uvloop", lambda: __import__("uvloop"))

def in_thread():
    kept = []
    def go():
        try:
            tcp(("192.0.2.1", 80))
        except OSError as error:
            kept.append(error)
    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    raise kept[0]

probe("thread", in_thread)

server = socket.create_server(("127.0.0.1", 0))
port = server.getsockname()[1]
probe("loopback", lambda: tcp(("127.0.0.1", port)))
probe("localhost", lambda: socket.create_connection(("localhost", port), 1).close())
probe("127.8.9.1", lambda: udp(("127.8.9.1", 9)))
probe("listen everywhere", lambda: socket.create_server(("0.0.0.0", 0)).close())

async def serve():
    listening = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    address = listening.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(*address)
    await reader.read()
    writer.close()
    listening.close()

probe("asyncio server", lambda: asyncio.run(asyncio.wait_for(serve(), 5)))
left, right = socket.socketpair()
probe("socket pair", lambda: left.sendall(b"x"))
print(json.dumps(outcome))
"""

REFUSED = (
    "tcp",
    "tcp by name",
    "connect_ex by name",
    "udp by name",
    "sendmsg by name",
    "bind by name",
    "connect_ex",
    "ipv6",
    "ipv4 in ipv6",
    "decimal address",
    "udp",
    "udp ipv6",
    "sendmsg",
    "broadcast",
    "create_connection",
    "getaddrinfo",
    "getaddrinfo of bytes",
    "gethostbyname",
    "gethostbyname_ex",
    "gethostbyaddr",
    "getnameinfo",
    "asyncio by name",
    "asyncio by address",
    "asyncio datagram",
    "asyncio sock_connect",
    "http.client",
    "localhost in a name",
    "thread",
)
ALLOWED = (
    "loopback",
    "localhost",
    "127.8.9.1",
    "listen everywhere",
    "asyncio server",
    "socket pair",
)


def child(code: str, *args: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("egress") / "index" / "egress.log"


@pytest.fixture(scope="module")
def outcome(log_file: Path) -> dict[str, str]:
    return dict(json.loads(child(PROBES, str(log_file))))


@pytest.fixture(scope="module")
def refusals(outcome: dict[str, str], log_file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log_file.read_text().splitlines()]


@pytest.mark.parametrize("way", REFUSED)
def test_no_way_out_of_this_machine_is_open(outcome: dict[str, str], way: str) -> None:
    assert outcome[way] == "EgressRefused"


def test_urllib_reports_the_refusal_as_its_reason(outcome: dict[str, str]) -> None:
    assert outcome["urllib"] == "URLError/EgressRefused"


@pytest.mark.parametrize("way", ALLOWED)
def test_this_machine_can_speak_to_itself(outcome: dict[str, str], way: str) -> None:
    assert outcome[way] == "passed"


def test_an_event_loop_that_the_guard_cannot_see_is_not_importable(
    outcome: dict[str, str],
) -> None:
    assert outcome["uvloop"] == "ModuleNotFoundError"


def test_each_refusal_is_logged_with_host_port_time_and_calling_code(
    refusals: list[dict[str, Any]],
) -> None:
    assert len(refusals) >= len(REFUSED)
    first = refusals[0]
    assert (first["host"], first["port"], first["event"]) == ("192.0.2.1", 80, "socket.connect")
    assert first["time"].endswith("+00:00")
    assert first["stack"][0].endswith(" tcp")
    by_name = [entry for entry in refusals if entry["host"] == "parti.example"]
    assert {entry["event"] for entry in by_name} >= {"socket.getaddrinfo", "socket.gethostbyname"}


def test_what_would_have_been_sent_is_never_logged(
    refusals: list[dict[str, Any]], log_file: Path
) -> None:
    assert any(entry["event"] == "socket.sendto" for entry in refusals)
    assert "secret payload" not in log_file.read_text()


def test_an_allowed_address_is_let_through() -> None:
    code = """
import socket
from assistant import egress
from assistant.errors import EgressRefused
egress.install(["192.0.2.7"])
for host in ("192.0.2.7", "192.0.2.8"):
    with socket.socket() as s:
        s.settimeout(0.1)
        try:
            s.connect((host, 80))
        except EgressRefused:
            print("refused")
        except OSError:
            print("tried")
"""
    assert child(code).split() == ["tried", "refused"]


def test_an_allowed_name_may_be_resolved_and_its_addresses_reached_but_no_other() -> None:
    code = """
import socket, sys
from assistant import egress
from assistant.errors import EgressRefused

def resolver(host, port, *rest, **more):  # stands for the site's name server
    sys.audit("socket.getaddrinfo", host, port, 0, 0, 0)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", port or 0))]

socket.getaddrinfo = resolver
egress.install(["Modele.Region.example."])

def attempt(action):
    try:
        action()
    except EgressRefused:
        return "refused"
    except OSError:
        return "tried"
    return "passed"

def connect(host):
    with socket.socket() as s:
        s.settimeout(0.1)
        s.connect((host, 80))

print(attempt(lambda: connect("192.0.2.8")))
print(attempt(lambda: socket.getaddrinfo("modele.region.example", 80)))
print(attempt(lambda: socket.getaddrinfo("autre.region.example", 80)))
print(attempt(lambda: connect("192.0.2.7")))
print(attempt(lambda: connect("192.0.2.8")))
"""
    assert child(code).split() == ["refused", "passed", "refused", "tried", "refused"]


def test_the_log_is_bounded(tmp_path: Path) -> None:
    code = """
import socket, sys
from pathlib import Path
from assistant import egress
egress._LOG_BYTES = 5_000
egress.install((), Path(sys.argv[1]))
for n in range(100):
    try:
        socket.getaddrinfo("x" * 60 + ".example", n)
    except OSError:
        pass
"""
    log = tmp_path / "egress.log"
    child(code, str(log))
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["egress.log", "egress.log.1"]
    assert all(file.stat().st_size <= 5_000 for file in files)
    last = json.loads(log.read_text().splitlines()[-1])
    assert last["port"] == 99


def test_a_log_that_cannot_be_written_still_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code = """
import socket, sys
from pathlib import Path
from assistant import egress
egress.install((), Path(sys.argv[1]))
try:
    socket.getaddrinfo("parti.example", 80)
except OSError as error:
    print(type(error).__name__)
"""
    assert child(code, str(tmp_path / "file" / "egress.log")).strip() == "EgressRefused"


def test_a_callable_gets_each_refusal_and_a_second_install_replaces_the_first() -> None:
    code = """
import socket
from assistant import egress
print(egress.installed())
egress.install()
seen = []
egress.install(["192.0.2.7"], seen.append)
try:
    socket.getaddrinfo("parti.example\\x1b[31m\\n", 80)
except OSError:
    pass
print(egress.installed(), len(seen), seen[0].host.startswith("parti.example"), seen[0].port)
"""
    assert child(code).split() == ["False", "True", "1", "True", "80"]


def test_the_guard_refuses_to_stand_after_a_library_it_cannot_see() -> None:
    code = """
import sys, types
from assistant import egress
sys.modules["uvloop"] = types.ModuleType("uvloop")
try:
    egress.install()
except RuntimeError as error:
    print("uvloop" in str(error), egress.installed())
"""
    assert child(code).split() == ["True", "False"]


def test_libraries_are_told_to_stay_offline_and_proxies_are_kept_for_the_installer_only() -> None:
    code = """
import os
from assistant import egress
egress.offline_environment()
names = "HF_HUB_OFFLINE TRANSFORMERS_OFFLINE GRADIO_ANALYTICS_ENABLED ANONYMIZED_TELEMETRY"
print(*[os.environ[name] for name in names.split()])
print("https_proxy" in os.environ, "HTTP_PROXY" in os.environ)
outside = egress.outside_environment()
print(outside["https_proxy"], outside["HTTP_PROXY"])
"""
    lines = child(
        code,
        https_proxy="http://127.0.0.1:3128",
        HTTP_PROXY="http://127.0.0.1:3129",
        HF_HUB_OFFLINE="0",
    ).splitlines()
    assert lines == [
        "1 1 False False",
        "False False",
        "http://127.0.0.1:3128 http://127.0.0.1:3129",
    ]


def test_the_guard_is_importable_before_anything_heavy() -> None:
    code = """
import sys
from assistant import egress
egress.offline_environment()
egress.install()
names = {name.split(".")[0] for name in sys.modules}
print(*sorted(names & {"pydantic", "gradio", "chromadb", "torch", "transformers", "numpy"}))
"""
    assert child(code).strip() == ""
