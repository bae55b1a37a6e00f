"""Where French sentences begin and end, as exact spans of the text.

Rules rather than a model: administrative French is regular, the spans must be
the same at every run, and a wrong cut costs less than a slow one. A line end
always ends a sentence, because the readers give one paragraph, one list item or
one table row a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_LENGTH = 600  # code points; a longer "sentence" is an enumeration or a damaged text
_SEMICOLON_LENGTH = 240  # code points; a shorter sentence keeps its clauses together

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
# A run of terminators with what closes it. The lookbehind keeps long runs linear.
_STOP = re.compile(
    r"(?<![.!?…])[.!?…]++[¹²³⁰-⁹]*+(?:\[\d{1,3}\])?(?:[ \u00a0\u202f]?[»”]|[\"’')\]])*+"
)
_BEFORE = re.compile(r"[^\s(«“\"\[]{1,24}\Z")
_LIST_MARK = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}|[A-Za-z])\Z")
_SEMICOLON = re.compile(r";\s")

# Never the end of a sentence: a name or a number must follow.
_BOUND_LIST = (
    "m mm mme mmes mlle mlles dr drs pr prs me mgr st ste art arts al n° no nos p pp cf ex av ave "
    "bd bld boul tél tel fax chap fig tab vol éd ed réf ref ch vs sqq sq ibid cit s.a rép "
    "p.ex c.-à-d i.e e.g dép"
)
_BOUND = frozenset(_BOUND_LIST.split())
# The end of a sentence unless a figure follows: « sept. 2025 », « env. 12 ».
_FIGURE_LIST = "janv févr fév fevr avr juil sept oct nov déc dec env max min hab alin"
_BOUND_TO_FIGURES = frozenset(_FIGURE_LIST.split())
_INITIALS = re.compile(r"(?:[A-ZÀ-Ý][a-z]?\.?-?)*[A-ZÀ-Ý][hH]?\Z")
# After « plan B. », these cannot be a family name.
_OPENER_LIST = (
    "Il Elle Ils Elles On Ce Cette Ces Cela Nous Vous Je Les Un Une En Dans Pour Sur Par Mais Or "
    "Donc Ainsi Enfin Puis Selon Si Au Aux Cet Celui Celle Afin Depuis Lors"
)
_OPENERS = frozenset(_OPENER_LIST.split())
_NEXT_WORD = re.compile(r"\w+")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Cut a text into sentences.

    Args:
        text: Any text; one paragraph, list item or table row a line.

    Returns:
        Spans ``(start, end)`` in code points, end exclusive, in order, without
        overlap, without outside whitespace, at most ``MAX_LENGTH`` long;
        together they hold every character that is not whitespace.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        for start, end in _sentences_of_line(text, line.start(), line.end()):
            for piece in _pieces(text, start, end):
                trimmed = _trim(text, *piece)
                if trimmed is not None:
                    spans.append(trimmed)
    return spans


def _sentences_of_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut one line at the terminators that end a sentence."""
    since = start
    for stop in _STOP.finditer(text, start, end):
        if _ends_a_sentence(text, start, end, stop):
            yield since, stop.end()
            since = stop.end()
    yield since, end


def _ends_a_sentence(text: str, line_start: int, line_end: int, stop: re.Match[str]) -> bool:
    """Judge one run of terminators by the word before it and the character after it."""
    after = stop.end()
    if after >= line_end:
        return True
    if not text[after].isspace():
        return False
    while after < line_end and text[after].isspace():
        after += 1
    if after == line_end:
        return True
    following = text[after]
    if following in ".,;:!?…»)]”" or following.islower():
        return False
    if stop.group()[0] != "." or len(stop.group()) > 1:
        return True
    return not _is_bound(text, line_start, stop.start(), following, after)


def _is_bound(text: str, line_start: int, dot: int, following: str, after: int) -> bool:
    """True when a single full stop belongs to an abbreviation, an initial or a list number."""
    if dot - line_start < 24 and _LIST_MARK.match(text[line_start:dot]):
        return True
    found = _BEFORE.search(text, max(line_start, dot - 24), dot)
    if found is None:
        return False
    word = re.split(r"['’]", found.group())[-1]
    folded = word.lower()
    if folded in _BOUND:
        return True
    if folded in _BOUND_TO_FIGURES:
        return following.isdigit()
    if _INITIALS.match(word) and (len(word) == 1 or "." in word or word in {"Ch", "Th", "Ph"}):
        next_word = _NEXT_WORD.match(text, after, after + 24)
        return next_word is None or next_word.group() not in _OPENERS
    return False


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a long enumeration at its semicolons, then anything still too long where it can."""
    if end - start <= _SEMICOLON_LENGTH:
        yield start, end
        return
    since = start
    for semicolon in _SEMICOLON.finditer(text, start, end):
        yield from _bounded(text, since, semicolon.end())
        since = semicolon.end()
    yield from _bounded(text, since, end)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at the last comma, else at the last space, else anywhere, to stay under the limit."""
    while end - start > MAX_LENGTH:
        limit = start + MAX_LENGTH
        cut = text.rfind(", ", start + MAX_LENGTH // 3, limit) + 1
        if cut == 0:
            cut = text.rfind(" ", start + MAX_LENGTH // 3, limit) + 1
        if cut == 0:
            cut = limit
        yield start, cut
        start = cut
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Leave outside whitespace out; ``None`` when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
