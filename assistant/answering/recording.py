"""What the audit record of an answer says: all that was shown, all that is needed to replay it.

The texts and everything that tells of a person go into the payload, which can be forgotten:
so do the hashes of texts and of the prompt, since whoever holds the corpus could find a
forgotten question again by hashing guesses. What may stay in the chain for ever is what counts
and what ran: outcome, verdicts, model and its hash, tokens, seconds, energy.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Sequence
from dataclasses import asdict

from assistant import contract
from assistant.answerability.judging import prompt_sha256
from assistant.answering.events import Question
from assistant.language_model import Identity, Prompt
from assistant.records import Energy, Evidence, Tokens
from assistant.workspace import Workspace

ENGINE = "llama-cpp-python"


def opening(
    workspace: Workspace, question: Question, standalone: str, model: contract.Json
) -> tuple[contract.Json, contract.Json]:
    """(payload, public part) of a record that opens, before anything is looked for."""
    filters = asdict(question.filters)
    filters["hidden"] = ", ".join(sorted(question.filters.hidden)) or None
    answer = workspace.settings.answer
    inside = bool(model["name"]) and "server" not in model
    public = {
        "generation": workspace.catalogue.generation,
        "model": model,
        "embedding": workspace.embedding_name,
        "program": workspace.program_version,
    }
    return {
        "user": question.user,
        "role": question.role,
        "question": question.text,
        "standalone": standalone,
        "previous": question.previous,
        "filters": {name: str(value) for name, value in filters.items() if value is not None},
        "settings": answer.model_dump(),
        "retrieval": workspace.settings.retrieval.model_dump(),
        "threads": workspace.running.threads,
        "engine": engine() if inside else None,
        "running": workspace.running.as_json() if inside else None,
        **public,
    }, public


def closing(
    outcome: contract.Json,
    *,
    served: Identity | None,
    generation: int | None,
    evidence: Sequence[Evidence],
    given: Sequence[Evidence],
    prompt: Prompt | None,
    threshold: float | None,
    unjudged: bool,
    raw: str,
    leanings: Sequence[float],
    seconds: dict[str, float],
    tokens: Tokens,
    energy: Energy | None,
) -> tuple[contract.Json, contract.Json]:
    """(payload, public part) of a record that closes.

    Args:
        outcome: The answer as JSON, or ``status`` alone when there is none.
        served: The model as its server named it, if one holds it: more than was known at first.
        generation: That was read; it may have been published after the record was opened.
        evidence: The sentences that were shown, judged where they were.
        given: Those that the draft was made from, in the order in which the model read them.
        prompt: What the model read, if it was asked to draft.
        threshold: Least log-odds that answer, if the model judged.
        unjudged: Whether it was asked to judge and could not.
        raw: The model's reply, as it came.
        leanings: Log-odds added to the number of each given sentence.
        seconds: Since the question, by stage.
        tokens: Of judging and drafting together.
        energy: What it took, where that is known.
    """
    read: contract.Json = {} if generation is None else {"generation": generation}
    if served is not None:
        read["model"] = served.as_json()
    payload = {
        **outcome,
        **read,
        "evidence": [_evidence(e) for e in evidence],
        "passages": _passages(evidence),
        "prompt": prompt and _prompt(prompt),
        "given": [e.number for e in given],
        "leanings": list(leanings),
        "threshold": threshold,
        "judging": _judging(threshold, unjudged),
        "raw": raw,
        "seconds": seconds,
        "tokens": asdict(tokens),
        "energy": energy and contract.energy_json(energy),
    }
    claims = outcome.get("claims", ())
    public = {
        **read,
        "status": outcome["status"],
        "verdicts": [claim["verdict"] for claim in claims],
        "collections": sorted(
            {c["document"]["collection"] for claim in claims for c in claim["citations"]}
        ),
        "seconds": seconds,
        "tokens": asdict(tokens),
        "energy": energy and {"wh": energy.wh, "measured": energy.measured},
    }
    return payload, public


def _judging(threshold: float | None, unjudged: bool) -> contract.Json | None:
    if unjudged:
        return {"prompt_sha256": prompt_sha256(), "offered": False}
    return None if threshold is None else {"prompt_sha256": prompt_sha256()}


def prompt_digest(fixed: Sequence[contract.Json], user: str) -> str:
    """SHA-256 of a prompt: each message's role and text, NUL between all of them."""
    parts = [part for message in fixed for part in (message["role"], message["text"])]
    return _sha256("\0".join([*parts, "user", user]))


def _evidence(evidence: Evidence) -> contract.Json:
    """A sentence as it was shown, and what the model read beside it."""
    return {
        **contract.evidence_json(evidence),
        "sha256": _sha256(evidence.text),
        "context": evidence.context,
    }


def _passages(evidence: Sequence[Evidence]) -> list[contract.Json]:
    """The passages around the sentences, once each: a quote stays readable in its context."""
    passages = {e.passage.passage_id: e.passage for e in evidence}
    return [
        {
            "id": passage.passage_id,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "sha256": _sha256(passage.text),
            "context": passage.context,
        }
        for passage in passages.values()
    ]


def _prompt(prompt: Prompt) -> contract.Json:
    fixed = [asdict(message) for message in prompt.fixed]
    return {"sha256": prompt_digest(fixed, prompt.user), "fixed": fixed, "user": prompt.user}


def engine() -> str | None:
    """Name and version of what runs the model; None when it is not installed."""
    try:
        return f"{ENGINE} {importlib.metadata.version(ENGINE)}"
    except importlib.metadata.PackageNotFoundError:
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
