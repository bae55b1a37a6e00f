"""A corpus that nobody here wrote: 50 public sheets of the French ministry of labour.

The sheets come from an npm package of the ministry (Apache-2.0), fetched when they are needed
and never committed; its bytes are pinned, so every run reads the same text. Only half of the
package is drawn from, by the hash of a sheet's id: the other half stays unseen.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import random
import re
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from assistant.reading import read
from assistant.reading.html import html_fragment
from assistant.reading.pieces import compose
from assistant.settings import FILE_NAME, write_default
from benchmarks import packages
from benchmarks.packages import CACHE, Package

PACKAGE = Package(
    "@socialgouv/fiches-travail-data@4.1174.0",
    "6f9d01da5ae5b9f1a45671bffeff9487e332b17cbe86d519cf23de9e93ded64f",
)
COLLECTION = "travail"
COUNT = 50
HERE = Path(__file__).resolve().parent
GOLD = HERE / "gold" / "sheets.jsonl"

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
# The package holds a few, and the assistant refuses a file that has one near its beginning.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a sheet; the introduction has no title. ``text`` is what the assistant reads."""

    title: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One public sheet, its sections in page order; ``date`` is ISO 8601."""

    pub_id: str
    title: str
    date: str
    sections: tuple[Section, ...]

    @property
    def path(self) -> str:
        """Path in the corpus; an id that is no safe file name is replaced by its hash."""
        name = self.pub_id
        if not _SAFE_NAME.fullmatch(name):
            name = f"fiche-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"
        return f"{COLLECTION}/{name}.html"


def fetch(folder: Path = CACHE) -> Path:
    """The pinned tarball, from ``folder`` or by ``npm pack``; see `packages.fetch`."""
    return packages.fetch(PACKAGE, folder)


def select(pub_ids: Iterable[str]) -> list[str]:
    """50 ids of the half whose SHA-256 begins with 0 to 7; always the same ones."""
    half = [i for i in set(pub_ids) if hashlib.sha256(i.encode()).hexdigest()[0] in "01234567"]
    return random.Random(7).sample(sorted(half), COUNT)


def load(tarball: Path) -> list[Sheet]:
    """The 50 chosen sheets of a fetched package, in the order they were drawn."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/data/fiches-travail.json")
        raw = {sheet["pubId"]: sheet for sheet in json.load(member)} if member else {}
    return [_sheet(raw[pub_id]) for pub_id in select(raw)]


def section(title: str, markup: str) -> Section:
    """A section cleaned of what belongs to the page; headings inside it go below its title."""
    soup = BeautifulSoup(_CONTROLS.sub("", markup), "html.parser")
    for tag in soup.find_all(["script", "style", "iframe", "img", "svg"]):
        tag.decompose()
    for tag in soup.find_all("button"):  # holds the title of a fold; our reader leaves it out
        tag.unwrap()
    for tag in soup.find_all(["h1", "h2"]):
        tag.name = "h3"
    clean = str(soup).strip()
    text, _ = compose(html_fragment(clean, title)).build()
    return Section(_fold(title), text, clean)


def write_corpus(folder: Path, sheets: Iterable[Sheet], *, headings: bool = True) -> None:
    """Write each sheet as ``folder/travail/NAME.html``, with or without titles of sections."""
    (folder / COLLECTION).mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        title, date = html.escape(sheet.title), html.escape(sheet.date)
        page = (
            f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="dcterms.date" content="{date}"></head><body>\n<h1>{title}</h1>\n'
        )
        for part in sheet.sections:
            page += f"<h2>{html.escape(part.title)}</h2>\n" if headings and part.title else ""
            page += f"{part.html}\n"
        file = folder / sheet.path
        file.write_text(f"{page}</body></html>\n", encoding="utf-8", newline="\n")


def check(sheets: Sequence[Sheet], gold: Path = GOLD) -> list[str]:
    """What is wrong with the gold file: documents, quotes and facts that are not there."""
    blocks: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), sheets)
        for sheet in sheets:
            seen = read(Path(folder) / sheet.path)
            blocks[sheet.path] = [_fold(seen.text[b.start : b.end]) for b in seen.blocks]
    lines = gold.read_text(encoding="utf-8").split("\n")
    return [fault for line in lines if line for fault in _faults(json.loads(line), blocks)]


def _sheet(raw: dict[str, Any]) -> Sheet:
    # The package's own "text" of a section also holds all that follow it: the HTML counts.
    parts = [("", raw["intro"]), *((part["title"], part["html"]) for part in raw["sections"])]
    date = "-".join(reversed(raw["date"].split("/")))
    sections = tuple(section(title, markup) for title, markup in parts if markup)
    return Sheet(raw["pubId"], _fold(raw["title"]), date, sections)


def _faults(line: dict[str, Any], blocks: dict[str, list[str]]) -> Iterator[str]:
    quotes, found = [_fold(quote) for quote in line["quotes"]], set[str]()
    for document in line["documents"]:
        here = {quote for quote in quotes for block in blocks.get(document, ()) if quote in block}
        found |= here
        if document not in blocks or (quotes and not here):
            yield f"{line['id']}: {document} is no sheet, or holds none of the quotes"
    yield from (f"{line['id']}: no block holds « {q} »" for q in quotes if q not in found)
    facts = (fact for fact in line["facts"] if not any(_fold(fact) in quote for quote in quotes))
    yield from (f"{line['id']}: no quote holds « {fact} »" for fact in facts)


def _fold(text: str) -> str:
    return " ".join(text.split())


def main() -> int:
    """Make a workspace, or check the gold file; 1 when the check finds a fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sheets", description=__doc__)
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("folder", nargs="?", type=Path, help="workspace to make")
    task.add_argument("--check", action="store_true", help="verify gold/sheets.jsonl")
    parser.add_argument("--bare", action="store_true", help="leave the titles of sections out")
    options = parser.parse_args()
    folder: Path | None = options.folder
    sheets = load(fetch())
    if folder is None:
        faults = check(sheets)
        print("\n".join(faults) or "Every quote and fact of the gold file stands in the sheets.")
        return 1 if faults else 0
    write_corpus(folder / "corpus", sheets, headings=not options.bare)
    if not (folder / FILE_NAME).exists():
        write_default(folder, HERE.parent / "models")
    print(f"{len(sheets)} sheets in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
