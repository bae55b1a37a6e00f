"""The filters of a search: collection, kind, status, dates, speaker. The same on two tabs."""

from __future__ import annotations

from datetime import date
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.records import DocumentKind, Filters, Status
from assistant.wording import Words
from ui.site import Person, Site

_ANY = ""
_SPEAKER_CHARS = 120


class UnreadableDate(AssistantError):
    """What was typed is no date."""

    def __init__(self, said: str) -> None:
        super().__init__(
            Words(f"« {said} » n’est pas une date.", f"{said!r} is not a date."),
            remedy=Words(
                "Écrivez-la jour/mois/année : 31/01/2026.", "Write it day/month/year: 31/01/2026."
            ),
        )


def build(site: Site) -> list[gr.components.Component]:
    """Lay the filters out, in the order in which `read` takes them."""
    every = (str(Words("toutes", "any")), _ANY)
    with gr.Row(elem_classes="filters"):
        collection = gr.Dropdown(
            [every], value=_ANY, label=str(Words("Collection", "Collection")), min_width=150
        )
        kind = gr.Dropdown(
            [every, *((str(k), str(k)) for k in DocumentKind)],
            value=_ANY,
            label=str(Words("Nature", "Kind")),
            min_width=150,
        )
        status = gr.Dropdown(
            [every, *((str(s), str(s)) for s in Status)],
            value=_ANY,
            label=str(Words("Statut", "Status")),
            min_width=150,
        )
    with gr.Row(elem_classes="filters"):
        since = day(Words("Depuis le", "Since"))
        until = day(Words("Jusqu’au", "Until"))
        speaker = gr.Textbox(
            label=str(Words("Intervenant", "Speaker")), max_length=_SPEAKER_CHARS, min_width=150
        )
    return [collection, kind, status, since, until, speaker]


def collections(site: Site, person: Person) -> gr.Dropdown:
    """The collections that this person may read, to choose from."""
    catalogue = site.workspace.catalogue
    names = {s.document.collection for s in catalogue.documents(catalogue.generation)}
    every = (str(Words("toutes", "any")), _ANY)
    return gr.Dropdown([every, *((n, n) for n in sorted(names - person.hidden))], value=_ANY)


def read(*said: Any) -> Filters:
    """What the filters say.

    Raises:
        UnreadableDate: A date is not one.
    """
    collection, kind, status, since, until, speaker = (str(s or "").strip() for s in said)
    return Filters(
        collection=collection or None,
        kind=DocumentKind(kind) if kind else None,
        status=Status(status) if status else None,
        since=date_of(since),
        until=date_of(until),
        speaker=speaker[:_SPEAKER_CHARS] or None,
    )


def day(label: Words) -> gr.Textbox:
    """A field for a date."""
    return gr.Textbox(
        label=str(label),
        placeholder=str(Words("jj/mm/aaaa", "dd/mm/yyyy")),
        max_length=10,
        min_width=120,
    )


def date_of(said: str) -> date | None:
    """``31/01/2026``, ``31-1-2026``, or as ISO writes it; ``None`` for nothing.

    Raises:
        UnreadableDate: It is none of these.
    """
    if not said:
        return None
    parts = said.replace("-", "/").replace(".", "/").split("/")
    try:
        numbers = [int(part) for part in parts]
        day, month, year = numbers if len(parts[0]) < 3 else reversed(numbers)
        return date(year, month, day)
    except ValueError:
        raise UnreadableDate(said) from None
