"""Retrieval on three sets: is the right passage among the first, and by which search?

    python -m benchmarks.retrieval                       # all that is ingested, dev and test
    python -m benchmarks.retrieval sheets --split dev    # what tuning may look at

The workspaces are made and ingested before (`make bench-retrieval`), vectors once and for all:
an ingestion that is stopped goes on where it was. Of a code that is not ingested yet, only the
lexical search is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path
from typing import Literal

from assistant.evaluation.gold import read_gold, split_of
from assistant.settings import FILE_NAME
from assistant.workspace import Workspace
from benchmarks import labour_code, service_public, sheets
from benchmarks.packages import CACHE, fetch
from benchmarks.question_sets import (
    Asked,
    counting_copies,
    demo_questions,
    merged,
    sections_of,
    sheet_questions,
)
from benchmarks.ranking_measures import Score, folded, per_question, score
from benchmarks.results import Row, made_on, save, table
from benchmarks.shelf import Shelf, by_words, first_copies, published

ROOT = sheets.HERE.parent
NAMES = ("sheets", "code", "demo")
TUNING = "service-public"  # only when named: it was tuned on
NAIVE, OURS = "naive fusion", "hybrid"
_RRF_K = 60
Split = Literal["dev", "test", "all"]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, the shelf they are asked of, and the sections or the article of each passage."""

    name: str
    questions: list[Asked]
    shelf: Shelf
    places_of: Mapping[str, frozenset[str]]


def main() -> int:
    """Print the table of each set, and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval")
    parser.add_argument(
        "sets", nargs="*", help=f"of {', '.join(NAMES)}; by default all; or {TUNING}"
    )
    parser.add_argument("--split", choices=("dev", "test", "all"), help="only this half")
    parser.add_argument("--kinds", action="store_true", help="print each kind of question too")
    parser.add_argument("--dense-weight", type=float, help="of the fusion; by default as set")
    parser.add_argument("--no-save", action="store_true", help="leave benchmarks/results alone")
    options = parser.parse_args()
    if unknown := set(options.sets).difference((*NAMES, TUNING)):
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    splits: Sequence[Split] = (options.split,) if options.split else ("dev", "test", "all")
    rows: list[Row] = []
    for name in options.sets or NAMES:
        with ExitStack() as stack:
            measured = list(measure(opened(name, stack, options.dense_weight), splits))
        rows += measured
        shown = measured if options.kinds else [row for row in measured if row.kind == "all"]
        print(table(shown), flush=True)
    if not options.no_save:
        made = made_on(Workspace.open(ROOT), options.dense_weight)
        name = "-".join(("retrieval", *options.sets))  # a part never replaces the whole
        print(f"Written: {save(name, rows, made)}")
    return 0


def opened(name: str, stack: ExitStack, dense_weight: float | None = None) -> QuestionSet:
    """One set, with the workspace it is asked of; a hit stands for its copies."""
    one = _opened(name, stack, dense_weight)
    same_as = first_copies(one.shelf.passages)
    questions = [counting_copies(asked, same_as) for asked in one.questions]
    return replace(one, questions=questions, places_of=merged(one.places_of, same_as))


def _opened(name: str, stack: ExitStack, dense_weight: float | None) -> QuestionSet:
    if name == "demo":
        shelf = published(Workspace.open(ROOT), dense_weight)
        gold = read_gold(sheets.HERE / "gold" / "demo.jsonl").questions
        return QuestionSet(name, demo_questions(gold, shelf.texts, shelf.passages), shelf, {})
    if name in ("sheets", TUNING):
        folder, drawn = (
            ("sheets-bare", sheets.load(sheets.fetch()))
            if name == "sheets"
            else (TUNING, service_public.load(fetch(service_public.PACKAGE)))
        )
        shelf = published(Workspace.open(CACHE / folder), dense_weight)
        places = sections_of(drawn, shelf.texts, shelf.passages)
        asked = sheet_questions(drawn, shelf.texts, shelf.passages)
        return QuestionSet(name, asked, shelf, places)
    parts = labour_code.load_parts(fetch(labour_code.CODE))
    raw = labour_code.load_questions(fetch(labour_code.QUESTIONS))
    shelf = _code_shelf(CACHE / "code", parts, stack, dense_weight)
    asked = labour_code.code_questions(raw, parts, shelf.passages)
    every = (passage for some in shelf.passages.values() for passage in some)
    return QuestionSet(
        name, asked, shelf, {p.passage_id: frozenset({labour_code.article_of(p)}) for p in every}
    )


def _code_shelf(
    folder: Path,
    parts: Sequence[labour_code.Part],
    stack: ExitStack,
    dense_weight: float | None,
) -> Shelf:
    if (folder / FILE_NAME).is_file():
        workspace = Workspace.open(folder)
        catalogue = workspace.catalogue
        if len(catalogue.documents(catalogue.generation)) == len(parts):
            return published(workspace, dense_weight)
    print("code: not ingested yet (see `make bench-retrieval`); lexical search only", flush=True)
    labour_code.write_corpus(folder / "corpus", parts)
    return stack.enter_context(by_words(folder / "corpus"))


def measure(one: QuestionSet, splits: Iterable[Split]) -> Iterable[Row]:
    """The scores of every mode, split, way of counting and kind of question."""
    for mode, rankings in ranked(one).items():
        for unit, counted in (("hits", rankings), ("places", _folded(rankings, one.places_of))):
            if unit == "places" and not one.places_of:
                continue
            values = per_question(one.questions, counted)
            for split in splits:
                half = [q for q in one.questions if split in ("all", split_of(q.id))]
                for kind in ("all", *sorted({q.kind for q in half})):
                    ids = [q.id for q in half if kind in ("all", q.kind)]
                    scores: dict[str, Score] = {
                        name: score([known[i] for i in ids]) for name, known in values.items()
                    }
                    yield Row(one.name, split, kind, mode, unit, scores)


def ranked(one: QuestionSet) -> dict[str, dict[str, list[str]]]:
    """Passage ids by mode and question; the naive fusion comes from the two searches alone."""
    found: dict[str, dict[str, list[str]]] = {
        mode: {asked.id: one.shelf.search(asked.question, mode) for asked in one.questions}
        for mode in one.shelf.modes
    }
    if {"dense", "lexical"} <= found.keys():
        found[NAIVE] = {
            asked.id: reciprocal_rank_fusion([found["dense"][asked.id], found["lexical"][asked.id]])
            for asked in one.questions
        }
    if OURS in found:
        found[OURS] = found.pop(OURS)  # last in the tables
    return found


def reciprocal_rank_fusion(rankings: Sequence[Sequence[str]], *, k: int = _RRF_K) -> list[str]:
    """Merge ranked id lists by reciprocal rank (Cormack et al., SIGIR 2009); ties by id."""
    parts: dict[str, list[float]] = {}
    for ranking in rankings:
        for place, name in enumerate(ranking, start=1):
            parts.setdefault(name, []).append(1 / (k + place))
    scores = {name: fsum(some) for name, some in parts.items()}  # in whatever order they come
    return sorted(scores, key=lambda name: (-scores[name], name))


def _folded(
    rankings: Mapping[str, Sequence[str]], places_of: Mapping[str, frozenset[str]]
) -> dict[str, list[str]]:
    return {question: folded(ranking, places_of) for question, ranking in rankings.items()}


if __name__ == "__main__":
    raise SystemExit(main())
