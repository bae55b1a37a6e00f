"""The default model on the demo corpus' form: real questions, all promises checked on real answers."""

import pytest

from tests.workspaces import make_workspace, run, run_json

pytestmark = [pytest.mark.embedding, pytest.mark.model]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = make_workspace(tmp_path_factory.mktemp("real") / "ws")
    run_json(folder, "ingest")
    return folder


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Combien de signalements le centre régional a-t-il traités en 2025 ?", "214"),
        ("Quel montant les lycées publics reçoivent-ils ?", "4,5 millions"),
    ],
)
def test_an_answer_is_cited_exactly_recorded_and_replays_to_the_letter(workspace, question, fact):
    answer = run_json(workspace, "ask", question)

    assert answer["status"] == "answered", answer["reason"]
    quotes = [c for claim in answer["claims"] for c in claim["citations"]]
    assert any(fact in c["quote"] for c in quotes)
    for citation in quotes:
        text = run(workspace, "text", citation["document"]["id"]).stdout
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert answer["model"]["sha256"].startswith("cc324af0")
    assert 0 < answer["seconds"]["first_evidence"] < answer["seconds"]["first_token"]
    assert answer["tokens"]["generated"] > 0

    assert run_json(workspace, "audit", "replay", answer["record"])["same"] is True
    assert run_json(workspace, "audit", "verify")["ok"] is True


def test_a_question_about_an_absent_scheme_is_refused_before_the_model_is_asked(workspace):
    answer = run_json(workspace, "ask", "Quel est le budget du dispositif ZEPHYR ?")

    assert answer["status"] == "abstained"
    assert "zephyr" in answer["reason"].lower()
    assert answer["tokens"]["generated"] == 0
    assert answer["evidence"], "the nearest excerpts are shown all the same"
