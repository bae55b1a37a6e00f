"""The error of an evaluation that cannot begin or go on."""

from __future__ import annotations

from assistant.errors import AssistantError


class EvaluationError(AssistantError):
    """A gold file or the folder of an evaluation cannot be used as it is."""
