"""One answer on its way: the model's part of it, and what its audit record needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import replace

from assistant import contract
from assistant.answerability import gate_for, judge_prompt, judged_text, looked_for, objection
from assistant.answering import recording
from assistant.answering.choosing import best_alone, extracted, over_the_line, reply_limits
from assistant.answering.events import DraftPiece, Judged, Question, Queued
from assistant.drafting import cite_as_shown, leanings, numbered_anew, parse_reply, prompt_for
from assistant.language_model import Judgement, Judging, Prompt
from assistant.records import Draft, Energy, Evidence, Tokens
from assistant.workspace import Workspace

_REFUSED = Draft(claims=(), refused=True, raw="")
_NOTHING = Draft(claims=(), refused=False, raw="")


class Course:
    """What becomes known of one answer, in the order in which it becomes known."""

    def __init__(self, workspace: Workspace, question: Question, standalone: str) -> None:
        self._began = time.perf_counter()
        self._workspace = workspace
        self._question = question
        self._text = standalone
        self._prompt: Prompt | None = None
        self.generation: int | None = None
        self.given: tuple[Evidence, ...] = ()
        self._threshold: float | None = None
        self._raw = ""
        self.refusal = ""
        self.evidence: tuple[Evidence, ...] = ()
        self.tokens = Tokens()
        self.energy: Energy | None = None
        self.seconds: dict[str, float] = {}
        name = workspace.settings.models.language
        extractive = question.extractive or not workspace.ready(name)
        self.model_name = None if extractive else name
        self.model_sha256 = None if extractive else workspace.manifest.get(name).sha256
        model = {"name": self.model_name, "sha256": self.model_sha256}
        # a crash after this leaves a trace
        self.record = workspace.audit.open(
            *recording.opening(workspace, question, standalone, model)
        )
        if not extractive:
            workspace.load_language_model_meanwhile()

    def lap(self, name: str) -> None:
        """Note the seconds since the question, once a name."""
        self.seconds.setdefault(name, round(time.perf_counter() - self._began, 3))

    def draft(self) -> Generator[Queued | Judged | DraftPiece, None, Draft]:
        """Draft by the model, by extraction, or not at all when the evidence cannot answer."""
        by_model = self.model_name is not None
        self.refusal = objection(self._text, self.evidence, judged=by_model) or ""
        if self.refusal:
            return _REFUSED
        if self.model_name is None or self.model_sha256 is None:
            self.given = best_alone(self.evidence)
            return extracted(self.given)
        threshold = yield from self._judge()
        self.given = over_the_line(self.evidence, threshold)
        if not self.given:
            self.refusal = none_answers(self._text)
            return _REFUSED
        given = numbered_anew(self.given)
        self._prompt = prompt_for(self._text, given)
        limits = reply_limits(given, self._workspace.settings.answer)
        reply = self._workspace.language_model.reply(self._prompt, limits)
        try:
            self._count((yield from self._heard(reply)))
        finally:
            reply.close()  # frees the model at once when nobody listens any more
        return cite_as_shown(parse_reply(self._raw), self.given)

    @property
    def written(self) -> Draft:
        """The lines of the reply that are written to their end."""
        whole, end, _ = self._raw.rpartition("\n")
        return cite_as_shown(parse_reply(whole), self.given) if end else _NOTHING

    def _judge(self) -> Generator[Queued | Judged, None, float]:
        """Have the model judge the best sentences one by one; note the log-odds on each.

        The least log-odds that answer is returned.
        """
        assert self.model_sha256 is not None
        gate = gate_for(self.model_sha256)
        answer = self._workspace.settings.answer
        self._threshold = gate.threshold(answer.false_answers)
        judged = self.evidence[: answer.judged]
        judging = self._workspace.language_model.judge(
            judge_prompt(self._text), [judged_text(e) for e in judged]
        )
        odds: list[float] = []
        try:
            self._count((yield from _each(judging, gate.log_odds, odds, len(judged))))
        finally:
            judging.close()
        self.lap("judged")
        self.evidence = tuple(
            replace(e, answers=odds[place]) if place < len(odds) else e
            for place, e in enumerate(self.evidence)
        )
        return self._threshold

    def _heard(self, reply: Generator[str, None, Tokens]) -> Generator[DraftPiece, None, Tokens]:
        while True:
            try:
                piece = next(reply)
            except StopIteration as end:
                tokens: Tokens = end.value
                return tokens
            if piece:
                self.lap("first_token")
                self._raw += piece
            yield DraftPiece(piece)

    def _count(self, more: Tokens) -> None:
        self.tokens = Tokens(
            prompt=self.tokens.prompt + more.prompt,
            prefilled=self.tokens.prefilled + more.prefilled,
            generated=self.tokens.generated + more.generated,
        )

    def close(self, outcome: contract.Json) -> None:
        """Close the audit record: all that was shown, and all that is needed to answer again."""
        self.lap("total")
        payload, public = recording.closing(
            outcome,
            generation=self.generation,
            evidence=self.evidence,
            given=self.given,
            prompt=self._prompt,
            threshold=self._threshold,
            raw=self._raw,
            leanings=leanings(self.given),
            seconds=self.seconds,
            tokens=self.tokens,
            energy=self.energy,
        )
        self._workspace.audit.close(self.record, payload, public)


def _each(
    judging: Judging,
    log_odds: Callable[[Judgement], float],
    odds: list[float],
    total: int,
) -> Generator[Queued | Judged, None, Tokens]:
    while True:
        yield Judged(len(odds), total)
        try:
            while (judgement := next(judging)) is None:
                yield Queued()
        except StopIteration as end:
            tokens: Tokens = end.value
            return tokens
        odds.append(log_odds(judgement))


def none_answers(question: str) -> str:
    """What is said when no sentence was judged to answer, in French for a person."""
    wanted = looked_for(question)
    sought = f" (recherché : {wanted})" if wanted else ""
    return (
        f"Aucune des phrases trouvées ne répond précisément à la question{sought}. "
        "Les extraits les plus proches sont affichés."
    )
