"""Two figures for the same thing are told; two figures for two things are not."""

import pytest

from assistant.contradiction import contradicts, disagreement

REPORT = (
    "Au 31 décembre 2025, 41 300 locaux restent à rendre raccordables à la fibre en Aubrelande, "
    "sur un total de 1 284 000."
)
LETTER = "Au 31 décembre 2025, 58 700 locaux ne sont pas raccordables à la fibre en Aubrelande."


def test_both_figures_are_named():
    found = disagreement(REPORT, LETTER)

    assert found is not None
    assert {found[0].text, found[1].text} == {"41 300", "58 700"}


def test_order_does_not_matter():
    assert contradicts(REPORT, LETTER) and contradicts(LETTER, REPORT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (  # another year
            "En 2024, 1 200 locaux étaient raccordables à la fibre en Valbruine.",
            "En 2025, 1 900 locaux étaient raccordables à la fibre en Valbruine.",
        ),
        (  # another subject
            "Le pilier des infrastructures reçoit 96,2 M€ de la stratégie régionale.",
            "Le campus de la donnée reçoit 2,3 M€ de la stratégie régionale.",
        ),
        (  # the second says the first figure too
            "L’enveloppe de la stratégie est de 12,4 M€ pour les trois années du plan.",
            "L’enveloppe de la stratégie est de 12,4 M€ pour les trois années du plan, "
            "soit 2,6 M€ de plus que la première estimation.",
        ),
        ("Aucune figure n’est donnée ici.", LETTER),
    ],
)
def test_what_does_not_contradict(one, other):
    assert not contradicts(one, other)
