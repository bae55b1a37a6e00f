"""How hosts are named and compared: one spelling per host, and which ones are this machine."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")


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
