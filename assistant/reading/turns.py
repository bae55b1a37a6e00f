"""Turns of speech: the blocks of a hearing, whatever the file they came in.

One block a turn, holding only what was said: names, roles and time marks go to
the locator. What precedes the first turn, and what follows a heading until someone
is named again, is not attributed to anyone: a wrong speaker is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.reading.canonical import CanonicalText, normalise
from assistant.reading.pieces import Piece, Sections, add_piece, unwrap
from assistant.reading.speakers import Mark, Roster, bare_name, read_mark, split_at_times
from assistant.records import Locator, Role

_LEAST_TURNS = 3
_LEAST_SPEAKERS = 2
# A report that quotes a few speakers is not a hearing: one paragraph in twenty opens a turn.
_LEAST_SHARE = 0.05
_SENTENCE_END = re.compile(r"[.!?…][»”\")\]\s]*$")
_STAGE = re.compile(r"[(\[][^()\[\]]*[)\]]\.?$")
_SITTING = re.compile(r"La séance (?:est|a été) (?:ouverte|levée|suspendue|reprise|close)\b")


@dataclass(slots=True)
class Turn:
    """What one person says without being interrupted; times in seconds."""

    speaker: str | None
    role: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    paragraphs: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What was said, a paragraph a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    mark: Mark | None


def ends_sentence(text: str) -> bool:
    """True when nothing of a sentence is left open at the end of ``text``."""
    return _SENTENCE_END.search(text[-40:]) is not None


def compose_hearing(
    pieces: Sequence[Piece], *, announced: bool, expected: bool
) -> CanonicalText | None:
    """The canonical text of a transcript, or None when the pieces do not look like one.

    Args:
        pieces: What a reader of flowing text found, in order.
        announced: A sidecar says that it is a hearing: one turn is enough.
        expected: The file's name says so: names without civility count if repeated.
    """
    bare = _repeated_names(pieces) if announced or expected else frozenset()
    marked = [_lines_of(piece, bare) for piece in pieces]
    opening = [
        line.mark
        for lines in marked
        for line in lines
        if line.mark and line.mark.speaker and not _lists(line.mark)
    ]
    if announced:
        if not any(line.mark for lines in marked for line in lines):
            return None
    else:
        speakers = {mark.speaker.casefold() for mark in opening if mark.speaker}
        paragraphs = sum(map(len, marked))
        if (
            len(opening) < _LEAST_TURNS
            or len(speakers) < _LEAST_SPEAKERS
            or len(opening) < _LEAST_SHARE * paragraphs
        ):
            return None
    parts = _Scribe().take(pieces, marked)
    _close_times([part for part in parts if isinstance(part, Turn)])
    return write_turns(parts)


def write_turns(parts: Sequence[Turn | Piece]) -> CanonicalText:
    """Write turns, and what stands between them, with one name for each person."""
    roster = Roster(part.speaker for part in parts if isinstance(part, Turn) and part.speaker)
    text, sections = CanonicalText(), Sections()
    for part in parts:
        if isinstance(part, Piece):
            add_piece(text, part, sections)
            continue
        named = part.speaker is not None
        locator = Locator(
            section=sections.path,
            speaker=roster.display(part.speaker) if part.speaker is not None else None,
            speaker_role=roster.role(part.speaker, part.role) if part.speaker is not None else None,
            start_s=part.start_s,
            end_s=part.end_s,
        )
        text.add(part.text, Role.TURN if named or part.start_s is not None else Role.BODY, locator)
    return text


def _repeated_names(pieces: Sequence[Piece]) -> frozenset[str]:
    found = Counter(
        name
        for piece in pieces
        if piece.role is Role.BODY
        for line in normalise(piece.text).split("\n")
        if (name := bare_name(line)) is not None
    )
    return frozenset(name for name, times in found.items() if times > 1)


def _lines_of(piece: Piece, bare: frozenset[str]) -> list[_Line]:
    if piece.role is Role.HEADING:
        heading = normalise(piece.text).replace("\n", " ")
        mark = read_mark(heading, bare)
        return [_Line(heading, mark)] if mark and mark.speaker and not mark.said else []
    if piece.role is not Role.BODY:
        return []
    return [_Line(line, read_mark(line, bare)) for line in normalise(piece.text).split("\n")]


def _lists(mark: Mark) -> bool:
    """True for a line of a list of those present: « Mme Leroy (CCI) : vice-présidente »."""
    words = mark.said.split()
    if not words or mark.start_s is not None or ends_sentence(mark.said):
        return False
    return len(words) <= 5 or (mark.said[0].islower() and len(words) <= 20)


class _Scribe:
    """Goes through the lines once and deals them out to turns."""

    def __init__(self) -> None:
        self._parts: list[Turn | Piece] = []
        self._turn: Turn | None = None
        self._clock: float | None = None  # a time mark alone on its line, not used yet
        self._clock_end: float | None = None

    def take(
        self, pieces: Sequence[Piece], marked: Sequence[Sequence[_Line]]
    ) -> list[Turn | Piece]:
        """Turns, and pieces that nobody said, in order."""
        for piece, lines in zip(pieces, marked, strict=True):
            if not lines:
                if piece.role is Role.HEADING:
                    self._turn = None
                self._aside(piece)
            elif len(lines) == 1 and self._is_stage(lines[0].text, lines[0].mark):
                self._aside(piece)
                if _SITTING.match(lines[0].text):
                    self._turn = None
            else:
                self._deal(piece, lines)
        return self._parts

    def _deal(self, piece: Piece, lines: Sequence[_Line]) -> None:
        pending: list[str] = []
        for line in lines:
            mark = line.mark
            if mark is None or (self._turn is None and _lists(mark)):
                pending.append(line.text)
                continue
            self._say(pending)
            pending = []
            self._open(mark)
            if mark.said:
                pending.append(mark.said)
        self._say(pending)

    def _open(self, mark: Mark) -> None:
        if mark.start_s is not None:
            self._clock, self._clock_end = mark.start_s, mark.end_s
        if mark.speaker is None:
            return
        self._turn = Turn(mark.speaker, mark.role, self._clock, self._clock_end)
        self._clock = self._clock_end = None
        self._parts.append(self._turn)

    def _say(self, lines: list[str]) -> None:
        if not lines:
            return
        if self._turn is None and self._clock is None:
            self._parts.append(Piece("\n".join(lines)))
            return
        for clock, words in _sentences_at_times(unwrap("\n".join(lines))):
            if clock is not None:
                self._clock, self._clock_end = clock, None
            if words:
                self._speech_of_now().paragraphs.append(words)

    def _speech_of_now(self) -> Turn:
        """The turn that goes on, or a new block of it when a time mark stands between sentences."""
        turn, clock = self._turn, self._clock
        if turn is not None and (clock is None or _is_open(turn)):
            self._clock = self._clock_end = None
            return turn
        if turn is not None and not turn.paragraphs and turn.start_s is None:
            turn.start_s, turn.end_s = clock, self._clock_end
        else:
            speaker = turn.speaker if turn else None
            turn = Turn(speaker, None, clock, self._clock_end)
            self._parts.append(turn)
        self._turn, self._clock, self._clock_end = turn, None, None
        return turn

    def _aside(self, piece: Piece) -> None:
        """Something that nobody says; whoever was speaking goes on in a block of their own."""
        self._parts.append(piece)
        if self._turn is not None:
            self._turn = Turn(self._turn.speaker)
            self._parts.append(self._turn)

    def _is_stage(self, text: str, mark: Mark | None) -> bool:
        return mark is None and bool(_STAGE.fullmatch(text) or _SITTING.match(text))


def _is_open(turn: Turn) -> bool:
    return bool(turn.paragraphs) and not ends_sentence(turn.paragraphs[-1])


def _sentences_at_times(text: str) -> Iterator[tuple[float | None, str]]:
    """Speech cut at its time marks, but for those that stand inside a sentence."""
    at: float | None = None
    held: list[str] = []
    for clock, words in split_at_times(text):
        if clock is not None and (not held or ends_sentence(held[-1])):
            yield at, " ".join(held)
            at, held = clock, []
        if words:
            held.append(words)
    yield at, " ".join(held)


def _close_times(turns: Sequence[Turn]) -> None:
    """A turn ends where the next time mark stands, unless it says where itself."""
    for turn, after in _with_next_mark(turns):
        if turn.end_s is None and turn.start_s is not None and after >= turn.start_s:
            turn.end_s = after


def _with_next_mark(turns: Sequence[Turn]) -> Iterator[tuple[Turn, float]]:
    following: float | None = None
    for turn in reversed(turns):
        if following is not None:
            yield turn, following
        if turn.start_s is not None:
            following = turn.start_s
