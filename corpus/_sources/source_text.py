"""Reads a source text: TOML front matter, then Markdown with a few directives.

The grammar is small on purpose. Between two ``+++`` lines stands the metadata;
then blocks separated by a blank line: ``#`` headings, paragraphs, ``- `` and
``1. `` lists, ``| `` tables, ``::: name`` directives (``toc``, ``page``,
``main``) and, in hearings, turns that begin with ``@ speaker``. Inside a
paragraph ``**bold**``, ``*italic*`` and ``^[a footnote]`` are understood.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NOTICE = "Document fictif — corpus de démonstration"
NBSP = "\u00a0"

_FOOTNOTE = re.compile(r"\^\[([^\]]+)\]")
_ITEM = re.compile(r"^(?:- |\d+\. )")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: ``kind`` is h1, h2, h3, p, ul, ol, table, turn or directive."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One source text with its metadata."""

    name: str
    meta: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def output(self) -> str:
        """Path of the built file inside the corpus."""
        return self.meta["output"]

    @property
    def day(self) -> date:
        """The date that the document bears."""
        return date.fromisoformat(self.meta["date"])


def typeset(text: str) -> str:
    """French typography: curly apostrophes, no-break spaces where the eye expects them."""
    text = text.replace("'", "’")
    text = re.sub(r" ([:;?!»%€])", NBSP + r"\1", text)
    text = text.replace("« ", "«" + NBSP).replace("n° ", "n°" + NBSP)
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", NBSP, text)
    return re.sub(r"(?<=\d) (?=(?:M€|GWh|kWh|Wh|MWh|ha|km|h)\b)", NBSP, text)


def footnotes(text: str) -> tuple[str, list[str]]:
    """Take the notes out of a paragraph; ``\\x01`` marks where each stood."""
    return _FOOTNOTE.sub("\x01", text), _FOOTNOTE.findall(text)


def plain(text: str) -> str:
    """A paragraph without marks; a note follows its sentence in brackets."""
    text = _FOOTNOTE.sub(r" (\1)", text)
    return re.sub(r"\*\*(.+?)\*\*", r"\1", re.sub(r"(?<!\*)\*([^*]+)\*(?!\*)", r"\1", text))


def load(path: Path) -> Source:
    """Read one source file.

    Raises:
        ValueError: The front matter is missing.
    """
    _, front, body = path.read_text("utf-8").split("+++\n", 2)
    meta = {key: str(value) for key, value in tomllib.loads(front).items()}
    if meta.get("typography") != "plain":
        body = typeset(body)
        meta |= {k: typeset(meta[k]) for k in ("title", "subtitle", "running") if k in meta}
    chunks = re.split(r"\n\s*\n", body.strip())
    return Source(path.stem, meta, tuple(_block(chunk.strip("\n")) for chunk in chunks))


def _block(chunk: str) -> Block:
    if chunk.startswith(":::"):
        return Block("directive", chunk[3:].strip())
    if heading := re.match(r"^(#{1,3}) (.+)$", chunk):
        return Block(f"h{len(heading[1])}", heading[2])
    if chunk.startswith("| "):
        return Block("table", rows=_rows(chunk))
    if chunk.startswith("@ "):
        speaker, _, words = chunk[2:].partition("\n")
        return Block("turn", " ".join(words.split()), speaker=speaker.strip())
    if _ITEM.match(chunk):
        kind = "ul" if chunk.startswith("- ") else "ol"
        return Block(kind, items=_items(chunk))
    return Block("p", " ".join(chunk.replace("\n", " ").split(" ")))


def _rows(chunk: str) -> tuple[tuple[str, ...], ...]:
    lines = [line.strip().strip("|") for line in chunk.splitlines()]
    return tuple(
        tuple(cell.strip(" ") for cell in line.split("|"))
        for line in lines
        if set(line) - set("|-: ")
    )


def _items(chunk: str) -> tuple[str, ...]:
    items: list[str] = []
    for line in chunk.splitlines():
        if _ITEM.match(line):
            items.append(_ITEM.sub("", line))
        else:
            items[-1] += " " + line.strip()
    return tuple(items)
