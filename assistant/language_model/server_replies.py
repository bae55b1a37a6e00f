"""What an event of a chat says, read as untrusted JSON: what is not there is not there."""

from __future__ import annotations

import math
from typing import Any

from assistant.records import Tokens
from assistant.wording import safe

_YES, _NO = "oui", "non"
_NAME_CHARS = 120
_MOST_TOKENS = 10**9


def text_of(event: dict[str, Any]) -> str:
    """The text that an event adds to the reply: a piece of a stream, or the whole of it."""
    choice = _choice(event)
    for form in ("delta", "message"):
        said = choice.get(form)
        if isinstance(said, dict) and isinstance(said.get("content"), str):
            return str(said["content"])
    return ""


def finished(event: dict[str, Any]) -> bool:
    """Whether an event says that the reply is whole, or as long as it may be."""
    return isinstance(_choice(event).get("finish_reason"), str)


def tokens_of(event: dict[str, Any]) -> Tokens | None:
    """What the server counted; tokens that it had read before are not prefilled again."""
    usage = event.get("usage")
    if not isinstance(usage, dict):
        return None
    details = usage.get("prompt_tokens_details")
    cached = _whole(details.get("cached_tokens")) if isinstance(details, dict) else 0
    prompt = _whole(usage.get("prompt_tokens"))
    return Tokens(
        prompt=prompt,
        prefilled=max(0, prompt - cached),
        generated=_whole(usage.get("completion_tokens")),
    )


def margin(event: dict[str, Any]) -> float | None:
    """Log-odds of « oui » against « non » as first word; ``None`` where the server tells nothing.

    A word that is not listed is no likelier than the last one that is, and is counted as
    likely as that when it is « non »: the margin errs on the side of a refusal. When neither is
    listed nothing speaks for « oui », which makes 0, under every threshold.
    """
    listed = _listed(event)
    if not listed:
        return None
    least = min(value for _, value in listed)
    yes, no = (_likelihood(word, listed) for word in (_YES, _NO))
    if yes is None:
        return 0.0 if no is None else min(0.0, least - no)
    return yes - (least if no is None else no)


def offered(event: dict[str, Any]) -> tuple[str, ...]:
    """Identifiers in a list of models, in its order."""
    listed = event.get("data")
    found = listed if isinstance(listed, list) else []
    names = (one.get("id") for one in found if isinstance(one, dict))
    return tuple(name for name in names if isinstance(name, str) and name)


def shown_name(identifier: str) -> str:
    """A model's identifier as it is recorded: of a path on the server, the file's name alone."""
    path = identifier.replace("\\", "/")
    bare = path.rsplit("/", 1)[-1] if path.startswith("/") or path.endswith(".gguf") else path
    return " ".join(safe(bare).split())[:_NAME_CHARS]


def _choice(event: dict[str, Any]) -> dict[str, Any]:
    choices = event.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


def _listed(event: dict[str, Any]) -> list[tuple[str, float]]:
    """The likeliest first words with their natural log-probabilities."""
    found = _choice(event).get("logprobs")
    content = found.get("content") if isinstance(found, dict) else None
    first = content[0] if isinstance(content, list) and content else None
    listed = first.get("top_logprobs") if isinstance(first, dict) else None
    return [
        (one["token"], float(one["logprob"]))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
        and isinstance(one.get("token"), str)
        and isinstance(one.get("logprob"), int | float)
        and math.isfinite(one["logprob"])
    ]


def _likelihood(word: str, listed: list[tuple[str, float]]) -> float | None:
    """Log-probability of a word in any spelling of case and space; ``None`` when not listed."""
    spelt = [value for token, value in listed if token.strip().casefold() == word]
    if not spelt:
        return None
    most = max(spelt)
    return most + math.log(sum(math.exp(value - most) for value in spelt))


def _whole(value: object) -> int:
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else 0
