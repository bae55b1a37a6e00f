"""Exactness: a quotation is the stored text, and a claim may be contained in one."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.errors import QuoteMismatch
from assistant.french.letters import plain
from assistant.french.numbers import quantities
from assistant.records import Citation, Evidence

Read = Callable[[str, int, int], str]
"""``read(document_id, start, end)`` gives the catalogue's canonical text (code points)."""

_EDGES = " \n\t.;:,!?…«»“”\"'"


def verify_quote(evidence: Evidence, read: Read) -> None:
    """Compare a quotation with the stored text it claims to be.

    Raises:
        QuoteMismatch: They differ by a byte, or the offsets are not those of the text.
    """
    stored = read(evidence.document.document_id, evidence.start, evidence.end)
    same = stored.encode("utf-8", "surrogatepass") == evidence.text.encode("utf-8", "surrogatepass")
    if not same or len(stored) != evidence.end - evidence.start:
        raise QuoteMismatch(evidence.document.title, evidence.start, evidence.end)


def citation_of(evidence: Evidence) -> Citation:
    """The citation of an evidence sentence that ``verify_quote`` has accepted."""
    return Citation(
        passage=evidence.passage,
        document=evidence.document,
        quote=evidence.text,
        start=evidence.start,
        end=evidence.end,
    )


def is_whole(claim: str, quote: str) -> bool:
    """True when the claim is the quote itself, but for spaces, apostrophes and edge marks."""
    mine = _comparable(claim)
    return bool(mine) and mine == _comparable(quote)


def is_contained(claim: str, quote: str) -> bool:
    """True when the claim stands in the quote word for word, and cuts no word or figure."""
    mine, theirs = _comparable(claim), _comparable(quote)
    if not mine:
        return False
    figures = [(q.start, q.end) for q in quantities(theirs)]
    # A stretch that is quoted as a sentence takes a capital.
    first = f"[{re.escape(mine[0])}{re.escape(mine[0].lower()[:1])}]"
    for match in re.finditer(first + re.escape(mine[1:]), theirs):
        start, end = match.span()
        whole_words = not _cuts_word(theirs, start) and not _cuts_word(theirs, end)
        if whole_words and not any(a < start < b or a < end < b for a, b in figures):
            return True
    return False


def _comparable(text: str) -> str:
    return " ".join(plain(text).split()).strip(_EDGES)


def _cuts_word(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    return text[place - 1].isalnum() and (text[place].isalnum() or text[place] in "-'")
