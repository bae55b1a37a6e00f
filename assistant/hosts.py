"""How hosts are named and compared: one spelling per host, and which ones are this machine."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")


def host_name(value: str) -> str:
    """The one spelling of a host: lower case, no final dot, addresses canonical.

    Raises:
        ValueError: Not a bare host name or IP address (a URL, a port, a wildcard...).
    """
    bare = value.strip().lower().removesuffix(".")
    address = as_address(bare.removeprefix("[").removesuffix("]"))
    if address is not None:
        return str(address)
    if not _NAME.fullmatch(bare):
        raise ValueError(value)
    return bare


def as_address(host: str) -> Address | None:
    """The IP address that a text spells, an IPv4 one out of its IPv6 mapping; None for a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_this_machine(host: str) -> bool:
    """Whether the host is loopback: ``127.0.0.0/8``, ``::1`` or the name ``localhost``."""
    if host == "localhost":
        return True
    address = as_address(host)
    return address is not None and address.is_loopback


def server_address(value: str) -> tuple[str, str]:
    """A server as it is reached, and its host: ``http://[::1]:8000`` and ``::1``.

    Raises:
        ValueError: Not ``http://host:port`` or ``https://host``; a name, a password, a path or
            anything else that goes with a URL is refused.
    """
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not parts.hostname:
        raise ValueError(value)
    if parts.path not in ("", "/") or parts.query or parts.fragment or not value.isprintable():
        raise ValueError(value)
    host = host_name(parts.hostname)
    port = parts.port  # a ValueError of its own beyond 65535
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError(value)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else ""), host


def interface_address(value: str) -> tuple[str, str]:
    """An interface under a server and the server's host; ``/v1`` where no path is given.

    Raises:
        ValueError: Not ``http://host:port/path``, or something else goes with it.
    """
    parts = urlsplit(value)
    path = parts.path.rstrip("/")
    if parts.query or parts.fragment or not value.isprintable() or not _PATH.fullmatch(path):
        raise ValueError(value)
    server, host = server_address(f"{parts.scheme}://{parts.netloc}")
    return f"{server}{path or '/v1'}", host


def cluster_address(value: str) -> tuple[str, str]:
    """The address of a Ray cluster, ``10.0.0.1:6379``, and its host.

    Raises:
        ValueError: Not ``host:port``; ``ray://`` is refused too, its client runs no Ray Data.
    """
    host, colon, port = value.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(value)
    name = host_name(host)
    return f"[{name}]:{int(port)}" if ":" in name else f"{name}:{int(port)}", name
