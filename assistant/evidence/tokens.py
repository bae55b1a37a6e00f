"""What evidence costs to read, and how a document is announced to the model."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from assistant.records import Document, Status

_TITLE_CHARS = 70  # a longer title costs more tokens than it tells
_SIGN = re.compile(r"[^\w\s]")
# Tokens of a letter or space, a digit, a word, a sign: fitted on 4,800 sentences of the demo and
# of public sheets with the default model's tokenizer (it misses a sentence by 3 tokens on average).
_LETTER, _DIGIT, _WORD, _MARK = 0.18, 1.0, 0.3, 0.8
_NUMBERING = 4  # « 7. » and the end of the line


@lru_cache(maxsize=8192)  # every sentence of a search is weighed, and many come again in the next
def estimated_tokens(text: str) -> int:
    """Tokens of a French text, without waiting for a model to load."""
    digits = sum(char.isdigit() for char in text)
    signs = len(_SIGN.findall(text))
    letters = len(text) - digits - signs
    return math.ceil(
        letters * _LETTER + digits * _DIGIT + len(text.split()) * _WORD + signs * _MARK
    )


def line_tokens(text: str) -> int:
    """Tokens of a sentence as a numbered line of the prompt."""
    return estimated_tokens(text) + _NUMBERING


def heading(document: Document) -> str:
    """How a document is announced to the model: title, date, status when it is not final."""
    title = document.title
    if len(title) > _TITLE_CHARS:
        title = title[: title.rfind(" ", 0, _TITLE_CHARS)].rstrip(" ,;:—-") + "…"
    parts = [title]
    if document.date is not None:
        parts.append(document.date.strftime("%d/%m/%Y"))
    if document.status is not Status.FINAL:
        parts.append(f"document {document.status}")
    return ", ".join(parts)
