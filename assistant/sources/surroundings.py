"""What stands around a quotation in the stored text: its section, or its turn of speech."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.records import Block, Role, clock
from assistant.sources.records import QuotedBlock, SectionView, TextBlock, Turn, TurnView
from assistant.sources.stored import Stored

_AROUND = 3_000  # code points of a section around the quotation
_SIDE = 1_500  # of the quoted block itself, on each side
_TURN_SIDE = 3_000
_NEIGHBOUR = 600
_TURNS = 2  # on each side
CUT = "…"


def section_around(stored: Stored, start: int, end: int) -> SectionView:
    """The section of ``text[start:end]``, with the nearest of its blocks.

    Raises:
        QuoteMismatch: Nothing can be quoted there.
    """
    first, last = stored.place(start, end)
    blocks, path = stored.blocks, stored.blocks[first].locator.section
    before = _nearest(blocks[:first][::-1], path, _AROUND // 2)
    after = _nearest(blocks[last:], path, _AROUND - sum(map(_length, before)))
    before = _nearest(blocks[:first][::-1], path, _AROUND - sum(map(_length, after)))
    return SectionView(
        path=path,
        heading=_heading(stored, first, path),
        earlier=tuple(_shown(stored, block) for block in reversed(before)),
        quoted=tuple(_quoted(stored, block, start, end) for block in blocks[first:last]),
        later=tuple(_shown(stored, block) for block in after),
    )


def turn_around(stored: Stored, start: int, end: int) -> TurnView | None:
    """The turn of ``text[start:end]`` and its neighbours; ``None`` when nobody says it.

    Raises:
        QuoteMismatch: Nothing can be quoted there.
    """
    number, _ = stored.place(start, end)
    block = stored.blocks[number]
    if block.role is not Role.TURN:
        return None
    turns = [place for place, other in enumerate(stored.blocks) if other.role is Role.TURN]
    here = turns.index(number)
    text = stored.text
    return TurnView(
        speaker=block.locator.speaker,
        role=block.locator.speaker_role,
        time=_time(block),
        before=_tail(text[block.start : start], _TURN_SIDE),
        quote=text[start:end],
        after=_head(text[end : block.end], _TURN_SIDE),
        earlier=tuple(
            _turn(stored.blocks[place], _tail(_text(stored, stored.blocks[place]), _NEIGHBOUR))
            for place in turns[max(0, here - _TURNS) : here]
        ),
        later=tuple(
            _turn(stored.blocks[place], _head(_text(stored, stored.blocks[place]), _NEIGHBOUR))
            for place in turns[here + 1 : here + 1 + _TURNS]
        ),
    )


def _nearest(blocks: Iterable[Block], path: str | None, room: int) -> list[Block]:
    """The blocks of one section that come first and fit, whole, without its heading."""
    found: list[Block] = []
    for block in blocks:
        room -= _length(block)
        if block.locator.section != path or block.role is Role.HEADING or room < 0:
            break
        found.append(block)
    return found


def _heading(stored: Stored, number: int, path: str | None) -> str | None:
    """The heading above the quotation, unless the quotation is that heading."""
    if stored.blocks[number].role is Role.HEADING:
        return None
    for block in reversed(stored.blocks[:number]):
        if block.locator.section != path:
            break
        if block.role is Role.HEADING:
            return _text(stored, block)
    return path.rsplit(" › ", 1)[-1] if path else None


def _quoted(stored: Stored, block: Block, start: int, end: int) -> QuotedBlock:
    start, end = max(start, block.start), min(end, block.end)
    before, after = stored.text[block.start : start], stored.text[end : block.end]
    if block.role is Role.TABLE:
        before, after = _rows_before(before), _rows_after(after)
    return QuotedBlock(
        role=block.role,
        before=_tail(before, _SIDE),
        quote=stored.text[start:end],
        after=_head(after, _SIDE),
    )


def _rows_before(rows: str) -> str:
    """The rows just above, under the first one, which names the columns."""
    if len(rows) <= _SIDE or "\n" not in rows[: _SIDE // 3]:
        return rows
    head, rest = rows.split("\n", 1)
    room = _SIDE - len(head) - 3
    cut = rest.find("\n", len(rest) - room)
    return f"{head}\n{CUT}\n{rest[cut + 1 :]}" if cut >= 0 else rows


def _rows_after(rows: str) -> str:
    cut = rows.rfind("\n", 0, _SIDE - 2)
    return rows if len(rows) <= _SIDE or cut < 0 else f"{rows[:cut]}\n{CUT}"


def _tail(text: str, most: int) -> str:
    """The end of a text, cut between words."""
    if len(text) <= most:
        return text
    kept = text[len(text) - most + 2 :]
    space = kept.find(" ")
    return f"{CUT} {kept[space + 1 :]}" if 0 <= space < len(kept) - 1 else f"{CUT}{kept}"


def _head(text: str, most: int) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= most:
        return text
    kept = text[: most - 2]
    space = kept.rfind(" ")
    return f"{kept[:space]} {CUT}" if space > 0 else f"{kept}{CUT}"


def _shown(stored: Stored, block: Block) -> TextBlock:
    return TextBlock(role=block.role, text=_text(stored, block))


def _turn(block: Block, text: str) -> Turn:
    where = block.locator
    return Turn(speaker=where.speaker, role=where.speaker_role, time=_time(block), text=text)


def _time(block: Block) -> str | None:
    return None if block.locator.start_s is None else clock(block.locator.start_s)


def _text(stored: Stored, block: Block) -> str:
    return stored.text[block.start : block.end]


def _length(block: Block) -> int:
    return block.end - block.start
