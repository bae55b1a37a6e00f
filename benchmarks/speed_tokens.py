"""Lines of `speed` on tokens: what the model evaluates for a question, and what it must.

An answer takes two passes. Judging: the question once, then each of the best sentences alone,
each followed by the template's end. Drafting: the sentences over the line once more, now numbered
together, with the question after them. What must be evaluated is every sentence that the model
reads, once, and the question, once; the fixed beginnings of both passes are kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answering import AnswerReady, Question, ask
from assistant.language_model import CitedReply, Judging, LanguageModel, Prompt, ReplyLimits
from assistant.records import Tokens
from assistant.workspace import Workspace
from benchmarks.speed_page import Goal, Json, Line
from benchmarks.speed_workspaces import REPOSITORY, demo, questions

_ASKED = 4  # the first one only has the prefixes evaluated, if they never were
_SPARE = 16  # tokens that a pass may take beyond its evidence and question


@dataclass(frozen=True, slots=True)
class Read:
    """What one question had evaluated, in tokens.

    ``question`` and ``sentences`` stand for the judging pass, ``drafted`` for the evidence and
    question of the drafting pass; ``judging`` and ``drafting`` are what each pass evaluated.
    ``anew`` counts the passes whose fixed beginning was evaluated again.
    """

    question: int
    sentences: int
    judging: int
    drafted: int
    drafting: int
    anew: int
    generated: int

    @property
    def evaluated(self) -> int:
        """All tokens that were read; those written are not among them."""
        return self.judging + self.drafting

    @property
    def must(self) -> int:
        """The evidence that the model reads, and the question, once each."""
        return self.question + self.sentences


class Tapped:
    """A language model whose counts are kept; all else is its own."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.judged: list[tuple[int, int, Tokens]] = []
        self.replied: list[tuple[int, Tokens]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def judge(self, prompt: Prompt, texts: Sequence[str]) -> Judging:
        """As the model does; notes the question's and the sentences' tokens."""
        question, sentences = self._count(prompt.user), sum(map(self._count, texts))
        tokens = yield from self._model.judge(prompt, texts)
        self.judged.append((question, sentences, tokens))
        return tokens

    def reply(self, prompt: Prompt, limits: ReplyLimits) -> CitedReply:
        """As the model does; notes the tokens of evidence and question."""
        tokens = yield from self._model.reply(prompt, limits)
        self.replied.append((self._count(prompt.user), tokens))
        return tokens

    def _count(self, text: str) -> int:
        return self._model.count_tokens(text)


def tokens() -> list[Json]:
    """Several questions in one process, then the last of them in a fresh one."""
    demo()
    found = [Read(**row) for row in _asked(*questions(answerable=True)[:_ASKED])]
    again = [Read(**row) for row in _asked(questions(answerable=True)[_ASKED - 1])]
    return [line.as_json() for line in lines_of(found[1:], again[0], found[-1])]


def lines_of(later: Sequence[Read], fresh: Read, same: Read) -> list[Line]:
    """The lines, of questions after the first, and of one in a fresh process and in a warm one."""
    worst = max(later, key=lambda read: read.evaluated - read.must)
    drafts = [read for read in later if read.drafting]
    drafting = max(drafts, key=lambda read: read.drafting - read.drafted, default=None)
    ends = worst.judging - worst.must
    return [
        Line(
            key="tokens",
            what="tokens evaluated for a later question",
            ours=str(worst.evaluated),
            against="each sentence it reads once, and the question once",
            other=str(worst.must),
            figure=float(worst.evaluated - worst.must),
            goal=Goal("≤", _SPARE, "tokens more"),
            note=f"The worst of {len(later)} questions. What is more: {ends} are the template's "
            f"ends after each judged sentence, {worst.drafting} the drafting pass, which reads the "
            f"sentences over the line and the question again ({worst.drafted} of them). Fixed "
            f"beginnings evaluated again: {worst.anew}. Written besides: {worst.generated}.",
            figures={"questions": [_figures(read) for read in later]},
        ),
        Line(
            key="tokens-drafting",
            what="of these, the drafting pass",
            ours="–" if drafting is None else str(drafting.drafting),
            against="its evidence and its question",
            other="–" if drafting is None else str(drafting.drafted),
            figure=None if drafting is None else float(drafting.drafting - drafting.drafted),
            goal=Goal("≤", _SPARE, "tokens more"),
            note=f"What an answer without a judging pass would evaluate; {len(drafts)} of "
            f"{len(later)} questions were drafted.",
        ),
        Line(
            key="tokens-restart",
            what="the same question after a restart",
            ours=str(fresh.evaluated),
            against="in the process that answered before",
            other=str(same.evaluated),
            figure=float(fresh.evaluated - same.evaluated),
            goal=Goal("≤", 0, "tokens more"),
            note="A process of its own; the states of both fixed beginnings come from the disk.",
        ),
    ]


def _figures(read: Read) -> dict[str, int]:
    return {name: getattr(read, name) for name in Read.__dataclass_fields__}


def _asked(*some: str) -> list[Json]:
    """What `answered` prints, from a fresh process."""
    code = "import sys; from benchmarks.speed_tokens import answered as do; do(*sys.argv[1:])"
    command = [sys.executable, "-c", code, *some]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True)
    rows: list[Json] = json.loads(done.stdout.splitlines()[-1])
    return rows


def answered(*some: str) -> None:
    """Answer questions one after the other, and print what each had evaluated."""
    workspace = Workspace.open(demo())
    tapped = Tapped(workspace.language_model)
    workspace._language_model = tapped  # the same model, its counts kept
    rows = []
    for question in some:
        tapped.judged.clear()
        tapped.replied.clear()
        ready = None
        for event in ask(workspace, Question(text=question)):
            if isinstance(event, AnswerReady):
                ready = event
        if ready is None or not tapped.judged:
            raise SystemExit(f"nothing was judged: {question}")
        asked, sentences, judging = tapped.judged[0]
        drafted, drafting = tapped.replied[0] if tapped.replied else (0, Tokens())
        rows.append(
            _figures(
                Read(
                    question=asked,
                    sentences=sentences,
                    judging=judging.prefilled,
                    drafted=drafted,
                    drafting=drafting.prefilled,
                    anew=sum(0 < t.prompt == t.prefilled for t in (judging, drafting)),
                    generated=drafting.generated,
                )
            )
        )
    print(json.dumps(rows))
