"""The report as one page: no script, no request, light or dark, and fit to print."""

from __future__ import annotations

from assistant.evaluation import plots
from assistant.evaluation.report import Report
from assistant.evaluation.tables import state_of, tables_of
from assistant.evaluation.typography import typeset
from assistant.figures.page import drawn, paragraph, section, tabular, whole


def page(report: Report) -> str:
    """The whole page; every text in it is escaped."""
    warning = report.interrupted or bool(report.scores.failed)
    headline, *others = tables_of(report)
    return whole(
        title=f"Évaluation — {report.run.gold}",
        language="fr",
        header=f"{paragraph(state_of(report), warning=warning, soft=False)}\n"
        f"{paragraph(_subtitle(report))}\n",
        main=section(headline.title, drawn(plots.headline(report)) + tabular(headline))
        + drawn(plots.details(report))
        + "".join(section(table.title, tabular(table)) for table in others),
    )


def _subtitle(report: Report) -> str:
    run = report.run
    how = run.model or "mode extractif, sans modèle de langue"
    day, clock = report.written[:10], report.written[11:16]
    return typeset(f"{how} ; rapport du {day[8:]}/{day[5:7]}/{day[:4]} à {clock}")
