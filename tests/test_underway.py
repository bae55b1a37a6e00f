"""Answers of a process that was killed are found by the next one, those of a living one are not."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing

import pytest

from assistant.answering import Question, ask
from assistant.answering.past import their_questions
from assistant.auditing import RecordFilter, records
from assistant.ingestion import ingest
from assistant.underway import Underway
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.test_answering_course import QUESTION, ScriptedModel
from tests.workspaces import make_workspace, run

HOLD = """
import sys, time
from pathlib import Path
from assistant.underway import Underway
under = Underway(Path(sys.argv[1]), print)
for note in sys.argv[2:]:
    (under.begin if note[0] == "+" else under.end)(note[1:])
print("noted", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holding(tmp_path):
    """A process that has noted something, and may be killed."""
    started = []

    def start(*notes: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path), *notes],
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "noted\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_a_killed_process_left_is_settled_once_and_nothing_else(tmp_path, holding):
    killed = holding("+one", "+two", "-one", "+three")
    living = holding("+four")
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    closed: list[str] = []

    first = Underway(tmp_path, closed.append).settle()
    again = Underway(tmp_path, closed.append).settle()

    assert (first, again, closed) == (2, 0, ["two", "three"])
    assert living.poll() is None


def test_a_process_that_ended_well_left_nothing(tmp_path, holding):
    ended = holding("+one", "-one")
    ended.send_signal(signal.SIGTERM)
    ended.wait(10)
    closed: list[str] = []

    assert Underway(tmp_path, closed.append).settle() == 0
    assert closed == [] and list(tmp_path.iterdir()) == []


def test_the_first_answer_of_a_process_settles_what_others_left(tmp_path, holding):
    killed = holding("+one")
    killed.kill()
    killed.wait(10)
    closed: list[str] = []
    mine = Underway(tmp_path, closed.append)

    mine.begin("mine")

    assert closed == ["one"]
    assert len(list(tmp_path.iterdir())) == 1, "its own file, which others leave alone"
    assert Underway(tmp_path, closed.append).settle() == 0


def test_a_line_cut_short_and_a_link_are_nothing(tmp_path):
    (tmp_path / "cut.answers").write_bytes(b"+one\n\xff\xfe\n+tw")
    (tmp_path / "elsewhere").write_text("+three\n")
    (tmp_path / "link.answers").symlink_to(tmp_path / "elsewhere")
    closed: list[str] = []

    Underway(tmp_path, closed.append).settle()

    assert closed == ["one"]
    assert (tmp_path / "elsewhere").read_text() == "+three\n"


ASK_AND_DIE = """
import os, signal, sys
from pathlib import Path
from assistant.answering import Opened, Question, ask
from assistant.workspace import Workspace
asked = Question(text=sys.argv[2], user="u-lise", extractive=True)
for event in ask(Workspace.open(Path(sys.argv[1])), asked):
    if isinstance(event, Opened):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def workspace(tmp_path):
    found = Workspace.open(make_workspace(tmp_path / "ws"))
    ingest(found)
    with closing(found.generations):
        yield found


@pytest.mark.embedding
def test_a_question_cut_short_by_a_kill_says_so_in_log_history_and_verifies(workspace):
    folder = workspace.settings.workspace
    died = subprocess.run(
        [sys.executable, "-c", ASK_AND_DIE, str(folder), QUESTION], cwd=REPOSITORY, check=False
    )
    assert died.returncode == -signal.SIGKILL
    assert [row.outcome for row in records(workspace, RecordFilter(), frozenset())] == ["open"]

    assert workspace.underway.settle() == 1

    rows = records(workspace, RecordFilter(outcome="interrupted"), frozenset())
    assert [row.question for row in rows] == [QUESTION]
    assert [q.status for q in their_questions(workspace, "u-lise", frozenset())] == ["interrupted"]
    assert workspace.audit.verify().ok
    assert "interrompue" in run(folder, "audit", "list").stdout
    shown = run(folder, "audit", "show", rows[0].record).stdout
    assert "Interrompue par un arrêt du programme" in shown


@pytest.mark.embedding
def test_an_answer_that_ends_leaves_nothing_under_way(workspace):
    workspace._language_model = ScriptedModel()

    list(ask(workspace, Question(text=QUESTION)))
    left = ask(workspace, Question(text=QUESTION))
    next(left)
    left.close()

    noted = next(iter((workspace.settings.index_folder / "underway").iterdir())).read_text()
    begun, ended = (
        sorted(line[1:] for line in noted.splitlines() if line[0] == sign) for sign in "+-"
    )
    assert begun == ended and len(begun) == 2
