"""The report as Markdown: what a CommonMark renderer shows is the text, to the letter."""

from __future__ import annotations

import re

from assistant.excerpts.report import (
    EXCERPTS,
    NOTE,
    SOURCES,
    Listed,
    Quoted,
    Report,
    guillemets,
)

# What marks up anywhere in a line, in CommonMark and its usual extensions: an escaped sign is
# the sign itself. A bare address would become a link.
_INLINE = re.compile(r"[\\`*_\[\]<>&|~^$@#{}=]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What opens a list or a rule at the head of a line.
_HEAD = re.compile(r"^(\d{0,9})(?=[-+.):])", re.MULTILINE)
# Spaces at either end of a line, which a renderer drops.
_EDGES = re.compile(r"^[^\S\n]+|[^\S\n]+$", re.MULTILINE)


def markdown(report: Report) -> bytes:
    """The whole report, in UTF-8."""
    parts = [
        f"# {escaped(report.title)}",
        escaped(report.summary),
        f"## {EXCERPTS}",
        *(part for quoted in report.excerpts for part in _excerpt(quoted)),
        f"## {SOURCES}",
        "\n".join(_source(listed) for listed in report.sources),
    ]
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    """Any text as the inside of a paragraph, its line ends kept as hard breaks."""
    marked = _HEAD.sub(r"\1\\", _INLINE.sub(r"\\\g<0>", text))
    spaced = _EDGES.sub(lambda run: "".join(f"&#{ord(c)};" for c in run.group()), marked)
    return spaced.replace("\n", "\\\n")


def _excerpt(quoted: Quoted) -> list[str]:
    quote = "\n".join(f"> {line}" for line in escaped(guillemets(quoted.quote)).split("\n"))
    parts = [quote, escaped(f"[{quoted.number}] {quoted.reference}")]
    parts += [f"**{escaped(warning)}**" for warning in quoted.warnings]
    if quoted.note:
        parts.append(f"*{escaped(NOTE)}* {escaped(quoted.note)}")
    return parts


def _source(listed: Listed) -> str:
    numbers = ", ".join(f"[{number}]" for number in listed.cited_by)
    return f"- {escaped(f'{listed.text} Cité en {numbers}.')}"
