"""``assistant audit review next``: judging at the terminal, one letter and Enter at a time.

Lines are read, not single keys: a pipe or a screen reader drives it as well as a person, and what
was typed can be seen before it becomes a record of the chain.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from assistant.accounts import User
from assistant.commands.questions import reference
from assistant.errors import AuditError
from assistant.review import (
    AnswerShown,
    Choice,
    CitationShown,
    Item,
    Sample,
    assignment,
    item_before,
    judge,
    progress,
)
from assistant.sources import SourceView
from assistant.terminal import say, wrapped
from assistant.wording import Words
from assistant.workspace import Workspace

_AROUND: Final = 500  # code points of context on each side of a quotation
_LONGEST_LINE: Final = 10_000
_ORDERS: Final = (
    ("x", Words("passer, pour y revenir à la fin", "skip, to come back to it at the end")),
    ("b", Words("revenir à la précédente", "back to the one before")),
    ("n", Words("écrire une note, gardée avec le jugement", "write a note, kept with it")),
    ("?", Words("cette aide", "this help")),
    ("q", Words("arrêter ; la suite reprendra ici", "stop; it goes on from here another time")),
)
_NOTE_LOST: Final = Words(
    "La note n’est pas gardée : elle se garde avec un jugement.",
    "The note is not kept: it is kept with a judgement.",
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who judges what, and where."""

    workspace: Workspace
    sample: Sample
    evaluator: User
    hidden: frozenset[str]


def work(seat: Seat) -> None:
    """Show one thing after another and record what is said of it, until the end or ``q``."""
    item = assignment(seat.workspace, seat.sample, seat.evaluator, seat.hidden)
    if item is None:
        _say_done(seat)
    while item is not None:
        _show(item)
        item = _next(seat, item)


def _next(seat: Seat, item: Item) -> Item | None:
    """What comes once one thing is judged, skipped or left; ``None`` at the end."""
    kept = note = item.mine.note if item.mine is not None else ""
    while True:
        typed = _typed(_prompt(item))
        if typed in (None, "q", "x", "b") and note != kept:
            say(_NOTE_LOST)
        choice = next((c for c in item.choices if str(c.letter) == typed), None)
        if typed is None or typed == "q":
            _say_left(seat)
            return None
        if typed == "x" or (choice is not None and _recorded(seat, item, choice, note)):
            break
        if typed == "n":
            note = _typed(str(Words("Note : ", "Note: ")), kept=True) or ""
        elif typed == "b":
            before = item_before(
                seat.workspace, seat.sample, seat.evaluator, seat.hidden, item.place
            )
            if before is not None:
                return before
            say(Words("C’est la première.", "It is the first one."))
        elif choice is None:
            _help(item)
    found = assignment(seat.workspace, seat.sample, seat.evaluator, seat.hidden, after=item.place)
    if found is None:
        _say_done(seat)
    return found


def _recorded(seat: Seat, item: Item, choice: Choice, note: str) -> bool:
    """Record a judgement; why not is said here, so that the review goes on."""
    try:
        judge(
            seat.workspace,
            seat.sample,
            seat.evaluator,
            seat.hidden,
            item.place,
            choice.key,
            note=note,
        )
    except AuditError as error:
        say(error.message)
        say(error.remedy)
        return False
    say(f"  → {choice.label}")
    return True


