"""What can go wrong with a report, said to a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.errors import AssistantError
from assistant.wording import Words


class ReportError(AssistantError):
    """The report cannot be made as it is asked for."""


def backwards(since: date, until: date) -> ReportError:
    """The period ends before it begins."""
    return ReportError(
        Words(
            f"La période finit ({until}) avant de commencer ({since}).",
            f"The period ends ({until}) before it begins ({since}).",
        ),
        remedy=Words("Échangez --since et --until.", "Swap --since and --until."),
    )


def unwritable(path: Path, why: str) -> ReportError:
    """The place of the report cannot be used."""
    return ReportError(
        Words(
            f"Le rapport ne peut pas être écrit dans « {path} » : {why}.",
            f"The report cannot be written to {str(path)!r}: {why}.",
        ),
        remedy=Words(
            "Donnez par --out un dossier, ou un fichier en .html ou .json.",
            "Give --out a folder, or a file that ends in .html or .json.",
        ),
    )
