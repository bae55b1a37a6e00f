"""What is asked, and what is told while it is answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from assistant import contract
from assistant.records import Answer, Claim, Energy, Evidence, Filters, Hit, Tokens
from assistant.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and within what.

    ``previous`` is the question before, standalone, for a follow-up; ``extractive`` answers with
    the best sentences alone. ``user`` is the pseudonym of who asks, if anyone is known, and
    ``role`` what they are here (agent, rapporteur...).
    """

    text: str
    filters: Filters = field(default=Filters())
    extractive: bool = False
    previous: str | None = None
    user: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The question is in the audit log: whatever happens from here on leaves a trace."""

    record: str


@dataclass(frozen=True, slots=True)
class EvidenceReady:
    """The sourced sentences, before the model has read a token.

    ``standalone`` is the question as it was understood: other words than were asked when a
    follow-up was completed, so that the reader sees it.
    """

    evidence: tuple[Evidence, ...]
    hits: tuple[Hit, ...]
    standalone: str


@dataclass(frozen=True, slots=True)
class Queued:
    """The model is answering somebody else; this question waits its turn.

    ``before`` questions come first, the one that is being answered among them; ``None`` where
    that is not known.
    """

    before: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The model has judged so many of the sentences that it judges in all."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DraftPiece:
    """A piece of the model's raw reply, possibly empty: a sign of life, not yet an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ClaimsReady:
    """The claims written so far, each verified; the answer as a whole is not yet judged."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReady:
    """The verified answer, its audit record closed.

    ``question`` is the one that was answered: standalone, to be the next one's ``previous``.
    ``server`` is where the model was asked, if not in this process; its hash is not known then.
    """

    answer: Answer
    question: str
    record: str
    model: str | None
    model_sha256: str | None
    server: str | None = None
    tokens: Tokens
    seconds: dict[str, float]
    energy: Energy | None = None

    def as_json(self) -> contract.Json:
        """The object of the command contract; ``energy_wh`` is null where it cannot be known."""
        return {
            **contract.answer_json(self.answer),
            "question": self.question,
            "record": self.record,
            "model": {
                "name": self.model,
                "sha256": self.model_sha256,
                **({} if self.server is None else {"server": self.server}),
            },
            "seconds": self.seconds,
            "tokens": asdict(self.tokens),
            "energy_wh": None if self.energy is None else self.energy.wh,
        }


AnswerEvent = Opened | EvidenceReady | Queued | Judged | DraftPiece | ClaimsReady | AnswerReady


def authorship(ready: AnswerReady) -> Words:
    """Who wrote the answer, said to every reader: an AI, or nobody but the sources."""
    if ready.model is None:
        return Words(
            "Phrases extraites telles quelles, vérifiées", "Sentences extracted as they are"
        )
    return Words(f"Rédigé par une IA ({ready.model}), vérifié", f"Written by an AI ({ready.model})")
