"""What the verifier's verdicts are called, for a person."""

from __future__ import annotations

from assistant.records import Verdict
from assistant.wording import Words

VERDICTS = {
    Verdict.EXACT: Words("citation exacte", "exact quotation"),
    Verdict.SUPPORTED: Words("étayé", "supported"),
    Verdict.UNSUPPORTED: Words("non étayé", "unsupported"),
}
