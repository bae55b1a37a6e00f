"""Interroger: a question, its evidence, its verified answer, and any source beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.accounts import Right
from assistant.answering import (
    AnswerReady,
    ClaimsReady,
    DraftPiece,
    EvidenceReady,
    Judged,
    Opened,
    Question,
    Queued,
    ask,
)
from assistant.answering.past import WRONG, dispute, reread, their_questions
from assistant.errors import AssistantError
from assistant.records import Citation, Claim, Evidence, Verdict
from assistant.sources import view
from assistant.wording import Words
from ui import filters, render
from ui.handlers import Action, Told, handler, reaction
from ui.live import live, on_action, redrawn
from ui.site import Person, Site

_MOST_CHARS = 1000
_ASKED_AT_ONCE = 64  # each sees its evidence at once; the model itself takes one at a time
_WRITE = Words("Écrivez une question.", "Write a question.")
_READING = Words("Le modèle lit les extraits…", "The model is reading the excerpts…")
_QUEUED = Words(
    "Le modèle répond à quelqu’un d’autre ; votre tour vient. Les extraits sont déjà là.",
    "The model is answering somebody else; your turn comes. The excerpts are here already.",
)
_DRAFTING = Words("Rédaction, puis vérification…", "Drafting, then verifying…")
_STOPPED = Words("Arrêté. Les extraits restent affichés.", "Stopped. The excerpts stay.")
_KEPT = Words("Dans votre panier : onglet « Extraits ».", "In your basket: the “Excerpts” tab.")
_THANKS = Words(
    "Signalé aux évaluateurs, avec la trace de la réponse. Merci.",
    "Reported to the evaluators, with the record of the answer. Thank you.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on one person's page; kept on the server, a session each."""

    asked: str = ""
    evidence: tuple[Evidence, ...] = ()
    ready: AnswerReady | None = None
    drafted: tuple[Claim, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Those on the page: of the answer, or of what is written of it."""
        return self.drafted if self.ready is None else self.ready.answer.claims

    @property
    def previous(self) -> str | None:
        """The question that the next one may follow up."""
        return None if self.ready is None else self.ready.question


def build(site: Site) -> Callable[[Any], None]:
    """Lay the tab out and wire it; what is returned draws it when it is opened."""
    shown = gr.State(Shown())
    opened_source = gr.State(None)  # apart: it is opened while the answer still comes
    with gr.Row(elem_classes="ask"):
        with gr.Column(scale=7, min_width=320):
            question = gr.Textbox(
                label=str(Words("Votre question", "Your question")),
                placeholder=str(
                    Words(
                        "Par exemple : quel budget est consacré à la SRDIA ?",
                        "For instance: what is the SRDIA's budget?",
                    )
                ),
                max_length=_MOST_CHARS,
                lines=2,
                elem_id="question",
            )
            with gr.Row(elem_classes="actions"):
                send = gr.Button(str(Words("Demander", "Ask")), variant="primary", elem_id="send")
                stop = gr.Button(str(Words("Arrêter", "Stop")), elem_id="stop", interactive=False)
                anew = gr.Button(str(Words("Autre sujet", "New topic")), elem_id="anew")
            with gr.Accordion(str(Words("Où chercher", "Where to look")), open=False):
                within = filters.build(site)
                alone = gr.Checkbox(
                    label=str(
                        Words(
                            "Répondre par les extraits seuls, sans modèle de langue",
                            "Answer with the excerpts alone, without a language model",
                        )
                    )
                )
            doing = live("doing", polite=True)
            answer = live("answer", polite=True)
            evidence = live("evidence")
            with gr.Accordion(
                str(Words("Mes questions", "My questions")), open=False, elem_id="mine"
            ):
                history = live("history")
        with gr.Column(scale=5, min_width=320):
            source = live("source", render.no_source())

    def reply(
        person: Person, text: str, now: Shown, alone: bool, *within: Any, literal: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        text = str(text or "").strip()[:_MOST_CHARS]
        if not text:
            yield render.notice(_WRITE), *_unchanged(4), _idle()
            return
        try:
            asked = Question(
                text=text,
                filters=person.within(filters.read(*within)),
                extractive=alone,
                previous=None if literal else now.previous,
                user=person.user.user_id,
                role=person.user.role,
            )
            yield from answering(asked)
        except AssistantError as error:
            yield render.error_banner(error), *_unchanged(4), _idle()

    def answering(asked: Question) -> Iterator[tuple[Any, ...]]:
        """What each event of an answer changes on the page."""
        known = Shown(asked=asked.text)
        for event in ask(site.workspace, asked):
            match event:
                case Opened():  # nobody is told that they were heard before the log says so
                    waiting = render.waiting(_READING)
                    yield waiting, "", "", known, render.no_source(), _busy()
                case EvidenceReady():
                    known = replace(known, evidence=event.evidence)
                    found = render.understood(asked.text, event.standalone)
                    found += render.evidence_list(event.evidence)
                    yield render.waiting(_READING), "", found, known, gr.skip(), _busy()
                case Queued(before):
                    yield render.waiting(_queued(before)), *_unchanged(4), _busy()
                case Judged(done, total):
                    bar = render.progress(_judging(done, total), done, total)
                    yield bar, *_unchanged(4), _busy()
                case ClaimsReady(claims):
                    known = replace(known, drafted=claims)
                    bar = render.progress(_DRAFTING, 0, 0)
                    yield bar, render.drafted(claims), gr.skip(), known, gr.skip(), _busy()
                case DraftPiece():
                    yield render.progress(_DRAFTING, 0, 0), *_unchanged(4), _busy()
                case AnswerReady():
                    known = replace(known, evidence=event.answer.evidence, ready=event)
                    yield "", render.answer(event), gr.skip(), known, gr.skip(), _idle()

    def open_source(person: Person, pressed: Action, now: Shown) -> tuple[Any, Any]:
        found = _pressed_source(pressed, now)
        if found is None:
            return gr.skip(), gr.skip()
        cited, verdict, reason = found
        seen = view(
            site.workspace,
            cited.document.document_id,
            cited.start,
            cited.end,
            sha256=cited.document.sha256,
            quote=cited.text if isinstance(cited, Evidence) else cited.quote,
            hidden=person.hidden,
        )
        collects = person.may(Right.COLLECT)
        drawn = render.source(
            seen, verdict=verdict, reason=reason, may_keep=collects, may_export=collects
        )
        return redrawn(drawn), cited

    def keep(person: Person, pressed: Action, opened: Citation | Evidence | None) -> str:
        if pressed.name != "keep" or opened is None or not person.may(Right.COLLECT):
            return ""
        site.workspace.desk.take(person.user.user_id, opened)
        return render.notice(_KEPT)

    def report(person: Person, pressed: Action, now: Shown) -> str:
        if now.ready is None or pressed.name != "dispute" or pressed.item not in WRONG:
            return ""
        dispute(site.workspace, now.ready.record, person.user.user_id, pressed.item)
        return render.notice(_THANKS)

    def on_answer(person: Person, pressed: Action, now: Shown) -> tuple[Any, Any, Any]:
        if pressed.name == "dispute":
            return gr.skip(), gr.skip(), report(person, pressed, now)
        return *open_source(person, pressed, now), gr.skip()

    def mine(person: Person) -> str:
        return render.history(their_questions(site.workspace, person.user.user_id, person.hidden))

    def on_history(person: Person, pressed: Action) -> tuple[Any, ...]:
        if pressed.name == "forget-history":
            site.workspace.desk.forget_history(person.user.user_id)
            return (*_unchanged(5), mine(person))
        old = reread(site.workspace, pressed.item, person.user.user_id, person.hidden)
        known = Shown(asked=old.question, evidence=old.answer.evidence, ready=old)
        found = render.evidence_list(old.answer.evidence)
        return old.question, render.answer(old), found, known, render.no_source(), gr.skip()

    asking = [question, shown, alone, *within]
    told = [doing, answer, evidence, shown, source, stop]
    common: dict[str, Any] = {
        "inputs": asking,
        "outputs": told,
        "concurrency_limit": _ASKED_AT_ONCE,
        "show_progress": "hidden",
    }
    asked = gr.on([send.click, question.submit], handler(site, Right.ASK, reply), **common)

    def literally(person: Person, pressed: Action, *inputs: Any) -> Iterator[tuple[Any, ...]]:
        if pressed.name == "literal":
            yield from reply(person, *inputs, literal=True)
        else:
            yield _unchanged(6)

    quiet: dict[str, Any] = {"show_progress": "hidden", "queue": True}
    again = on_action(evidence, reaction(site, Right.ASK, literally), trigger_mode="once", **common)
    on_action(
        evidence,
        reaction(site, Right.ASK, open_source, Told(0, 2)),
        inputs=shown,
        outputs=[source, opened_source],
        **quiet,
    )
    on_action(
        answer,
        reaction(site, Right.ASK, on_answer, Told(0, 3)),
        inputs=shown,
        outputs=[source, opened_source, doing],
        **quiet,
    )
    on_action(
        source,
        reaction(site, Right.ASK, keep, Told(0, 1)),
        inputs=opened_source,
        outputs=doing,
        **quiet,
    )
    on_action(
        history,
        reaction(site, Right.ASK, on_history, Told(4, 6)),
        outputs=[question, answer, evidence, shown, source, history],
        **quiet,
    )
    stop.click(
        handler(site, Right.ASK, lambda _: (render.notice(_STOPPED), _idle())),
        outputs=[doing, stop],
        cancels=[asked, again],
        show_progress="hidden",
    )
    anew.click(
        handler(site, Right.ASK, lambda _: ("", "", "", "", Shown(), render.no_source())),
        outputs=[question, doing, answer, evidence, shown, source],
        cancels=[asked, again],
        show_progress="hidden",
    )

    def opened(event: Any) -> None:
        event(handler(site, Right.ASK, mine), outputs=history, show_progress="hidden")
        event(
            handler(site, Right.ASK, lambda person: filters.collections(site, person)),
            outputs=within[0],
            show_progress="hidden",
        )
        asked.then(handler(site, Right.ASK, mine), outputs=history, show_progress="hidden")

    return opened


def _pressed_source(
    pressed: Action, now: Shown
) -> tuple[Citation | Evidence, Verdict | None, str] | None:
    """What a press on a citation or an excerpt means; the page's numbers are not trusted."""
    parts = pressed.item.split(":")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    places = [int(part) for part in parts]
    if pressed.name == "evidence":
        found = next((e for e in now.evidence if e.number == places[0]), None)
        return None if found is None else (found, None, "")
    if pressed.name != "cite" or len(places) != 2:
        return None
    claims = now.claims
    if places[0] >= len(claims) or places[1] >= len(claims[places[0]].citations):
        return None
    claim = claims[places[0]]
    return claim.citations[places[1]], claim.verdict, claim.reason


def _queued(before: int | None) -> Words:
    """How many questions the model takes first."""
    if before is None:
        return _QUEUED
    if before == 1:
        return Words(
            "Le modèle répond à quelqu’un d’autre ; c’est ensuite votre tour. "
            "Les extraits sont déjà là.",
            "The model is answering somebody else; you are next. The excerpts are here already.",
        )
    return Words(
        f"{before} questions passent avant la vôtre. Les extraits sont déjà là.",
        f"{before} questions come before yours. The excerpts are here already.",
    )


def _judging(done: int, total: int) -> Words:
    return Words(
        f"Le modèle juge les extraits : {done} sur {total}…",
        f"The model is judging the excerpts: {done} of {total}…",
    )


def _unchanged(count: int) -> tuple[Any, ...]:
    return tuple(gr.skip() for _ in range(count))


def _busy() -> gr.Button:
    return gr.Button(interactive=True)


def _idle() -> gr.Button:
    return gr.Button(interactive=False)
