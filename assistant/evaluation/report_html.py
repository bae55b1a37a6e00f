"""The report as one page: no script, no request, light or dark, and fit to print."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.evaluation import plots
from assistant.evaluation.escaping import html_text
from assistant.evaluation.report import Report
from assistant.evaluation.tables import Table, state_of, tables_of
from assistant.evaluation.typography import typeset

_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #57606a;
  --line: #d0d7de; --band: #f3f5f7; --good: #1f6f54; --fair: #7fb79f; --poor: #e0b04c;
  --bad: #b3261e; --refusal: #8a94a0; --first: #24599c; --second: #d2691e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --ink: #e6e9ec; --soft: #9aa4af;
  --line: #3a424b; --band: #1d2228; --good: #4fb68f; --fair: #2f6b55; --poor: #b98a2f;
  --bad: #f2766c; --refusal: #6c7681; --first: #79aef0; --second: #f0a566; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
p { margin: .3rem 0; }
.soft, figcaption { color: var(--soft); font-size: .9rem; }
.warning { border-left: 5px solid var(--bad); padding: .4rem .8rem; background: var(--band); }
figure { margin: 1.2rem 0; }
svg { display: block; max-width: 100%; height: auto; }
svg text { font-family: system-ui, sans-serif !important; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.short { white-space: nowrap; }
thead th { border-bottom-color: var(--soft); overflow-wrap: normal; }
tbody tr:nth-child(odd) { background: var(--band); }
@media print { body { max-width: none; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; } figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
  thead { display: table-header-group; } }
"""
_SHORT = 18  # characters; figures and record ids are not broken over two lines


def page(report: Report) -> str:
    """The whole page; every text in it is escaped."""
    title = html_text(f"Évaluation — {report.run.gold}")
    warning = ' class="warning"' if report.interrupted or report.scores.failed else ""
    headline, *others = tables_of(report)
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        # even a mistake of ours could bring nothing from elsewhere, and run nothing
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n"
        f"<h1>{title}</h1>\n<p{warning}>{html_text(state_of(report))}</p>\n"
        f'<p class="soft">{html_text(_subtitle(report))}</p>\n</header>\n<main>\n'
        f"{_section(headline, _figures(plots.headline(report)))}"
        f"{_figures(plots.details(report))}"
        f"{''.join(_section(table) for table in others)}</main>\n</body>\n</html>\n"
    )


def _subtitle(report: Report) -> str:
    run = report.run
    how = run.model or "mode extractif, sans modèle de langue"
    day, clock = report.written[:10], report.written[11:16]
    return typeset(f"{how} ; rapport du {day[8:]}/{day[5:7]}/{day[:4]} à {clock}")


def _section(table: Table, figures: str = "") -> str:
    note = f'<p class="soft">{html_text(table.note)}</p>\n' if table.note else ""
    return (
        f"<section>\n<h2>{html_text(table.title)}</h2>\n{figures}{note}"
        f'<div class="wide"><table>\n<thead>{_row(table.header, "th")}</thead>\n<tbody>\n'
        f"{''.join(_row(row, 'td') for row in table.rows)}</tbody>\n</table></div>\n</section>\n"
    )


def _row(cells: Iterable[str], tag: str) -> str:
    return f"<tr>{''.join(_cell(cell, tag) for cell in cells)}</tr>\n"


def _cell(text: str, tag: str) -> str:
    if tag == "th":
        return f'<th scope="col">{html_text(text)}</th>'
    short = ' class="short"' if len(text) <= _SHORT else ""
    return f"<td{short}>{html_text(text)}</td>"


def _figures(drawn: Iterable[plots.Figure]) -> str:
    return "".join(
        f"<figure>\n{figure.svg}\n<figcaption>{html_text(figure.caption)}</figcaption>\n</figure>\n"
        for figure in drawn
    )
