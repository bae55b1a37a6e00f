"""What an evaluator may say, of what; the words and letters under which it is offered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assistant.wording import Words

SAMPLED: Final = "review.sampled"
JUDGED: Final = "review.judged"
SETTLED: Final = "review.settled"
LONGEST_NOTE: Final = 2000  # code points

_PLACE: Final = re.compile(r"([0-9a-z]{17})(?::(\d{1,4})\.(\d{1,4}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is judged: one citation of one claim of an answer, or the answer as a whole.

    ``claim`` and ``citation`` count from 0 in the record, both ``None`` for the whole answer.
    ``str()`` gives ``record:claim.citation``, or ``record``, which `parse` reads.
    """

    record: str
    claim: int | None = None
    citation: int | None = None

    @property
    def whole(self) -> bool:
        """True for the answer as a whole."""
        return self.claim is None

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """What `str` gave; ``None`` for anything else."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        record, claim, citation = found.groups()
        if claim is None:
            return cls(record=record)
        return cls(record=record, claim=int(claim), citation=int(citation))

    def __str__(self) -> str:
        return self.record if self.whole else f"{self.record}:{self.claim}.{self.citation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one person said of one thing within a sample; ``by`` is a pseudonym."""

    sample: str
    place: Place
    by: str
    key: str
    time: datetime
    note: str = ""

    @property
    def label(self) -> Words:
        """The judgement in words."""
        return label_of(self.key)


@dataclass(frozen=True, slots=True)
class Choice:
    """One judgement that is offered: its key in the log, its letter on a keyboard, its words."""

    key: str
    letter: Words
    label: Words
    meaning: Words


ON_CITATION: Final = (
    Choice(
        "supports",
        Words("e", "s"),
        Words("étaye", "supports"),
        Words(
            "la citation, à elle seule, établit toute la phrase",
            "the quotation alone establishes the whole sentence",
        ),
    ),
    Choice(
        "partly",
        Words("p", "p"),
        Words("étaye en partie", "supports in part"),
        Words(
            "une partie de la phrase n’est pas dans la citation",
            "a part of the sentence is not in the quotation",
        ),
    ),
    Choice(
        "does_not",
        Words("r", "d"),
        Words("n’étaye pas", "does not support"),
        Words(
            "la citation n’établit pas la phrase, ou la contredit",
            "the quotation does not establish the sentence, or contradicts it",
        ),
    ),
    Choice(
        "wrong_source",
        Words("m", "w"),
        Words("mauvaise source", "wrong source"),
        Words(
            "la source parle d’autre chose : autre objet, autre date, autre territoire, "
            "version remplacée",
            "the source is about something else: subject, date, territory, superseded version",
        ),
    ),
    Choice(
        "cannot_tell",
        Words("i", "c"),
        Words("impossible à dire", "cannot tell"),
        Words("ce qui est montré ne permet pas d’en juger", "what is shown is not enough to judge"),
    ),
)
ON_ANSWER: Final = (
    Choice(
        "complete",
        Words("c", "c"),
        Words("complète", "complete"),
        Words("la réponse dit tout ce qui est demandé", "the answer says all that is asked"),
    ),
    Choice(
        "incomplete",
        Words("i", "i"),
        Words("incomplète", "incomplete"),
        Words("il manque une partie de ce qui est demandé", "a part of what is asked is missing"),
    ),
    Choice(
        "should_have_refused",
        Words("f", "r"),
        Words("il fallait refuser", "should have refused"),
        Words(
            "les documents ne permettaient pas de répondre", "the documents did not hold the answer"
        ),
    ),
)
ON_REFUSAL: Final = (
    Choice(
        "rightly_refused",
        Words("j", "j"),
        Words("refus justifié", "rightly refused"),
        Words("les documents ne permettent pas de répondre", "the documents hold no answer"),
    ),
    Choice(
        "incomplete",
        Words("f", "a"),
        Words("il fallait répondre", "should have answered"),
        Words("les documents permettaient de répondre", "the documents held the answer"),
    ),
)
_LABELS: Final[Mapping[str, Words]] = {
    choice.key: choice.label for choice in (*ON_REFUSAL, *ON_CITATION, *ON_ANSWER)
}


def label_of(key: str) -> Words:
    """A judgement in words; an unknown key, of a later version, as it is."""
    return _LABELS.get(key, Words(key, key))
