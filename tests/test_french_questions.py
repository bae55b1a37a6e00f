"""What a question asks for is read off its form; what a sentence holds, off its figures and names."""

import json

import pytest

from assistant.french.questions import Asked, asked, holds
from tests.conftest import REPOSITORY

GOLD = [
    json.loads(line)
    for name in ("demo", "sheets")
    for line in (REPOSITORY / "benchmarks" / "gold" / f"{name}.jsonl")
    .read_text("utf-8")
    .splitlines()
]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Combien coûte le plan vélo ?", Asked.AMOUNT),
        ("Quel est le montant de la subvention ?", Asked.AMOUNT),
        ("Combien de lycées sont équipés ?", Asked.NUMBER),
        ("Quel taux de fausses alertes ?", Asked.NUMBER),
        ("Quand l’avis sera-t-il voté ?", Asked.DATE),
        ("Depuis quand le service existe-t-il ?", Asked.DATE),
        ("Quelle prime quand on est saisonnier ?", Asked.AMOUNT),
        ("Qui préside la commission ?", Asked.PERSON),
        ("Quelle entreprise gère le réseau ?", Asked.ORGANISATION),
        ("Dans quelle ville se tient l’audition ?", Asked.PLACE),
        ("Pourquoi l’idée a-t-elle été abandonnée ?", Asked.CAUSE),
        ("EDR, c’est quoi ?", Asked.DEFINITION),
        ("Peut-on encore déposer un dossier papier ?", Asked.YES_NO),
        ("Comment alléger l’épreuve du marché ?", Asked.OTHER),
    ],
)
def test_the_form_of_a_question_tells_what_it_asks_for(question, kind):
    assert asked(question) is kind


def test_most_gold_questions_are_read_as_their_writers_meant_them():
    right = sum(asked(q["question"]).value == q["asks"] for q in GOLD)

    assert right / len(GOLD) >= 0.74


def test_what_is_asked_for_stands_in_the_sources_that_answer():
    """A wrong guess of the kind must not cost an answer: 4 of 244 questions, all without a name."""
    answerable = [q for q in GOLD if q["answerable"]]
    denied = [
        q["id"]
        for q in answerable
        if not any(holds(asked(q["question"]), quote) for quote in q["quotes"])
    ]

    assert len(denied) <= 4, denied


def test_a_speaker_is_a_person_and_a_figure_answers_how_many():
    assert holds(Asked.PERSON, "nous y sommes opposés.", speaker="Mme Leroy")
    assert not holds(Asked.PERSON, "nous y sommes opposés.")
    assert holds(Asked.NUMBER, "Il en reste quarante-deux.")
    assert not holds(Asked.DATE, "Il en reste quarante-deux.")
