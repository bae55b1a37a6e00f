"""Evidence recall: the share of the answers' facts that stand in what the model may read.

It is the ceiling of everything after it. Questions are asked as agents ask them; a
fact counts where a chosen sentence states it. The budget is in estimated tokens of
the prompt, titles included; the last column says what the tokenizer counts.

    python -m benchmarks.evidence benchmarks/gold/demo.jsonl [--workspace DIR] [--missing]
    python -m benchmarks.evidence benchmarks/gold/sheets.jsonl --workspace SHEETS
"""

from __future__ import annotations

import argparse
import ctypes
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import llama_cpp

from assistant.answering import search
from assistant.drafting import user_message
from assistant.evaluation.facts import stands_in
from assistant.evaluation.gold import GoldQuestion, read_gold
from assistant.evidence import select_evidence
from assistant.followup import standalone
from assistant.model_manifest import path_of
from assistant.records import Evidence, Filters
from assistant.workspace import Workspace

BUDGETS = (200, 350, 500)
_PASSAGES, _MOST = 20, 30
_SILENT = llama_cpp.llama_log_callback(lambda *_: None)


def main() -> None:
    """Print a table: one line a split and a budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--workspace", type=Path, default=Path.cwd())
    parser.add_argument("--missing", action="store_true", help="list what dev misses at 350")
    options = parser.parse_args()
    workspace = Workspace.open(options.workspace)
    questions = [q for q in read_gold(options.gold).questions if q.answerable]
    count = _counter(workspace)
    print(f"{'split':6}{'budget':>8}{'facts':>8}{'whole':>8}{'tokens':>8}  ({options.gold.name})")
    for budget in BUDGETS:
        chosen = list(_chosen(workspace, questions, budget))
        for split in ("dev", "test", "all"):
            rows = [row for row in chosen if split in ("all", row[0].split)]
            facts = [stands_in(f, _text(e)) for q, e in rows for f in q.facts]
            whole = [all(stands_in(f, _text(e)) for f in q.facts) for q, e in rows]
            used = median(count(user_message(q.question, e)) for q, e in rows)
            print(
                f"{split:6}{budget:8}{sum(facts) / len(facts):8.3f}"
                f"{sum(whole) / len(whole):8.3f}{used:8.0f}"
            )
        if options.missing and budget == 350:
            _list_missing([row for row in chosen if row[0].split == "dev"])


def _chosen(
    workspace: Workspace, questions: Sequence[GoldQuestion], budget: int
) -> Iterator[tuple[GoldQuestion, tuple[Evidence, ...]]]:
    for question in questions:
        text = standalone(question.question, question.previous)
        hits = search(workspace, text, filters=Filters(), top=_PASSAGES).hits
        yield question, select_evidence(text, hits, token_budget=budget, most=_MOST)


def _counter(workspace: Workspace):  # type: ignore[no-untyped-def]
    """Counts tokens with the language model's vocabulary alone: no weights are read."""
    llama_cpp.llama_log_set(_SILENT, ctypes.c_void_p(0))
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    model = workspace.manifest.get(workspace.settings.models.language)
    path = path_of(model, workspace.settings.models_folder)
    vocabulary = llama_cpp.llama_model_get_vocab(
        llama_cpp.llama_model_load_from_file(bytes(path), parameters)
    )

    def count(text: str) -> int:
        raw = text.encode()
        room = (llama_cpp.llama_token * (len(raw) + 8))()
        return int(
            llama_cpp.llama_tokenize(vocabulary, raw, len(raw), room, len(room), False, False)
        )

    return count


def _text(evidence: Sequence[Evidence]) -> str:
    return "\n".join(e.text for e in evidence)


def _list_missing(rows: Sequence[tuple[GoldQuestion, tuple[Evidence, ...]]]) -> None:
    for question, evidence in rows:
        absent = [f for f in question.facts if not stands_in(f, _text(evidence))]
        if absent:
            print(f"   {question.id} {question.question} — {' / '.join(absent)}")


if __name__ == "__main__":
    main()
