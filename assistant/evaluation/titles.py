"""What each score, verdict and fault is called, and defined as, for a person."""

from __future__ import annotations

from assistant.evaluation.cases import Fault
from assistant.wording import Words

TITLES = {
    "answered": Words("Questions répondues", "Questions answered"),
    "refused": Words("Questions refusées", "Questions refused"),
    "false_answers": Words("Réponses à tort", "False answers"),
    "near_miss_answers": Words("Réponses à tort, questions voisines", "False answers, near-misses"),
    "false_refusals": Words("Refus à tort", "False refusals"),
    "complete_answers": Words("Réponses complètes", "Complete answers"),
    "wrong_answers": Words("Réponses fausses", "Wrong answers"),
    "facts_said": Words("Faits donnés", "Facts given"),
    "facts_shown": Words("Faits dans les extraits", "Facts in the evidence"),
    "citation_recall": Words("Rappel des citations", "Citation recall"),
    "citation_precision": Words("Précision des citations", "Citation precision"),
    "exactness": Words("Citations exactes", "Exact quotations"),
}
DEFINITIONS = {
    "answered": "Une réponse est donnée, juste ou non ; sur toutes les questions.",
    "refused": "L’assistant s’abstient et dit pourquoi ; sur toutes les questions.",
    "false_answers": "Une réponse est donnée alors que les documents n’en contiennent pas ; "
    "sur les questions sans réponse.",
    "near_miss_answers": "De même, sur les seules questions voisines : leur sujet est dans les "
    "documents, pas le fait demandé.",
    "false_refusals": "L’assistant s’abstient alors que les documents répondent ; sur les "
    "questions qui ont une réponse.",
    "complete_answers": "La réponse donne tous les faits de référence ; sur les questions qui ont "
    "une réponse.",
    "wrong_answers": "La réponse ne donne aucun des faits de référence ; sur les questions qui ont "
    "une réponse.",
    "facts_said": "Faits de référence présents dans une affirmation étayée ou dans ses citations ; "
    "sur tous les faits de référence.",
    "facts_shown": "Faits de référence présents dans les extraits affichés avant la réponse ; sur "
    "tous les faits de référence.",
    "citation_recall": "Affirmations que leurs citations, ensemble, étayent ; sur les affirmations "
    "des réponses.",
    "citation_precision": "Citations qui étayent seules leur affirmation, ou sans lesquelles elle "
    "ne l’est plus ; sur les citations des réponses.",
    "exactness": "Citations et extraits affichés identiques, à l’octet près, au texte conservé.",
}
FAULTS = {
    Fault.INEXACT_QUOTE: "citation inexacte",
    Fault.NEAR_MISS_ANSWERED: "réponse à tort (question voisine)",
    Fault.UNANSWERABLE_ANSWERED: "réponse à tort",
    Fault.WRONG_ANSWER: "réponse fausse",
    Fault.FALSE_REFUSAL: "refus à tort",
    Fault.MISSING_FACTS: "faits manquants",
    Fault.FAILED: "échec",
}
