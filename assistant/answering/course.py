"""One answer on its way: the model's part of it, and what its audit record needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import asdict, replace

from assistant import contract
from assistant.answerability import gate_for, judge_prompt, judged_text, looked_for, objection
from assistant.answering.events import DraftPiece, Judged, Question, Queued
from assistant.contradiction import contradicts
from assistant.drafting import (
    cite_as_shown,
    claim_text,
    leanings,
    numbered_anew,
    parse_reply,
    prompt_for,
)
from assistant.language_model import Judgement, Judging, Prompt, ReplyLimits
from assistant.records import Draft, DraftClaim, Energy, Evidence, Tokens
from assistant.workspace import Workspace

_EXTRACTED = 3  # sentences of an answer without a language model
_MOST_DRAFTED = 4  # sentences that the model drafts from
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
        self.record = workspace.audit.open(self._opening())  # a crash after this leaves a trace
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
            return self._extracted()
        yield from self._judge()
        self.given = self._answering()
        if not self.given:
            self.refusal = _refusal(self._text)
            return _REFUSED
        given = numbered_anew(self.given)
        self._prompt = prompt_for(self._text, given)
        answer = self._workspace.settings.answer
        limits = ReplyLimits(
            evidence=len(given),
            leanings=leanings(given),
            claims=answer.max_claims,
            tokens=answer.max_tokens,
            seed=answer.seed,
            temperature=answer.temperature,
        )
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

    def _extracted(self) -> Draft:
        """The best sentences as they are; nothing in one passes for a citation marker."""
        self.given = tuple(sorted(self.evidence, key=lambda e: -e.score)[:_EXTRACTED])
        claims = tuple(DraftClaim(text=claim_text(e.text), cites=(e.number,)) for e in self.given)
        return Draft(claims=claims, refused=False, raw="")

    def _judge(self) -> Generator[Queued | Judged, None, None]:
        """Have the model judge the best sentences one by one; note the log-odds on each."""
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

    def _answering(self) -> tuple[Evidence, ...]:
        """The sentences over the line, best first, each with what contradicts it."""
        assert self._threshold is not None
        judged = [e for e in self.evidence if e.answers is not None]
        over = sorted(
            (e for e in judged if e.answers is not None and e.answers >= self._threshold),
            key=lambda e: -(e.answers or 0.0),
        )[:_MOST_DRAFTED]
        for e in tuple(over):
            over += [
                other
                for other in judged
                if other not in over
                and other.document != e.document
                and contradicts(e.text, other.text)
            ]
        return tuple(over[: _MOST_DRAFTED + 1])

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
        evidence = [contract.evidence_json(e) for e in self.evidence]
        prompt = self._prompt
        self._workspace.audit.close(
            self.record,
            {
                "evidence": evidence,
                "prompt": prompt
                and {"fixed": [asdict(m) for m in prompt.fixed], "user": prompt.user},
                "given": [e.number for e in self.given],
                "leanings": leanings(self.given),
                "threshold": self._threshold,
                "raw": self._raw,
                "seconds": self.seconds,
                "tokens": asdict(self.tokens),
                "energy": self.energy and contract.energy_json(self.energy),
                **outcome,
            },
        )

    def _opening(self) -> contract.Json:
        filters = asdict(self._question.filters)
        filters["hidden"] = ", ".join(sorted(self._question.filters.hidden)) or None
        return {
            "user": self._question.user,
            "question": self._question.text,
            "standalone": self._text,
            "previous": self._question.previous,
            "filters": {name: str(value) for name, value in filters.items() if value is not None},
            "generation": self._workspace.catalogue.generation,
            "model": {"name": self.model_name, "sha256": self.model_sha256},
            "embedding": self._workspace.embedding_name,
            "settings": self._workspace.settings.answer.model_dump(),
            "program": self._workspace.program_version,
        }


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


def _refusal(question: str) -> str:
    wanted = looked_for(question)
    sought = f" (recherché : {wanted})" if wanted else ""
    return (
        f"Aucune des phrases trouvées ne répond précisément à la question{sought}. "
        "Les extraits les plus proches sont affichés."
    )
