"""What outcomes, reasons, states of a source and ways of knowing are called, for a person."""

from __future__ import annotations

from typing import Final

from assistant.answering.past import WRONG
from assistant.figures.titles import VERDICTS
from assistant.records import Verdict
from assistant.reporting.groups import Human
from assistant.reporting.records import Drawn, How, Outcome, SourceToday
from assistant.wording import Words

OUTCOMES: Final = {
    Outcome.ANSWERED: Words("répondue", "answered"),
    Outcome.ABSTAINED: Words("refusée", "refused"),
    Outcome.STOPPED: Words("arrêtée", "stopped"),
    Outcome.INTERRUPTED: Words("interrompue", "interrupted"),
    Outcome.FAILED: Words("en erreur", "failed"),
    Outcome.OPEN: Words("jamais close", "never closed"),
    Outcome.FORGOTTEN: Words("textes effacés", "texts erased"),
    Outcome.UNKNOWN: Words("issue inconnue", "outcome unknown"),
}
REASONS: Final = {**WRONG, "": Words("raison effacée", "reason erased")}
SOURCES: Final = {
    SourceToday.GONE: Words("retirée ou déplacée", "withdrawn or moved"),
    SourceToday.REWRITTEN: Words(
        "modifiée : la citation n’y est plus", "changed: the quotation is not in it any more"
    ),
    SourceToday.SUPERSEDED_ALREADY: Words(
        "déjà remplacée quand elle a été citée", "superseded already when it was cited"
    ),
    SourceToday.SUPERSEDED_SINCE: Words("remplacée depuis", "superseded since"),
    SourceToday.CHANGED: Words(
        "modifiée : la citation y est encore", "changed: the quotation is still in it"
    ),
    SourceToday.CURRENT: Words("inchangée", "unchanged"),
}
DRAWS: Final = {
    Drawn.RANDOM: Words("échantillon au hasard", "random sample"),
    Drawn.STRATIFIED: Words("échantillon au hasard, par strates", "random sample, in strata"),
    Drawn.DISPUTED: Words("réponses signalées fausses", "answers reported as wrong"),
    Drawn.UNSAMPLED: Words("hors échantillon", "outside any sample"),
}
HOWS: Final = {
    How.SETTLED: Words("désaccord tranché", "disagreement settled"),
    How.ALONE: Words("un seul avis", "one opinion"),
    How.MAJORITY: Words("majorité", "majority"),
    How.UNSETTLED: Words("désaccord non tranché", "disagreement not settled"),
    How.CANNOT_TELL: Words("impossible à dire", "cannot tell"),
}
HUMANS: Final = {
    Human.SUPPORTED: Words("étayée", "supported"),
    Human.UNSUPPORTED: Words("non étayée", "unsupported"),
    Human.PARTLY: Words("en partie", "in part"),
    Human.UNDECIDED: Words("indécise", "undecided"),
}


def reason_of(key: str) -> Words:
    """Why a reader holds an answer for wrong; an unknown key as it is."""
    return REASONS.get(key, Words(key, key))


def verdict_of(key: str) -> Words:
    """A verdict of the verifier; an unknown one as it is."""
    try:
        return VERDICTS[Verdict(key)]
    except ValueError:
        return Words(key, key)
