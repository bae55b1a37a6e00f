"""Language models on premises: one way to ask for cited claims, whatever runs the model."""

from assistant.language_model.reply import (
    CitedReply,
    Identity,
    Judgement,
    Judging,
    LanguageModel,
    Message,
    Prompt,
    ReplyLimits,
)
from assistant.language_model.running import Running, usual

__all__ = [
    "CitedReply",
    "Identity",
    "Judgement",
    "Judging",
    "LanguageModel",
    "Message",
    "Prompt",
    "ReplyLimits",
    "Running",
    "usual",
]
