"""The rows of the CSV files: answers, their citations, judgements of them, and the figures.

``claim`` and ``citation`` count from 0, as in the log. A claim without citations has one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assistant.reporting.csv_text import Cell
from assistant.reporting.groups import STAGES
from assistant.reporting.records import Answered, Cited, Held, Judgement, Said, Thing

Row = dict[str, Cell]

_TOKENS: Final = ("prompt", "prefilled", "generated")
RECORDS: Final = (
    "record", "opened", "closed", "outcome", "question", "user", "reason", "model", "model_sha256",
    "program", "embedding", "generation", *(f"{stage}_s" for stage in STAGES),
    *(f"{name}_tokens" for name in _TOKENS), "energy_wh", "energy_measured", "claims", "citations",
    "unsupported", "disputes", "judgement", "judgement_how",
)  # fmt: skip
CLAIMS: Final = (
    "record", "opened", "outcome", "claim", "text", "verdict", "verdict_reason", "citation",
    "document", "title", "path", "sha256", "collection", "kind", "date", "status", "where", "quote",
    "source_today", "judgement", "judgement_how", "evaluators",
)  # fmt: skip
JUDGEMENTS: Final = (
    "record", "claim", "citation", "evaluator", "judgement", "settles", "time", "sample", "drawn",
    "note",
)  # fmt: skip


def record_row(answer: Answered) -> Row:
    """One answer."""
    whole = answer.judged.get(None)
    return {
        "record": answer.record,
        "opened": answer.opened,
        "closed": answer.closed,
        "outcome": answer.outcome,
        "question": answer.question,
        "user": answer.user,
        "reason": answer.reason,
        "model": answer.model,
        "model_sha256": answer.model_sha256,
        "program": answer.program,
        "embedding": answer.embedding,
        "generation": answer.generation,
        **{f"{stage}_s": answer.seconds.get(stage) for stage in STAGES},
        **{f"{name}_tokens": answer.tokens.get(name) for name in _TOKENS},
        "energy_wh": answer.energy_wh,
        "energy_measured": answer.measured,
        "claims": len(answer.claims),
        "citations": sum(len(claim.citations) for claim in answer.claims),
        "unsupported": sum(claim.verdict == "unsupported" for claim in answer.claims),
        "disputes": " ".join(key or "?" for key in answer.disputes),
        **_held(whole),
    }


def claim_rows(answer: Answered) -> Iterator[Row]:
    """The claims of an answer, a row a citation."""
    for claim in answer.claims:
        said: Row = {
            "record": answer.record,
            "opened": answer.opened,
            "outcome": answer.outcome,
            "claim": claim.claim,
            "text": claim.text,
            "verdict": claim.verdict,
            "verdict_reason": claim.reason,
        }
        if not claim.citations:
            yield said
        for cited in claim.citations:
            yield {**said, **_cited(answer, claim, cited)}


def judgement_rows(answer: Answered) -> Iterator[Row]:
    """Each person's last word on each thing of an answer, and what settles it."""
    for thing, held in answer.judged.items():
        for word in held.words:
            yield _word(answer, thing, word)


def _cited(answer: Answered, claim: Said, cited: Cited) -> Row:
    held = answer.judged.get((claim.claim, cited.citation))
    return {
        "citation": cited.citation,
        "document": cited.document,
        "title": cited.title,
        "path": cited.path,
        "sha256": cited.sha256,
        "collection": cited.collection,
        "kind": cited.kind,
        "date": cited.date,
        "status": cited.status,
        "where": cited.where,
        "quote": cited.quote,
        "source_today": cited.today,
        **_held(held),
        "evaluators": 0 if held is None else len(held.votes),
    }


def _held(held: Held | None) -> Row:
    if held is None:
        return {}
    return {"judgement": held.key, "judgement_how": held.how}


def _word(answer: Answered, thing: Thing, word: Judgement) -> Row:
    claim, citation = thing or (None, None)
    return {
        "record": answer.record,
        "claim": claim,
        "citation": citation,
        "evaluator": word.by,
        "judgement": word.key,
        "settles": word.settles,
        "time": word.time,
        "sample": word.sample,
        "drawn": word.drawn,
        "note": answer.notes.get((thing, word.by, word.settles)),
    }
