"""Words, ruling lines and images of one page, as pdfium sees them.

Coordinates are PDF points in the reading direction: x grows along the lines,
y grows upward, whatever the rotation of the page or of its text.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.reading.pdf.frame import Frame

_SPACES = frozenset(" \t\r\n\f\v\u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(c) for c in range(0x2000, 0x200B)
}
_LIGATURES = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xFB00, 0xFB07)}
# pdfium marks the hyphen of a word cut at the end of a line with U+0002.
_REPLACED = {**_LIGATURES, "\x02": "-", "\u00ad": "-", "\ufffe": "-"}
_INVISIBLE = 3  # text render mode: neither filled nor stroked, as under a scanned image


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space between them, of one style, on one baseline."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool
    spaced: bool
    """A space stands before it (a line end is no space)."""
    drawn_space: bool
    """That space is a character of the file, not one that pdfium guessed from a gap."""


@dataclass(slots=True)
class _Style:
    size: float
    bold: bool
    angle: float
    hidden: bool


@dataclass(slots=True)
class _Glyphs:
    """A word while it is gathered, in page coordinates."""

    text: list[str]
    style: _Style
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    spaced: bool
    drawn_space: bool


@dataclass(frozen=True, slots=True)
class PageWords:
    """What stands on one page; ``strays`` are the words that read in another direction."""

    frame: Frame
    words: tuple[Word, ...]
    strays: tuple[str, ...]
    chars: int
    hidden_chars: int
    """Characters drawn invisibly: the text that a scanner recognised under its image."""
    unmapped_chars: int
    """Characters whose font does not say which letter they are."""


class _Characters:
    """One character at a time from pdfium, without an allocation for each."""

    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self._page = text_page.raw
        self._box = raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._styles: dict[int, _Style] = {}

    def box(self, index: int) -> tuple[float, float, float, float]:
        raw.FPDFText_GetLooseCharBox(self._page, index, self._box)
        box = self._box
        return box.left, box.bottom, box.right, box.top

    def origin(self, index: int) -> tuple[float, float]:
        raw.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        return self._x.value, self._y.value

    def style(self, index: int) -> _Style:
        text_object = raw.FPDFText_GetTextObject(self._page, index)
        key = ctypes.addressof(text_object.contents) if text_object else 0
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._read_style(index, text_object)
        return style

    def _read_style(self, index: int, text_object: object) -> _Style:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._page, index, matrix)
        size = raw.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.c, matrix.d)
        name = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        raw.FPDFText_GetFontInfo(self._page, index, name, 128, flags)
        font = name.value.lower()
        bold = raw.FPDFText_GetFontWeight(self._page, index) >= 600 or any(
            word in font for word in (b"bold", b"black", b"heavy", b"semibold", b"demi")
        )
        hidden = bool(text_object) and raw.FPDFTextObj_GetTextRenderMode(text_object) == _INVISIBLE
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        return _Style(max(0.1, abs(size)), bold, angle, hidden)


def page_words(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, chars: int) -> PageWords:
    """Gather the words of one page, in the order of the file.

    Args:
        page: The page, for its visible box.
        text_page: Its text.
        chars: How many characters to read (the caller has bounded it).
    """
    left, bottom, right, top = page.get_bbox()
    turns: Counter[int] = Counter()
    gathered: list[_Glyphs] = []
    hidden = unmapped = 0
    for glyphs in _gather(text_page, chars):
        length = len(glyphs.text)
        x, y = (glyphs.box[0] + glyphs.box[2]) / 2, (glyphs.box[1] + glyphs.box[3]) / 2
        if not (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1):
            continue  # outside the visible page: no reader could look it up
        hidden += length * glyphs.style.hidden
        unmapped += sum(c == "\ufffd" or unicodedata.category(c) == "Co" for c in glyphs.text)
        turns[_quarter(glyphs.style.angle)] += length
        gathered.append(glyphs)
    straight = {turn: n for turn, n in turns.items() if turn >= 0}
    turn = max(straight, key=lambda t: straight[t]) if straight else 0
    frame = Frame(turn, left, bottom, right, top)
    return PageWords(
        frame=frame,
        words=tuple(_in_frame(frame, g) for g in gathered if _quarter(g.style.angle) == turn),
        strays=tuple(_stray_lines(g for g in gathered if _quarter(g.style.angle) != turn)),
        chars=sum(turns.values()),
        hidden_chars=hidden,
        unmapped_chars=unmapped,
    )


def _gather(text_page: pdfium.PdfTextPage, chars: int) -> Iterator[_Glyphs]:
    """Cut the characters into words: at spaces, at a new style, at a jump."""
    characters = _Characters(text_page)
    read_code = raw.FPDFText_GetUnicode
    word: _Glyphs | None = None
    spaced, drawn_space = True, False
    high = 0
    for index in range(chars):
        code = read_code(text_page.raw, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        character = chr(code) if 0 < code < 0x110000 and code != 0xFFFF else "\ufffd"
        if character in _SPACES:
            if word is not None:
                yield word
            # pdfium makes a line end of any change of baseline, even before a raised figure.
            word = None
            if character not in "\r\n":
                spaced = True
                drawn_space = drawn_space or not raw.FPDFText_IsGenerated(text_page.raw, index)
            continue
        style, box = characters.style(index), characters.box(index)
        character = _REPLACED.get(character, character)
        if word is not None and style is word.style and _next_on_line(word, box):
            word.text.append(character)
            word.box = word.box[0], box[1], box[2], box[3]
            continue
        origin = characters.origin(index)
        if not all(map(math.isfinite, (*box, *origin))):
            continue
        if word is not None and _continues(word, style, box, origin):
            word.text.append(character)
            word.box = _union(word.box, box)
        else:
            if word is not None:
                yield word
            word = _Glyphs([character], style, box, origin, spaced, drawn_space)
            spaced = drawn_space = False
    if word is not None:
        yield word


def _next_on_line(word: _Glyphs, box: tuple[float, float, float, float]) -> bool:
    """Quick and certain: level text, the same font box, right after. Else ask ``_continues``."""
    last = word.box
    return (
        word.style.angle == 0
        and box[1] == last[1]
        and box[3] == last[3]
        and -0.1 * word.style.size < box[0] - last[2] < 0.5 * word.style.size
        and box[2] >= last[2]
    )


def _continues(
    word: _Glyphs,
    style: _Style,
    box: tuple[float, float, float, float],
    origin: tuple[float, float],
) -> bool:
    before = word.style
    if style is not before and (
        abs(style.size - before.size) > 0.05 * before.size
        or style.bold != before.bold
        or style.angle != before.angle
    ):
        return False
    radians = math.radians(style.angle)
    cos, sin = math.cos(radians), math.sin(radians)
    dx, dy = origin[0] - word.origin[0], origin[1] - word.origin[1]
    along, across = dx * cos + dy * sin, dy * cos - dx * sin
    length = abs((word.box[2] - word.box[0]) * cos) + abs((word.box[3] - word.box[1]) * sin)
    return abs(across) < 0.12 * style.size and -0.3 * style.size < along < length + (
        0.6 * style.size
    )


def _quarter(angle: float) -> int:
    """Quarter turns counterclockwise, 0 to 3; -1 for a slanted direction."""
    quarters = round(angle / 90)
    return quarters % 4 if abs(angle - 90 * quarters) < 8 else -1


def _in_frame(frame: Frame, glyphs: _Glyphs) -> Word:
    """A gathered word, in the reading direction."""
    style = glyphs.style
    base = frame.point(*glyphs.origin)[1]
    text = "".join(glyphs.text)
    return Word(
        text,
        *frame.box(glyphs.box),
        base,
        style.size,
        style.bold,
        glyphs.spaced,
        glyphs.drawn_space,
    )


def _stray_lines(gathered: Iterator[_Glyphs]) -> Iterator[str]:
    """Slanted or sideways text (a watermark, a margin note), one string per baseline."""
    line: list[str] = []
    last: _Glyphs | None = None
    for glyphs in gathered:
        if last is not None and (
            glyphs.style.angle != last.style.angle or _across(last, glyphs) > glyphs.style.size / 2
        ):
            yield " ".join(line)
            line = []
        line.append("".join(glyphs.text))
        last = glyphs
    if line:
        yield " ".join(line)


def _across(first: _Glyphs, second: _Glyphs) -> float:
    radians = math.radians(first.style.angle)
    dx, dy = second.origin[0] - first.origin[0], second.origin[1] - first.origin[1]
    return abs(dy * math.cos(radians) - dx * math.sin(radians))


def _union(
    a: tuple[float, float, float, float], b: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
