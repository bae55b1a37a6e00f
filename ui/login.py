"""Logging in and out: a plain page, a cookie that no script reads, sessions that expire."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import AssistantError
from assistant.wording import speak
from assistant.workspace import Workspace
from ui import render
from ui.gate import COOKIE, LOGIN, session_token

_FORM_BYTES = 10_000


class Login:
    """The routes ``/connexion`` and ``/deconnexion``."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def page(self, request: Request) -> Response:
        """The form."""
        speak(self._workspace.settings.language)
        return HTMLResponse(render.login_page(goes_to=_target(request.query_params.get("vers"))))

    async def enter(self, request: Request) -> Response:
        """Check name and password; a cookie and a way back, or the form with what is wrong."""
        speak(self._workspace.settings.language)
        form = await _form(request)
        target = _target(form.get("vers"))
        name = form.get("nom", "")
        origin = request.client.host if request.client else "?"
        try:
            token = await run_in_threadpool(
                self._log_in, name, form.get("mot_de_passe", ""), origin
            )
        except AssistantError as error:
            page = render.login_page(goes_to=target, name=name, error=error)
            return HTMLResponse(page, status_code=403)
        answer = RedirectResponse(target, status_code=303)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=self._workspace.settings.access.session_minutes * 60,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
            path="/",
        )
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session on the server, then in the browser."""
        token = session_token(request.headers.get("cookie", ""))
        if token:
            await run_in_threadpool(self._workspace.accounts.log_out, token)
        answer = RedirectResponse(LOGIN, status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    def _log_in(self, name: str, password: str, origin: str) -> str:
        access = self._workspace.settings.access
        return self._workspace.accounts.log_in(name, password, origin, lasts=access)


def _target(wanted: str | None) -> str:
    """Where to go after the login: one of our pages, never another site."""
    return "/en/" if wanted is not None and wanted.startswith("/en") else "/fr/"


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _FORM_BYTES:
            return {}
    try:
        said = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in said.items()}
