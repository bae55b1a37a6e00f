"""What came out otherwise than it is recorded, each difference said to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.drafting import one_line
from assistant.records import Answer, Claim, Evidence
from assistant.replaying.again import Again
from assistant.replaying.script import Script
from assistant.wording import Words

_SAME_ODDS = 0.005  # log-odds; what another order of additions may change
_AROUND = 40  # characters shown of a reply, from where it differs
_OUTCOMES = {True: Words("réponse", "answer"), False: Words("refus", "refusal")}


def compared(script: Script, again: Again) -> tuple[Words, ...]:
    """Every result that differs, in the order of the stages; empty when all is the same.

    Of an answer that a server wrote only texts and what follows from them are compared: it may
    compute several requests together, which moves the last digits of its log-odds.
    """
    judged = () if script.server is not None else _judgements(script.evidence, again.evidence)
    return (
        *judged,
        *_choice(script.given, again.given),
        *_reply(script, again),
        *_claims(script.answer.claims, again.answer.claims),
        *_outcome(script.answer, again.answer),
    )


def reply_differs_at(then: str, now: str) -> int | None:
    """The first character (0-based) at which two replies differ; None when they are the same."""
    if then == now:
        return None
    pairs = enumerate(zip(then, now, strict=False))
    return next((i for i, (one, other) in pairs if one != other), min(len(then), len(now)))


def _judgements(then: Sequence[Evidence], now: Sequence[Evidence]) -> Iterator[Words]:
    for one, other in zip(then, now, strict=True):
        if one.answers is None and other.answers is None:
            continue
        if one.answers is None or other.answers is None:
            yield Words(
                f"phrase {one.number} : jugée l’une des deux fois seulement",
                f"sentence {one.number}: judged only once of the two times",
            )
        elif abs(one.answers - other.answers) > _SAME_ODDS:
            yield Words(
                f"phrase {one.number} : jugée à {one.answers:.2f} alors, "
                f"à {other.answers:.2f} aujourd’hui",
                f"sentence {one.number}: judged {one.answers:.2f} then, {other.answers:.2f} today",
            )


def _choice(then: Sequence[Evidence], now: Sequence[Evidence]) -> Iterator[Words]:
    kept, chosen = ([e.number for e in given] for given in (then, now))
    if kept != chosen:
        yield Words(
            f"phrases retenues : {_listed(kept, 'aucune')} alors, "
            f"{_listed(chosen, 'aucune')} aujourd’hui",
            f"sentences chosen: {_listed(kept, 'none')} then, {_listed(chosen, 'none')} today",
        )


def _reply(script: Script, again: Again) -> Iterator[Words]:
    at = reply_differs_at(script.raw, again.raw)
    if at is not None:
        then, now = (one_line(raw[at : at + _AROUND]) or "∅" for raw in (script.raw, again.raw))
        yield Words(
            f"réponse du modèle : différente à partir du caractère {at + 1}, "
            f"« {then} » alors, « {now} » aujourd’hui",
            f"model's reply: differs from character {at + 1} on, {then!r} then, {now!r} today",
        )
    elif (
        script.server is None and script.prompt is not None and script.generated != again.generated
    ):
        yield Words(
            f"réponse du modèle : mêmes caractères, en {script.generated} jetons alors, "
            f"en {again.generated} aujourd’hui",
            f"model's reply: the same characters, in {script.generated} tokens then, "
            f"in {again.generated} today",
        )


def _claims(then: Sequence[Claim], now: Sequence[Claim]) -> Iterator[Words]:
    if [claim.text for claim in then] != [claim.text for claim in now]:
        yield Words(
            f"affirmations : {len(then)} alors, {len(now)} aujourd’hui, de textes différents",
            f"claims: {len(then)} then, {len(now)} today, of different texts",
        )
        return
    for number, (one, other) in enumerate(zip(then, now, strict=True), start=1):
        if one.verdict is not other.verdict:
            yield Words(
                f"affirmation {number} : verdict « {one.verdict} » alors, "
                f"« {other.verdict} » aujourd’hui",
                f"claim {number}: verdict {one.verdict} then, {other.verdict} today",
            )
        elif one.reason != other.reason:
            yield Words(
                f"affirmation {number} : le motif du verdict n’est plus le même",
                f"claim {number}: the reason of its verdict is not the same any more",
            )
        if _cited(one) != _cited(other):
            yield Words(
                f"affirmation {number} : ses citations ne sont plus les mêmes",
                f"claim {number}: its citations are not the same any more",
            )


def _outcome(then: Answer, now: Answer) -> Iterator[Words]:
    if then.answered is not now.answered:
        one, other = _OUTCOMES[then.answered], _OUTCOMES[now.answered]
        yield Words(
            f"issue : {one.fr} alors, {other.fr} aujourd’hui",
            f"outcome: {one.en} then, {other.en} today",
        )
    elif then.reason != now.reason:
        yield Words("motif du refus : un autre", "reason of the refusal: another one")


def _cited(claim: Claim) -> list[tuple[str, int, int]]:
    return [(c.document.document_id, c.start, c.end) for c in claim.citations]


def _listed(numbers: Sequence[int], none: str) -> str:
    return ", ".join(str(number) for number in numbers) or none
