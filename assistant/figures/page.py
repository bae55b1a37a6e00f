"""One page for a report: no script, no request, light or dark, and fit to print.

Sections are built by `section`, drawings by `drawn`, and `whole` frames them. Everything that is
given as text is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.figures.drawing import Figure
from assistant.figures.escaping import html_text
from assistant.figures.tables import Table
from assistant.wording import Language

_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #57606a;
  --line: #d0d7de; --band: #f3f5f7; --good: #1f6f54; --fair: #7fb79f; --poor: #e0b04c;
  --bad: #b3261e; --refusal: #8a94a0; --first: #24599c; --second: #d2691e; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #14171b; --ink: #e6e9ec;
  --soft: #9aa4af; --line: #3a424b; --band: #1d2228; --good: #4fb68f; --fair: #2f6b55;
  --poor: #b98a2f; --bad: #f2766c; --refusal: #6c7681; --first: #79aef0; --second: #f0a566; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p { margin: .3rem 0; }
a { color: inherit; }
nav ul { margin: .8rem 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap;
  gap: .2rem 1.2rem; }
.soft, figcaption { color: var(--soft); font-size: .9rem; }
.warning { border-left: 5px solid var(--bad); padding: .4rem .8rem; background: var(--band); }
figure { margin: 1.2rem 0; }
svg { display: block; max-width: 100%; height: auto; }
svg text { font-family: system-ui, sans-serif !important; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td { white-space: pre-line; }
.short { white-space: pre; }
tbody th { font-weight: normal; white-space: pre-line; }
thead th { border-bottom-color: var(--soft); overflow-wrap: normal; }
tbody tr:nth-child(odd) { background: var(--band); }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; } .wide { overflow: visible; } figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; } thead { display: table-header-group; } }
"""
_SHORT = 18  # characters; figures and record ids are not broken over two lines


def whole(*, title: str, language: Language, header: str, main: str) -> str:
    """The whole page.

    Args:
        title: Text.
        language: Of the page.
        header: Markup below the title.
        main: Markup of the sections.
    """
    shown = html_text(title)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        # even a mistake of ours could bring nothing from elsewhere, and run nothing
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{shown}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n"
        f"<h1>{shown}</h1>\n{header}</header>\n<main>\n{main}</main>\n</body>\n</html>\n"
    )


def section(title: str, body: str, *, key: str = "") -> str:
    """Markup under a title (text); ``key`` makes it a place that the page can point to."""
    place = f' id="{html_text(key)}"' if key else ""
    return f"<section{place}>\n<h2>{html_text(title)}</h2>\n{body}</section>\n"


def contents(name: str, titles: Iterable[tuple[str, str]]) -> str:
    """The list of the sections, each title a way to its place: (key, title)."""
    items = "".join(
        f'<li><a href="#{html_text(key)}">{html_text(title)}</a></li>' for key, title in titles
    )
    return f'<nav aria-label="{html_text(name)}"><ul>{items}</ul></nav>\n'


def tabular(table: Table, *, titled: bool = False) -> str:
    """The note and the rows of a table; under its title where it is one of several."""
    name = html_text(table.title)
    title = f"<h3>{name}</h3>\n" if titled else ""
    note = f"{paragraph(table.note)}\n" if table.note else ""
    head = "".join(f'<th scope="col">{html_text(cell)}</th>' for cell in table.header)
    return (
        # a wide table is scrolled by keyboard too
        f'{title}{note}<div class="wide" role="region" tabindex="0" aria-label="{name}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n"
        f"{''.join(_row(row) for row in table.rows)}</tbody>\n</table></div>\n"
    )


def drawn(figures: Iterable[Figure]) -> str:
    """Drawings with their captions."""
    return "".join(
        f"<figure>\n{figure.svg}\n<figcaption>{html_text(figure.caption)}</figcaption>\n</figure>\n"
        for figure in figures
    )


def paragraph(text: str, *, warning: bool = False, soft: bool = True) -> str:
    """One paragraph of text."""
    look = ' class="warning"' if warning else ' class="soft"' if soft else ""
    return f"<p{look}>{html_text(text)}</p>"


def _row(cells: Sequence[str]) -> str:
    first, others = cells[0], cells[1:]
    named = f'<th scope="row"{_look(first)}>{html_text(first)}</th>'
    return f"<tr>{named}{''.join(_cell(cell) for cell in others)}</tr>\n"


def _cell(text: str) -> str:
    return f"<td{_look(text)}>{html_text(text)}</td>"


def _look(text: str) -> str:
    return ' class="short"' if len(text) <= _SHORT else ""
