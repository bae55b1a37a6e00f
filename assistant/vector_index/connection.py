"""Chroma's own HTTP client, with an end to its patience and errors that say what to do.

``chromadb.HttpClient`` waits for ever, already in its constructor, and takes proxies and passwords
from the environment. So its server API is used one level lower, over an HTTP session of ours:
time-outs everywhere, nothing from the environment, the system's certificates.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import httpx

from assistant.errors import CollectionUnusable, VectorServerRefused, VectorServerUnreachable
from assistant.vector_index.graphs import CONFIGURATION
from assistant.wording import Words, safe

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

GONE: Final = Words("elle n’existe pas", "it does not exist")
_CONNECT_S: Final = 5.0
_LISTED: Final = 1000
_SHOWN_CHARS: Final = 200


class Connection:
    """A connection to one Chroma server; usable by several threads.

    Args:
        address: ``http://host:port``.
        patience_s: Longest wait for each answer, in seconds.
    """

    def __init__(self, address: str, *, patience_s: float) -> None:
        self.address = address
        self._patience_s = patience_s

    def version(self) -> str:
        """What the server says its interface's version is.

        Raises:
            VectorServerError: It does not answer, or not as Chroma does.
        """
        with self.asking():
            said = self._api.get_version()
        self.at_once()  # not every server that has a version is a Chroma
        return safe(str(said))[:_SHOWN_CHARS]

    def at_once(self) -> int:
        """How many passages one request may carry.

        Raises:
            VectorServerError: As for `version`.
        """
        with self.asking():
            most = int(self._api.get_max_batch_size())
        if most < 1:
            raise self._not_chroma()
        return most

    def names(self, prefix: str) -> list[str]:
        """The collections whose name begins so.

        Raises:
            VectorServerError: As for `version`.
        """
        found: list[str] = []
        with self.asking():
            while True:
                page = self._api.list_collections(limit=_LISTED, offset=len(found))
                found += [str(collection.name) for collection in page]
                if len(page) < _LISTED:
                    return [name for name in found if name.startswith(prefix)]

    def collection(self, name: str, dimension: int) -> Collection:
        """A collection that holds vectors of this dimension (0: whatever it holds).

        Raises:
            CollectionUnusable: It is not there, or holds other vectors.
            VectorServerError: As for `version`.
        """
        from chromadb.errors import NotFoundError

        with self.asking():
            try:
                model = self._api.get_collection(name)
            except NotFoundError:
                raise CollectionUnusable(self.address, name, GONE) from None
            held = model.dimension
        if dimension and held and held != dimension:
            raise CollectionUnusable(
                self.address,
                name,
                Words(
                    f"ses vecteurs ont {held} dimensions, et non {dimension}",
                    f"its vectors have {held} dimensions, not {dimension}",
                ),
            )
        return self._opened(model)

    def create(self, name: str) -> Collection:
        """A new, empty collection.

        Raises:
            VectorServerError: As for `version`.
        """
        with self.asking():
            return self._opened(self._api.create_collection(name, configuration=CONFIGURATION))

    def drop(self, name: str) -> None:
        """Delete a collection if it is there.

        Raises:
            VectorServerError: As for `version`.
        """
        from chromadb.errors import NotFoundError

        with self.asking():
            try:
                self._api.delete_collection(name)
            except NotFoundError:
                return

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Turn what goes wrong with the server into an error that names it.

        Raises:
            VectorServerUnreachable: No answer, none in time, or the connection broke.
            VectorServerRefused: An answer that is an error, or none of Chroma's.
        """
        from chromadb.errors import ChromaError

        try:
            yield
        except httpx.TimeoutException as error:
            connecting = isinstance(error, httpx.ConnectTimeout)
            wait = f"{_CONNECT_S if connecting else self._patience_s:g} s"
            why = Words(f"pas de réponse en {wait}", f"no answer within {wait}")
            raise VectorServerUnreachable(self.address, why) from error
        except httpx.HTTPError as error:
            said = safe(str(error))[:_SHOWN_CHARS] or type(error).__name__
            raise VectorServerUnreachable(self.address, Words(said, said)) from error
        except ChromaError as error:
            said = safe(str(error))[:_SHOWN_CHARS]
            raise VectorServerRefused(self.address, Words(said, said)) from error
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise self._not_chroma() from error

    def close(self) -> None:
        """Close what is open; the next use opens it again."""
        if "_api" in self.__dict__:
            self._api._session.close()
            del self._api

    @cached_property
    def _api(self) -> Any:
        from chromadb.api import ServerAPI
        from chromadb.config import Settings, System

        settings = Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=self.address,
            chroma_server_http_port=80,  # must be there; the address has the real one
            anonymized_telemetry=False,
        )
        api = System(settings).instance(ServerAPI)
        api._session.close()
        api._session = httpx.Client(
            timeout=httpx.Timeout(self._patience_s, connect=_CONNECT_S),
            headers=api._session.headers,
            trust_env=False,
            # nothing to verify without TLS, and reading the certificates takes a while
            verify=ssl.create_default_context() if self.address.startswith("https:") else False,
            event_hooks={"response": [self._check]},
        )
        return api

    def _check(self, response: httpx.Response) -> None:
        """Let pass what succeeded and Chroma's own errors, which its client raises by kind."""
        from chromadb.errors import error_types

        if response.is_success:
            return
        response.read()
        try:
            said = response.json()
            own = said["error"] in error_types and isinstance(said["message"], str)
        except (ValueError, KeyError, TypeError):
            own = False
        if not own:
            raise self._not_chroma(f"HTTP {response.status_code}")

    def _not_chroma(self, said: str = "") -> VectorServerRefused:
        detail = f" ({said})" if said else ""
        return VectorServerRefused(
            self.address,
            Words(
                f"ce n’est pas la réponse d’un serveur Chroma{detail}",
                f"this is not what a Chroma server answers{detail}",
            ),
        )

    def _opened(self, model: Any) -> Collection:
        """Never with Chroma's own embedding function, which would download a model."""
        from chromadb.api.models.Collection import Collection

        return Collection(client=self._api, model=model, embedding_function=None, data_loader=None)
