"""A person's own questions."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.past import PastQuestion
from assistant.wording import Words
from ui.render.markup import button, text, waiting

_ENDINGS = {
    "answered": Words("répondue", "answered"),
    "abstained": Words("sans réponse", "no answer"),
    "stopped": Words("arrêtée", "stopped"),
    "interrupted": Words("interrompue par un arrêt du programme", "cut short by a restart"),
    "failed": Words("en erreur", "failed"),
}
_REREAD = frozenset({"answered", "abstained"})


def history(questions: Sequence[PastQuestion]) -> str:
    """Newest first; one that was answered opens its answer again."""
    if not questions:
        return waiting(Words("Aucune question encore.", "No question yet."))
    rows = "".join(_row(question) for question in questions)
    forget = button(
        Words("Effacer mon historique", "Erase my history"), "forget-history", look="danger"
    )
    kept = Words(
        "Les traces restent au journal d’audit, où l’administration peut les effacer.",
        "The records stay in the audit log, where the administration can erase them.",
    )
    return f'<ul class="history">{rows}</ul>{forget}<p class="provenance">{text(kept)}</p>'


def _row(past: PastQuestion) -> str:
    when = past.asked.astimezone().strftime("%d/%m/%Y %H:%M")
    ending = text(_ENDINGS.get(past.status, Words("en cours", "under way")))
    asked = (
        button(past.question, "reread", past.record, look="opens")
        if past.status in _REREAD
        else text(past.question)
    )
    return f"<li>{asked} <span class='provenance'>{text(when)} · {ending}</span></li>"
