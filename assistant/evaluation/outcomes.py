"""What came of each question, appended to a file at once: an interruption loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.evaluation.citations import CitationCounts
from assistant.evaluation.refusals import EvaluationError
from assistant.records import Verdict
from assistant.wording import Words

FILE_NAME = "outcomes.jsonl"


class Said(BaseModel):
    """A claim as it was shown, with the quotations under it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    verdict: Verdict
    reason: str
    quotes: tuple[str, ...]


class Outcome(BaseModel):
    """What came of one question.

    ``reason`` is the abstention's, or the message of the error that made it fail.
    ``seconds``, ``tokens`` and ``energy_wh`` are those of the command contract;
    ``evidence`` holds the sentences shown before the answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    status: Literal["answered", "abstained", "failed"]
    reason: str = ""
    claims: tuple[Said, ...] = ()
    evidence: tuple[str, ...] = ()
    shown_quotes: int = 0
    exact_quotes: int = 0
    citations: CitationCounts = CitationCounts(claims=0, supported=0, citations=0, precise=0)
    seconds: dict[str, float] = {}
    tokens: dict[str, int] = {}
    energy_wh: float | None = None
    record: str | None = None


def append_outcome(file: Path, outcome: Outcome) -> None:
    """Write one outcome as the file's last line."""
    with file.open("a", encoding="utf-8", newline="\n") as out:
        out.write(outcome.model_dump_json() + "\n")


def mend(file: Path) -> None:
    """Cut off a last line that was not written to its end; without a file, nothing."""
    if not file.exists():
        return
    raw = file.read_bytes()
    whole = raw.rfind(b"\n") + 1
    if whole < len(raw):
        with file.open("r+b") as torn:
            torn.truncate(whole)


def read_outcomes(file: Path) -> tuple[Outcome, ...]:
    """The outcomes of a mended file, in the order they were written.

    Raises:
        EvaluationError: A line is not an outcome; the message gives its number (1-based).
    """
    if not file.exists():
        return ()
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line:
            continue
        try:
            found.append(Outcome.model_validate_json(line))
        except ValidationError as error:
            raise EvaluationError(
                Words(
                    f"{file}, ligne {number} : ce n’est pas un résultat d’évaluation.",
                    f"{file}, line {number}: not an outcome of an evaluation.",
                ),
                remedy=Words(
                    "Retirez cette ligne, ou recommencez dans un autre dossier.",
                    "Remove that line, or begin again in another folder.",
                ),
            ) from error
    return tuple(found)
