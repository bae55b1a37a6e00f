"""A dozen French texts of very different lengths, on which an export is checked."""

from __future__ import annotations

_OPINION = (
    "Le Conseil économique, social et environnemental régional rend un avis sur la stratégie "
    "régionale pour la donnée et l’intelligence artificielle, dont les deux axes portent sur "
    "l’outil au service de l’administration et sur le levier des politiques publiques. "
)
_BUDGET = (
    "Les crédits de paiement s’élèvent à 12,4 millions d’euros en 2026, soit 3,1 % de plus "
    "qu’en 2025 ; l’autorisation de programme court jusqu’au 31 décembre 2028. "
)
_HEARING = (
    "Mme Leroy (CCI) : nos adhérents demandent d’abord une couverture mobile correcte dans les "
    "vallées ; M. Durand répond que le très haut débit atteindra 98 % des locaux. "
)

PROBE_TEXTS: tuple[str, ...] = (
    "Oui.",
    "Budget 2026 ?",
    "Qui a présidé l’audition du 12 janvier ?",
    "L’article L. 4134-1 du CGCT fixe la composition de l’assemblée consultative.",
    _BUDGET,
    _HEARING,
    _OPINION,
    _OPINION + _HEARING,
    (_BUDGET + _OPINION) * 2,
    (_HEARING + _BUDGET + _OPINION) * 2,
    (_OPINION + _HEARING) * 4,
    (_OPINION + _BUDGET + _HEARING) * 8,  # beyond 512 tokens: cut at the same place
)
"""From two tokens to more than the model reads."""
