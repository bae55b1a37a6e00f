"""What a French question asks for: an amount, a date, a person...; and does a text hold one.

The form of the question decides, by rules. A question of another form asks for ``OTHER``,
which every text may answer; so a form that no rule knows refuses nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.french.entities import proper_nouns
from assistant.french.letters import fold
from assistant.french.numbers import QuantityKind, quantities


class Asked(StrEnum):
    """The kind of thing that answers."""

    AMOUNT = "amount"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    CAUSE = "cause"
    DEFINITION = "definition"
    YES_NO = "yesno"
    OTHER = "other"


# How French names each kind, with its article.
NAMED = {
    Asked.AMOUNT: "un montant",
    Asked.NUMBER: "un chiffre",
    Asked.DATE: "une date",
    Asked.PERSON: "une personne",
    Asked.ORGANISATION: "un organisme",
    Asked.PLACE: "un lieu",
    Asked.CAUSE: "une raison",
    Asked.DEFINITION: "une définition",
}

_MONEY = (
    r"couts?|coute\w*|couter\w*|prix|montants?|budgets?|enveloppes?|sommes?|subventions?|euros?"
    r"|credits?|depens\w+|tarifs?|amendes?|salaires?|remuner\w+|indemnites?|argent|financ\w+"
    r"|factures?|dotations?|provisions?|economis\w+|loyers?|primes?|cotisations?|investi\w*"
    r"|vers\w+|pay\w+|touch\w+"
)
_COUNTED = (
    r"nombres?|taux|pourcentages?|parts?|proportions?|durees?|delais?|distances?|surfaces?"
    r"|superficies?|ages?|effectifs?|quotas?|seuils?|plafonds?|hausses?|baisses?|capacites?"
    r"|scores?|consommations?|vitesses?|frequences?|quantites?|majorites?|ponderations?|temps"
)
_BODIES = (
    r"entreprise|societe|cabinet|prestataire|organisme|institut|association|operateur|fournisseur"
    r"|hebergeur|laboratoire|ecole|service|administration|collectivite|structure|instance|agence"
    r"|comite"
)
_PLACES = r"ville|commune|lieu|endroit|region|departement|territoire|site|lycee|batiment|pays"
_IS = r"(?: est| sont| etait| sera| serait| a ete)?(?: l[ae]s?| l'| du| de la| des)?"
_WHAT = rf"quel(?:le)?s?{_IS}"
# « quand » asks at the head of its clause; « quand on est saisonnier » tells a case.
_WHEN_ASKED = (
    r"(?:^|\bet |\b(?:depuis|jusqu'a|a partir de|de|pour) )quand\b"
    r"(?! (?:on|je|tu|vous|nous|un|une)\b)"
)
_WH_WORD = r"\b(?:qu[e']|quel\w*|comment|ou|a quoi|de quoi)\b.*-(?:t-)?(?:il|elle|on)\b"
_INVERTED = r"(?:[\w'-]+,? ){0,12}\w+-(?:t-)?(?:il|elle|on|ils|elles|je|nous|vous)\b"

# In this order: the first form that a question has decides.
_FORMS: tuple[tuple[Asked, re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(forms)))
    for kind, forms in (
        (
            Asked.DEFINITION,
            (
                r"\b(?:veut dire|veulent dire|signifie\w*|c'est quoi|definition|qu'appelle)",
                r"\b(?:qu'est[- ]ce (?:que c'est|qu(?:e|') ?(?:un|une|la|le|l')\b|qu[e']))",
                r"\b(?:qu'entend|que designe)",
            ),
        ),
        (
            Asked.CAUSE,
            (
                r"\bpourquoi\b|\bpour quelles? raisons?\b|\bcomment se fait\b",
                r"\bquelles? (?:est|sont) (?:la|les) (?:cause|raison)s?\b|\ba cause de quoi\b",
            ),
        ),
        (
            Asked.DATE,
            (
                _WHEN_ASKED,
                r"\bquels? (?:jour|mois|exercice|est le calendrier)\b",
                r"\bquelles? (?:est la date|dates?|annees?|echeances?)\b",
                r"\ba quelle date\b|\ben quelle annee\b",
            ),
        ),
        (
            Asked.AMOUNT,
            (
                rf"\bcombien\b(?=.*\b(?:{_MONEY})\b)|\b{_WHAT} ?(?:{_MONEY})\b",
                r"\bque cout\w+|^(?:le )?(?:prix|couts?) d",
            ),
        ),
        (
            Asked.NUMBER,
            (
                rf"\bcombien\b|\b{_WHAT} ?(?:\w+ )?(?:{_COUNTED})\b|\bsous quel delai\b",
                r"\ba quelle (?:hauteur|distance|vitesse|frequence)\b|^(?:la )?conso\w+ d",
            ),
        ),
        (
            Asked.ORGANISATION,
            (rf"\bquel(?:le)?s? (?:est |sont )?(?:l'|le |la |les )?(?:{_BODIES})s?\b",),
        ),
        (
            Asked.PERSON,
            (
                r"^(?:et )?(?:par |a |de |chez |avec |pour )?qui\b",
                r"\bqui (?:est|sont|dirige|preside|porte|pilote|anime|a (?:ete )?\w+)\b.*\?",
                r"\bquel(?:le)?s? (?:elu|personne|rapporteur|president|depute)\w*",
            ),
        ),
        (
            Asked.PLACE,
            (
                r"^(?:et )?(?:d'|par |jusqu')?ou\b(?! (?:bien|alors))",
                rf"\b(?:dans|en|a|de|pour) quel(?:le)?s? (?:{_PLACES})s?\b",
                r"\bquel(?:le)?s? (?:ville|commune|lieu|territoire)s?\b",
            ),
        ),
        (
            Asked.YES_NO,
            (
                rf"^(?!.*{_WH_WORD})(?:et )?(?:est[- ]ce qu|peut[- ]on|faut[- ]il|{_INVERTED})",
                rf"^(?!.*{_WH_WORD})(?:et )?y a[- ]t[- ]il",
            ),
        ),
    )
)

_FIGURES = frozenset(
    {QuantityKind.NUMBER, QuantityKind.AMOUNT, QuantityKind.PERCENTAGE, QuantityKind.FRACTION}
)
_COUNTS = _FIGURES | {QuantityKind.ORDINAL}
_HELD_BY = {
    Asked.AMOUNT: _FIGURES,
    Asked.NUMBER: _COUNTS,
    Asked.DATE: frozenset({QuantityKind.DATE}),
}
_HELD_BY_A_NAME = frozenset({Asked.PERSON, Asked.ORGANISATION, Asked.PLACE})


def asked(question: str) -> Asked:
    """The kind of thing that a question asks for; ``OTHER`` when its form does not say."""
    folded = fold(question).strip()
    return next((kind for kind, form in _FORMS if form.search(folded)), Asked.OTHER)


def tells_its_kind(kind: Asked) -> bool:
    """True when a text can be seen to hold a thing of this kind, or not to."""
    return kind in _HELD_BY or kind in _HELD_BY_A_NAME


def holds(kind: Asked, text: str, *, speaker: str | None = None) -> bool:
    """True when a text holds a thing of this kind; always true of a kind no form tells.

    Args:
        kind: What is asked for.
        text: One sentence, or several.
        speaker: Who says it; a speaker is a person.
    """
    if kind in _HELD_BY:
        return any(quantity.kind in _HELD_BY[kind] for quantity in quantities(text))
    if kind in _HELD_BY_A_NAME:
        return speaker is not None or bool(proper_nouns(text))
    return True
