"""One record of the chain: its canonical bytes, its two hashes, its identifier.

A record is one line of JSON: sorted keys, no spaces, UTF-8, text as it came (no
Unicode normalisation). Its fields, which later versions may add to but never
change:

=========  ==================================================================
format     1
seq        1 for the first record of the log, then one more for each
time       UTC, ISO 8601 to the millisecond
type       what happened: ``answer.opened``, ``payload.forgotten``...
id         the identifier that the records of one answer share
data       what may stay for ever: names of models, hashes, figures, verdicts
payload    HMAC-SHA-256 of the payload's bytes, keyed by a random salt that is
           kept with the payload and forgotten with it, so that a forgotten
           question cannot be found again by guessing
prev       SHA-256 of the line before (its bytes without the line end), so that
           ``sha256sum`` alone can check the chain; 64 zeros for the first
hash       SHA-256 of this record's canonical bytes without this field
=========  ==================================================================
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

FORMAT: Final = 1
GENESIS: Final = "0" * 64
OPENED: Final = "answer.opened"
CLOSED: Final = "answer.closed"
FORGOTTEN: Final = "payload.forgotten"
MAX_LINE_BYTES: Final = 65_536  # texts belong in payloads: a record is small
MAX_PAYLOAD_BYTES: Final = 16_000_000

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, in ASCII order
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_FIELDS: Final = {
    "format": int,
    "seq": int,
    "time": str,
    "type": str,
    "id": str,
    "data": dict,
    "payload": str,
    "prev": str,
    "hash": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A well-formed record of the chain; ``digest`` is the SHA-256 of its line."""

    seq: int
    time: str
    type: str
    record_id: str
    data: Mapping[str, Any]
    payload: str
    prev: str
    hash: str
    digest: str


def canonical(value: object) -> bytes:
    """The one spelling of a JSON value.

    Raises:
        TypeError: The value is not JSON.
        ValueError: A number is not finite.
    """
    text = _ENCODER.encode(value)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # Lone surrogates (an undecodable file name) become JSON escapes; a pair of them
        # is one character and must be spelt as such, or it would be read back differently.
        paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return paired.encode("utf-8", "backslashreplace")


def write_line(
    *,
    seq: int,
    time: str,
    type: str,
    record_id: str,
    data: Mapping[str, Any],
    payload: str,
    prev: str,
) -> bytes:
    """The line of a new record, without its line end.

    Raises:
        ValueError: The record exceeds ``MAX_LINE_BYTES``.
    """
    record: dict[str, Any] = {
        "format": FORMAT,
        "seq": seq,
        "time": time,
        "type": type,
        "id": record_id,
        "data": dict(data),
        "payload": payload,
        "prev": prev,
    }
    record["hash"] = sha256(canonical(record))
    line = canonical(record)
    if len(line) >= MAX_LINE_BYTES:
        raise ValueError(f"an audit record of {len(line)} bytes: its texts belong in the payload")
    return line


def read_line(line: bytes) -> Entry | None:
    """The record that a line holds; None when no line of this log could look so."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.keys() != _FIELDS.keys():
        return None
    # type() and not isinstance(): true is not the number 1
    if any(type(record[name]) is not kind for name, kind in _FIELDS.items()):
        return None
    if record["format"] != FORMAT or not _HEX.fullmatch(record["payload"]):
        return None
    try:
        if canonical(record) != line or sha256(_without_hash(line, record)) != record["hash"]:
            return None
    except (ValueError, RecursionError):
        return None
    return Entry(
        seq=record["seq"],
        time=record["time"],
        type=record["type"],
        record_id=record["id"],
        data=record["data"],
        payload=record["payload"],
        prev=record["prev"],
        hash=record["hash"],
        digest=sha256(line),
    )


def _without_hash(line: bytes, record: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a record without its own hash, cut out of its canonical line.

    What follows that field are texts and numbers, in which its raw bytes cannot stand.
    """
    own = b'"hash":' + canonical(record["hash"]) + b","
    before, _, after = line.rpartition(own)
    return before + after


def ordered(entry: Entry) -> set[int]:
    """The records whose payloads this one orders forgotten."""
    named = entry.data.get("payloads") if entry.type == FORGOTTEN else None
    if not isinstance(named, list):
        return set()
    # 2**63: what SQLite can compare; a forged list may hold anything
    return {n for n in named if type(n) is int and 0 < n < 2**63}


def payload_digest(salt: bytes, body: bytes) -> str:
    """What the chain says of a payload: 64 hexadecimal digits."""
    return hmac.new(salt, body, hashlib.sha256).hexdigest()


def sha256(raw: bytes) -> str:
    """SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def new_record_id(now: datetime) -> str:
    """A name that sorts by time and that nobody guesses: 9 characters of time, 8 of chance."""
    clock = int(now.timestamp() * 1000)
    time_part = "".join(_ALPHABET[clock >> shift & 31] for shift in range(40, -1, -5))
    return time_part + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def timestamp(now: datetime) -> str:
    """UTC, ISO 8601, milliseconds: ``2026-02-03T10:11:12.345Z``; sorts as text."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
