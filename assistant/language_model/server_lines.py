"""Cited lines out of a reply that nothing constrained, and the grammar for a server that can.

In process the numbers of a line are chosen among those that exist. A server may take a
grammar (llama.cpp, in its GBNF) or ignore it (vLLM), and nothing tells which. So whatever
comes is put into form here: a line begins with numbers that exist or with none, one without
numbers in front gives those that stand elsewhere in it, and a number that does not exist
never leaves this file. A claim without a number is a claim without a source: verification
looks for one, and without it the claim is no answer.
"""

from __future__ import annotations

import re

from assistant.language_model.reply import REFUSAL_ID, ReplyLimits
from assistant.wording import safe

_MOST_CITED = 3
_CHARS_A_TOKEN = 16  # more than any token of a sentence: bounds a server that counts no tokens
_HEAD_CHARS = 40
_NUMBERS = r"\[\s*\d{1,4}(?:\s*[,;]\s*\d{1,4})*\s*\]"
_HEAD = re.compile(rf"\s*({_NUMBERS})")
_MAYBE_HEAD = re.compile(r"\s*(?:\[[\d\s,;]*)?")
_ANYWHERE = re.compile(rf"\s*{_NUMBERS}")


def grammar(limits: ReplyLimits) -> str:
    """The form of a reply as a GBNF grammar (llama.cpp's): numbers of evidence, then free text."""
    numbers = " | ".join(f'"{number}"' for number in range(1, limits.evidence + 1))
    most = min(_MOST_CITED, limits.evidence) - 1
    more = f' ("," id){{0,{most}}}' if most else ""
    lines = f' ("\\n" line){{0,{limits.claims - 1}}}' if limits.claims > 1 else ""
    return "\n".join(
        (
            f'root ::= refusal | line{lines} "\\n"?',
            f'refusal ::= "[{REFUSAL_ID}] " text',
            f'line ::= "[" id{more} "] " text',
            f"id ::= {numbers}",
            r"text ::= [^\n\[\]]+",
            "",
        )
    )


class CitedLines:
    """Puts a reply into form piece by piece; ``full`` once nothing more may come.

    What `feed` and `finish` return, joined, is lines as `LanguageModel.reply` promises them.
    """

    def __init__(self, limits: ReplyLimits) -> None:
        self._limits = limits
        self._room = limits.tokens * _CHARS_A_TOKEN  # characters
        self._held = ""  # of this line, not given yet
        self._in_text = False  # past the numbers of a line
        self._written = False  # this line says something
        self._lines = 0
        self.full = False

    def feed(self, piece: str) -> str:
        """What can be given of the reply now that this came too; often empty."""
        given = []
        for char in safe(piece)[: max(0, self._room)]:
            if self.full:
                break
            given.append(self._take(char))
        self._room -= len(piece)
        self.full = self.full or self._room <= 0
        return "".join(given)

    def finish(self) -> str:
        """What is left when the reply is over."""
        held, self._held = self._held, ""
        return held if self._in_text else self._formed(held)

    def _take(self, char: str) -> str:
        if char == "\n":
            return self._end_of_line()
        self._held += char
        if self._in_text:
            return self._text()
        head = _HEAD.fullmatch(self._held) if len(self._held) < _HEAD_CHARS else None
        if head is not None and char == "]":
            self._in_text, self._held = True, ""
            return self._numbers(head[1])
        return ""

    def _text(self) -> str:
        """Text of a line with numbers in front; other numbers in it begin another line."""
        held = self._held
        if _MAYBE_HEAD.fullmatch(held) and "[" in held and len(held) < _HEAD_CHARS:
            return ""  # perhaps the next line, begun without a line end
        if _HEAD.fullmatch(held):
            ended = self._end_of_line(keep="")
            if self.full:
                return ended
            self._in_text = True
            return ended + self._numbers(held)
        self._held = ""
        self._written = self._written or not held.isspace()
        return held

    def _end_of_line(self, keep: str | None = None) -> str:
        held = self._held if keep is None else keep
        given = held if self._in_text else self._formed(held)
        self._lines += self._written or bool(given.strip())
        self._held, self._in_text, self._written = "", False, False
        self.full = self._lines >= self._limits.claims
        return f"{given}\n"

    def _formed(self, line: str) -> str:
        """A whole line that does not begin with numbers."""
        line = " ".join(line.split())
        found = _ANYWHERE.search(line)
        if found is None:
            return line
        text = (line[: found.start()] + line[found.end() :]).strip()
        return f"{self._numbers(found[0])} {text}".strip()

    def _numbers(self, written: str) -> str:
        """The numbers that exist, at most three; none where none does."""
        found = dict.fromkeys(int(number) for number in re.findall(r"\d+", written))
        if REFUSAL_ID in found:
            return f"[{REFUSAL_ID}]"
        known = [number for number in found if number <= self._limits.evidence][:_MOST_CITED]
        return f"[{','.join(map(str, known))}]" if known else ""


_TAGGED = re.compile(r"<(?=[|/!｜A-Za-z_])")
_CALLED = re.compile(r"\[(/?(?:[A-Z][A-Z_]+|gMASK))\]")


def inert(text: str) -> str:
    """A text of documents or of people in which no server finds a control token.

    In process control tokens are read in the program's own words only. A server reads them
    wherever they are spelt (``<|im_end|>``, ``</s>``, ``[INST]``), so their brackets change.
    """
    return _CALLED.sub(r"(\1)", _TAGGED.sub("‹", text))
