"""The engine on another machine: any OpenAI-compatible server on the premises.

llama.cpp's server, ``python -m llama_cpp.server`` and vLLM speak the same chat interface;
what only some of them offer is asked for, and its absence degrades to what is safe:

- a grammar for the numbers of a line: without it the reply is put into form as it comes
  (`server_lines`), and verification does the rest;
- the log-probabilities of the first word: without them nothing is judged, and whoever asks
  is told so by judgements that do not come;
- token counts of a stream: without them they are estimated.

Requests of several threads run side by side; the server puts them in a row if it must.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

from assistant.errors import ModelServerError
from assistant.language_model.exchange import Event, Server, exchange
from assistant.language_model.reply import (
    CitedReply,
    Judgement,
    Judging,
    Prompt,
    ReplyLimits,
)
from assistant.language_model.server_lines import CitedLines, grammar, inert
from assistant.language_model.server_refusals import (
    cut_short,
    no_token,
    not_a_reply,
    unknown_model,
)
from assistant.language_model.server_replies import (
    finished,
    margin,
    offered,
    shown_name,
    text_of,
    tokens_of,
)
from assistant.records import Tokens
from assistant.settings_sections import LanguageServerSettings
from assistant.wording import Words

_TOLD_S = 60.0  # for so long the server's list of models is believed
_LACKING_S = 600.0  # for so long a server without log-probabilities is not asked for them again
_LISTED = 20  # words of which the log-probability is asked: the most that all servers allow
_CHARS_A_TOKEN = 3.0  # of French, for what the server does not count
_GREETING = {"role": "user", "content": "oui ?"}
_UNKNOWN_FIELD = frozenset({400, 404, 415, 422, 500, 501})  # what an extra may be refused with

Ask = dict[str, Any]


class ServedModel:
    """A language model behind HTTP. Nothing is sent before the first question.

    Args:
        server: Where to ask, and how long to wait; called for each request.
        wanted: Identifier of the model on the server; empty for the first one that it names.
    """

    sha256: None = None

    def __init__(self, server: Callable[[], Server], *, wanted: str = "") -> None:
        self._server = server
        self._wanted = wanted
        self._id = wanted
        self._told_at = -math.inf
        self._lacking_at = -math.inf
        self._plain = False  # the server refused a field that is not OpenAI's

    @property
    def name(self) -> str:
        """As the server names it; as the settings do, or empty, before it was asked."""
        return shown_name(self._id)

    def count_tokens(self, text: str) -> int:
        """Estimated: the tokenizer is the server's."""
        return math.ceil(len(text) / _CHARS_A_TOKEN)

    def models(self) -> Generator[None, None, tuple[str, ...]]:
        """Identifiers of the models that the server offers, in its order; never empty.

        Raises:
            ModelServerError: It does not answer as it should, or lacks the one that is wanted.
        """
        event = yield from self._one("models", None)
        names = offered(event)
        if self._wanted and self._wanted not in names:
            raise unknown_model(self._server().address, self._wanted, list(names))
        if not names:
            raise self._garbage(Words("aucun modèle", "no model"))
        self._id = self._wanted or names[0]
        self._told_at = time.monotonic()
        return names

    def reply(self, prompt: Prompt, limits: ReplyLimits) -> CitedReply:
        """Reply with cited lines; see `LanguageModel.reply`."""
        for _ in self._identified():
            yield ""
        messages = _messages(prompt, "")
        ask: Ask = {
            "model": self._id,
            "messages": messages,
            "stream": True,
            "max_tokens": limits.tokens,
            "temperature": limits.temperature,
            "top_p": 1.0,
            "seed": limits.seed,
        }
        extras: Ask = {
            "grammar": grammar(limits),
            "repeat_penalty": 1.0,  # llama_cpp.server has another default
            "stream_options": {"include_usage": True},
        }
        lines, whole, pieces = CitedLines(limits), False, 0
        counted: Tokens | None = None
        events = self._events(ask, extras)
        try:
            while (event := _next(events, done=whole)) is not _END:
                if event is None:
                    yield ""
                    continue
                piece = text_of(event)
                pieces += bool(piece)
                whole = whole or finished(event)
                counted = tokens_of(event) or counted
                yield lines.feed(piece)
                if lines.full:
                    break
        finally:
            events.close()
        if not whole and not lines.full:
            raise cut_short(self._server().address)
        yield lines.finish()
        return counted or self._estimated(messages, pieces)

    def judge(self, prompt: Prompt, texts: Sequence[str]) -> Judging:
        """Judge texts one by one; see `LanguageModel.judge`.

        Yields no judgement where the server tells no log-probabilities, and stops at the
        first text about which it does not.
        """
        prompted = prefilled = 0
        yield from self._identified()
        for text in texts:
            if time.monotonic() - self._lacking_at < _LACKING_S:
                break
            event = yield from self._first_word(_messages(prompt, text))
            if event is None:
                break
            odds = margin(event)
            if odds is None:
                break
            read = tokens_of(event) or self._estimated(_messages(prompt, text), 0)
            prompted += read.prompt
            prefilled += read.prefilled
            yield Judgement(odds, None)
        return Tokens(prompt=prompted, prefilled=prefilled)

    def _first_word(self, messages: list[Ask]) -> Generator[None, None, Event | None]:
        """The reply of one word with its log-probabilities; ``None`` where they are refused."""
        ask: Ask = {
            "model": self._id,
            "messages": messages,
            "max_tokens": 1,
            "temperature": 0.0,
        }
        try:
            return (
                yield from self._one(
                    "chat/completions", {**ask, "logprobs": True, "top_logprobs": _LISTED}
                )
            )
        except ModelServerError as error:
            if error.status not in _UNKNOWN_FIELD:
                raise
        # it does reply, to a question that costs nothing: only the probabilities are refused
        yield from self._one("chat/completions", {**ask, "messages": [_GREETING]})
        self._lacking_at = time.monotonic()
        return None

    # --- requests ----------------------------------------------------------------

    def _identified(self) -> Generator[None, None, None]:
        """Know the model's identifier as the server gives it now."""
        if time.monotonic() - self._told_at < _TOLD_S:
            return
        try:
            yield from self.models()
        except ModelServerError as error:
            if error.status != 404 or not self._wanted:
                raise
            self._told_at = time.monotonic()  # a server of one model, without a list

    def _events(self, ask: Ask, extras: Ask) -> Generator[Event | None, None, None]:
        """The events of a chat, with the extras unless the server refuses them."""
        if not self._plain:
            try:
                yield from exchange(self._server(), "chat/completions", {**ask, **extras}, _counts)
            except ModelServerError as error:
                if error.status not in _UNKNOWN_FIELD:
                    raise
            else:
                return
        with closing(exchange(self._server(), "chat/completions", ask, _counts)) as events:
            for event in events:
                self._plain = self._plain or event is not None  # only the extras are refused
                yield event

    def _one(self, path: str, body: Ask | None) -> Generator[None, None, Event]:
        """The one event of a reply that is not a stream."""
        found: Event | None = None
        events = exchange(self._server(), path, body, _counts)
        try:
            for event in events:
                if event is None:
                    yield
                else:
                    found = event
        finally:
            events.close()
        if found is None:
            raise self._garbage(Words("une réponse vide", "an empty reply"))
        return found

    def _garbage(self, what: Words) -> ModelServerError:
        return not_a_reply(self._server().address, what)

    def _estimated(self, messages: list[Ask], pieces: int) -> Tokens:
        prompted = sum(self.count_tokens(message["content"]) for message in messages)
        return Tokens(prompt=prompted, prefilled=prompted, generated=pieces)


