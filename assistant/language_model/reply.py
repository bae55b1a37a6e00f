"""What is asked of a language model here, and what comes back.

A reply is lines of the form ``[2,5] A short claim.``: the numbers of the
evidence sentences first, then the claim. The numbers are constrained to those
that exist; the claim is free. ``[0]`` says that no sentence answers. Where a
server cannot constrain them, a line whose numbers do not exist comes without numbers.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.records import Tokens

REFUSAL_ID = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which model it is: what is recorded of it.

    ``sha256`` is that of the weights, ``None`` where a server holds them: then ``server`` is its
    address, and what the model is rests on the server's word.
    """

    name: str
    sha256: str | None
    server: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """As answers and records say it; ``server`` only where there is one."""
        said = {"name": self.name, "sha256": self.sha256}
        return said if self.server is None else {**said, "server": self.server}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A fixed beginning, the same for every question, and what changes.

    The engine evaluates the beginning once and keeps it. ``user`` holds text of
    documents and of people: it never becomes control tokens of the model.
    """

    fixed: tuple[Message, ...]
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits:
    """Bounds of one reply.

    ``evidence`` is the highest number that may be cited. ``leanings`` are added to the
    log-odds of the first number of a line, one for each evidence number from 1 on: what
    retrieval knows of a sentence, which a small model needs to be told. They only act where
    one digit decides, so beyond nine sentences they do nothing.
    """

    evidence: int
    leanings: tuple[float, ...] = ()
    claims: int
    tokens: int
    seed: int = 0
    temperature: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What a model thinks of one text before it writes a word.

    ``margin`` is the log-odds of « oui » against « non ». ``state`` is float32[d], the last hidden
    layer from which they come, or ``None`` when the engine cannot give it: a linear reading of it
    tells more than the two words do (see ``assistant.answerability.gate``).
    """

    margin: float
    state: NDArray[np.float32] | None


Judging = Generator[Judgement | None, None, Tokens]
"""Yields a judgement a text, in order, and ``None`` now and then while another reply is being
written; returns the token counts."""

CitedReply = Generator[str, None, Tokens]
"""Yields pieces of the reply as they come, empty ones while it waits; returns the token counts."""


class LanguageModel(Protocol):
    """What drafting needs of a model; in this process one reply at a time, others wait."""

    @property
    def name(self) -> str:
        """The name in the manifest, or the one that a server gives."""

    @property
    def sha256(self) -> str | None:
        """Of the weights; ``None`` where a server holds them."""

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, without any template."""

    def judge(self, prompt: Prompt, texts: Sequence[str]) -> Judging:
        """Answer « oui » or « non » to ``prompt`` about each text alone.

        The user's message of ``prompt`` is followed by one of the texts; what they share is
        evaluated once. Closing the generator stops the model. An engine that cannot tell yields
        fewer judgements than there are texts, none at all where it never can.

        Raises:
            ModelServerError: The engine is a server, and it failed.
        """

    def reply(self, prompt: Prompt, limits: ReplyLimits) -> CitedReply:
        """Reply with cited lines; closing the generator stops the model.

        Raises:
            ModelServerError: The engine is a server, and it failed.
        """
