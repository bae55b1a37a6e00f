"""One request to a server on the premises: its events as they come, stoppable at any moment.

The request runs in a thread with an event loop of its own, since whoever listens must be able
to leave between two events, from any thread, and only a cancelled task closes a connection at
once wherever it stands: connecting, waiting for a prompt to be read, between two tokens.

Nothing that a server sends is trusted: lines, bodies and whole replies are bounded, what is not
the JSON of a reply is an error, a redirection is not followed, and nobody waits for ever.
"""

from __future__ import annotations

import asyncio
import json
import queue
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from assistant.errors import EgressRefused, ModelServerError
from assistant.language_model.server_refusals import (
    cut_short,
    not_a_reply,
    refused,
    too_slow,
    unreachable,
)
from assistant.wording import Words

Event = dict[str, Any]
"""One JSON object of a reply: a chunk of a stream, or the whole of it."""

_POLL_S = 0.25
_PAUSE_S = 0.5  # before the second attempt; twice as long before each next one
_CLOSE_S = 2.0  # what leaving waits for the connection to be closed
_LINE_BYTES = 256 * 1024
_BODY_BYTES = 1024 * 1024
_REPLY_BYTES = 16 * 1024 * 1024
_SAID_BYTES = 4096
_BUSY = frozenset({429, 502, 503, 504})  # may pass: busy, starting, behind a proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where, and how long to wait; times in seconds.

    ``first_token_s`` is for all attempts together. ``token`` is never shown nor logged.
    """

    address: str
    token: str | None = field(default=None, repr=False)
    connect_s: float
    first_token_s: float
    between_tokens_s: float
    retries: int


def exchange(
    server: Server, path: str, body: Event | None, counts: Callable[[Event], bool]
) -> Generator[Event | None, None, None]:
    """Send one request; yields its events, and ``None`` now and then while none comes.

    Closing the generator closes the connection before it returns.

    Args:
        server: To whom.
        path: Under its address, without a slash in front.
        body: Sent by POST as JSON; without it the request is a GET.
        counts: Whether an event brings the reply forward; once one did nothing is sent again.

    Raises:
        ModelServerError: It cannot be reached, refuses, is too slow, sends garbage or breaks off.
        EgressRefused: Its host is not allowed.
    """
    carrier = _Carrier(server, path, body, counts)
    try:
        yield from carrier.events()
    finally:
        carrier.stop()


class _Passing(Exception):
    """What another attempt may mend; ``told`` is what is said when none is left."""

    def __init__(self, told: ModelServerError) -> None:
        super().__init__(str(told))
        self.told = told


class _Carrier:
    """Carries one request in a thread of its own."""

    def __init__(
        self, server: Server, path: str, body: Event | None, counts: Callable[[Event], bool]
    ) -> None:
        self._server = server
        self._url = f"{server.address}/{path}"
        self._body = body
        self._counts = counts
        self._heard = False
        self._inbox: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._carry())
        self._thread = threading.Thread(target=self._run, name="language server", daemon=True)
        self._thread.start()

    def events(self) -> Generator[Event | None, None, None]:
        """See `exchange`."""
        while True:
            try:
                event = self._inbox.get(timeout=_POLL_S)
            except queue.Empty:
                yield None
                continue
            if event is None:  # the end, good or bad
                self._task.result()
                return
            yield event

    def stop(self) -> None:
        """Close the connection, whatever it waits for; safe from any thread, and twice."""
        with suppress(RuntimeError):  # the loop is closed: it is over already
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(_CLOSE_S)
        if self._task.done() and not self._task.cancelled():
            self._task.exception()  # seen, so that nothing is logged about it

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(asyncio.wait({self._task}))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()
            self._inbox.put(None)

    async def _carry(self) -> None:
        server = self._server
        try:
            async with asyncio.timeout(server.first_token_s) as deadline:
                await self._attempts(deadline)
        except TimeoutError as error:
            waited_s = server.between_tokens_s if self._heard else server.first_token_s
            raise too_slow(server.address, waited_s, begun=self._heard) from error

    async def _attempts(self, deadline: asyncio.Timeout) -> None:
        for attempt in count():
            try:
                await self._once(deadline)
            except _Passing as passing:
                if self._heard or attempt >= self._server.retries:
                    raise passing.told from passing.__cause__
            else:
                return
            await asyncio.sleep(_PAUSE_S * 2**attempt)

    async def _once(self, deadline: asyncio.Timeout) -> None:
        server = self._server
        secure = server.address.startswith("https:")
        try:
            async with (
                httpx.AsyncClient(
                    # the system's certificates, where an administration puts its own
                    verify=ssl.create_default_context() if secure else False,
                    timeout=httpx.Timeout(None, connect=server.connect_s),
                    trust_env=False,
                ) as client,
                client.stream(
                    "GET" if self._body is None else "POST",
                    self._url,
                    json=self._body,
                    headers=self._headers(),
                ) as response,
            ):
                await self._read(response, deadline)
        except httpx.HTTPError as error:
            if (refusal := _refusal_in(error)) is not None:
                raise refusal from None
            if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                late = isinstance(error, httpx.TimeoutException)
                raise _Passing(unreachable(server.address, str(error), late=late)) from error
            raise _Passing(cut_short(server.address)) from error

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "assistant-documentaire"}
        if self._server.token is not None:
            headers["Authorization"] = f"Bearer {self._server.token}"
        return headers

    async def _read(self, response: httpx.Response, deadline: asyncio.Timeout) -> None:
        if response.status_code != httpx.codes.OK:
            told = refused(self._server.address, response.status_code, await self._said(response))
            if response.status_code in _BUSY:
                raise _Passing(told)
            raise told
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            self._give(await _whole(response, _BODY_BYTES), deadline)
        elif kind == "text/event-stream":
            async for line in self._lines(response):
                data = line.removeprefix(b"data:").strip()
                if data == b"[DONE]":
                    return
                if line.startswith(b"data:") and data:
                    self._give(data, deadline)
        else:
            raise self._garbage(Words(f"du type « {kind[:60]} »", f"of type {kind[:60]!r}"))

    async def _lines(self, response: httpx.Response) -> AsyncIterator[bytes]:
        """The lines of a stream without their ends; neither one nor all together is endless."""
        held, total = b"", 0
        async for piece in response.aiter_raw():
            total += len(piece)
            *lines, held = (held + piece).split(b"\n")
            for line in lines:
                yield line
            if len(held) > _LINE_BYTES or total > _REPLY_BYTES:
                raise self._garbage(Words("un flux démesuré", "a stream beyond measure"))

    def _give(self, data: bytes | None, deadline: asyncio.Timeout) -> None:
        try:
            event = None if data is None else json.loads(data)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            raise self._garbage(Words("un JSON illisible", "JSON that cannot be read"))
        if "error" in event:
            raise refused(self._server.address, None, self._hidden(_message(event)))
        if self._counts(event):
            self._heard = True
            deadline.reschedule(self._loop.time() + self._server.between_tokens_s)
        self._inbox.put(event)

    async def _said(self, response: httpx.Response) -> str:
        """The words of an HTTP error, without the token."""
        raw = await _whole(response, _SAID_BYTES)
        try:
            return self._hidden(_message(json.loads(raw or b"")))
        except (ValueError, RecursionError):
            return ""  # a page for people, or nothing

    def _hidden(self, said: str) -> str:
        token = self._server.token
        return said.replace(token, "…") if token else said

    def _garbage(self, what: Words) -> ModelServerError:
        return not_a_reply(self._server.address, what)


async def _whole(response: httpx.Response, most: int) -> bytes | None:
    """A body of at most so many bytes; ``None`` when it is longer."""
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > most:
            return None
    return bytes(body)


def _message(event: Any) -> str:
    """What the JSON of an error says, in the forms that these servers use."""
    found = event.get("error", event) if isinstance(event, dict) else event
    if isinstance(found, dict):
        found = found.get("message") or found.get("detail") or ""
    return found if isinstance(found, str) else ""


def _refusal_in(error: BaseException) -> EgressRefused | None:
    """The network guard's refusal that a transport error was raised from, if any."""
    if isinstance(error, EgressRefused):
        return error
    inner = [error.__cause__, error.__context__]
    if isinstance(error, BaseExceptionGroup):
        inner += error.exceptions
    found = (_refusal_in(one) for one in inner if one is not None)
    return next((refusal for refusal in found if refusal is not None), None)
