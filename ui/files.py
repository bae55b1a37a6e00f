"""Our own routes for what is not a page: images of pages, exports. Each asks who wants it.

Nothing here is looked up by a path or by a guessable name of somebody else's: an export is always
of the basket of whoever asks, a page is of a document that this person may read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from assistant.accounts import Right
from assistant.errors import AssistantError
from assistant.excerpts import Exported, annotated_page, export
from assistant.reporting import html, report, report_json
from assistant.sources import page_png
from assistant.wording import Words, speak
from assistant.workspace import Workspace
from ui.filters import date_of
from ui.site import Person, person_of

_TITLE_CHARS = 200
_CACHED = "private, max-age=300"  # minutes: not for whoever sits down next
_Made = TypeVar("_Made")


class Files:
    """``/page.png``, ``/page.pdf``, ``/extraits.{docx,odt,md}`` and ``/bilan.{html,json}``."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def page_image(self, request: Request) -> Response:
        """The image of one page of a document."""
        document, page = request.query_params.get("document", ""), _number(request, "page")
        width = _number(request, "width") or 1100

        def make(person: Person) -> bytes:
            return page_png(self._workspace, document, page, width_px=width, hidden=person.hidden)

        made = await self._made(request, Right.ASK, make)
        if isinstance(made, Response):
            return made
        kind = "image/jpeg" if made.startswith(b"\xff\xd8") else "image/png"
        return Response(made, media_type=kind, headers={"cache-control": _CACHED})

    async def annotated_page(self, request: Request) -> Response:
        """The cited page as a PDF, with the quotation highlighted."""
        document = request.query_params.get("document", "")
        start, end = _number(request, "start"), _number(request, "end")

        def make(person: Person) -> Exported:
            return annotated_page(self._workspace, document, start, end, hidden=person.hidden)

        return _attached(await self._made(request, Right.COLLECT, make))

    async def basket(self, request: Request) -> Response:
        """The basket of whoever asks, as a document."""
        wanted = request.path_params["format"]
        title = request.query_params.get("titre", "")[:_TITLE_CHARS]

        def make(person: Person) -> Exported:
            return export(
                self._workspace,
                self._workspace.desk.basket(person.user.user_id),
                format=wanted,
                title=title.strip() or str(Words("Extraits sourcés", "Sourced excerpts")),
                today=date.today(),
                hidden=person.hidden,
            )

        return _attached(await self._made(request, Right.COLLECT, make))

    async def report(self, request: Request) -> Response:
        """The report on a period, as a page or as JSON."""
        said = request.query_params

        def make(person: Person) -> Response:
            since, until = (date_of(said.get(name, "")[:10]) for name in ("depuis", "jusque"))
            found = report(self._workspace, since, until, person.hidden)
            if request.path_params["format"] == "json":
                return JSONResponse(report_json(found))
            return HTMLResponse(html(found))

        return await self._made(request, Right.AUDIT, make)

    async def _made(
        self, request: Request, right: Right, make: Callable[[Person], _Made]
    ) -> _Made | Response:
        """What was asked for, or why this person does not get it."""
        person = person_of(request.state.user, self._workspace.settings.access)
        if not person.may(right):
            return PlainTextResponse("Refusé.", status_code=403)

        def spoken() -> _Made:
            speak("en" if request.query_params.get("langue") == "en" else "fr")
            return make(person)

        try:
            return await run_in_threadpool(spoken)
        except AssistantError as error:
            return PlainTextResponse(f"{error.message}\n{error.remedy}", status_code=404)


def _number(request: Request, name: str) -> int:
    said = request.query_params.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _attached(made: Exported | Response) -> Response:
    """A file that the browser saves rather than shows."""
    if isinstance(made, Response):
        return made
    headers = {
        "content-disposition": f'attachment; filename="{made.name}"',
        "cache-control": "no-store",
    }
    return Response(made.content, media_type=made.media_type, headers=headers)
