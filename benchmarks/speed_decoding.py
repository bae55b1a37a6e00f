"""Lines of `speed` on the engine: tokens written and read a second, against llama.cpp bare.

Bare is llama.cpp's C interface with its own defaults and its own greedy sampler, on the same
weights, the same tokens before, a context of the same length and as many threads; nothing is
turned into text. Ours is what an answer goes through: numbers masked, pieces decoded, events.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

import llama_cpp

from assistant.answering import EvidenceReady, Question, ask
from assistant.answering.choosing import reply_limits
from assistant.drafting import numbered_anew, prompt_for
from assistant.language_model import LanguageModel, Prompt, ReplyLimits
from assistant.model_manifest import ensure_verified
from assistant.workspace import Workspace
from benchmarks.speed_page import Goal, Json, Line
from benchmarks.speed_workspaces import demo, questions

_PROMPTS, _ROUNDS, _GIVEN = 3, 3, 4
_LEAST = 8  # tokens: a shorter reply measures nothing


class Bare:
    """llama.cpp and nothing else: one context, greedy."""

    def __init__(self, weights: str, *, context_tokens: int, threads: int) -> None:
        self._model = llama_cpp.llama_model_load_from_file(
            weights.encode(), llama_cpp.llama_model_default_params()
        )
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_threads = params.n_threads_batch = threads
        self._context = llama_cpp.llama_init_from_model(self._model, params)
        self._memory = llama_cpp.llama_get_memory(self._context)
        chain = llama_cpp.llama_sampler_chain_default_params()
        self._sampler = llama_cpp.llama_sampler_chain_init(chain)
        llama_cpp.llama_sampler_chain_add(self._sampler, llama_cpp.llama_sampler_init_greedy())

    def read(self, tokens: Sequence[int]) -> float:
        """Append tokens to the context; seconds."""
        begin = time.perf_counter()
        self._decode(tokens)
        return time.perf_counter() - begin

    def write(self, count: int) -> float:
        """Write so many tokens, whatever they say; seconds."""
        begin = time.perf_counter()
        for _ in range(count):
            token = llama_cpp.llama_sampler_sample(self._sampler, self._context, -1)
            self._decode([token])
        return time.perf_counter() - begin

    def forget_after(self, length: int) -> None:
        """Keep the first ``length`` tokens of the context."""
        llama_cpp.llama_memory_seq_rm(self._memory, 0, length, -1)

    def _decode(self, tokens: Sequence[int]) -> None:
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        if llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(array, len(tokens))):
            raise SystemExit("llama_decode failed")


def decoding() -> list[Json]:
    """Drafts of real questions, then the same number of tokens bare, in turns."""
    workspace = Workspace.open(demo())
    model: Any = workspace.language_model
    settings = workspace.settings
    weights = ensure_verified(
        workspace.manifest.get(settings.models.language), settings.models_folder
    )
    bare = Bare(
        str(weights),
        context_tokens=settings.answer.context_tokens,
        threads=settings.answer.thread_count,
    )
    laps: list[Json] = []
    for question in questions(answerable=True)[:_PROMPTS]:
        prompt, limits = _draft_of(workspace, question)
        before, rest = model._tokens_of(prompt, limits)
        bare.forget_after(0)
        bare.read(before)
        rounds = []
        for _ in range(_ROUNDS):
            gc.collect()
            ours = _ours(model, prompt, limits)
            bare.forget_after(len(before))
            bare_read_s = bare.read(rest)
            rounds.append({**ours, "bare_read_s": bare_read_s})
            rounds[-1]["bare_write_s"] = bare.write(ours["written"])
        laps += [{"read": len(rest), **lap} for lap in rounds]
    return [line.as_json() for line in lines_of(laps)]


def _draft_of(workspace: Workspace, question: str) -> tuple[Prompt, ReplyLimits]:
    """The prompt of a draft from the best sentences, as the answer's course makes it."""
    for event in ask(workspace, Question(text=question, extractive=True)):
        if isinstance(event, EvidenceReady):
            given = numbered_anew(event.evidence[:_GIVEN])
    return prompt_for(question, given), reply_limits(given, workspace.settings.answer)


def _ours(model: LanguageModel, prompt: Prompt, limits: ReplyLimits) -> Json:
    """Seconds of reading a prompt and of writing the reply, and the tokens written."""
    begin = time.perf_counter()
    opened = 0.0
    reply = model.reply(prompt, limits)
    while True:
        try:
            piece = next(reply)
        except StopIteration as end:
            last, written = time.perf_counter(), end.value.generated
            return {"read_s": opened - begin, "write_s": last - opened, "written": written}
        if piece and not opened:  # the opening bracket: the prompt is read, nothing written yet
            opened = time.perf_counter()


def lines_of(laps: Sequence[Json]) -> list[Line]:
    """The two lines; each lap is a reply of ours and the same number of tokens bare after it."""
    long = [lap for lap in laps if lap["written"] >= _LEAST]
    lines = []
    for key, what, count, ours, other, goal in (
        ("decode", "decode", "written", "write_s", "bare_write_s", Goal("≥", 0.95)),
        ("prefill", "prefill", "read", "read_s", "bare_read_s", None),
    ):
        mine, theirs = (median(lap[count] / lap[s] for lap in long) for s in (ours, other))
        pairs = [lap[other] / lap[ours] for lap in long]
        lines.append(
            Line(
                key=key,
                what=what,
                ours=f"{mine:.2f} tokens/s",
                against="the same GGUF bare in llama.cpp",
                other=f"{theirs:.2f} tokens/s",
                figure=median(pairs),
                goal=goal,
                note=f"Median ratio of {len(pairs)} pairs, one right after the other, over "
                f"{sum(lap[count] for lap in long)} tokens; {min(pairs):.2f} to {max(pairs):.2f}.",
                figures={"laps": list(long)} if key == "decode" else {},
            )
        )
    return lines
