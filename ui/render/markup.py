"""The only way from text to markup: everything is stripped of control characters and escaped.

Text of documents, file names, questions and notes is hostile. It stands between two tags or within
the quotes of an attribute, never in a tag's name, a script, a style or an address.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from assistant.errors import AssistantError
from assistant.records import Status
from assistant.wording import Words, safe


def text(words: object) -> str:
    """Any text, safe between two tags and between two quotes."""
    return escape(safe(str(words)), quote=True)


def button(
    label: object,
    act: str,
    item: str = "",
    *,
    look: str = "plain",
    title: object = "",
    key: str = "",
) -> str:
    """A button of which the server hears (`ui.live`).

    Args:
        label: What it says.
        act: The action's name, ours.
        item: What it acts on.
        look: ``plain``, ``quiet`` or ``danger``.
        title: What a screen reader says in place of a label that is only a sign.
        key: Where the keyboard comes back to after the page was drawn anew.
    """
    spoken = f' aria-label="{text(title)}" title="{text(title)}"' if str(title) else ""
    return (
        f'<button type="button" class="act {look}" data-act="{text(act)}" '
        f'data-item="{text(item)}" data-key="{text(key or act + item)}"{spoken}>'
        f"{text(label)}</button>"
    )


def waiting(words: Words | str) -> str:
    """What is being done, for eyes and screen readers."""
    return f'<p class="waiting">{text(words)}</p>'


def notice(words: Words | str) -> str:
    """Something to know: nothing is wrong."""
    return f'<p class="notice">{text(words)}</p>'


def banner(message: object, remedy: object = "") -> str:
    """What is wrong, with its remedy."""
    what_to_do = f"<p>{text(remedy)}</p>" if str(remedy) else ""
    return f'<div class="banner"><p><strong>{text(message)}</strong></p>{what_to_do}</div>'


def error_banner(error: AssistantError) -> str:
    """An error with its remedy."""
    return banner(error.message, error.remedy)


def progress(words: Words | str, done: int, total: int) -> str:
    """A bar with its words; an unknown total (0) shows one that only moves."""
    known = f' max="{total}" value="{min(done, total)}"' if total else ""
    label = text(words)
    return (
        f'<div class="progress"><span>{label}</span><progress aria-label="{label}"{known}>'
        "</progress></div>"
    )


def status_mark(status: Status) -> str:
    """« PROVISOIRE », « REMPLACÉ »; nothing for what is final."""
    if status is Status.FINAL:
        return ""
    return f' <strong class="status {status.name.lower()}">{text(status)}</strong>'


def day(when: date | None) -> str:
    """``24/11/2025``, or a dash."""
    return when.strftime("%d/%m/%Y") if when is not None else "—"


def options(choices: Iterable[tuple[str, str]]) -> str:
    """A list of terms and what they are."""
    rows = "".join(f"<div><dt>{text(term)}</dt><dd>{what}</dd></div>" for term, what in choices)
    return f"<dl>{rows}</dl>"


def decimal(value: float, digits: int = 1) -> Words:
    """A number as each language writes it."""
    written = f"{value:.{digits}f}"
    return Words(written.replace(".", ","), written)
