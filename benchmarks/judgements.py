"""What the default model thinks of (question, sentence) pairs, computed once and kept.

A judgement costs about a second; the cache lies in ``benchmarks/.cache`` under the model's
hash and the judging prompt's, so that another model or prompt begins anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.answerability.judging import judge_prompt, judged_text, prompt_sha256
from assistant.answering import search
from assistant.evaluation.facts import stands_in
from assistant.evaluation.gold import GoldQuestion
from assistant.evidence import heading, select_evidence
from assistant.followup import standalone
from assistant.records import Document, DocumentKind, Evidence, Filters, Locator, Passage
from assistant.workspace import Workspace

HERE = Path(__file__).resolve().parent
PAIRS = ("regional", "rights", "hearings")
_PASSAGES = 20
_KEPT_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One sentence and one question; ``group`` keeps what must not be split between folds."""

    group: str
    question: str
    text: str  # as the model is shown it
    answers: bool

    @property
    def key(self) -> str:
        """Names the pair in the cache."""
        return hashlib.sha256(f"{self.question}\0{self.text}".encode()).hexdigest()


def written_pairs() -> Iterator[Pair]:
    """The hand-written training pairs: one question that a sentence answers, two near-misses."""
    for name in PAIRS:
        path = HERE / "gold" / f"answerability-{name}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            group = f"{name}:{hashlib.sha256(row['sentence'].encode()).hexdigest()[:12]}"
            yield Pair(
                group=group,
                question=row["question"],
                text=judged_text(_evidence(row)),
                answers=row["answers"],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A gold question with the pairs that the model would judge for it, best evidence first."""

    gold: GoldQuestion
    pairs: tuple[Pair, ...]


def asked_questions(
    workspace: Workspace, questions: Iterable[GoldQuestion], *, most: int
) -> Iterator[AskedQuestion]:
    """Each question with the evidence ``ask`` would find; a pair answers when it holds a fact.

    Args:
        workspace: Where its documents are.
        questions: Any.
        most: Sentences judged for one question, at most.
    """
    settings = workspace.settings.answer
    for gold in questions:
        text = standalone(gold.question, gold.previous)
        hits = search(workspace, text, filters=Filters(), top=_PASSAGES).hits
        evidence = select_evidence(
            text, hits, token_budget=settings.evidence_tokens, most=settings.max_evidence
        )
        pairs = tuple(
            Pair(
                group=gold.id,
                question=text,
                text=judged_text(e),
                answers=any(stands_in(fact, e.text) for fact in gold.facts),
            )
            for e in evidence[:most]
        )
        yield AskedQuestion(gold=gold, pairs=pairs)


class Judgements:
    """Margins and states of pairs, from the cache or from the model."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        model = workspace.manifest.get(workspace.settings.models.language)
        self.model_sha256 = model.sha256
        self._file = HERE / ".cache" / f"judgements-{model.sha256[:12]}-{prompt_sha256()[:12]}.npz"
        self._known: dict[str, tuple[float, NDArray[np.float32]]] = {}
        if self._file.is_file():
            with np.load(self._file) as kept:
                rows = zip(kept["keys"], kept["margins"], kept["states"], strict=True)
                self._known = {str(k): (float(m), s.astype(np.float32)) for k, m, s in rows}

    def kept(self, pair: Pair) -> bool:
        """True when the pair was judged before."""
        return pair.key in self._known

    def of(self, pairs: Sequence[Pair]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Margins (float64[n]) and states (float32[n, d]) of pairs, in order."""
        missing = [pair for pair in pairs if pair.key not in self._known]
        for count, pair in enumerate(tqdm(missing, disable=not missing), start=1):
            judging = self._workspace.language_model.judge(judge_prompt(pair.question), [pair.text])
            judgement = next(judging)
            judging.close()
            if judgement.state is None:
                raise SystemExit("this engine gives no hidden state: no head can be fitted")
            self._known[pair.key] = (judgement.margin, judgement.state)
            if count % _KEPT_EVERY == 0:
                self._keep()
        if missing:
            self._keep()
        found = [self._known[pair.key] for pair in pairs]
        return np.array([m for m, _ in found]), np.stack([s for _, s in found])

    def _keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part.npz")
        np.savez(
            part,
            keys=np.array(list(self._known)),
            margins=np.array([m for m, _ in self._known.values()]),
            states=np.stack([s for _, s in self._known.values()]).astype(np.float16),
        )
        part.replace(self._file)


def _evidence(row: dict[str, str]) -> Evidence:
    """A written sentence as evidence of a document of its own."""
    document = Document(
        document_id="written",
        path="written",
        sha256="",
        format="text",
        title=row["title"],
        date=date.fromisoformat(row["date"]) if row["date"] else None,
        kind=DocumentKind.OTHER,
        collection="written",
    )
    text = row["sentence"]
    locator = Locator(section=row["section"], speaker=row["speaker"])
    passage = Passage(
        passage_id="written:0",
        document_id="written",
        text=text,
        start=0,
        end=len(text),
        locator=locator,
    )
    return Evidence(
        number=1,
        text=text,
        start=0,
        end=len(text),
        score=0.0,
        passage=passage,
        document=document,
        context=heading(document),
    )
