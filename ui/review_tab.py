"""Relecture: an evaluator draws a sample, judges it blind from the keyboard, and compares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant import review
from assistant.accounts import Right
from assistant.errors import AuditError
from assistant.review import Place, Sample
from assistant.wording import Words, plural
from ui import filters, render
from ui.handlers import Action, Told, handler, reaction
from ui.live import live, on_action
from ui.site import Person, Site

_USUAL = 20
_RANDOM, _DISPUTED = "random", "disputed"


def build(site: Site) -> Callable[[Any], None]:
    """Lay the tab out and wire it; what is returned draws it when it is opened."""
    with gr.Row(elem_classes="collect"):
        with gr.Column(scale=4, min_width=300):
            how = gr.Dropdown(
                [
                    (str(Words("au hasard", "at random")), _RANDOM),
                    (str(Words("réponses signalées fausses", "answers reported wrong")), _DISPUTED),
                ],
                value=_RANDOM,
                label=str(Words("Tirer un échantillon", "Draw a sample")),
            )
            size = gr.Textbox(
                str(_USUAL),
                label=str(Words("Nombre de réponses", "How many answers")),
                max_length=4,
            )
            strata = gr.Dropdown(
                [
                    (str(Words("aucune", "none")), ""),
                    (str(Words("par collection", "by collection")), "collection"),
                    (str(Words("par verdict", "by verdict")), "verdict"),
                ],
                value="",
                label=str(Words("Strates", "Strata")),
            )
            seed = gr.Textbox(
                "", label=str(Words("Graine (facultative)", "Seed (optional)")), max_length=10
            )
            with gr.Row(elem_classes="filters"):
                since = filters.day(Words("Depuis le", "Since"))
                until = filters.day(Words("Jusqu’au", "Until"))
            draw = gr.Button(str(Words("Tirer", "Draw")), variant="primary", elem_id="draw-sample")
            told = live("review-told", polite=True)
            listed = live("samples")
        with gr.Column(scale=8, min_width=320):
            judging = live("judging", render.no_item(), polite=True)

    def samples(person: Person) -> str:
        return render.samples(review.overview(site.workspace, person.user, person.hidden))

    def drawn(person: Person, *said: str) -> tuple[str, str]:
        kind, many, layers, number, first, last = (str(part or "").strip() for part in said)
        found = review.draw(
            site.workspace,
            person.user,
            person.hidden,
            size=_number(many) if many or kind == _RANDOM else None,
            seed=_number(number) if number else None,
            strata=layers or None,  # type: ignore[arg-type]  # one of the choices
            disputed=kind == _DISPUTED,
            since=filters.date_of(first),
            until=filters.date_of(last),
        )
        several = plural(found.size)
        words = Words(
            f"Échantillon tiré : {found.size} réponse{several.fr}, graine {found.seed}.",
            f"Sample drawn: {found.size} answer{several.en}, seed {found.seed}.",
        )
        return render.notice(words), samples(person)

    def on_sample(person: Person, pressed: Action) -> str:
        sample = review.sample_of(site.workspace, pressed.item)
        match pressed.name:
            case "judge":
                return following(person, sample, None)
            case "compare":
                return compared(person, sample)
        return ""

    def following(person: Person, sample: Sample, after: Place | None) -> str:
        item = review.assignment(site.workspace, sample, person.user, person.hidden, after=after)
        return render.finished(sample) if item is None else render.item(item)

    def compared(person: Person, sample: Sample) -> str:
        asked = (site.workspace, sample, person.user, person.hidden)
        return render.comparison(sample, review.agreement(*asked), review.disagreements(*asked))

    def on_item(person: Person, pressed: Action) -> tuple[str, str]:
        name, place, key = _parted(pressed.item)
        sample = review.sample_of(site.workspace, name)
        asked = (site.workspace, sample, person.user, person.hidden)
        match pressed.name:
            case "say":
                review.judge(*asked, place, key, note=pressed.value)
                return following(person, sample, place), samples(person)
            case "skip":
                return following(person, sample, place), gr.skip()
            case "back":
                before = review.item_before(*asked, place)
                return (gr.skip() if before is None else render.item(before)), gr.skip()
            case "compare-now":
                return compared(person, sample), gr.skip()
            case "settle":
                review.settle(*asked, place, key, note=pressed.value)
                return compared(person, sample), gr.skip()
        return gr.skip(), gr.skip()

    quiet: dict[str, Any] = {"show_progress": "hidden"}
    draw.click(
        handler(site, Right.AUDIT, drawn, Told(0, 2)),
        inputs=[how, size, strata, seed, since, until],
        outputs=[told, listed],
        **quiet,
    )
    on_action(listed, reaction(site, Right.AUDIT, on_sample, Told(0, 1)), outputs=judging, **quiet)
    on_action(
        judging,
        reaction(site, Right.AUDIT, on_item, Told(0, 2)),
        outputs=[judging, listed],
        **quiet,
    )

    def opened(event: Any) -> None:
        event(handler(site, Right.AUDIT, samples, Told(0, 1)), outputs=listed, **quiet)

    return opened


def _parted(item: str) -> tuple[str, Place, str]:
    """What a press names: the sample, the thing, the judgement; nothing of it is trusted."""
    name, record, claim, citation, key = [*item.split("|"), "", "", "", ""][:5]
    return (
        name,
        Place(
            record=record,
            claim=int(claim) if claim.isascii() and claim.isdigit() else None,
            citation=int(citation) if citation.isascii() and citation.isdigit() else None,
        ),
        key,
    )


def _number(said: str) -> int:
    if said.isascii() and said.isdigit():
        return int(said)
    raise AuditError(
        Words(f"« {said} » n’est pas un nombre.", f"{said!r} is not a number."),
        remedy=Words("Écrivez-le en chiffres.", "Write it in figures."),
    )
