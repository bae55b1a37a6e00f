"""Between Gradio's events and the tabs: who asks, in which language, what becomes of an error.

Every function that a browser can reach goes through here: its right is checked on the server at
each call, whatever the page shows. Errors become a message with their remedy.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
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


def handler(site: Site, right: Right, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function for a Gradio event: it is given the person, then the inputs.

    Args:
        site: Language and workspace.
        right: What the person's role must have.
        function: ``(person, *inputs)``; a generator function stays one, and is closed when the
            event is cancelled.
    """
    if inspect.isgeneratorfunction(function):

        def going_on(request: gr.Request, *inputs: Any) -> Iterator[Any]:
            yield from _spoken(site, function(_admitted(site, request, right), *inputs))

        return going_on

    def once(request: gr.Request, *inputs: Any) -> Any:
        with _told(site):
            return function(_admitted(site, request, right), *inputs)

    return once


def reaction(site: Site, right: Right, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for what is pressed in rendered HTML: ``(person, action, *inputs)``."""
    if inspect.isgeneratorfunction(function):

        def going_on(request: gr.Request, event: gr.EventData, *inputs: Any) -> Iterator[Any]:
            person = _admitted(site, request, right)
            yield from _spoken(site, function(person, _action(event), *inputs))

        return going_on

    def once(request: gr.Request, event: gr.EventData, *inputs: Any) -> Any:
        with _told(site):
            return function(_admitted(site, request, right), _action(event), *inputs)

    return once


def _admitted(site: Site, request: gr.Request, right: Right) -> Person:
    speak(site.language)
    asked = request.request
    assert asked is not None, "an event that did not come through the gate"
    person = person_of(asked.state.user, site.workspace.settings.access)
    if not person.may(right):
        raise _shown(Words("Votre rôle ne permet pas cela.", "Your role does not allow this."))
    return person


def _spoken(site: Site, work: Generator[Any, None, None]) -> Iterator[Any]:
    """Run a generator whose every step may fall on another thread, so in another context."""
    try:
        while True:
            with _told(site):
                try:
                    step = next(work)
                except StopIteration:
                    return
            yield step
    finally:
        work.close()


@contextmanager
def _told(site: Site) -> Iterator[None]:
    speak(site.language)
    try:
        yield
    except AssistantError as error:
        raise _shown(error.message, error.remedy) from error
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
