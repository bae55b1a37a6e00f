"""Reads HTML with BeautifulSoup: what a person sees of the page, in order.

Scripts, styles, navigation, forms and hidden text are removed: an instruction that no
reader can see must not reach a model either.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from assistant.reading import refusals as refuse
from assistant.reading.encoding import decode
from assistant.reading.pieces import Piece, row_of
from assistant.records import Role

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

_CHARS = 10_000_000
_DEPTH = 500
_UNSEEN = frozenset(
    {"script", "style", "nav", "noscript", "template", "head", "title", "dialog"}
    | {"iframe", "object", "embed", "svg", "canvas", "audio", "video", "map"}
    | {"button", "select", "input", "textarea", "datalist"}
)
_UNSEEN_ROLES = frozenset({"navigation", "banner", "search", "contentinfo", "menu", "menubar"})
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:\.0*)?\s*(?:[a-z%]+)?\s*(?:;|!|$)|content-visibility\s*:\s*hidden",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    {"html", "body", "main", "article", "section", "aside", "header", "footer", "hgroup", "div"}
    | {"p", "pre", "blockquote", "address", "center", "hr", "details", "summary", "dialog"}
    | {"ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "form", "fieldset", "legend"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,30})""", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_DATES = (
    *("dcterms.date", "dc.date", "dcterms.issued", "dc.date.issued", "dcterms.created"),
    *("date", "article:published_time", "pubdate"),
)
_AUTHORS = ("author", "dc.creator", "dcterms.creator")
_TITLES = ("dc.title", "dcterms.title", "og:title")


def decode_html(data: bytes, name: str) -> tuple[str, str]:
    """Text and encoding of a page; what it declares counts when it holds to the last byte."""
    declared = _DECLARED.search(data[:4096])
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if declared and not marked:
        try:
            encoding = codecs.lookup(declared[1].decode("ascii")).name
            if encoding == "iso8859-1":
                encoding = "cp1252"  # as browsers do (WHATWG Encoding, "windows-1252")
            if encoding == "utf-8" or encoding.startswith(("cp125", "iso8859")):
                return data.decode(encoding), encoding
        except (LookupError, UnicodeDecodeError):
            pass  # a false declaration: the bytes decide
    return decode(data, name)


def read_html(markup: str, name: str) -> tuple[list[Piece], dict[str, str]]:
    """Pieces in page order, and what the head says.

    Raises:
        UnreadableDocument: Beyond the bounds of size or depth.
    """
    if len(markup) > _CHARS:
        raise refuse.beyond(name, f"plus de {_CHARS} caractères", f"over {_CHARS} characters")
    soup = _soup(markup)
    metadata = _head(soup)
    return list(_Page(name).walk(soup)), metadata


def html_fragment(markup: str, name: str) -> list[Piece]:
    """Pieces of a stretch of HTML inside another format."""
    return list(_Page(name).walk(_soup(markup)))


def _soup(markup: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup

    return BeautifulSoup(f"{_XML_DECLARATION.sub('', markup, count=1)}\n<!-- -->", "lxml")


class _Page:
    """Walks the tree once, without recursion, and lets go of a piece at each block's edge."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._words: list[str] = []
        self._pieces: list[Piece] = []
        self._level: int | None = None
        self._pre = 0

    def walk(self, root: Tag) -> list[Piece]:
        """All the pieces below ``root``."""
        from bs4.element import NavigableString, PreformattedString, Tag

        waiting: list[tuple[PageElement | None, Tag | None, int]] = [(root, None, 0)]
        while waiting:
            node, leaving, depth = waiting.pop()
            if leaving is not None:
                self._leave(leaving)
            elif isinstance(node, Tag):
                if depth > _DEPTH:
                    raise refuse.beyond(
                        self._name,
                        f"plus de {_DEPTH} niveaux imbriqués",
                        f"nested over {_DEPTH} deep",
                    )
                if _unseen(node) or not self._enter(node):
                    continue
                waiting.append((None, node, depth))
                waiting.extend((child, None, depth + 1) for child in reversed(node.contents))
            elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                self._words.append(str(node) if self._pre else _SPACE.sub(" ", str(node)))
        self._flush()
        return self._pieces

    def _enter(self, tag: Tag) -> bool:
        """Open a tag; False when its inside needs no walk."""
        if tag.name == "br":
            self._words.append("\n")
            return False
        if tag.name in _BLOCKS:
            self._flush()
        if tag.name == "table" and _is_data(tag):
            rows = _rows(tag, self._name)
            self._pieces.append(Piece("\n".join(row for row in rows if row), Role.TABLE))
            return False
        if tag.name in _HEADINGS:
            self._level = int(tag.name[1])
        self._pre += tag.name == "pre"
        return True

    def _leave(self, tag: Tag) -> None:
        if tag.name in _BLOCKS:
            self._flush()
        if tag.name in _HEADINGS:
            self._level = None
        self._pre -= tag.name == "pre"

    def _flush(self) -> None:
        text = "".join(self._words).strip()
        self._words = []
        if not text:
            return
        if self._level is not None:
            self._pieces.append(Piece(text, Role.HEADING, self._level))
        else:
            self._pieces.append(Piece(text))


def _unseen(tag: Tag) -> bool:
    if tag.name in _UNSEEN or tag.has_attr("hidden"):
        return not (tag.name == "dialog" and tag.has_attr("open"))
    if str(tag.get("role", "")).casefold() in _UNSEEN_ROLES:
        return True
    if str(tag.get("aria-hidden", "")).casefold() == "true":
        return True
    if (
        tag.name == "footer"
        and tag.find_parent(["article", "main", "section", "blockquote"]) is None
    ):
        return True
    return _UNSEEN_STYLE.search(str(tag.get("style", ""))) is not None


def _is_data(table: Tag) -> bool:
    """False for a table that lays a page out: it holds other tables, or headings."""
    if str(table.get("role", "")).casefold() in ("presentation", "none"):
        return False
    return table.find(["table", *_HEADINGS]) is None


def _rows(table: Tag, name: str) -> list[str]:
    return [
        row_of(_visible(cell, name) for cell in row.find_all(["td", "th"], recursive=False))
        for row in table.find_all("tr")
        if not _unseen(row)
    ]


def _visible(cell: Tag, name: str) -> str:
    if _unseen(cell):
        return ""
    return " ".join(piece.text for piece in _Page(name).walk(cell)) if cell.contents else ""


def _head(soup: BeautifulSoup) -> dict[str, str]:
    said: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        key = str(meta.get("name") or meta.get("property") or "").casefold()
        content = str(meta.get("content") or "").strip()
        if key and content:
            said.setdefault(key, content[:500])
    found: dict[str, str] = {}
    if soup.title is not None and (title := _SPACE.sub(" ", soup.title.get_text()).strip()):
        found["title"] = title[:500]
    for field, keys in (("title", _TITLES), ("date", _DATES), ("author", _AUTHORS)):
        for key in keys:
            if key in said:
                found.setdefault(field, said[key])
    if "date" in found:
        found["date"] = found["date"][:10]
    return found