def _typed(prompt: str, *, kept: bool = False) -> str | None:
    """A line, as a letter unless it is to be kept as it is; ``None`` at the end of the input."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline(_LONGEST_LINE)
    if not line:
        say()
        return None
    return line.strip() if kept else line.strip().lower()


def _prompt(item: Item) -> str:
    offered = " · ".join(f"{choice.letter} {choice.label}" for choice in item.choices)
    orders = Words(
        "x passer · b revenir · n note · ? aide · q arrêter",
        "x skip · b back · n note · ? help · q stop",
    )
    return f"{offered}\n{orders}\n> "


def _help(item: Item) -> None:
    for choice in item.choices:
        text = f"{choice.label}\u00a0: {choice.meaning}"
        say(wrapped(text, indent="       ", first=f"  {choice.letter}    "))
    for letter, meaning in _ORDERS:
        say(wrapped(str(meaning), indent="       ", first=f"  {letter}    "))


def _show(item: Item) -> None:
    what = (
        Words("une citation", "a citation")
        if isinstance(item.shown, CitationShown)
        else Words("la réponse entière", "the whole answer")
    )
    say()
    say(
        Words(
            f"— {item.number} sur {item.of} ({item.done} jugées) : {what.fr} —",
            f"— {item.number} of {item.of} ({item.done} judged): {what.en} —",
        )
    )
    _labelled(Words("Question", "Question"), item.question)
    if item.understood:
        _labelled(Words("Comprise", "Understood as"), item.understood)
    if isinstance(item.shown, CitationShown):
        _show_citation(item.shown)
    else:
        _show_answer(item.shown)
    if item.mine is not None:
        note = f" ({item.mine.note})" if item.mine.note else ""
        _labelled(Words("Déjà jugé", "Judged already"), f"{item.mine.label}{note}")
    say()


def _show_citation(shown: CitationShown) -> None:
    _labelled(Words("Phrase", "Sentence"), shown.claim)
    _labelled(Words("Citation", "Quotation"), f"«\u00a0{shown.citation.quote}\u00a0»")
    say(f"  {reference(shown.citation)}")
    if shown.unshown is not None:
        say(wrapped(str(shown.unshown), indent="  "))
    if shown.source is not None:
        _show_context(shown.source)


def _show_context(source: SourceView) -> None:
    """What stands around the quotation, which is between ``>>>`` and ``<<<``."""
    if source.changed is not None:
        say(wrapped(str(source.changed), indent="  "))
    say(Words("Contexte :", "Context:"))
    if source.turn is not None:
        turn = source.turn
        who = ", ".join(part for part in (turn.speaker, turn.role, turn.time) if part)
        if who:
            say(wrapped(who, indent="    "))
        _show_around(turn.before, turn.quote, turn.after)
    elif source.section is not None:
        section = source.section
        if section.path:
            say(wrapped(section.path, indent="    "))
        for block in section.earlier[-1:]:
            say(wrapped(_end(block.text), indent="    "))
        for quoted in section.quoted:
            _show_around(quoted.before, quoted.quote, quoted.after)
        for block in section.later[:1]:
            say(wrapped(_beginning(block.text), indent="    "))


def _show_around(before: str, quote: str, after: str) -> None:
    text = f"{_end(before)}>>>{quote}<<<{_beginning(after)}"
    say(wrapped(text, indent="    "))


def _show_answer(shown: AnswerShown) -> None:
    if shown.refused:
        say(
            Words(
                "Le lecteur a lu que les documents ne répondent pas.",
                "The reader was told that the documents do not answer.",
            )
        )
    if shown.claims:
        say(
            Words("Phrases écartées de la réponse :", "Sentences left out of the answer:")
            if shown.refused
            else Words("Réponse :", "Answer:")
        )
    for claim in shown.claims:
        say(wrapped(claim.text, indent="    ", first="  • "))
        for citation in claim.citations:
            say(wrapped(f"«\u00a0{citation.quote}\u00a0»", indent="      "))
            say(f"      {reference(citation)}")
    say(Words("Phrases trouvées dans les documents :", "Sentences found in the documents:"))
    for found in shown.evidence:
        say(wrapped(f"«\u00a0{found.quote}\u00a0»", indent="    ", first="  - "))
        say(f"    {reference(found)}")


def _labelled(label: Words, text: str) -> None:
    shown = Words(f"{label.fr}\u00a0: ", f"{label.en}: ")
    say(wrapped(text, indent="  ", first=str(shown)))


def _end(text: str) -> str:
    return text if len(text) <= _AROUND else f"…{text[-_AROUND:]}"


def _beginning(text: str) -> str:
    return text if len(text) <= _AROUND else f"{text[:_AROUND]}…"


def _say_left(seat: Seat) -> None:
    found = progress(seat.workspace, seat.sample, seat.evaluator, seat.hidden)
    say(
        Words(
            f"{found.done} sur {found.of} jugées ; la même commande reprend ici.",
            f"{found.done} of {found.of} judged; the same command goes on from here.",
        )
    )


def _say_done(seat: Seat) -> None:
    found = progress(seat.workspace, seat.sample, seat.evaluator, seat.hidden)
    if found.of:
        say(Words(f"Tout est jugé : {found.of}.", f"All of it is judged: {found.of}."))
    else:
        say(
            Words(
                "Rien n’est à juger ici : ces réponses ont été effacées, ou vous ne pouvez pas "
                "les lire.",
                "There is nothing to judge here: these answers were forgotten, or you may not "
                "read them.",
            )
        )
