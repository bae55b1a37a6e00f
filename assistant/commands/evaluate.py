"""``assistant evaluate``: gold questions to scores and a report."""

from __future__ import annotations

import argparse
import shlex
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.terminal import Bars, note, say, say_json, table
from assistant.wording import Words

if TYPE_CHECKING:
    from assistant.evaluation.report import Report
    from assistant.figures.shares import Share

EXIT_INTERRUPTED = 130


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command."""
    evaluate = commands.add_parser(
        "evaluate",
        parents=[shared],
        help=str(Words("mesurer les réponses sur des questions de référence", "measure answers")),
    )
    evaluate.add_argument(
        "gold",
        type=Path,
        metavar="GOLD.jsonl",
        help=str(Words("questions de référence, une par ligne", "gold questions, one a line")),
    )
    evaluate.add_argument(
        "--mode",
        choices=("model", "extractive"),
        help=str(
            Words(
                "« model » (défaut), ou « extractive », sans modèle de langue",
                "`model` (default), or `extractive`, without a language model",
            )
        ),
    )
    evaluate.add_argument(
        "--split",
        choices=("dev", "test", "all"),
        help=str(
            Words(
                "moitié des questions, fixée par leur id : mise au point, mesure, ou toutes",
                "half of the questions, fixed by their id: development, test, or all",
            )
        ),
    )
    evaluate.add_argument(
        "--limit",
        type=_positive,
        metavar="N",
        help=str(Words("les N premières seulement", "the first N only")),
    )
    where = evaluate.add_mutually_exclusive_group()
    where.add_argument(
        "--output",
        type=Path,
        metavar=str(Words("DOSSIER", "DIR")),
        help=str(
            Words(
                "où écrire le rapport (défaut : un nouveau dossier dans index/evaluations)",
                "where the report goes (default: a new folder in index/evaluations)",
            )
        ),
    )
    where.add_argument(
        "--resume",
        type=Path,
        metavar=str(Words("DOSSIER", "DIR")),
        help=str(Words("poursuivre une évaluation interrompue", "go on with an interrupted one")),
    )
    evaluate.add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )
    evaluate.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    from assistant.evaluation import read_gold
    from assistant.evaluation.running import begin, resume
    from assistant.evaluation.runs import Plan
    from assistant.workspace import Workspace

    gold = read_gold(options.gold)
    workspace = Workspace.open(options.workspace)
    named = {"mode": options.mode, "split": options.split, "limit": options.limit}
    given = {name: value for name, value in named.items() if value is not None}
    with closing(Bars()) as bars:
        if options.resume is not None:
            done = resume(workspace, gold, given, options.resume, progress=bars)
        else:
            done = begin(workspace, gold, Plan(**given), folder=options.output, progress=bars)
    files = {form: str(path) for form, path in done.files.items()}
    if options.json:
        say_json({"folder": str(done.folder), "files": files, **done.report.summary_json()})
    else:
        _show(done.report)
        for path in files.values():
            say(path)
    if not done.report.interrupted:
        return 0
    again = shlex.join(["assistant", "evaluate", str(options.gold), "--resume", str(done.folder)])
    note(
        Words(
            f"Évaluation interrompue ; le rapport dit ce qui est fait. Poursuivre : {again}",
            f"Evaluation interrupted; the report tells what is done. To go on: {again}",
        )
    )
    return EXIT_INTERRUPTED


def _show(report: Report) -> None:
    from assistant.evaluation.scores import PER_QUESTION
    from assistant.evaluation.titles import TITLES

    say(
        Words(
            f"{len(report.cases)} question(s) posée(s) sur {report.planned}, "
            f"{report.scores.failed} en échec.",
            f"{len(report.cases)} of {report.planned} question(s) asked, "
            f"{report.scores.failed} failed.",
        )
    )
    rows = [
        (
            str(TITLES[name]),
            _percent(share),
            _interval(share) if name in PER_QUESTION else "—",
            f"{share.count}/{share.of}",
        )
        for name, share in report.scores.shares.items()
    ]
    header = Words("mesure;part;intervalle à 95\u00a0%;compte", "measure;share;95% interval;count")
    say(table(rows, str(header).split(";")))


def _percent(share: Share) -> str:
    from assistant.evaluation.typography import percent

    return str(Words(percent(share.value), "—" if share.value is None else f"{share.value:.1%}"))


def _interval(share: Share) -> str:
    from assistant.evaluation.typography import bounds

    if share.interval is None:
        return "—"
    low, high = share.interval
    return str(Words(bounds(share.interval), f"{low:.1%} to {high:.1%}"))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("≥ 1")
    return number
