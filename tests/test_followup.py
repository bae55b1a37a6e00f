"""A follow-up is completed from the question before, without a word that nobody said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.followup import needs_former, standalone

BUDGET = "Quelle est l’enveloppe de la SRDIA pour 2026-2028 ?"


@pytest.mark.parametrize(
    ("previous", "question", "understood"),
    [
        (BUDGET, "Et pour 2027 ?", "Quelle est l’enveloppe de la SRDIA pour 2027 ?"),
        (
            "Combien d’entreprises de Saint-Ervan ont suivi le parcours ?",
            "Et à Lormeuil ?",
            "Combien d’entreprises à Lormeuil ont suivi le parcours ?",
        ),
        (
            "Combien d’élèves au lycée de Castelnoir ?",
            "Et dans la Valbruine ?",
            "Combien d’élèves au lycée dans la Valbruine ?",
        ),
    ],
)
def test_what_is_new_takes_the_place_of_its_like(previous, question, understood):
    assert standalone(question, previous) == understood


@pytest.mark.parametrize(
    "question",
    ["Qui la préside ?", "Et deux ans plus tôt ?", "Pourquoi ?", "Quand est-elle votée ?"],
)
def test_what_has_no_like_keeps_its_words_and_says_what_it_follows(question):
    understood = standalone(question, BUDGET)

    assert understood.startswith(question)
    assert "l’enveloppe de la SRDIA" in understood


@pytest.mark.parametrize(
    "question",
    [
        "Combien de locaux restent à raccorder à la fibre fin 2025 ?",
        "Que demande M. Tavernel à propos du temps de vérification ?",
        "Quelle est la durée de conservation du journal ?",
        "Combien d’argent la Région mobilise-t-elle pour la fibre ?",
        "Combien coûte la visite du centre ?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question):
    assert not needs_former(question)
    assert standalone(question, BUDGET) == question


def test_without_a_former_question_nothing_is_rewritten():
    assert standalone("Et pour 2027 ?", None) == "Et pour 2027 ?"


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_word_is_invented(question, previous):
    allowed = set(re.findall(r"\w+", f"{question} {previous} à la suite de"))

    assert set(re.findall(r"\w+", standalone(question, previous))) <= allowed
