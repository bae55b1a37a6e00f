"""The gate: what the model is shown of a sentence, how its judgement is read, where the line is."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answerability import gate_for, judge_prompt, judged_text, looked_for, suggestion
from assistant.answerability.gate import Gate
from assistant.answerability.judging import prompt_sha256
from assistant.language_model import Judgement
from assistant.records import Hit
from tests.conftest import REPOSITORY, evidence

GATE = Gate(
    weights=np.array([1.0, -2.0], dtype=np.float32),
    margin_weight=0.5,
    bias=-1.0,
    thresholds={0.05: 3.0, 0.1: 2.0, 0.3: 0.5},
)


def test_log_odds_are_a_linear_reading_of_the_state_and_the_margin():
    judgement = Judgement(margin=4.0, state=np.array([3.0, 1.0], dtype=np.float32))

    assert GATE.log_odds(judgement) == 1.0 - 1.0 + 2.0


def test_an_engine_without_states_is_read_by_its_margin():
    plain = gate_for("0" * 64)

    assert plain.log_odds(Judgement(margin=2.5, state=None)) == 2.5
    assert plain.threshold(0.05) > plain.threshold(0.2)


@pytest.mark.parametrize(("rate", "line"), [(0.05, 3.0), (0.1, 2.0), (0.2, 2.0), (0.5, 0.5)])
def test_the_line_is_that_of_the_nearest_rate_that_is_not_above(rate, line):
    assert GATE.threshold(rate) == line


def test_a_rate_stricter_than_any_known_gets_the_strictest_line():
    assert GATE.threshold(0.01) == 3.0


def test_every_head_was_fitted_for_the_judging_prompt_in_use():
    """A head reads the state after this very prompt: change the prompt, fit the head again."""
    heads = list((REPOSITORY / "assistant" / "answerability" / "heads").glob("*.json"))

    assert heads
    for head in heads:
        kept = json.loads(head.read_text(encoding="utf-8"))
        assert kept["prompt_sha256"] == prompt_sha256()
        assert head.stem == kept["model_sha256"][:16]
        assert gate_for(kept["model_sha256"]).weights is not None


@given(st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_neither_question_nor_sentence_opens_a_line_of_its_own(question, hostile):
    assert judge_prompt(question).user.count("\n") == 1
    assert judged_text(evidence(f"Le fait {hostile}", title=f"Titre {hostile}")).count("\n") == 1


def test_the_fixed_part_is_the_same_for_every_question():
    assert judge_prompt("Qui ?").fixed == judge_prompt("Combien ?").fixed


def test_a_refusal_says_what_kind_of_thing_was_looked_for():
    assert looked_for("Quand l’avis sera-t-il voté ?") == "une date"
    assert looked_for("Comment faire ?") == ""


def hit(text):
    one = evidence(text)
    return Hit(rank=1, score=1.0, passage=one.passage, document=one.document)


def test_a_misspelt_name_is_given_back_as_the_documents_write_it():
    source = "L’entrepôt de données, appelé Sillage, a coûté 7,8 millions d’euros."

    better = suggestion("Quel est le prix de Silage ?", [evidence("Autre chose.")], [hit(source)])

    assert "Quel est le prix de Sillage ?" in better


def test_other_years_than_the_one_asked_are_named():
    sources = [evidence("En 2024, 12 trains."), evidence("En 2025, 14 trains.")]

    assert "2024, 2025" in suggestion("Combien de trains en 2019 ?", sources, [])


def test_no_suggestion_is_made_out_of_nothing():
    assert (
        suggestion("Qui dirige le service ?", [evidence("Le service compte onze agents.")], [])
        == ""
    )
