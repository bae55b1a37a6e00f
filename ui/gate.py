"""The door of the server: nothing behind it is reached without passing here.

One ASGI layer in front of everything, Gradio's own routes included. It lets through only the
paths that this interface uses, only for somebody who is logged in (or for whoever sits at the
machine, when there are no accounts), only from the page itself, and it binds each Gradio session to
the person who opened it. Gradio reads the files that an event names before any of our functions
runs: only uploads may be named, and only by whoever may upload.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts import LOCAL_USER, Right, User
from assistant.workspace import Workspace

COOKIE = "assistant_session"
LOGIN = "/connexion"

_PUBLIC = frozenset({LOGIN, "/page.css"})
_OWN = re.compile(
    r"/(?:|deconnexion|page\.png|page\.pdf|extraits\.(?:docx|odt|md)|bilan\.(?:html|json)|favicon\.ico)\Z"
)
# Of Gradio's many routes, those that its page asks for here. No file route: exports and page
# images are our own routes, which ask who wants them.
_GRADIO = re.compile(
    r"/(?:fr|en)(?:"
    r"/?|/(?:config|theme\.css|manifest\.json|favicon\.ico|robots\.txt)/?"
    r"|/(?:assets|static)/(?!.*\.\.)[\w./+-]+"
    r"|/gradio_api/(?:queue/(?:join|data)|cancel|reset|heartbeat/\w+|startup-events|app_id"
    r"|upload|upload_progress|theme\.css|info)/?"
    r")\Z"
)
_UPLOAD = re.compile(r"/(?:fr|en)/gradio_api/upload(?:_progress)?/?\Z")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::\d{1,5})?\Z", re.ASCII)
_BODY_BYTES = 1_000_000
_SESSIONS = 10_000
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Gradio's page configures itself by inline script and compiles its templates: both are needed.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # without one, a form of our own has no origin either
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """Wraps the whole application.

    Args:
        app: What stands behind.
        workspace: Has the accounts, and the folder where uploads wait.
        alone: Only this machine reaches the server: while there are no accounts, whoever sits
            at it may do everything. Elsewhere nobody is anybody without an account.
        hosts: Names this server answers to; a request for another name is refused, so that no
            foreign page reaches it through a name of its own (DNS rebinding).
    """

    def __init__(
        self, app: ASGIApp, workspace: Workspace, *, alone: bool, hosts: Iterable[str]
    ) -> None:
        self._app = app
        self._accounts = workspace.accounts
        self._uploads = uploads_of(workspace).resolve()
        self._alone = alone
        self._hosts = frozenset(hosts)
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal, receive = await self._considered(scope, receive)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send))
        else:
            await refusal(scope, receive, _with_headers(send))

    async def _considered(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        """Why a request goes no further, or ``None``; and its body, read or to be read."""
        headers = _headers(scope)
        path, method = str(scope["path"]), str(scope["method"])
        if _host(headers.get("host", "")) not in self._hosts:
            return _refused(421), receive
        if not _same_origin(headers, reading=method in _SAFE):
            return _refused(403), receive
        if path in _PUBLIC:
            return None, receive
        if not (_OWN.match(path) or _GRADIO.match(path)):
            return _refused(404), receive
        user = await run_in_threadpool(self._user, headers)
        if user is None:
            return _login(scope), receive
        scope.setdefault("state", {})["user"] = user
        if _UPLOAD.match(path):
            return (None if user.may(Right.CORPUS) else _refused(403)), receive
        if method in _SAFE:
            return self._checked(_named_in(scope), user), receive
        body = await _body(receive)
        if body is None:
            return _refused(413), receive
        said = _said(body)
        if not all(self._may_name(file, user) for file in _files_of(said)):
            return _refused(403), receive
        return self._checked(_named_by(said), user), _again(body, receive)

    def _user(self, headers: Mapping[str, str]) -> User | None:
        token = session_token(headers.get("cookie", ""))
        found = self._accounts.session(token) if token else None
        if found is None and self._alone and not self._accounts.any():
            return LOCAL_USER
        return found

    def _checked(self, sessions: Iterable[str], user: User) -> Response | None:
        """A Gradio session belongs to whoever used it first."""
        for session in sessions:
            owner = self._owners.setdefault(session, user.user_id)
            self._owners.move_to_end(session)
            if len(self._owners) > _SESSIONS:
                self._owners.popitem(last=False)
            if owner != user.user_id:
                return _refused(403)
        return None

    def _may_name(self, file: str, user: User) -> bool:
        """Whether an event may name a file: Gradio would read any, and fetch any address."""
        if not user.may(Right.CORPUS):
            return False
        try:
            return self._uploads in Path(file).resolve().parents
        except (OSError, RuntimeError, ValueError):  # too long, a loop of links, no name at all
            return False


def uploads_of(workspace: Workspace) -> Path:
    """The folder where Gradio keeps what was uploaded, until it is taken into the corpus."""
    return workspace.settings.index_folder / "uploads"


def session_token(cookies: str) -> str | None:
    """The session's token among a request's cookies."""
    try:
        found = SimpleCookie(cookies[:8192]).get(COOKIE)
    except CookieError:
        return None
    return found.value if found is not None and len(found.value) <= 100 else None


def _headers(scope: Scope) -> dict[str, str]:
    """By name; of a header sent twice the first, which is the one that the others read."""
    sent = reversed(scope["headers"])
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in sent}


def _host(value: str) -> str:
    """A host header without its port, in lower case; ``""`` when it is none."""
    found = _HOST.match(value[:300])
    return found[1].strip("[]").lower() if found else ""


def _same_origin(headers: Mapping[str, str], *, reading: bool) -> bool:
    """Whether our own page asks, or nobody's; a link from elsewhere may open a page of ours.

    A browser says where a request comes from; other programs say nothing and have no cookie.
    Reading is asked too: Gradio lets any page of this machine's other servers read its answers.
    """
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2] == headers.get("host", "")
    if headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none"):
        return True
    return reading and headers.get("sec-fetch-mode") == "navigate"


def _named_in(scope: Scope) -> list[str]:
    """The Gradio sessions that an address names: all, as the last of several would be taken."""
    path = str(scope["path"])
    if "/heartbeat/" in path:
        return [path.rstrip("/").rsplit("/", 1)[1]]
    query = scope["query_string"].decode("latin-1")
    return parse_qs(query, keep_blank_values=True).get("session_hash", [])


def _said(body: bytes) -> Any:
    """What a body says in JSON; ``None`` when it is no JSON, which Gradio refuses by itself."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _named_by(said: Any) -> list[str]:
    named = said.get("session_hash") if isinstance(said, dict) else None
    return [named] if isinstance(named, str) else []


def _files_of(said: Any) -> Iterator[str]:
    """The files that an event names, wherever they stand in its data."""
    left = [said]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            if isinstance(part.get("path"), str):
                yield part["path"]
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or ``None`` when it is larger than any event's."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _BODY_BYTES:
            return None
        if not message.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more, then what the connection says."""
    given = False

    async def once_more() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _login(scope: Scope) -> Response:
    """Send a reader to the login page, a program away."""
    wanted = str(scope["path"])
    reading = any(k == b"accept" and b"text/html" in v for k, v in scope["headers"])
    if scope["method"] == "GET" and reading:
        return RedirectResponse(f"{LOGIN}?vers={quote(wanted)}", status_code=303)
    return _refused(401)


def _refused(status: int) -> Response:
    said: dict[int, Any] = {
        401: "Connexion requise.",
        403: "Refusé.",
        404: "Introuvable.",
        413: "Trop grand.",
        421: "Ce serveur ne répond pas à ce nom.",
    }
    return PlainTextResponse(said[status], status_code=status)
