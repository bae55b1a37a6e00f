"""Which paragraphs are headings, and under which section each piece stands.

A heading is what the file's outline names, or what is set larger or bolder
than the running text. Its rank among the document's heading styles is its
level; a numbering ("2.1.") ranks headings of one style.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reading.pdf.facts import OutlineEntry
from assistant.reading.pdf.layout import LEADERS, Paragraph

_LARGER = 1.12
_LONGEST = 200
_LONGEST_BOLD = 120
_MOST_LINES = 3
_SECTION_PART = 120
_NUMBERING = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\)?\s")

Style = tuple[float, bool, int]
"""Type size to half a point, bold, depth of the numbering (0 without)."""


@dataclass(frozen=True, slots=True)
class PagedParagraph:
    """A paragraph and the page it stands on."""

    page: int
    paragraph: Paragraph


class Headings:
    """The headings of one document, each with its level from 0.

    Args:
        paragraphs: Body paragraphs of all pages, in reading order.
        outline: The file's own.
        body_size: Type size of the running text.
    """

    def __init__(
        self,
        paragraphs: Sequence[PagedParagraph],
        outline: Sequence[OutlineEntry],
        body_size: float,
    ) -> None:
        named = {(entry.page, _letters(entry.title)): entry.level for entry in outline}
        bold_text = _mostly_bold(paragraphs, body_size)
        self._levels: dict[int, int] = {}
        styled: list[tuple[PagedParagraph, Style]] = []
        named_levels: dict[Style, int] = {}
        for item in paragraphs:
            style = _style(item.paragraph)
            level = _named(item, named)
            if level is not None:
                self._levels[id(item.paragraph)] = level
                named_levels[style] = min(level, named_levels.get(style, level))
            elif _looks_like_one(item.paragraph, body_size, bold_text):
                styled.append((item, style))
        ranks = _ranks([style for _, style in styled], named_levels)
        for item, style in styled:
            self._levels[id(item.paragraph)] = ranks[style]
        self._title = _title(paragraphs, styled) if not named_levels else None

    def level(self, paragraph: Paragraph) -> int | None:
        """Its level from 0, or ``None`` when it is no heading."""
        return self._levels.get(id(paragraph))

    def is_title(self, paragraph: Paragraph) -> bool:
        """It is the document's title: a heading, but no section."""
        return self._title is not None and paragraph is self._title


class SectionPath:
    """The headings that stand above the current place."""

    def __init__(self) -> None:
        self._path: list[tuple[int, str]] = []

    def enter(self, level: int, heading: str) -> None:
        """Go under a heading: it replaces those of its level and deeper."""
        self._path = [part for part in self._path if part[0] < level]
        self._path.append((level, heading[:_SECTION_PART]))

    @property
    def section(self) -> str | None:
        """The path as a locator writes it."""
        return " › ".join(heading for _, heading in self._path) or None


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _named(item: PagedParagraph, named: dict[tuple[int, str], int]) -> int | None:
    """Level of the outline entry that this paragraph is, with or without its number."""
    paragraph = item.paragraph
    if not named or len(paragraph.lines) > _MOST_LINES or len(paragraph.text) > _LONGEST:
        return None
    for text in (paragraph.text, _NUMBERING.sub("", paragraph.text, count=1)):
        letters = _letters(text)
        if letters and (item.page, letters) in named:
            return named[item.page, letters]
    return None


def _looks_like_one(paragraph: Paragraph, body_size: float, bold_text: bool) -> bool:
    text = paragraph.text
    if (
        len(paragraph.lines) > _MOST_LINES
        or len(text) > _LONGEST
        or sum(c.isalpha() for c in text) < 3
        or text.endswith((".", ",", ";", "…"))
        or LEADERS.search(text)
    ):
        return False
    if paragraph.size >= _LARGER * body_size:
        return True
    return (
        paragraph.bold
        and not bold_text
        and paragraph.size >= 0.95 * body_size
        and len(text) <= _LONGEST_BOLD
        and not text.endswith(":")
    )


def _mostly_bold(paragraphs: Sequence[PagedParagraph], body_size: float) -> bool:
    letters: Counter[bool] = Counter()
    for item in paragraphs:
        if item.paragraph.size < _LARGER * body_size:
            letters[item.paragraph.bold] += len(item.paragraph.text)
    return letters[True] > letters[False]


def _style(paragraph: Paragraph) -> Style:
    number = _NUMBERING.match(paragraph.text)
    depth = number[1].count(".") + 1 if number else 0
    return round(paragraph.size * 2) / 2, paragraph.bold, depth


def _ranks(styles: Sequence[Style], named: dict[Style, int]) -> dict[Style, int]:
    """Level of each style: the outline's where it has one, else its rank from the largest."""
    below = max(named.values(), default=-1) + 1
    ordered = sorted(set(styles) - set(named), key=lambda s: (-s[0], not s[1], s[2]))
    return {**named, **{style: below + rank for rank, style in enumerate(ordered)}}


def _title(
    paragraphs: Sequence[PagedParagraph], styled: Sequence[tuple[PagedParagraph, Style]]
) -> Paragraph | None:
    """The first heading of page 1, when it alone is larger than all the others."""
    if len(styled) < 2 or not paragraphs:
        return None
    first, style = styled[0]
    others = [other for _, other in styled[1:]]
    if first.page == 1 and all(style[0] > other[0] for other in others):
        return first.paragraph
    return None
