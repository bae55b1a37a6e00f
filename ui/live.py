"""Rendered HTML whose buttons the server hears.

A `gr.HTML` draws what `ui.render` made; a press on an element with ``data-act`` reaches Python as
one event with the action's name and what it acts on. One script for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import gradio as gr

# Delegation on the component's element: what it holds is drawn anew at each change.
_LISTEN = """
element.addEventListener('click', (press) => {
  const pressed = press.target.closest('[data-act]');
  if (!pressed || !element.contains(pressed) || pressed.tagName === 'TEXTAREA') return;
  const beside = pressed.dataset.with;
  const field = beside && element.querySelector(`[data-field="${beside}"]`);
  const value = field ? field.value : '';
  trigger('select', {act: pressed.dataset.act, item: pressed.dataset.item || '', value});
});
element.addEventListener('change', (change) => {
  const field = change.target.closest('[data-act]');
  if (!field || !('value' in field) || field.tagName === 'BUTTON') return;
  trigger('select', {act: field.dataset.act, item: field.dataset.item || '', value: field.value});
});
"""

_drawings = count(1)


def live(name: str, value: str = "", *, label: str = "", polite: bool = False) -> gr.HTML:
    """An area of the page that is drawn by `ui.render` and listened to.

    Args:
        name: Its id in the page.
        value: What it shows at first.
        label: How a screen reader names the area; none makes it no landmark.
        polite: Whether a screen reader tells of its changes.
    """
    classes = ["live", *(["polite"] if polite else [])]
    return gr.HTML(
        value,
        elem_id=name,
        elem_classes=classes,
        js_on_load=_LISTEN,
        apply_default_css=False,
        label=label,
    )


def on_action(area: gr.HTML, react: Callable[..., Any], **wiring: Any) -> Any:
    """Call ``react`` (made by `ui.handlers.reaction`) when a button of the area is pressed.

    Every press counts: by default Gradio drops one that comes while another is being answered.
    """
    return area.select(react, **{"trigger_mode": "multiple", **wiring})


def redrawn(drawn: str) -> str:
    """The same drawing, which the page sees arrive even where it shows the very same already.

    What was asked for is there once it was drawn: the keyboard then goes to it.
    """
    return f"{drawn}<!-- {next(_drawings)} -->"
