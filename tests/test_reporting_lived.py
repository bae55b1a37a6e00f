"""A small life of the assistant, all of it real: answers, a review, new versions, one report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html as parser

from assistant import review
from assistant.accounts import Role, User
from assistant.answering import AnswerReady, Question, ask
from assistant.answering.past import dispute
from assistant.ingestion import ingest, withdraw
from assistant.reporting import html, report
from assistant.reporting.records import Drawn, SourceToday
from assistant.review import Place
from assistant.workspace import Workspace
from tests.workspaces import make_workspace, write_note

pytestmark = pytest.mark.embedding

QUESTIONS = (
    "Combien d’inscrits au covoiturage ?",
    "Combien de signalements en 2025 ?",
    "Quel est le montant pour les lycées ?",
    "Quel est le tarif du TER ?",
)


def asked(workspace: Workspace, text: str) -> AnswerReady:
    *_, last = ask(workspace, Question(text=text, extractive=True, user="u-agent"))
    assert isinstance(last, AnswerReady)
    return last


def evaluator(name: str) -> User:
    return User(user_id=name, name=name, role=Role.EVALUATOR, created="")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    found = Workspace.open(make_workspace(tmp_path / "ws"))
    ingest(found)
    yield found
    found.generations.close()


def test_the_report_says_what_was_asked_reviewed_and_changed_since(workspace: Workspace) -> None:
    answers = [asked(workspace, text) for text in QUESTIONS]
    dispute(workspace, answers[1].record, "u-agent", "missing")
    sample = review.draw(workspace, evaluator("u-1"), frozenset(), size=3, seed=7)
    for person, key in (("u-1", "supports"), ("u-2", "partly")):
        for record in sample.records:
            given = next(a for a in answers if a.record == record).answer
            for claim, said in enumerate(given.claims):
                for citation, _ in enumerate(said.citations):
                    place = Place(record=record, claim=claim, citation=citation)
                    review.judge(
                        workspace, sample, evaluator(person), frozenset(), place, key, note="vu"
                    )
    write_note(workspace.settings.index_folder.parent, 3, extra="Le chiffre a été revu.")
    ingest(workspace)
    withdraw(workspace, "note-01.md")

    found = report(workspace)

    given = [a.answer for a in answers]
    assert found.whole.answers == 4
    assert found.whole.refusals.count == sum(not a.answered for a in given) >= 1
    assert found.whole.citations == sum(len(c.citations) for a in given for c in a.claims) > 0
    assert found.reasons == {"missing": 1}
    judged = found.by_draw[Drawn.RANDOM]
    assert judged.unsettled > 0 and judged.of == 0  # one says wholly, the other in part
    assert found.reviewing.evaluators == 2 and found.reviewing.unread == 0
    states = {s.path: set(s.states) for s in found.stale}
    assert states.get("notes/note-01.md", {SourceToday.GONE}) == {SourceToday.GONE}
    assert states["notes/note-03.md"] == {SourceToday.CHANGED}
    assert "modifiée : la citation y est encore" in parser.fromstring(
        html(found)
    ).text_content().replace("\u00a0", " ")
    assert workspace.audit.verify().ok
