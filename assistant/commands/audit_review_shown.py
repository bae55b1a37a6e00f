"""What ``assistant audit review`` shows: samples, agreement, disagreements; lines or JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from assistant.terminal import say, wrapped
from assistant.wording import Words, plural, spoken

if TYPE_CHECKING:
    from assistant.review import Agreement, Divergence, Judgement, Reliability, Sample

HOW: Final = {
    "random": Words("toutes", "all"),
    "disputed": Words("signalées fausses", "reported as wrong"),
}
STRATA: Final = {
    None: Words("—", "—"),
    "collection": Words("collection", "collection"),
    "verdict": Words("verdict", "verdict"),
}


def say_agreement(found: Agreement) -> None:
    """The agreement on citations, then on answers."""
    for what, here in (
        (Words("Citations", "Citations"), found.citations),
        (Words("Réponses", "Answers"), found.answers),
    ):
        people = len(here.evaluators)
        say(
            Words(
                f"{what.fr} : {people} évaluateurs, {here.judged} jugées, {here.n} par deux au "
                "moins",
                f"{what.en}: {people} evaluators, {here.judged} judged, {here.n} by two at least",
            )
        )
        _say_reliability(here)
    if found.revised:
        many = plural(found.revised)
        say(
            Words(
                f"{found.revised} jugement{many.fr} changé{many.fr} après celui d’un autre sur la "
                "même chose.",
                f"{found.revised} judgement{many.en} changed after another person’s of the "
                "same thing.",
            )
        )


def _say_reliability(found: Reliability) -> None:
    if not found.n:
        return
    say(f"  {Words('accord brut', 'raw agreement')} {_figure(found.raw)}")
    alpha = Words("alpha de Krippendorff, nominal", "Krippendorff’s alpha, nominal")
    say(f"  {alpha} {_figure(found.alpha)}")
    for pair in found.pairs:
        kappa = Words("kappa de Cohen", "Cohen’s kappa")
        raw = Words("accord brut", "raw agreement")
        say(
            f"  {kappa} {_figure(pair.kappa)} ({pair.one}, {pair.other}, "
            f"n = {pair.n}, {raw} {_figure(pair.raw)})"
        )


def _figure(value: float | None) -> str:
    if value is None:
        return str(Words("non défini (un seul jugement)", "undefined (one judgement only)"))
    shown = f"{value:.3f}"
    return shown.replace(".", ",") if spoken() == "fr" else shown


def say_divergence(one: Divergence) -> None:
    """One disagreement, with what each said, and what is settled or can be."""
    say()
    state = Words("tranché", "settled") if one.settled else Words("à trancher", "to settle")
    say(f"{one.place} ({state})")
    say(wrapped(one.question, indent="  "))
    if one.claim is not None:
        say(wrapped(one.claim, indent="    ", first="  • "))
    if one.citation is not None:
        say(wrapped(f"«\u00a0{one.citation.quote}\u00a0»", indent="    "))
    if one.refused:
        say(f"  {Words('(réponse refusée)', '(answer refused)')}")
    for said in one.judgements:
        _say_judgement(said)
    if one.settled is not None:
        say(f"  {Words('Ce qui vaut', 'What holds')}")
        _say_judgement(one.settled)
    else:
        say(f"  {Words('possibles', 'possible')} : {', '.join(c.key for c in one.choices)}")


def _say_judgement(said: Judgement) -> None:
    note = f" — {said.note}" if said.note else ""
    say(wrapped(f"{said.by} : {said.key} ({said.label}){note}", indent="      ", first="    "))


def sample_json(sample: Sample) -> dict[str, Any]:
    """A sample; times are ISO 8601."""
    return {
        **asdict(sample),
        "size": sample.size,
        "drawn": sample.drawn.isoformat(),
        "since": None if sample.since is None else sample.since.isoformat(),
        "until": sample.until.isoformat(),
    }


def divergence_json(one: Divergence) -> dict[str, Any]:
    """A disagreement; ``claim`` and ``citation`` are the numbers that ``place`` holds."""

    def said(judgement: Judgement) -> dict[str, Any]:
        return {
            "by": judgement.by,
            "judgement": judgement.key,
            "note": judgement.note,
            "time": judgement.time.isoformat(),
        }

    return {
        "place": str(one.place),
        **asdict(one.place),
        "question": one.question,
        "text": one.claim,
        "quote": None if one.citation is None else one.citation.quote,
        "refused": one.refused,
        "judgements": [said(judgement) for judgement in one.judgements],
        "settled": None if one.settled is None else said(one.settled),
    }
