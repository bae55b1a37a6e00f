"""Reads Markdown with markdown-it: CommonMark with tables; front matter is metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.reading import refusals as refuse
from assistant.reading.html import html_fragment
from assistant.reading.pieces import Piece, row_of
from assistant.records import Role

if TYPE_CHECKING:
    from markdown_it.token import Token

_CHARS = 5_000_000
# The inline parser is quadratic on unclosed brackets: no paragraph may be endless.
_PARAGRAPH_CHARS = 20_000
_FRONT = re.compile(r"\ufeff?---[ \t]*\n(.{0,16000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_KEYS = {
    "title": "title",
    "titre": "title",
    "date": "date",
    "author": "author",
    "auteur": "author",
    "kind": "kind",
    "type": "kind",
    "nature": "kind",
    "commission": "commission",
    "status": "status",
    "statut": "status",
}


def read_markdown(text: str, name: str) -> tuple[list[Piece], dict[str, str]]:
    """Pieces in order, and the front matter.

    Raises:
        UnreadableDocument: Beyond the bounds of size.
    """
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    metadata: dict[str, str] = {}
    if front := _FRONT.match(text):
        metadata = _front_matter(front[1])
        text = text[front.end() :]
    longest = max(map(len, re.split(r"\n[ \t]*\n", text)))
    if len(text) > _CHARS or longest > _PARAGRAPH_CHARS:
        raise refuse.beyond(
            name,
            f"plus de {_CHARS} caractères, ou de {_PARAGRAPH_CHARS} dans un paragraphe",
            f"over {_CHARS} characters, or {_PARAGRAPH_CHARS} in a paragraph",
        )
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return list(_pieces(parser.parse(text), name)), metadata


def _pieces(tokens: list[Token], name: str) -> list[Piece]:
    pieces: list[Piece] = []
    level: int | None = None
    rows: list[str] | None = None
    cells: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = None
        elif token.type == "table_open":
            rows = []
        elif token.type == "table_close" and rows is not None:
            pieces.append(Piece("\n".join(row for row in rows if row), Role.TABLE))
            rows = None
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and rows is not None:
            rows.append(row_of(cells))
        elif token.type == "inline":
            words = _inline(token)
            if rows is not None:
                cells.append(words)
            elif level is not None:
                pieces.append(Piece(words, Role.HEADING, level))
            else:
                pieces.append(Piece(words))
        elif token.type in ("fence", "code_block"):
            pieces.append(Piece(token.content))
        elif token.type == "html_block":
            pieces.extend(html_fragment(token.content, name))
    return pieces


def _inline(token: Token) -> str:
    """The words of one inline token; a line end in the source is a space, as it is shown."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)


def _front_matter(source: str) -> dict[str, str]:
    """Scalars of the front matter under the names that this program uses.

    Every scalar is kept as it is written (``BaseLoader`` makes neither dates nor objects).
    """
    import yaml

    try:
        front = yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return {}  # a ruled line at the top of a text is not front matter
    if not isinstance(front, dict):
        return {}
    found: dict[str, str] = {}
    for key, value in front.items():
        field = _KEYS.get(str(key).casefold())
        if field and isinstance(value, str) and value.strip():
            found[field] = value.strip()[:500]
    return found
