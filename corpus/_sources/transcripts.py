"""Gives hearings their clock and writes them as SRT, WebVTT or speaker turns.

Nobody writes time codes by hand: each turn lasts as long as its words take to be
said (``WORDS_PER_SECOND``), and turns are separated by a short silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from source_text import NOTICE, Source

WORDS_PER_SECOND = 2.0
SILENCE_S = 0.9
_CUE_WORDS = 18


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person said without being interrupted; times in seconds."""

    speaker: str
    text: str
    start_s: float
    end_s: float


def turns(source: Source) -> list[Turn]:
    """The turns of a hearing with their times."""
    clock, timed = 4.0, []
    for block in source.blocks:
        if block.kind == "turn":
            end = clock + len(block.text.split()) / WORDS_PER_SECOND
            timed.append(Turn(block.speaker, block.text, round(clock, 3), round(end, 3)))
            clock = end + SILENCE_S
    return timed


def stamp(seconds: float, decimal: str = "") -> str:
    """``HH:MM:SS``, with milliseconds after ``decimal`` when given."""
    thousandths = round(seconds * 1000)
    whole, rest = divmod(thousandths, 1000)
    clock = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{clock}{decimal}{rest:03d}" if decimal else clock


def _cues(turn: Turn) -> Iterator[tuple[float, float, str]]:
    words = turn.text.split()
    count = -(-len(words) // _CUE_WORDS)
    size = -(-len(words) // count)
    for first in range(0, len(words), size):
        part = words[first : first + size]
        start = turn.start_s + first / WORDS_PER_SECOND
        end = start + len(part) / WORDS_PER_SECOND
        yield start, end - 0.04, _two_lines(part)


def _two_lines(words: list[str]) -> str:
    if len(words) < 9:
        return " ".join(words)
    half = (len(words) + 1) // 2
    return " ".join(words[:half]) + "\n" + " ".join(words[half:])


def build_srt(source: Source) -> bytes:
    """Subtitles; the first cue of a turn begins with the speaker's name and a colon."""
    lines = [f"1\n00:00:00,000 --> 00:00:03,500\n[{NOTICE}]\n"]
    for turn in turns(source):
        for index, (start, end, text) in enumerate(_cues(turn)):
            name = f"{turn.speaker} : " if index == 0 else ""
            span = f"{stamp(start, ',')} --> {stamp(end, ',')}"
            lines.append(f"{len(lines) + 1}\n{span}\n{name}{text}\n")
    return "\n".join(lines).encode("utf-8")


def build_vtt(source: Source) -> bytes:
    """WebVTT with a voice span in every cue."""
    head = f"WEBVTT\n\nNOTE\n{source.meta['title']}\n{NOTICE}\n"
    lines = [head, f"00:00:00.000 --> 00:00:03.500\n[{NOTICE}]\n"]
    for turn in turns(source):
        for start, end, text in _cues(turn):
            span = f"{stamp(start, '.')} --> {stamp(end, '.')}"
            lines.append(f"{span}\n<v {turn.speaker}>{text}</v>\n")
    return "\n".join(lines).encode("utf-8")


def turn_lines(source: Source, dash: str = " :") -> list[str]:
    """``[00:12:31] Mme Leroy (CCI) : …``, one line a turn."""
    return [f"[{stamp(t.start_s)}] {t.speaker}{dash} {t.text}" for t in turns(source)]


def build_turns_txt(source: Source) -> bytes:
    """A typed transcript as plain text."""
    head = [source.meta["title"], source.meta["subtitle"], f"{NOTICE}."]
    text = "\n\n".join(head + turn_lines(source)) + "\n"
    return text.encode(source.meta.get("encoding", "utf-8"))
