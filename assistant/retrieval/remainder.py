"""A question that names a document is put to that document, and asks the rest of it.

« La durée légale du travail : quelles sont les durées maximales ? » is as near to every passage of
the document « La durée légale du travail », by the words of its title alone. So these words are
taken out, and what remains is compared with the document's own passages.
"""

from __future__ import annotations

import re

from assistant.french.words import stems, terms

_NAMED = 0.75  # of a title's words must stand in the question
_PIECE = re.compile(r"\S+")
_LEADING_SIGNS = re.compile(r"\A[\W_]+")


def names(question: str, title: str) -> bool:
    """True when three quarters of a document's title stand in the question."""
    words = terms(title)
    return bool(words) and len(words & terms(question)) >= _NAMED * len(words)


def remainder(question: str, title: str) -> str:
    """What a question asks beyond a document's title.

    Returns:
        The question without the title's words, in order; empty when it asks nothing else.
    """
    named = terms(title)
    rest = (piece for piece in _PIECE.findall(question) if not _only(piece, named))
    asked = _LEADING_SIGNS.sub("", " ".join(rest))
    return asked if stems(asked) else ""


def _only(piece: str, words: frozenset[str]) -> bool:
    own = terms(piece)
    return bool(own) and own <= words
