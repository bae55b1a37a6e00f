"""Real questions of the ministry's site over the 11,455 articles in force of the labour code.

Both come by npm (Apache-2.0). The gold of a question are the articles that its general answer
names. A part of the code (its lowest section) is one document, an article one section of it.

    python -m benchmarks.labour_code DIR     # a workspace; then: assistant --workspace DIR ingest
"""

from __future__ import annotations

import argparse
import html
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.records import Passage
from assistant.settings import FILE_NAME, write_default
from benchmarks.packages import CACHE, Package, fetch
from benchmarks.question_sets import Asked, form_of
from benchmarks.sheets import HERE, section

CODE = Package(
    "@socialgouv/legi-data@2.513.0",
    "10b1764253677990bb889057a49e8ddbc8486173502b38e7a1c75a7260b42de5",
)
QUESTIONS = Package(
    "@socialgouv/contributions-data@1.16.0",
    "20c24878c13fbf83de1c6fc27aae00cac03184805115f66e34fa47debc8cfb86",
)
COLLECTION = "code"
_IN_FORCE = "VIGUEUR"
_TITLES = 3  # of the sections above an article: the higher ones say little
_NAMED = re.compile(r"\b([LRD])\.?\s?(\d{3,4}(?:-\d+)*)")


@dataclass(frozen=True, slots=True)
class Article:
    """An article: its number as the code writes it, its path of section titles, its HTML."""

    number: str
    path: tuple[str, ...]
    html: str


@dataclass(frozen=True, slots=True)
class Part:
    """The articles of one section of the code, which is one document."""

    title: str
    file: str
    articles: tuple[Article, ...]


def load_parts(tarball: Path) -> list[Part]:
    """The code in the order of its sections."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/data/LEGITEXT000006072050.json")
        tree = json.load(member) if member else {}
    return list(parts_of(articles_of(tree)))


def articles_of(node: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Article]:
    """The articles in force below a node of the code's tree, in reading order."""
    data = node["data"]
    if node["type"] == "article":
        if data["etat"] == _IN_FORCE:
            number = " ".join(data["num"].split()) if data["num"] else data["cid"]
            yield Article(number, path, data["texteHtml"])
        return
    titled = (*path, " ".join(data["title"].split()).rstrip(". "))
    for child in node.get("children", ()):
        yield from articles_of(child, titled)


def parts_of(articles: Iterable[Article]) -> Iterator[Part]:
    """Neighbouring articles under one path, as one document each time."""
    for count, (path, group) in enumerate(groupby(articles, lambda article: article.path)):
        title = " › ".join(path[1:][-_TITLES:]) or path[0]
        yield Part(title, f"{COLLECTION}/partie-{count:05d}.html", tuple(group))


def write_corpus(folder: Path, parts: Iterable[Part]) -> None:
    """Write each part as ``folder/code/partie-N.html``, an ``h2`` for each article."""
    (folder / COLLECTION).mkdir(parents=True, exist_ok=True)
    for part in parts:
        title = html.escape(part.title)
        body = "".join(
            f"<h2>Article {html.escape(article.number)}</h2>\n<div>"
            f"{section('', article.html).html}</div>\n"
            for article in part.articles
        )
        (folder / part.file).write_text(
            f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
            f"</head><body>\n<h1>{title}</h1>\n{body}</body></html>\n",
            encoding="utf-8",
            newline="\n",
        )


def load_questions(tarball: Path) -> list[dict[str, Any]]:
    """The 41 questions with their answers, as the package has them."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/data/contributions.json")
        found: list[dict[str, Any]] = json.load(member) if member else []
    return found


def code_questions(
    raw: Iterable[Mapping[str, Any]],
    parts: Iterable[Part],
    passages: Mapping[str, Sequence[Passage]],
) -> list[Asked]:
    """The questions whose general answer names an article in force; the others have no gold."""
    in_force = {article.number for part in parts for article in part.articles}
    holders: dict[str, list[str]] = {}
    for passage in (one for some in passages.values() for one in some):
        holders.setdefault(article_of(passage), []).append(passage.passage_id)
    found = []
    for line in raw:
        gold = named_articles(line["answers"]["generic"]["text"]) & in_force
        if gold:
            found.append(
                Asked(
                    id=f"code-{line['index']:02d}",
                    question=line["title"],
                    kind=form_of(line["title"]),
                    gold=frozenset(gold),
                    right={passage: unit for unit in gold for passage in holders.get(unit, ())},
                )
            )
    return found


def named_articles(text: str) -> frozenset[str]:
    """Numbers of the articles that a text names, as the code writes them: ``L1222-10``."""
    return frozenset(f"{letter}{number}" for letter, number in _NAMED.findall(text))


def article_of(passage: Passage) -> str:
    """The article that a passage lies in, ``""`` outside of one: a passage never crosses two."""
    for title in (passage.locator.section or "").split(" › "):
        if title.startswith("Article "):
            return title.removeprefix("Article ")
    return ""


def main() -> int:
    """Make a workspace of the whole code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.labour_code")
    parser.add_argument("folder", type=Path, help="workspace to make")
    folder: Path = parser.parse_args().folder
    parts = load_parts(fetch(CODE, CACHE))
    write_corpus(folder / "corpus", parts)
    if not (folder / FILE_NAME).exists():
        write_default(folder, HERE.parent / "models")
    print(
        f"{sum(len(part.articles) for part in parts)} articles in {len(parts)} documents, {folder}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
