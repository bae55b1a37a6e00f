"""From a draft to an answer: each claim is checked against the re-read text of its sources.

Everything here is pure. A quotation is compared with the catalogue's text before it
is used; a claim keeps its citations only where they support it; a claim that fails
is kept in sight with the reason, and never counts as an answer.
"""

from __future__ import annotations

from assistant.verification.quotes import Read, citation_of, verify_quote
from assistant.verification.verdicts import verify

__all__ = ["Read", "citation_of", "verify", "verify_quote"]
