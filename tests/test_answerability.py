from assistant.answerability import objections
from assistant.answerability.objections import coverage, missing_names
from tests.conftest import evidence

SOURCE = evidence("Le CESER examinera la SRDIA le 12 juin 2026.", title="Calendrier de la saisine")


def objected(question, evidence):
    return objections.objection(question, evidence, judged=True)


def test_nothing_found_is_said():
    assert objected("Quel budget ?", []) == "Aucun extrait ne correspond à la question."


def test_an_acronym_that_no_source_holds_is_named_in_the_refusal():
    assert missing_names("Que fait la DREAL ?", [SOURCE]) != []
    assert "dreal" in (objected("Que fait la DREAL ?", [SOURCE]) or "").lower()


def test_another_year_than_the_sources_is_refused():
    assert objected("Que fera le CESER en 2031 ?", [SOURCE]) is not None


def test_a_question_the_source_speaks_of_meets_no_objection():
    assert objected("Quand le CESER examinera-t-il la SRDIA ?", [SOURCE]) is None


def test_coverage_counts_the_title_of_the_document():
    assert coverage("calendrier de la saisine", [SOURCE]) == 1.0
