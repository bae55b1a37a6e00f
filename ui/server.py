"""The server: our own routes, the interface in two languages, the gate in front of them all."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from assistant import energy
from assistant.errors import AssistantError
from assistant.hosts import is_this_machine
from assistant.wording import Words, speak
from assistant.workspace import Workspace
from ui import app
from ui.background import Background
from ui.files import Files
from ui.gate import LOGIN, Gate, uploads_of
from ui.localised import PARTS, Localised
from ui.login import Login
from ui.site import Site
from ui.theme import HEAD, STYLE, theme

_STOP_S = 3  # for connections that stay open: a stream of events never ends by itself


class ExposedWithoutAccounts(AssistantError):
    """Other machines could reach an interface that knows nobody."""

    def __init__(self, host: str) -> None:
        super().__init__(
            Words(
                f"Aucun compte n’existe : l’interface n’écoute pas sur « {host} ».",
                f"There are no accounts: the interface does not listen on {host!r}.",
            ),
            remedy=Words(
                "Créez un compte (« assistant users add NOM --role admin »), ou gardez 127.0.0.1.",
                "Make an account (`assistant users add NAME --role admin`), or keep 127.0.0.1.",
            ),
        )


class NotListening(AssistantError):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            Words(
                f"Impossible d’écouter sur {host}:{port} ({why}).",
                f"Cannot listen on {host}:{port} ({why}).",
            ),
            remedy=Words(
                "Choisissez un autre port avec --port, ou arrêtez ce qui l’occupe.",
                "Choose another port with --port, or stop what holds it.",
            ),
        )


def application(workspace: Workspace, host: str) -> ASGIApp:
    """Everything that is served, behind the gate.

    Args:
        workspace: Where answers come from.
        host: What the server listens on; its name is one it answers to.
    """
    # uploads wait beside the corpus, for their owner only, and leave within the hour
    os.environ["GRADIO_TEMP_DIR"] = str(_uploads(workspace))
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    login, files = Login(workspace), Files(workspace)
    first = "/en/" if workspace.settings.language == "en" else "/fr/"
    api.add_route("/", lambda _: RedirectResponse(first, status_code=303))
    api.add_route("/page.css", lambda _: FileResponse(STYLE, media_type="text/css"))
    api.add_route("/favicon.ico", lambda _: Response(status_code=204))
    api.add_route(LOGIN, login.page)
    api.add_route(LOGIN, login.enter, methods=["POST"])
    api.add_route("/deconnexion", login.leave, methods=["POST"])
    api.add_route("/page.png", files.page_image)
    api.add_route("/page.pdf", files.annotated_page)
    api.add_route("/extraits.{format}", files.basket)
    api.add_route("/bilan.{format}", files.report)
    limit = f"{workspace.settings.limits.max_file_mb}mb"
    names = _names(host) | set(workspace.settings.access.host_names)
    background = Background()
    for language in ("fr", "en"):
        speak(language)
        blocks = app.build(Site(workspace, language, background))
        gr.mount_gradio_app(
            api,
            blocks,
            path=f"/{language}",
            ssr_mode=False,
            show_error=True,
            footer_links=[],
            run_history=False,
            max_file_size=limit,
            theme=theme(),
            css_paths=[STYLE],
            head=HEAD,
            i18n=PARTS,
        )
    speak(workspace.settings.language)
    return Gate(Localised(api), workspace, alone=_alone(workspace, host), hosts=names)


def serve(
    workspace: Workspace, *, host: str, port: int, ready: Callable[[str], None] = lambda _: None
) -> None:
    """Serve until interrupted.

    Args:
        workspace: Where answers come from.
        host: Address to listen on.
        port: TCP port; 0 takes a free one.
        ready: Told the address once it is served.

    Raises:
        ExposedWithoutAccounts: Others could reach it, and there are no accounts.
        NotListening: The address is taken or is not this machine's.
    """
    if not _alone(workspace, host) and not workspace.accounts.any():
        raise ExposedWithoutAccounts(host)
    workspace.underway.settle()
    access = workspace.settings.access
    listening = _listen(host, port)
    server = uvicorn.Server(
        uvicorn.Config(
            application(workspace, host),
            loop="asyncio",  # the network guard sees its sockets
            log_level="warning",
            access_log=False,
            server_header=False,
            # an address that a client gives itself is not believed
            proxy_headers=bool(access.trusted_proxy),
            forwarded_allow_ips=access.trusted_proxy or None,
            timeout_graceful_shutdown=_STOP_S,
        )
    )
    shown = f"[{host}]" if ":" in host else host
    ready(f"http://{shown}:{listening.getsockname()[1]}")
    threading.Thread(target=_warm, args=(workspace,), daemon=True).start()
    server.run(sockets=[listening])


def _uploads(workspace: Workspace) -> Path:
    folder = uploads_of(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address[:2], family=family)
    except (OSError, OverflowError) as error:
        raise NotListening(host, port, str(error)) from error
    return listening


def _warm(workspace: Workspace) -> None:
    """Have the models ready before the first question; what fails is told when it is asked."""
    energy.prepare()
    with suppress(AssistantError):
        workspace.embedder.embed_query("bonjour")
        workspace.load_language_model_meanwhile()


def _alone(workspace: Workspace, host: str) -> bool:
    """Whether only this machine reaches the server; behind a proxy, others do."""
    access = workspace.settings.access
    return is_this_machine(host) and not (access.host_names or access.trusted_proxy)


def _names(host: str) -> set[str]:
    """The names that a browser may use for this server."""
    names = {"127.0.0.1", "localhost", "::1", host}
    try:
        anywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        anywhere = False
    if anywhere:  # every address and name of this machine
        own = socket.gethostname()
        names |= {own, own.split(".")[0], *_addresses()}
    return {name.lower() for name in names}


def _addresses() -> set[str]:
    """This machine's own addresses, without asking any name server."""
    import psutil

    return {
        address.address.split("%")[0]
        for found in psutil.net_if_addrs().values()
        for address in found
        if address.family in (socket.AF_INET, socket.AF_INET6)
    }
