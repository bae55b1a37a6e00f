"""The load benchmark finds what it is there to find: crossed answers, lost questions, hidden places."""

from __future__ import annotations

import pytest

from assistant.workspace import Workspace
from benchmarks.load_checks import checked
from benchmarks.load_people import Asked, Person
from benchmarks.load_server import Server
from tests.workspaces import make_workspace

QUESTION, OTHER = "Quel est le budget ?", "Qui préside ?"


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(make_workspace(tmp_path / "ws", documents=0))


def person(workspace, name: str, *asked: Asked) -> Person:
    made = Person(name, f"u-{name}", Server(workspace.settings.workspace), [QUESTION], [OTHER])
    made.asked = list(asked)
    return made


def answered(workspace, user: str, question: str, claim: str = "Une phrase.") -> str:
    record = workspace.audit.open({"user": user, "question": question})
    workspace.audit.close(record, {"status": "answered", "claims": [{"text": claim}]})
    return record


def shown(question: str, record: str, *steps: str, claim: str = "Une phrase.") -> Asked:
    asked = Asked(question, 0.0)
    for moment, step in enumerate((*steps, f"{claim} · trace {record}"), start=1):
        asked.hear(float(moment), step)
    asked.done = asked.sent + 10.0
    return asked


def test_all_is_well_where_everybody_is_shown_their_own(workspace):
    mine, theirs = answered(workspace, "u-lise", QUESTION), answered(workspace, "u-omar", OTHER)
    people = [
        person(workspace, "lise", shown(QUESTION, mine)),
        person(workspace, "omar", shown(OTHER, theirs)),
    ]

    found = checked(workspace, people, {"lise": QUESTION, "omar": OTHER}, {})

    assert found.faults == [] and found.outcomes == {"answered": 2}


def test_an_answer_of_somebody_else_is_found(workspace):
    mine, theirs = (answered(workspace, f"u-{name}", QUESTION) for name in ("lise", "omar"))
    people = [
        person(workspace, "lise", shown(QUESTION, theirs)),
        person(workspace, "omar", shown(QUESTION, mine)),
    ]

    found = checked(workspace, people, {}, {})

    assert any(f"shown the record {theirs}" in fault for fault in found.crossed)
    assert any("was answered by" in fault for fault in found.crossed)


def test_words_that_the_record_does_not_hold_and_a_history_of_others_are_found(workspace):
    mine = answered(workspace, "u-lise", QUESTION, claim="Ce qui fut dit.")
    lise = person(workspace, "lise", shown(QUESTION, mine))
    omar = person(workspace, "omar", Asked(OTHER, 0.0, noted=1.0))
    answered(workspace, "u-omar", OTHER)

    found = checked(workspace, [lise, omar], {"lise": f"{QUESTION} {OTHER}", "omar": OTHER}, {})

    assert any("was not shown what" in fault for fault in found.crossed)
    assert "lise sees a question of omar" in found.crossed


def test_a_question_that_was_heard_and_has_no_record_is_lost_and_one_never_heard_is_not(workspace):
    lise = person(workspace, "lise", Asked(QUESTION, 0.0, noted=1.0), Asked(OTHER, 0.0))

    found = checked(workspace, [lise], {"lise": ""}, {"lise": ("extrait", "")})

    assert any("was heard 1, kept 0" in fault for fault in found.lost)
    assert any("is not in the history" in fault for fault in found.lost)
    assert any("the basket is not as it was" in fault for fault in found.lost)
    assert not any(OTHER in fault for fault in found.lost)


def test_a_record_that_never_ends_is_lost(workspace):
    record = workspace.audit.open({"user": "u-lise", "question": QUESTION})

    found = checked(workspace, [], {}, {})

    assert found.lost == [f"record {record} never ended"]


def test_a_wait_without_a_place_and_a_place_that_goes_back_are_told(workspace):
    evidence, judging = '<section class="evidence">', "Le modèle juge les extraits : 0 sur 5…"
    silent, back = Asked(QUESTION, 0.0), Asked(QUESTION, 0.0)
    silent.hear(1.0, evidence)
    silent.hear(9.0, judging)
    for moment, step in enumerate(
        ("2 questions passent avant la vôtre.", "c’est ensuite votre tour")
    ):
        back.hear(float(moment), step)
    back.hear(3.0, "4 questions passent avant la vôtre.")
    answered(workspace, "u-lise", QUESTION)
    answered(workspace, "u-lise", QUESTION)

    found = checked(workspace, [person(workspace, "lise", silent, back)], {}, {})

    assert back.positions == [2, 1, 4]
    assert "lise waited 8 s without knowing their place" in found.untold
    assert "lise was moved back: [2, 1, 4]" in found.untold
