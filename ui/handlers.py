"""Between Gradio's events and the tabs: who asks, in which language, what becomes of an error.

Every function that a browser can reach goes through here: its right is checked on the server at
each call, whatever the page shows. Errors become a message with their remedy.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.accounts import Right
from assistant.errors import AssistantError
from assistant.wording import Words, safe, speak
from ui import render
from ui.site import Person, Site, person_of

_NAME_CHARS = 40
_ITEM_CHARS = 200
_VALUE_CHARS = 5000


@dataclass(frozen=True, slots=True)
class Action:
    """What was pressed in a rendered part of the page; bounded, and never to be trusted."""

    name: str
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class Told:
    """Where an event shows an error: which of its outputs, from 0, and how many there are."""

    place: int
    outputs: int


def handler(
    site: Site, right: Right, function: Callable[..., Any], told: Told | None = None
) -> Callable[..., Any]:
    """A function for a Gradio event: it is given the person, then the inputs.

    Args:
        site: Language and workspace.
        right: What the person's role must have.
        function: ``(person, *inputs)``; a generator function stays one, and is closed when the
            event is cancelled.
        told: Where an error is shown; without it, in a message over the page.
    """
    if inspect.isgeneratorfunction(function):

        def going_on(request: gr.Request, *inputs: Any) -> Iterator[Any]:
            yield from _spoken(site, function(_admitted(site, request, right), *inputs), told)

        return going_on

    def once(request: gr.Request, *inputs: Any) -> Any:
        person = _admitted(site, request, right)
        return _done(lambda: function(person, *inputs), told)

    return once


def reaction(
    site: Site, right: Right, function: Callable[..., Any], told: Told | None = None
) -> Callable[..., Any]:
    """The same for what is pressed in rendered HTML: ``(person, action, *inputs)``."""
    if inspect.isgeneratorfunction(function):

        def going_on(request: gr.Request, event: gr.EventData, *inputs: Any) -> Iterator[Any]:
            person = _admitted(site, request, right)
            yield from _spoken(site, function(person, _action(event), *inputs), told)

        return going_on

    def once(request: gr.Request, event: gr.EventData, *inputs: Any) -> Any:
        person = _admitted(site, request, right)
        return _done(lambda: function(person, _action(event), *inputs), told)

    return once


def _admitted(site: Site, request: gr.Request, right: Right) -> Person:
    speak(site.language)
    asked = request.request
    assert asked is not None, "an event that did not come through the gate"
    person = person_of(asked.state.user, site.workspace.settings.access)
    if not person.may(right):
        raise _shown(Words("Votre rôle ne permet pas cela.", "Your role does not allow this."))
    return person


def _spoken(site: Site, work: Generator[Any, None, None], told: Told | None) -> Iterator[Any]:
    """Run a generator whose every step may fall on another thread, so in another context."""
    over = object()
    failed = False

    def step() -> Any:
        return next(work, over)

    def fail(error: AssistantError) -> Any:
        nonlocal failed
        failed = True
        return _where(told, error)

    try:
        while not failed:
            speak(site.language)
            found = _done(step, told, fail)
            if found is over:
                return
            yield found
    finally:
        work.close()


def _done(
    work: Callable[[], Any],
    told: Told | None,
    fail: Callable[[AssistantError], Any] | None = None,
) -> Any:
    """What the work gives, or its error where the reader looks."""
    try:
        return work()
    except AssistantError as error:
        return _where(told, error) if fail is None else fail(error)
    except gr.Error:
        raise
    except Exception as error:  # the edge: logged whole, then told without its inside
        logging.getLogger("ui").exception("an event of the interface failed")
        raise _shown(
            Words("Erreur inattendue, notée au journal.", "Unexpected error, logged."),
            Words(
                "Réessayez ; si elle revient, signalez-la à l’administrateur.",
                "Try again; if it comes back, tell the administrator.",
            ),
        ) from error


def _where(told: Told | None, error: AssistantError) -> Any:
    """An error as the outputs of an event: a banner at its place, the others as they were."""
    if told is None:
        raise _shown(error.message, error.remedy) from error
    banner = render.error_banner(error)
    outputs = [gr.skip() for _ in range(told.outputs)]
    outputs[told.place] = banner
    return banner if told.outputs == 1 else tuple(outputs)


def _shown(message: Words, remedy: Words | None = None) -> gr.Error:
    """Gradio renders a message as markup: it is escaped here."""
    said = render.text(message) + (f"<br>{render.text(remedy)}" if remedy else "")
    title = str(Words("Impossible", "Not possible"))
    return gr.Error(said, title=title, duration=None, print_exception=False)


def _action(event: gr.EventData) -> Action:
    said = event._data if isinstance(event._data, dict) else {}

    def bounded(name: str, most: int) -> str:
        return safe(str(said.get(name) or ""))[:most]

    return Action(
        name=bounded("act", _NAME_CHARS),
        item=bounded("item", _ITEM_CHARS),
        value=bounded("value", _VALUE_CHARS),
    )
