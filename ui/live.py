"""Rendered HTML whose buttons the server hears.

A `gr.HTML` draws what `ui.render` made; a press on an element with ``data-act`` reaches Python as
one event with the action's name and what it acts on. One script for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

# Delegation on the component's element: what it holds is drawn anew at each change.
_LISTEN = """
element.addEventListener('click', (press) => {
  const pressed = press.target.closest('[data-act]');
  if (!pressed || !element.contains(pressed) || pressed.tagName === 'TEXTAREA') return;
  trigger('select', {act: pressed.dataset.act, item: pressed.dataset.item || ''});
});
element.addEventListener('change', (change) => {
  const field = change.target.closest('[data-act]');
  if (!field || !('value' in field) || field.tagName === 'BUTTON') return;
  trigger('select', {act: field.dataset.act, item: field.dataset.item || '', value: field.value});
});
"""


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
    """Call ``react`` (made by `ui.handlers.reaction`) when a button of the area is pressed."""
    return area.select(react, **wiring)
