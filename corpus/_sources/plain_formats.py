"""Writes the formats that are only text: HTML, Markdown and plain text."""

from __future__ import annotations

import re
import textwrap
from html import escape

from source_text import NOTICE, Block, Source, plain


def build_html(source: Source) -> bytes:
    """A page of the intranet, with the furniture around the text that such pages have."""
    title = escape(source.meta["title"])
    body = "\n".join(_html_block(block) for block in source.blocks)
    page = f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="author" content="{escape(source.meta["author"])}">
<meta name="date" content="{source.day.isoformat()}">
</head>
<body>
<header><nav><a href="#contenu">Aller au contenu</a> <a href="#pied">Contacts</a></nav></header>
<main id="contenu">
<h1>{title}</h1>
<p><em>{NOTICE}. Région, personnes et chiffres inventés.</em></p>
{body}
</main>
<footer id="pied"><p>Région Aubrelande, {escape(source.meta["author"])}.</p></footer>
</body>
</html>
"""
    return page.encode("utf-8")


def _inline(text: str) -> str:
    text = re.sub(r"\^\[([^\]]+)\]", r" (\1)", escape(text, quote=False))
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)


def _html_block(block: Block) -> str:
    if block.kind.startswith("h"):
        level = int(block.kind[1]) + 1
        return f"<h{level}>{_inline(block.text)}</h{level}>"
    if block.kind in ("ul", "ol"):
        items = "\n".join(f"<li>{_inline(item)}</li>" for item in block.items)
        return f"<{block.kind}>\n{items}\n</{block.kind}>"
    if block.kind == "table":
        head = "".join(f"<th>{_inline(c)}</th>" for c in block.rows[0])
        rows = ["".join(f"<td>{_inline(c)}</td>" for c in row) for row in block.rows[1:]]
        lines = "\n".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"
    return f"<p>{_inline(block.text)}</p>"


def build_markdown(source: Source) -> bytes:
    """Markdown as an agent writes it: one title, sections, lists, pipe tables."""
    parts = [f"# {source.meta['title']}", f"*{NOTICE}. Région, personnes et chiffres inventés.*"]
    parts += [_markdown_block(block) for block in source.blocks]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _markdown_block(block: Block) -> str:
    text = re.sub(r"\^\[([^\]]+)\]", r" (\1)", block.text)
    if block.kind.startswith("h"):
        return "#" * (int(block.kind[1]) + 1) + " " + text
    if block.kind in ("ul", "ol"):
        marks = ["-" if block.kind == "ul" else f"{n}." for n in range(1, len(block.items) + 1)]
        return "\n".join(f"{m} {item}" for m, item in zip(marks, block.items, strict=True))
    if block.kind == "table":
        lines = ["| " + " | ".join(row) + " |" for row in block.rows]
        return "\n".join([lines[0], "|" + " --- |" * len(block.rows[0]), *lines[1:]])
    return text


def build_text(source: Source) -> bytes:
    """Plain text in lines of 78, in the encoding that the source names."""
    parts = [source.meta["title"].upper(), f"{NOTICE}. Région, personnes et chiffres inventés."]
    for block in source.blocks:
        if block.kind.startswith("h"):
            parts.append(block.text + "\n" + "-" * len(block.text))
        elif block.kind in ("ul", "ol"):
            parts.append("\n".join(_wrapped(f"- {plain(item)}", "  ") for item in block.items))
        elif block.kind == "table":
            parts.append("\n".join(" ; ".join(row) for row in block.rows))
        else:
            parts.append(_wrapped(plain(block.text), ""))
    return ("\n\n".join(parts) + "\n").encode(source.meta.get("encoding", "utf-8"))


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(
        text, 78, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
