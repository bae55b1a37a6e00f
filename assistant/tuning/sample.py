"""French administrative prose of no document in particular: what is read while measuring."""

from __future__ import annotations

_PARAGRAPH = (
    "Le Conseil régional examine chaque année les rapports que lui remettent ses services. "
    "La commission compétente entend les personnes concernées, relève les chiffres qui lui sont "
    "donnés et demande, lorsque les sources se contredisent, que l’écart soit expliqué par écrit. "
    "Les crédits ouverts pour l’exercice s’élèvent à 12,4 millions d’euros, dont 3,1 millions "
    "pour l’équipement des établissements et 860 000 euros pour la formation des agents. "
    "La convention prévoit une évaluation à mi-parcours ; ses résultats sont présentés en séance "
    "plénière avant le 30 juin et publiés avec les observations des partenaires. "
)
_LENGTHS = (25, 60, 90, 110, 120, 120, 130, 40)  # words, as passages of a corpus vary


def text_of(words: int) -> str:
    """Prose of so many words."""
    some = _PARAGRAPH.split()
    return " ".join(some[place % len(some)] for place in range(words))


def passages(count: int) -> list[str]:
    """Passages of different lengths, each beginning elsewhere."""
    some = _PARAGRAPH.split()
    return [
        " ".join(some[(7 * number + place) % len(some)] for place in range(length))
        for number in range(count)
        for length in (_LENGTHS[number % len(_LENGTHS)],)
    ]
