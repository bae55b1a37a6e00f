"""The way of a question once more, from recorded evidence: object, judge, choose, draft, verify.

Each stage starts from what the record says came before it, so that a difference shows in the
stage where it arises and not in all that follow.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from assistant.answerability import gate_for, judge_prompt, judged_text, objection
from assistant.answering.choosing import best_alone, extracted, over_the_line
from assistant.answering.concluding import concluded, verified
from assistant.answering.course import none_answers
from assistant.drafting import cite_as_shown, numbered_anew, parse_reply, prompt_for
from assistant.language_model import Judgement, Judging, LanguageModel, Prompt
from assistant.records import Answer, Draft, Evidence, Tokens
from assistant.replaying.script import Script

_REFUSED = Draft(claims=(), refused=True, raw="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What each stage gave this time.

    ``threshold`` and the log-odds in ``evidence`` are None where no model judges; ``prompt`` is
    what today's program would have the model read, ``raw`` the reply to the recorded one.
    """

    refusal: str
    threshold: float | None
    evidence: tuple[Evidence, ...]
    given: tuple[Evidence, ...]
    prompt: Prompt | None
    raw: str
    generated: int
    answer: Answer


def answer_again(script: Script, model: LanguageModel | None) -> Again:
    """Answer a recorded question again.

    Args:
        script: What the record keeps.
        model: Judges and writes; None when no language model did then.

    Raises:
        QuoteMismatch: The record contradicts itself.
    """
    judges = model is not None and not script.not_judged
    refusal = objection(script.question, script.unjudged, judged=judges) or ""
    if model is None:
        given: tuple[Evidence, ...] = () if refusal else best_alone(script.evidence)
        draft = extracted(script.given) if script.given else _REFUSED
        return Again(
            refusal=refusal,
            threshold=None,
            evidence=script.evidence,
            given=given,
            prompt=None,
            raw="",
            generated=0,
            answer=_answer(script, draft, refusal),
        )
    evidence, threshold = script.evidence, None
    if script.payload.get("threshold") is not None:
        evidence, threshold = _judged(script, model)
    given = ()
    if not refusal and script.not_judged:
        given = best_alone(evidence)
    elif not refusal:
        given = () if threshold is None else over_the_line(evidence, threshold)
        refusal = "" if given else none_answers(script.question)
    raw, generated = _reply(script, model)
    draft = _REFUSED if script.prompt is None else cite_as_shown(parse_reply(raw), script.given)
    return Again(
        refusal=refusal,
        threshold=threshold,
        evidence=evidence,
        given=given,
        prompt=prompt_for(script.question, numbered_anew(script.given)) if script.given else None,
        raw=raw,
        generated=generated,
        answer=_answer(script, draft, refusal),
    )


def _answer(script: Script, draft: Draft, refusal: str) -> Answer:
    """The answer that a draft makes; what was drafted then is not refused before."""
    answer = verified(draft, script.evidence, script.given, script.read)
    return concluded(script.question, answer, "" if script.given else refusal, ())


def _judged(script: Script, model: LanguageModel) -> tuple[tuple[Evidence, ...], float]:
    """The evidence with today's log-odds, and today's line."""
    gate = gate_for(model.sha256)
    judged = script.unjudged[: script.settings.judged]
    judging = model.judge(judge_prompt(script.question), [judged_text(e) for e in judged])
    odds = [gate.log_odds(judgement) for judgement in _said(judging)]
    evidence = tuple(
        replace(e, answers=odds[place]) if place < len(odds) else e
        for place, e in enumerate(script.unjudged)
    )
    return evidence, gate.threshold(script.settings.false_answers)


def _said(judging: Judging) -> list[Judgement]:
    try:
        return [judgement for judgement in judging if judgement is not None]
    finally:
        judging.close()


def _reply(script: Script, model: LanguageModel) -> tuple[str, int]:
    """The model's reply to the recorded prompt, and its tokens."""
    if script.prompt is None:
        return "", 0
    reply = model.reply(script.prompt, script.limits)
    pieces: list[str] = []
    try:
        tokens = _heard(reply, pieces)
    finally:
        reply.close()
    return "".join(pieces), tokens.generated


def _heard(reply: Generator[str, None, Tokens], pieces: list[str]) -> Tokens:
    while True:
        try:
            pieces.append(next(reply))
        except StopIteration as end:
            tokens: Tokens = end.value
            return tokens
