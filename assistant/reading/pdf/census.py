"""Weighs what a page makes a library draw, before any library draws it.

A few kilobytes of a PDF can stand for gigabytes: by compression, or by forms
that call forms that call forms. The weight of a stream is its decompressed
length plus the weight of every form it draws, at each use.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

_DRAWS = re.compile(rb"/([^\s/<>\[\]()%{}]{1,127})\s+Do\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_DEEPEST = 30


class StreamTooLarge(ValueError):
    """The page weighs more than the limit."""


class StreamDamaged(ValueError):
    """Compressed bytes are not what was compressed, or a form is missing or endless."""


_Scopes = tuple[DictionaryObject, ...]


@dataclass(slots=True)
class _Page:
    """What is known while one page is weighed."""

    known: dict[int, int] = field(default_factory=dict)
    path: list[int] = field(default_factory=list)
    pixels: list[int] = field(default_factory=lambda: [0])


class Census:
    """Weighs the pages of one file; shared streams are decompressed once.

    Args:
        limit: Bytes that one page may weigh.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._streams: dict[int, tuple[int, Counter[str]]] = {}
        self._kept: list[StreamObject] = []  # ids stay unique while the objects live

    def page(self, page: Any) -> tuple[int, int]:
        """Weigh one page.

        Args:
            page: A pypdf page.

        Returns:
            Its weight in bytes, and the pixels of its largest image.

        Raises:
            StreamTooLarge: Its weight is above the limit.
            StreamDamaged: A stream does not decompress, or its forms cannot be weighed.
        """
        contents = page.get("/Contents")
        contents = contents.get_object() if contents is not None else None
        parts = contents if isinstance(contents, ArrayObject) else [contents]
        # A stream without entries is an empty dictionary, so false: ask for None.
        streams = [part.get_object() for part in parts if part is not None]
        if not all(isinstance(stream, StreamObject) for stream in streams):
            raise StreamDamaged("the page's content is no stream")
        scopes = (_entry(_dictionary(page.get("/Resources")), "/XObject"),)
        state = _Page()
        weight = 0
        for stream in streams:
            weight += self._weigh(stream, scopes, state)
            self._check(weight)
        return weight, max(state.pixels)

    def _check(self, weight: int) -> None:
        if weight > self._limit:
            raise StreamTooLarge(weight)

    def _weigh(self, stream: StreamObject, scopes: _Scopes, page: _Page) -> int:
        """Weight of one stream with all that it draws.

        A name is looked up in the form, then in what draws it, then in the page: so
        does pdfium. What pypdf does not find, pdfium may: an unknown name is refused.
        """
        if id(stream) in page.known:
            return page.known[id(stream)]
        if id(stream) in page.path:
            raise StreamDamaged("a form draws itself")
        if len(page.path) > _DEEPEST:
            raise StreamTooLarge("forms within forms")
        page.path.append(id(stream))
        weight, uses = self._decode(stream)
        for name, times in uses.items():
            drawn = _drawn("/" + name, scopes)
            if drawn.get("/Subtype") == "/Image":
                page.pixels.append(_pixels(drawn))
                continue
            inner = (_entry(_dictionary(drawn.get("/Resources")), "/XObject"), *scopes)
            weight += times * self._weigh(drawn, inner, page)
            self._check(weight)
        page.path.pop()
        page.known[id(stream)] = weight
        return weight

    def _decode(self, stream: StreamObject) -> tuple[int, Counter[str]]:
        if id(stream) not in self._streams:
            data = decoded(stream, self._limit)
            uses = Counter(_name(match) for match in _DRAWS.findall(data))
            self._streams[id(stream)] = len(data), uses
            self._kept.append(stream)
        return self._streams[id(stream)]


def decoded(stream: StreamObject, limit: int) -> bytes:
    """The stream's bytes, decompressed.

    Raises:
        StreamTooLarge: More than ``limit`` bytes.
        StreamDamaged: zlib finds an error; libraries would go on with what precedes it.
    """
    filters = stream.get("/Filter")
    filters = filters.get_object() if filters is not None else None
    names = list(filters) if isinstance(filters, ArrayObject) else [filters]
    raw = StreamObject.get_data(stream)  # the stored bytes: the subclass would decode them
    if names == [None]:
        data = raw
    elif names in (["/FlateDecode"], ["/Fl"]) and not stream.get("/DecodeParms"):
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(raw, limit + 1)
        except zlib.error as error:
            raise StreamDamaged(str(error)) from error
    else:
        data = stream.get_data()  # pypdf bounds each filter
    if len(data) > limit:
        raise StreamTooLarge(len(data))
    return data


def _name(raw: bytes) -> str:
    """A PDF name as pypdf keys it: ``#xx`` stands for one byte."""
    return _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), raw).decode("latin-1")


def _drawn(name: str, scopes: _Scopes) -> StreamObject:
    for scope in scopes:
        found = scope.get(name)
        found = found.get_object() if found is not None else None
        if isinstance(found, StreamObject):
            return found
    raise StreamDamaged(f"{name} is drawn and not there")


def _pixels(image: StreamObject) -> int:
    width, height = image.get("/Width", 0), image.get("/Height", 0)
    return int(width) * int(height)


def _dictionary(value: Any) -> DictionaryObject:
    value = value.get_object() if value is not None else None
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def _entry(dictionary: DictionaryObject, key: str) -> DictionaryObject:
    return _dictionary(dictionary.get(key))