def served_model(address: str, settings: LanguageServerSettings) -> ServedModel:
    """The model of the settings; the access token is read from the environment at each request."""

    def server() -> Server:
        return Server(
            address=address,
            token=_token(settings.token_variable),
            connect_s=settings.connect_s,
            first_token_s=settings.first_token_s,
            between_tokens_s=settings.between_tokens_s,
            retries=settings.retries,
        )

    return ServedModel(server, wanted=settings.model)


def _token(variable: str) -> str | None:
    """The token that a variable holds; ``None`` where the settings name no variable.

    Raises:
        ModelServerError: It is empty, or could not stand in a header.
    """
    if not variable:
        return None
    token = os.environ.get(variable, "").strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise no_token(variable)
    return token


_END: Event = {}


def _next(events: Iterator[Event | None], *, done: bool) -> Event | None:
    """The next event, ``_END`` after the last; once the reply is whole, an error is the end too."""
    try:
        return next(events, _END)
    except ModelServerError:
        if done:
            return _END
        raise


def _counts(event: Event) -> bool:
    return bool(text_of(event)) or finished(event)


def _messages(prompt: Prompt, text: str) -> list[Ask]:
    fixed = [{"role": message.role, "content": message.text} for message in prompt.fixed]
    return [*fixed, {"role": "user", "content": inert(prompt.user + text)}]
