"""``assistant audit review draw|list|next|agreement|disagreements|settle``."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from assistant.commands import audit_review_shown as shown
from assistant.commands.actions import count
from assistant.errors import AuditError
from assistant.terminal import say, say_json, table
from assistant.wording import Words, plural

if TYPE_CHECKING:
    from assistant.accounts import User
    from assistant.review import Place
    from assistant.workspace import Workspace

_LARGEST_SEED = 2**63 - 1


def register(actions: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``review`` to the actions of ``audit``, and what it does."""
    review = actions.add_parser(
        "review",
        parents=[shared],
        help=str(Words("faire évaluer des réponses", "have answers evaluated")),
    )
    steps = review.add_subparsers(dest="step", required=True)

    def step(name: str, run: Any, what: Words, *, sample: bool = True) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = steps.add_parser(name, parents=[shared], help=str(what))
        if sample:
            parser.add_argument("sample", metavar=str(Words("TIRAGE", "SAMPLE")))
        parser.add_argument(
            "--as",
            dest="evaluator",
            metavar=str(Words("NOM", "NAME")),
            help=str(
                Words(
                    "le compte de qui évalue, dès qu’il y a des comptes",
                    "the account of who evaluates, once there are accounts",
                )
            ),
        )
        parser.set_defaults(run=run)
        return parser

    def as_json(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
        )

    draw = step("draw", _draw, Words("tirer des réponses", "draw answers"), sample=False)
    _bounds_in(draw)
    as_json(draw)
    as_json(step("list", _list, Words("les tirages", "the samples"), sample=False))
    step("next", _next, Words("juger, au clavier", "judge, from the keyboard"))
    as_json(step("agreement", _agreement, Words("l’accord des évaluateurs", "the agreement")))
    as_json(step("disagreements", _disagreements, Words("leurs désaccords", "disagreements")))
    settle = step("settle", _settle, Words("trancher un désaccord", "settle a disagreement"))
    settle.add_argument(
        "place",
        metavar=str(Words("TRACE[:A.C]", "RECORD[:C.C]")),
        help=str(Words("comme la liste le donne", "as the list gives it")),
    )
    settle.add_argument("key", metavar=str(Words("JUGEMENT", "JUDGEMENT")))
    settle.add_argument("--note", default="", help=str(Words("pourquoi", "why")))


def _bounds_in(draw: argparse.ArgumentParser) -> None:
    draw.add_argument(
        "--size", type=count, metavar="N", help=str(Words("nombre de réponses", "how many answers"))
    )
    draw.add_argument(
        "--seed",
        type=_seed,
        metavar="S",
        help=str(Words("la même graine tire les mêmes", "the same seed draws the same")),
    )
    draw.add_argument(
        "--strata",
        choices=("collection", "verdict"),
        help=str(Words("en proportion, une au moins de chaque", "in proportion, one of each")),
    )
    draw.add_argument(
        "--disputed",
        action="store_true",
        help=str(Words("seulement ce qui est signalé faux", "only what is reported as wrong")),
    )
    for name, what in (
        ("--since", Words("closes depuis (UTC)", "closed since (UTC)")),
        ("--until", Words("closes jusqu’à (UTC)", "closed until (UTC)")),
    ):
        draw.add_argument(
            name,
            type=_bound,
            metavar=str(Words("AAAA-MM-JJ[THH:MM:SS]", "YYYY-MM-DD[THH:MM:SS]")),
            help=str(what),
        )


def _draw(options: argparse.Namespace) -> int:
    from assistant.review import draw

    workspace, evaluator, hidden = _who(options)
    sample = draw(
        workspace,
        evaluator,
        hidden,
        size=options.size,
        seed=options.seed,
        strata=options.strata,
        disputed=options.disputed,
        since=options.since,
        until=options.until,
    )
    if options.json:
        say_json(shown.sample_json(sample))
        return 0
    until, many = sample.until.isoformat(), plural(sample.size)
    say(
        Words(
            f"Tirage {sample.sample} : {sample.size} réponse{many.fr}, graine {sample.seed}, "
            f"closes jusqu’à {until}.",
            f"Sample {sample.sample}: {sample.size} answer{many.en}, seed {sample.seed}, "
            f"closed until {until}.",
        )
    )
    say(
        Words(
            f"Jugez-les par « assistant audit review next {sample.sample} ».",
            f"Judge them with `assistant audit review next {sample.sample}`.",
        )
    )
    return 0


