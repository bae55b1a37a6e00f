"""``assistant audit report``: the answers of a period, counted, for who audits and signs."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.terminal import Bars, note, say, say_json, table
from assistant.wording import Words, spoken

if TYPE_CHECKING:
    from assistant.reporting import Report


def register(actions: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``report`` to what ``assistant audit`` does."""
    report = actions.add_parser(
        "report",
        parents=[shared],
        help=str(Words("le rapport d’une période", "the report on a period")),
    )
    for name, words in (
        ("--since", Words("premier jour (UTC)", "first day (UTC)")),
        ("--until", Words("dernier jour, compris (UTC)", "last day, inclusive (UTC)")),
    ):
        report.add_argument(
            name, type=_day, metavar=str(Words("AAAA-MM-JJ", "YYYY-MM-DD")), help=str(words)
        )
    report.add_argument(
        "--out",
        type=Path,
        metavar=str(Words("DOSSIER|FICHIER", "DIR|FILE")),
        help=str(
            Words(
                "où l’écrire : un dossier pour tout (défaut : un nouveau dans index/reports), un "
                "fichier en .html ou .json pour lui seul",
                "where to write it: a folder for everything (default: a new one in index/reports), "
                "a file in .html or .json for that alone",
            )
        ),
    )
    report.add_argument(
        "--json",
        action="store_true",
        help=str(
            Words(
                "les chiffres en un objet JSON ; sans --out, rien n’est écrit",
                "the figures as one JSON object; without --out nothing is written",
            )
        ),
    )
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from assistant import reporting
    from assistant.workspace import Workspace

    workspace = Workspace.open(options.workspace)
    files: dict[str, Path] = {}
    with closing(Bars()) as bars:
        if options.json and options.out is None:
            found = reporting.report(workspace, options.since, options.until, progress=bars)
        else:
            done = reporting.write_report(
                workspace, options.out, options.since, options.until, progress=bars
            )
            found, files = done.report, done.files
    named = {form: str(path) for form, path in files.items()}
    if options.json:
        say_json({"files": named, **reporting.report_json(found)})
        return 0
    _show(found)
    for path in named.values():
        say(path)
    note(
        Words(
            "Ces fichiers contiennent des questions : « assistant audit forget » n’y efface rien.",
            "These files hold questions: `assistant audit forget` erases nothing in them.",
        )
    )
    return 0


def _show(report: Report) -> None:
    from assistant.figures.typography import typography_of
    from assistant.reporting.measures import measures

    t = typography_of(spoken())
    asked = t.number(report.whole.answers)
    say(Words(f"Questions de la période : {asked}.", f"Questions in the period: {asked}."))
    rows = [
        (
            t.say(found.title),
            t.percent(found.share.value),
            t.bounds(found.share.interval),
            f"{found.share.count}/{found.share.of}",
        )
        for found in measures(report)
        if found.share.of
    ]
    header = Words("mesure;part;intervalle à 95\u00a0%;compte", "measure;share;95% interval;count")
    if rows:
        say(table(rows, str(header).split(";")))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wanted = Words(f"« {text} » n’est pas un jour AAAA-MM-JJ", f"{text!r} is no day YYYY-MM-DD")
        raise argparse.ArgumentTypeError(str(wanted)) from None
