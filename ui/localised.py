"""The language of Gradio's page, said before its scripts run.

Gradio writes ``lang="en"`` into its page and takes the words of its own parts (« Déposez un fichier
ici ») from the browser's language; here the address decides both. The page is not kept by the
browser: after somebody left, « back » asks again who is there.
"""

from __future__ import annotations

import gradio as gr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Where its own French says « télécharger » (to fetch from elsewhere) for what is given.
PARTS = gr.I18n(
    fr={
        "upload_text.drop_file": "Déposez des fichiers ici",
        "upload_text.click_to_upload": "cliquez pour en choisir",
        "file.uploading": "Envoi…",
    },
    en={
        "upload_text.drop_file": "Drop files here",
        "upload_text.click_to_upload": "click to choose",
    },
)
"""Words of Gradio's parts that are put otherwise here."""

_PAGE_BYTES = 20_000_000
_OURS = (b"content-length", b"cache-control")
_LANGUAGES = {"/fr/": b"fr", "/en/": b"en"}


class Localised:
    """Wraps the application; only the two pages themselves are touched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the page itself; let everything else pass."""
        language = _LANGUAGES.get(str(scope.get("path", "")))
        if scope["type"] != "http" or language is None:
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []
        body = b""

        async def collect(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            body += message.get("body", b"")
            if message.get("more_body") and len(body) < _PAGE_BYTES:
                return
            page = _said(body, language)
            start = begun[0]
            start["headers"] = [
                *((name, v) for name, v in start["headers"] if name.lower() not in _OURS),
                (b"content-length", str(len(page)).encode()),
                (b"cache-control", b"no-store"),
            ]
            await send(start)
            await send({"type": "http.response.body", "body": page, "more_body": False})

        await self._app(scope, receive, collect)


def _said(page: bytes, language: bytes) -> bytes:
    script = (
        b"<script>for (const [name, value] of [['language', '%b'], ['languages', ['%b']]])"
        b"Object.defineProperty(navigator, name, {get: () => value});</script>"
    ) % (language, language)
    page = page.replace(b'lang="en"', b'lang="%b"' % language, 1)
    return page.replace(b"<head>", b"<head>" + script, 1)
