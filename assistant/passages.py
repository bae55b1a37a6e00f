"""From a document's blocks to its passages: exact slices, cut between sentences.

A passage never crosses a heading, a page, a footnote or a speaker's turn, so
that one locator is true of all of it. What a reader would need to understand it
(title, date, section, speaker, the question just asked) travels beside it as
context: embedded with it, never quotable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from assistant.french.sentences import split_sentences
from assistant.records import Block, Document, Passage, Role

_QUESTION_CHARS = 240
_SECTION_CHARS = 160

Span = tuple[int, int]


def cut_passages(
    document: Document,
    text: str,
    blocks: Iterable[Block],
    *,
    target_words: int,
    max_words: int,
) -> list[Passage]:
    """Cut one document.

    Args:
        document: Gives the id and the context header.
        text: Canonical text that every offset counts in.
        blocks: In text order, as the reader made them.
        target_words: Length aimed at; the pieces of a section come out even.
        max_words: Length not exceeded, but by a single longer sentence.

    Returns:
        Passages in text order, each ``text[start:end]``, none overlapping.
    """
    blocks = list(blocks)
    bare = all(block.role is Role.HEADING for block in blocks)
    passages: list[Passage] = []
    asked = ""
    for stretch in _stretches(blocks):
        first = stretch[0]
        if first.role is Role.HEADING and not bare:
            continue
        context = context_header(document, first, asked)
        sentences = [
            (block.start + start, block.start + end)
            for block in stretch
            for start, end in split_sentences(text[block.start : block.end])
        ]
        for start, end in _pack(text, sentences, target_words, max_words):
            passages.append(
                Passage(
                    passage_id=f"{document.document_id}:{start}",
                    document_id=document.document_id,
                    text=text[start:end],
                    start=start,
                    end=end,
                    locator=first.locator,
                    context=context,
                )
            )
        if first.role is Role.TURN:
            said = text[first.start : stretch[-1].end]
            asked = said[-_QUESTION_CHARS:] if said.endswith("?") else ""
    return passages


def context_header(document: Document, block: Block, asked: str = "") -> str:
    """The line a passage is embedded with: title, date, section, speaker, question asked."""
    where = block.locator
    parts = [document.title]
    if document.date is not None:
        parts.append(document.date.isoformat())
    if where.section:
        parts.append(where.section[-_SECTION_CHARS:])
    if where.speaker:
        parts.append(
            f"{where.speaker} ({where.speaker_role})" if where.speaker_role else where.speaker
        )
    if asked:
        parts.append(f"Question : {asked}")
    return " · ".join(parts)


def _stretches(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Neighbouring blocks that one locator covers; turns, footnotes and headings alone."""

    def key(numbered: tuple[int, Block]) -> tuple[object, ...]:
        number, block = numbered
        alone = number if block.role in (Role.TURN, Role.FOOTNOTE, Role.HEADING) else -1
        return alone, block.locator

    for _, members in groupby(enumerate(blocks), key):
        yield [block for _, block in members]


def _pack(text: str, sentences: list[Span], target_words: int, max_words: int) -> Iterator[Span]:
    """Fill passages with whole sentences, evenly: no crumb is left at the end."""
    lengths = [len(text[start:end].split()) for start, end in sentences]
    total = sum(lengths)
    pieces = max(1, round(total / target_words), -(-total // max_words))
    share = total / pieces
    begin = words = 0
    for i, length in enumerate(lengths):
        if i > begin and (words + length > max_words or _closer_without(words, length, share)):
            yield sentences[begin][0], sentences[i - 1][1]
            begin, words = i, 0
        words += length
    if sentences:
        yield sentences[begin][0], sentences[-1][1]


def _closer_without(words: int, length: int, share: float) -> bool:
    """True when a passage of ``words`` is nearer its share than with the next sentence."""
    return words + length > share and abs(words - share) <= abs(words + length - share)
