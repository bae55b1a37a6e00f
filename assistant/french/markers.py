"""Marks that only the program may give: numbers of citations and verdicts.

A model, or a document that it copies, may write « [3] », « 【1】 » or « (vérifié) ». In a claim
these would pass for the program's own, so they are taken out of the text, whatever brackets or
invisible characters they are made of.
"""

from __future__ import annotations

import re

from assistant.wording import safe

_OPENERS = "[［【〔⟦〚❲〖⦋⁅⟬"
_CLOSERS = "]］】〕⟧〛❳〗⦌⁆⟭"
_BRACKETS = str.maketrans(_OPENERS + _CLOSERS, "[" * len(_OPENERS) + "]" * len(_CLOSERS))
_FIGURES = r"[\d\s,;.†:–-]*(?:sources?)?"
_CITATION = re.compile(rf"\s*\[{_FIGURES}\]")
_UNCLOSED = re.compile(r"\s*\[[\d\s,;.†:–-]*")
_VERDICT = re.compile(
    r"\s*[(\[{]\s*(?:(?:phrase |source |citation |fait |déjà |bien |non )*"
    r"(?:exacte?|vérifiée?|étayée?|confirmée?|attestée?|certifiée?|sourcée?)s?"
    r"(?: (?:par|dans) (?:la|les|une) sources?| et \w+)?"
    r"|citation exacte|exact quotation|supported|unsupported|verified)\s*[)\]}]",
    re.IGNORECASE,
)


def without_markers(text: str) -> str:
    """A text on one line without the marks of a citation or a verdict, nor invisible characters."""
    bare = safe(text).translate(_BRACKETS)
    before = ""
    while before != bare:  # « [[1]2] »: what is left may be a mark again
        before, bare = bare, _CITATION.sub("", _VERDICT.sub("", bare))
    bare = _UNCLOSED.sub("", bare).replace("]", "")
    return re.sub(r"[ \n\u2028\u2029]+", " ", bare).strip()
