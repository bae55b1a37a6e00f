"""The report as Markdown tables, to read in a terminal or to take into another document."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.report import Report
from assistant.evaluation.tables import state_of, tables_of
from assistant.figures.escaping import markdown_text
from assistant.figures.tables import Table


def markdown(report: Report) -> str:
    """The whole report."""
    parts = [
        f"# {markdown_text(f'Évaluation — {report.run.gold}')}",
        markdown_text(state_of(report)),
        *(_section(table) for table in tables_of(report)),
    ]
    return "\n\n".join(parts) + "\n"


def _section(table: Table) -> str:
    lines = [_row(table.header), _row(["---"] * len(table.header), raw=True)]
    lines += [_row(row) for row in table.rows]
    parts = [f"## {markdown_text(table.title)}", "\n".join(lines)]
    if table.note:
        parts.append(markdown_text(table.note))
    return "\n\n".join(parts)


def _row(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(markdown_text, cells))} |"
