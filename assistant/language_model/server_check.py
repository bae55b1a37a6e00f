"""What a language model's server can do here, asked of it in a moment: for `assistant doctor`."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from assistant.language_model.reply import Message, Prompt
from assistant.language_model.served import served_model
from assistant.settings_sections import LanguageServerSettings

_WAIT_S = 30.0  # for a word; a person is waiting
_ASKED = Prompt(fixed=(Message("system", "Réponds par oui ou non."),), user="Phrase : ")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Check:
    """What was found; ``judges`` when it tells the log-probabilities that judging needs."""

    model: str
    offered: tuple[str, ...]
    judges: bool


def check(address: str, settings: LanguageServerSettings) -> Check:
    """Ask a server for its models and for one word.

    Raises:
        ModelServerError: It does not answer as it should.
    """
    patient = min(settings.first_token_s, _WAIT_S)
    model = served_model(
        address, settings.model_copy(update={"first_token_s": patient, "retries": 0})
    )
    offered = _waited_for(model.models())
    judging = model.judge(_ASKED, ["oui"])
    judges = any(judgement is not None for judgement in judging)
    return Check(model=model.name, offered=offered, judges=judges)


def _waited_for(work: Generator[Any, None, _Found]) -> _Found:
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: _Found = end.value
            return found
