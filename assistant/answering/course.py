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
        self._model = None if extractive else workspace.language_identity
        self._unjudged = False
        model = {"name": None, "sha256": None} if self._model is None else self._model.as_json()
        # a crash after this leaves a trace
        self.record = workspace.audit.open(
            *recording.opening(workspace, question, standalone, model)
        )
        workspace.underway.begin(self.record)
        if not extractive:
            workspace.load_language_model_meanwhile()

    @property
    def model_name(self) -> str | None:
        """Of the model that drafts; ``None`` without one."""
        return None if self._model is None else self._model.name

    @property
    def model_sha256(self) -> str | None:
        """Of its weights; ``None`` without a model, and where a server holds them."""
        return None if self._model is None else self._model.sha256

    @property
    def server(self) -> str | None:
        """Where it is asked; ``None`` for a model in this process."""
        return None if self._model is None else self._model.server

    def lap(self, name: str) -> None:
        """Note the seconds since the question, once a name."""
        self.seconds.setdefault(name, round(time.perf_counter() - self._began, 3))

    def draft(self) -> Generator[Queued | Judged | DraftPiece, None, Draft]:
        """Draft by the model, by extraction, or not at all when the evidence cannot answer."""
        by_model = self._model is not None
        self.refusal = objection(self._text, self.evidence, judged=by_model) or ""
        if self.refusal:
            return _REFUSED
        if not by_model:
            self.given = best_alone(self.evidence)
            return extracted(self.given)
        if self.server is not None:  # which has a line of its own
            return (yield from self._by_model())
        with self._workspace.turns.place() as before:
            for count in before:
                yield Queued(count)
            return (yield from self._by_model())

    def _by_model(self) -> Generator[Queued | Judged | DraftPiece, None, Draft]:
        """Judge and draft, in this question's turn."""
        threshold = yield from self._judge()
        if threshold is None:
            self.refusal = objection(self._text, self.evidence, judged=False) or ""
            self.given = () if self.refusal else best_alone(self.evidence)
        else:
            self.given = over_the_line(self.evidence, threshold)
            self.refusal = "" if self.given else none_answers(self._text)
        if self.refusal:
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

    def _judge(self) -> Generator[Queued | Judged, None, float | None]:
        """Have the model judge the best sentences one by one; note the log-odds on each.

        The least log-odds that answer is returned, ``None`` where the engine cannot judge: then
        nothing but the words of question and sentences decides, as without a model.
        """
        gate = gate_for(self.model_sha256)
        answer = self._workspace.settings.answer
        self._threshold = gate.threshold(answer.false_answers)
        judged = self.evidence[: answer.judged]
        judging = self._workspace.language_model.judge(
            judge_prompt(self._text), [judged_text(e) for e in judged]
        )
        odds: list[float] = []
        try:
            told = _each(judging, gate.log_odds, odds, len(judged), queued=self.server is None)
            self._count((yield from told))
        finally:
            judging.close()
        self.lap("judged")
        if not odds:
            self._unjudged, self._threshold = True, None
            return None
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
        if self.server is not None:
            self._model = self._workspace.language_identity  # the server has named it meanwhile
        payload, public = recording.closing(
            outcome,
            served=self._model if self.server is not None else None,
            generation=self.generation,
            evidence=self.evidence,
            given=self.given,
            prompt=self._prompt,
            threshold=self._threshold,
            unjudged=self._unjudged,
            raw=self._raw,
            leanings=leanings(self.given),
            seconds=self.seconds,
            tokens=self.tokens,
            energy=self.energy,
        )
        self._workspace.audit.close(self.record, payload, public)
        self._workspace.underway.end(self.record)


def _each(
    judging: Judging,
    log_odds: Callable[[Judgement], float],
    odds: list[float],
    total: int,
    *,
    queued: bool,
) -> Generator[Queued | Judged, None, Tokens]:
    while True:
        yield Judged(len(odds), total)
        try:
            while (judgement := next(judging)) is None:
                # a server does not tell whether it works for somebody else or for us
                yield Queued() if queued else Judged(len(odds), total)
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
