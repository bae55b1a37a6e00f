"""How well the verifier tells a supported claim from one that its quote does not say.

``gold/claims.jsonl`` holds pairs of a quote and a claim, labelled by hand without reading the
program. Each sentence of a quote is an evidence sentence of one passage, all of them cited.

    python -m benchmarks.claims                  the dev half
    python -m benchmarks.claims --split test     what the rules were not made on
    python -m benchmarks.claims --wrong          the misjudged pairs too, of the dev half only
    python -m benchmarks.claims --json           one object instead of lines
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from assistant.contract import Json
from assistant.evaluation.gold import split_of
from assistant.figures.shares import Share
from assistant.french.sentences import split_sentences
from assistant.records import (
    Claim,
    Document,
    DocumentKind,
    DraftClaim,
    Evidence,
    Locator,
    Passage,
    Verdict,
)
from assistant.verification.statement import source_of
from assistant.verification.verdicts import verify_claim

GOLD = Path(__file__).resolve().parent / "gold" / "claims.jsonl"

Split = Literal["dev", "test", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A quote, a claim that cites it, and whether the quote says what the claim says.

    ``error`` names what is wrong with a claim that is not supported.
    """

    id: str
    quote: str
    speaker: str | None
    speaker_role: str | None
    title: str
    date: str | None
    claim: str
    supported: bool
    error: str | None

    @property
    def split(self) -> Literal["dev", "test"]:
        """The half this pair belongs to."""
        return split_of(self.id)


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair and what the verifier made of it."""

    pair: Pair
    claim: Claim

    @property
    def refused(self) -> bool:
        """The verifier said « unsupported »."""
        return self.claim.verdict is Verdict.UNSUPPORTED

    @property
    def right(self) -> bool:
        """As a person judged it."""
        return self.refused != self.pair.supported


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Of the verdict « unsupported ».

    ``recall``: unsupported claims that were refused. ``precision``: refused claims that were
    unsupported. ``kept``: supported claims that were accepted. ``by_error``: recall for each
    kind of fault.
    """

    recall: Share
    precision: Share
    kept: Share
    by_error: dict[str, Share]


def load_pairs(split: Split = "all") -> list[Pair]:
    """The pairs of a half, in the file's order."""
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    pairs = [Pair(**json.loads(line)) for line in lines]
    return [pair for pair in pairs if split in ("all", pair.split)]


def evidence_of(pair: Pair) -> list[Evidence]:
    """The sentences of the quote, numbered from 1, as an answer would cite them."""
    day = date.fromisoformat(pair.date) if pair.date else None
    document = Document(
        document_id=pair.id,
        path=f"{pair.id}.md",
        sha256="0" * 64,
        format="markdown",
        title=pair.title,
        date=day,
        kind=DocumentKind.OTHER,
        collection="claims",
    )
    passage = Passage(
        passage_id=f"{pair.id}:0",
        document_id=pair.id,
        text=pair.quote,
        start=0,
        end=len(pair.quote),
        locator=Locator(speaker=pair.speaker, speaker_role=pair.speaker_role),
    )
    heading = pair.title if day is None else f"{pair.title}, {day:%d/%m/%Y}"
    return [
        Evidence(
            number=number,
            text=pair.quote[start:end],
            start=start,
            end=end,
            score=1.0,
            passage=passage,
            document=document,
            context=heading,
        )
        for number, (start, end) in enumerate(split_sentences(pair.quote), start=1)
    ]


def judge(pair: Pair) -> Judged:
    """Verify the claim of a pair, citing every sentence of its quote."""
    sources = {item.number: source_of(item) for item in evidence_of(pair)}
    drafted = DraftClaim(text=pair.claim, cites=tuple(sources))
    return Judged(pair, verify_claim(drafted, sources))


def scores_of(judged: Sequence[Judged]) -> Scores:
    """Count what was judged as a person judged it."""
    wrong = [each for each in judged if not each.pair.supported]
    refused = [each for each in judged if each.refused]
    supported = [each for each in judged if each.pair.supported]
    kinds = sorted({each.pair.error or "" for each in wrong})
    return Scores(
        recall=_share(wrong, [each.refused for each in wrong]),
        precision=_share(refused, [not each.pair.supported for each in refused]),
        kept=_share(supported, [not each.refused for each in supported]),
        by_error={
            kind: _share(of_kind, [each.refused for each in of_kind])
            for kind in kinds
            if (of_kind := [each for each in wrong if each.pair.error == kind])
        },
    )


def _share(among: Sequence[Judged], hits: Sequence[bool]) -> Share:
    return Share(count=sum(hits), of=len(among))


def _said(share: Share) -> str:
    if share.value is None or share.interval is None:
        return "—"
    low, high = share.interval
    return f"{share.value:.3f}  {share.count}/{share.of}  [{low:.2f} – {high:.2f}]"


def _as_json(share: Share) -> Json:
    return {
        "count": share.count,
        "of": share.of,
        "value": share.value,
        "interval": share.interval,
    }


def _lines(split: str, scores: Scores) -> Iterator[str]:
    yield f"{split}: the verdict « unsupported » (95 % intervals, Clopper-Pearson)"
    yield f"  recall     {_said(scores.recall)}"
    yield f"  precision  {_said(scores.precision)}"
    yield f"  supported claims kept  {_said(scores.kept)}"
    yield "  recall for each kind of fault"
    for kind, share in scores.by_error.items():
        yield f"    {kind:11} {_said(share)}"


def _wrong_lines(judged: Sequence[Judged]) -> Iterator[str]:
    for each in judged:
        if each.right:
            continue
        pair = each.pair
        yield f"{pair.id}  {'refused, is supported' if pair.supported else f'kept: {pair.error}'}"
        yield f"    « {pair.quote} »" + (f" ({pair.speaker})" if pair.speaker else "")
        yield f"    {pair.claim}"
        if each.refused:
            yield f"    → {each.claim.reason}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the pairs and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--wrong", action="store_true", help="misjudged pairs of the dev half")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args(arguments)
    judged = [judge(pair) for pair in load_pairs(options.split)]
    scores = scores_of(judged)
    dev = [each for each in judged if each.pair.split == "dev"]
    if options.json:
        found: Json = {
            "split": options.split,
            "pairs": len(judged),
            "recall": _as_json(scores.recall),
            "precision": _as_json(scores.precision),
            "kept": _as_json(scores.kept),
            "by_error": {kind: _as_json(share) for kind, share in scores.by_error.items()},
        }
        if options.wrong:
            found["wrong"] = [each.pair.id for each in dev if not each.right]
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print("\n".join(_lines(options.split, scores)))
    if options.wrong:
        print("\n".join(_wrong_lines(dev)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
