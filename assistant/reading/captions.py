"""Subtitles of hearings: SRT and WebVTT, by the libraries made for them.

Consecutive cues of one voice make one turn. A turn longer than a minute is cut
where a cue ends a sentence, so that the time of a citation is worth opening.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO

from assistant.reading import refusals as refuse
from assistant.reading.canonical import CanonicalText, normalise
from assistant.reading.pieces import Piece
from assistant.reading.speakers import Roster, bare_name, identify, read_mark
from assistant.reading.turns import Turn, ends_sentence, write_turns

_TURN_S = 60.0
_UNPUNCTUATED_S = 300.0  # recognised speech may hold no full stop at all
_CUES = 200_000
_NOISE_WORDS = 3

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+(?P<name>[^>]{1,200})>|</v>")
_MARKUP = re.compile(r"</?(?:[a-zA-Z][^<>]{0,200}|\d[\d:.]{0,20})>|\{\\[^{}]{0,40}\}")
_BRACKETED = re.compile(r"[\[(][^\[\]()]*[\])]\.?|[♪♫].*")
_NEW_VOICE = re.compile(r"[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words with their time, and whose voice they are, if anything says so."""

    text: str
    start_s: float
    end_s: float
    speaker: str | None = None
    role: str | None = None


def read_srt(text: str, name: str) -> CanonicalText:
    """SubRip subtitles.

    Raises:
        UnreadableDocument: The file is not SubRip from one end to the other.
    """
    import srt

    cues = []
    try:
        for subtitle in srt.parse(text.strip("\ufeff\n\r ") + "\n"):
            start, end = subtitle.start.total_seconds(), subtitle.end.total_seconds()
            if "-->" in subtitle.content:  # a cue whose time is wrong, swallowed as words
                raise ValueError("a cue holds the time of another")
            cues.append(Cue(subtitle.content, start, max(start, end)))
            _bound(len(cues), name)
    except (srt.SRTParseError, ValueError, OverflowError) as failure:
        raise refuse.damaged(
            name,
            f"sous-titres SRT interrompus après {len(cues)} répliques",
            f"SRT subtitles broken after {len(cues)} cues",
        ) from failure
    return _compose(_by_voice_or_prefix(cues))


def read_vtt(text: str, name: str) -> CanonicalText:
    """WebVTT captions; voices are ``<v Mme Leroy (CCI)>``.

    Raises:
        UnreadableDocument: The file is not WebVTT.
    """
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    try:
        lines = StringIO(text.strip("\ufeff\n\r ") + "\n")
        # Not strict, it would leave out a cue whose time is wrong: words lost in silence.
        captions = webvtt.WebVTT.from_buffer(lines, strict=True).captions
    except (MalformedFileError, MalformedCaptionError) as failure:
        raise refuse.damaged(name, "WebVTT mal formé", "malformed WebVTT") from failure
    _bound(len(captions), name)
    cues = []
    for caption in captions:
        start = caption.start_time.in_milliseconds() / 1000
        end = max(start, caption.end_time.in_milliseconds() / 1000)
        cues.append(Cue(caption.raw_text, start, end))
    return _compose(_by_voice_or_prefix(cues))


def _bound(count: int, name: str) -> None:
    if count > _CUES:
        raise refuse.beyond(name, f"plus de {_CUES} répliques", f"over {_CUES} cues")


def _by_voice_or_prefix(cues: list[Cue]) -> list[Cue]:
    """One cue for each voice, with its speaker; markup and prefixes gone."""
    if any(_VOICE.search(cue.text) for cue in cues):
        return [part for cue in cues for part in _voices(cue)]
    return list(_prefixes([replace(cue, text=_plain(cue.text)) for cue in cues]))


def _voices(cue: Cue) -> Iterator[Cue]:
    speaker = role = None
    begin = 0
    for found in _VOICE.finditer(cue.text):
        yield replace(cue, text=_plain(cue.text[begin : found.start()]), speaker=speaker, role=role)
        begin = found.end()
        speaker = role = None
        if found["name"]:
            speaker, role = identify(normalise(html.unescape(found["name"])))
    yield replace(cue, text=_plain(cue.text[begin:]), speaker=speaker or None, role=role)


def _prefixes(cues: list[Cue]) -> Iterator[Cue]:
    """« Mme Leroy : … » in the words themselves; it holds until another name is given.

    A dash at the beginning of a line announces another voice, unnamed.
    """
    lines = [line for cue in cues for line in cue.text.split("\n")]
    repeated = Counter(name for line in lines if (name := bare_name(line)) is not None)
    bare = frozenset(name for name, times in repeated.items() if times > 1)
    speaker: str | None = None
    for cue in cues:
        for line in cue.text.split("\n"):
            words = _NEW_VOICE.sub("", line, count=1) if _NEW_VOICE.match(line) else line
            mark = read_mark(words, bare)
            if mark is not None and mark.speaker is not None:
                speaker, words = mark.speaker, mark.said
                yield replace(cue, text=words, speaker=speaker, role=mark.role)
                continue
            if words is not line:
                speaker = None
            yield replace(cue, text=words, speaker=speaker)


def _plain(raw: str) -> str:
    return normalise(html.unescape(_MARKUP.sub("", raw)))


def _compose(cues: Sequence[Cue]) -> CanonicalText:
    roster = Roster(cue.speaker for cue in cues if cue.speaker)
    parts: list[Turn | Piece] = []
    turn: Turn | None = None
    for cue in cues:
        if cue.speaker:
            cue = replace(cue, speaker=roster.display(cue.speaker))
        words = cue.text.replace("\n", " ").strip()
        if not words:
            continue
        if _BRACKETED.fullmatch(words):
            # A noise interrupts nobody; a longer notice is kept, as nobody's words.
            if len(words.split()) > _NOISE_WORDS:
                parts.append(Piece(words))
                turn = None
            continue
        if turn is None or not _goes_on(turn, cue):
            turn = Turn(cue.speaker, cue.role, cue.start_s, cue.end_s)
            parts.append(turn)
        turn.paragraphs.append(words)
        turn.end_s = max(cue.end_s, turn.end_s or 0.0)
        turn.role = turn.role or cue.role
    for part in parts:
        if isinstance(part, Turn):
            part.paragraphs = [" ".join(part.paragraphs)]
    return write_turns(parts)


def _goes_on(turn: Turn, cue: Cue) -> bool:
    if turn.speaker != cue.speaker:
        return False
    lasted = (turn.end_s or 0.0) - (turn.start_s or 0.0)
    return lasted < (_TURN_S if ends_sentence(turn.paragraphs[-1]) else _UNPUNCTUATED_S)
