"""The in-process engine: a GGUF file, greedy by default, numbers constrained, claims free.

The numbers in front of a claim are chosen among those that exist by masking the
logits: nothing else of the reply is constrained, since a grammar over whole
sentences slows every token. The fixed beginning of the prompt is evaluated once
for ever: its state is kept on disk under a key that names all it depends on.
"""

from __future__ import annotations

import codecs
import hashlib
import importlib.metadata
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.language_model.llama import Llama
from assistant.language_model.reply import (
    CitedReply,
    Judgement,
    Judging,
    Message,
    Prompt,
    ReplyLimits,
)
from assistant.language_model.running import Running
from assistant.records import Tokens

# Stands for the user's text while the template is rendered; no template holds it.
_MARK = "\ue000"
_MAX_CITED = 3
_POLL_S = 0.25
_MARGIN = 64  # tokens of the template around the user's text, and some air


class GgufModel:
    """A language model in this process; one reply at a time, others wait their turn."""

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        sha256: str,
        context_tokens: int,
        running: Running,
        state_folder: Path,
    ) -> None:
        self.name = name
        self.sha256 = sha256
        self._llama = Llama(path, context_tokens=context_tokens, running=running)
        self._states = state_folder
        self._turn = threading.Lock()
        self._prefix: tuple[int, ...] = ()
        self._digits = [self._one(str(digit)) for digit in range(10)]
        self._comma, self._open, self._close = (self._one(sign) for sign in ",[]")
        self._newline = self._one("\n")
        self._yes, self._no = (
            self._llama.tokens(word, control=False)[0] for word in ("oui", "non")
        )

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, without any template."""
        return len(self._llama.tokens(text, control=False))

    def reply(self, prompt: Prompt, limits: ReplyLimits) -> CitedReply:
        """Reply with cited lines; see `LanguageModel.reply`."""
        for _ in self._others():
            yield ""
        try:
            before, rest = self._tokens_of(prompt, limits)
            prefilled = self._begin_with(before)
            for some in self._batches(rest):
                self._llama.evaluate(some)
                yield ""  # a chance to stop while a long prompt is read
            decoder = codecs.getincrementaldecoder("utf-8")("replace")
            generated = 0
            try:
                yield "["
                for token in self._cited_lines(limits):
                    generated += 1
                    yield decoder.decode(self._llama.piece(token))
            finally:
                self._llama.forget_after(len(before))
            return Tokens(
                prompt=len(before) + len(rest),
                prefilled=prefilled + len(rest),
                generated=generated,
            )
        finally:
            self._turn.release()

    def judge(self, prompt: Prompt, texts: Sequence[str]) -> Judging:
        """Judge texts one by one; see `LanguageModel.judge`."""
        for _ in self._others():
            yield None
        try:
            head, tail = self._around(prompt)
            before = tuple(self._llama.tokens(head, control=True))
            end = self._llama.tokens(tail, control=True)
            asked = self._llama.tokens(prompt.user, control=False)[: self._room(before) // 2]
            prefilled = self._begin_with(before)
            prompted = len(before) + len(asked)
            try:
                self._evaluate(asked)
                here = self._llama.length
                for text in texts:
                    room = self._llama.context_tokens - here - len(end)
                    rest = self._llama.tokens(text, control=False)[:room] + end
                    self._evaluate(rest, hidden=True)
                    prompted += len(rest)
                    logits = self._llama.logits()
                    margin = float(logits[self._yes] - logits[self._no])
                    yield Judgement(margin, self._llama.hidden())
                    self._llama.forget_after(here)
            finally:
                self._llama.forget_after(len(before))
            return Tokens(prompt=prompted, prefilled=prefilled + prompted - len(before))
        finally:
            self._turn.release()

    def close(self) -> None:
        """Free the weights."""
        with self._turn:
            self._llama.close()

    def _others(self) -> Iterator[None]:
        """Take the turn, with a sign of life for as long as another reply holds it."""
        while not self._turn.acquire(timeout=_POLL_S):
            yield

    # --- the prompt ------------------------------------------------------------

    def _tokens_of(self, prompt: Prompt, limits: ReplyLimits) -> tuple[tuple[int, ...], list[int]]:
        """The fixed tokens, and the rest up to the opening bracket of the reply."""
        head, tail = self._around(prompt)
        before = tuple(self._llama.tokens(head, control=True))
        user = self._fitted(prompt.user, self._room(before) - limits.tokens)
        return before, user + self._llama.tokens(tail + "[", control=True)

    def _around(self, prompt: Prompt) -> tuple[str, str]:
        """What stands before and after the user's text, by the model's own template."""
        head, tail = self._llama.chat([*prompt.fixed, Message("user", _MARK)]).split(_MARK)
        return head, tail

    def _room(self, before: Sequence[int]) -> int:
        """Tokens that are left for the user's text and the reply."""
        return self._llama.context_tokens - len(before) - _MARGIN

    def _fitted(self, text: str, room: int) -> list[int]:
        """The text's tokens; one too long loses its middle, never the question at its end."""
        tokens = self._llama.tokens(text, control=False)
        if len(tokens) <= room:
            return tokens
        kept = self._llama.tokens(text[text.rfind("\n") + 1 :], control=False)[: room // 2]
        return tokens[: room - len(kept)] + kept

    def _batches(self, tokens: Sequence[int]) -> Iterator[Sequence[int]]:
        for first in range(0, len(tokens), self._llama.batch_tokens):
            yield tokens[first : first + self._llama.batch_tokens]

    def _evaluate(self, tokens: Sequence[int], *, hidden: bool = False) -> None:
        """Append any number of tokens; ``hidden`` keeps the last layer of the last batch."""
        done = 0
        for some in self._batches(tokens):
            done += len(some)
            self._llama.evaluate(some, hidden=hidden and done == len(tokens))

    def _begin_with(self, prefix: tuple[int, ...]) -> int:
        """Have exactly the prefix in the context; how many tokens had to be evaluated."""
        if self._prefix == prefix:
            self._llama.forget_after(len(prefix))
            return 0
        self._prefix = prefix
        kept = self._states / f"{self._key(prefix)}.state"
        if kept.is_file() and self._llama.restore(kept.read_bytes(), len(prefix)):
            return 0
        self._llama.forget_after(0)
        self._evaluate(prefix)
        self._states.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{threading.get_native_id()}.part")
        part.write_bytes(self._llama.state())
        part.replace(kept)
        return len(prefix)

    def _key(self, prefix: Sequence[int]) -> str:
        parts = (
            self.sha256,
            self._llama.context_tokens,
            self._llama.running.numerics,
            importlib.metadata.version("llama-cpp-python"),
            tuple(prefix),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    # --- the reply -------------------------------------------------------------

    def _cited_lines(self, limits: ReplyLimits) -> Iterator[int]:
        """Tokens of the reply after its opening bracket, each evaluated before the next."""
        draw = _Draw(limits)
        left = limits.tokens
        for claim in range(limits.claims):
            for token in self._numbers(limits, draw):
                yield self._take(token)
                left -= 1
            while left > 0:
                token = draw.one(self._llama.logits())
                if self._llama.ends(token):
                    return
                if b"[" in self._llama.piece(token):  # the next line, begun without a line end
                    token = self._newline
                yield self._take(token)
                left -= 1
                if b"\n" in self._llama.piece(token):
                    break
            if left <= 0 or claim + 1 == limits.claims or not self._goes_on(draw):
                return
            yield self._take(self._open)

    def _goes_on(self, draw: _Draw) -> bool:
        """Whether the model opens another line rather than ending its turn."""
        return not self._llama.ends(draw.one(self._llama.logits()))

    def _numbers(self, limits: ReplyLimits, draw: _Draw) -> Iterator[int]:
        """Tokens of ``2,5]``: existing numbers, each once, ``0`` alone; then the bracket."""
        highest = limits.evidence
        cited: list[int] = []
        typed = ""
        while True:
            allowed: dict[int, str] = {}
            for digit, token in enumerate(self._digits):
                if _may_follow(typed, digit, highest, cited):
                    allowed[token] = str(digit)
            if typed and int(typed) not in cited:
                allowed[self._close] = "]"
                if int(typed) != 0 and len(cited) + 1 < min(_MAX_CITED, highest):
                    allowed[self._comma] = ","
            logits = self._llama.logits()
            if not typed and not cited and len(limits.leanings) == highest < 10:
                logits = logits.copy()
                logits[self._digits[1 : highest + 1]] += np.array(limits.leanings, np.float32)
            token = draw.one(logits, among=list(allowed))
            yield token
            sign = allowed[token]
            if sign == "]":
                return
            if sign == ",":
                cited.append(int(typed))
                typed = ""
            else:
                typed += sign

    def _take(self, token: int) -> int:
        self._llama.evaluate([token])
        return token

    def _one(self, text: str) -> int:
        """The single token of a single character."""
        return self._llama.tokens(text, control=False)[-1]


def _may_follow(typed: str, digit: int, highest: int, cited: Sequence[int]) -> bool:
    """Whether a digit can go on towards an existing number that is not cited yet."""
    if typed == "0":
        return False
    number = int(f"{typed}{digit}")
    if number == 0:
        return not typed and not cited
    if number > highest:
        return False
    longer = range(number * 10, min(number * 10 + 9, highest) + 1)
    return number not in cited or any(n not in cited for n in longer)


class _Draw:
    """Chooses tokens: the most probable one, or by temperature with a seed."""

    def __init__(self, limits: ReplyLimits) -> None:
        self._temperature = limits.temperature
        self._random = np.random.default_rng(limits.seed)

    def one(self, logits: NDArray[np.float32], among: Sequence[int] | None = None) -> int:
        """One token id, of those allowed or of all."""
        chosen = logits if among is None else logits[list(among)]
        if self._temperature == 0.0:
            best = int(np.argmax(chosen))
        else:
            scaled = chosen.astype(np.float64) / self._temperature
            weights = np.exp(scaled - scaled.max())
            best = int(self._random.choice(len(weights), p=weights / weights.sum()))
        return best if among is None else among[best]