def _list(options: argparse.Namespace) -> int:
    from assistant.review import overview

    workspace, evaluator, hidden = _who(options)
    found = overview(workspace, evaluator, hidden)
    if options.json:
        say_json({"samples": [{**shown.sample_json(s), "progress": asdict(p)} for s, p in found]})
        return 0
    rows = [
        (
            s.sample,
            s.drawn.strftime("%Y-%m-%d %H:%M"),
            s.by,
            str(shown.HOW[s.how]),
            str(shown.STRATA[s.strata]),
            str(s.size),
            str(s.seed),
            f"{p.done}/{p.of}",
        )
        for s, p in found
    ]
    header = Words(
        "tirage,fait le (UTC),par,parmi,strates,réponses,graine,jugé",
        "sample,drawn (UTC),by,among,strata,answers,seed,judged",
    )
    say(table(rows, str(header).split(",")))
    return 0


def _next(options: argparse.Namespace) -> int:
    from assistant.commands.audit_review_work import Seat, work
    from assistant.review import sample_of

    workspace, evaluator, hidden = _who(options)
    work(Seat(workspace, sample_of(workspace, options.sample), evaluator, hidden))
    return 0


def _agreement(options: argparse.Namespace) -> int:
    from assistant.review import agreement, sample_of

    workspace, evaluator, hidden = _who(options)
    sample = sample_of(workspace, options.sample)
    found = agreement(workspace, sample, evaluator, hidden)
    if options.json:
        say_json({"sample": sample.sample, **asdict(found)})
    else:
        shown.say_agreement(found)
    return 0


def _disagreements(options: argparse.Namespace) -> int:
    from assistant.review import disagreements, sample_of

    workspace, evaluator, hidden = _who(options)
    sample = sample_of(workspace, options.sample)
    found = disagreements(workspace, sample, evaluator, hidden)
    if options.json:
        listed = [shown.divergence_json(one) for one in found]
        say_json({"sample": sample.sample, "disagreements": listed})
        return 0
    left = sum(one.settled is None for one in found)
    say(Words(f"{len(found)} désaccords, {left} à trancher.", f"{len(found)}, {left} to settle."))
    for one in found:
        shown.say_divergence(one)
    return 0


def _settle(options: argparse.Namespace) -> int:
    from assistant.review import label_of, sample_of, settle

    workspace, evaluator, hidden = _who(options)
    sample = sample_of(workspace, options.sample)
    place = _place(options.place)
    settle(workspace, sample, evaluator, hidden, place, options.key, note=options.note)
    label = label_of(options.key)
    say(Words(f"Tranché : {label.fr}.", f"Settled: {label.en}."))
    return 0


def _who(options: argparse.Namespace) -> tuple[Workspace, User, frozenset[str]]:
    """The workspace, who evaluates in it, and what is hidden from that person.

    Raises:
        AuditError: There are accounts, and none is named.
        UserNotFound: No account has that name.
    """
    from assistant.accounts import LOCAL_USER
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    if options.evaluator is None and not workspace.accounts.any():
        return workspace, LOCAL_USER, frozenset()
    if options.evaluator is None:
        raise AuditError(
            Words("Qui évalue ? Il y a des comptes.", "Who evaluates? There are accounts."),
            remedy=Words("Ajoutez --as NOM.", "Add --as NAME."),
        )
    user = workspace.accounts.named(options.evaluator)
    return workspace, user, workspace.settings.access.hidden_from(user.groups)


def _place(text: str) -> Place:
    from assistant.review import Place
    from assistant.review.refusals import no_such_place

    place = Place.parse(text)
    if place is None:
        raise no_such_place(text)
    return place


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed <= _LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"0 … {_LARGEST_SEED}")
    return seed


def _bound(text: str) -> date:
    """A day, or a moment of one: ``date`` holds both."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            str(Words(f"« {text} » n’est pas une date", f"{text!r} is not a date"))
        ) from None
