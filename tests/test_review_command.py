"""``assistant audit review``: drawn, judged from the keyboard, compared and settled at a terminal."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import time

import pytest

from assistant.accounts import LOCAL_USER, Role
from assistant.answering import Question, ask
from assistant.cli import build_parser
from assistant.errors import AuditError
from assistant.ingestion import ingest
from assistant.records import Verdict
from assistant.review import draw, sample_of, samples
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.reviews import ANA, NOBODY, RATE, SCHOOLS, WHY, Office, walk
from tests.workspaces import command, make_workspace, run, run_json

GOOD, BAD = Verdict.SUPPORTED, Verdict.UNSUPPORTED


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "w")


class Terminal:
    """Runs commands in this process, with what is typed and what is shown."""

    def __init__(self, workspace, monkeypatch, capsys):
        self.folder = str(workspace.settings.workspace)
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words, typed=""):
        self._monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        asked = ["audit", "review", *words, "--workspace", self.folder]
        options = build_parser().parse_args(asked)
        assert options.run(options) == 0
        return self._capsys.readouterr().out

    def json(self, *words):
        return json.loads(self(*words, "--json"))


@pytest.fixture
def terminal(office, monkeypatch, capsys):
    return Terminal(office.workspace, monkeypatch, capsys)


def judged(office):
    return [
        (e.data["claim"], e.data["judgement"])
        for e in office.workspace.audit.events({"review.judged"})
    ]


def test_a_sample_is_drawn_and_listed(office, terminal):
    for _ in range(4):
        office.answer((GOOD, [RATE]))
    said = terminal("draw", "--size", "2", "--seed", "7")
    (found,) = samples(office.workspace)
    assert found.sample in said
    assert "graine 7" in said
    drawn = terminal.json("draw", "--size", "2", "--seed", "7", "--until", found.until.isoformat())
    assert tuple(drawn["records"]) == found.records
    lines = terminal("list").splitlines()
    assert len(lines) == 3
    assert lines[2].startswith(found.sample)
    assert lines[2].endswith("0/4")
    assert terminal.json("list")["samples"][0]["progress"] == {"done": 0, "of": 4}


def test_strata_and_reports_are_options(office, terminal):
    records = [office.answer((GOOD, [RATE])) for _ in range(3)]
    office.answer((BAD, [RATE]), given=False)
    office.dispute(records[1])
    assert terminal.json("draw", "--size", "2", "--strata", "verdict")["strata"] == "verdict"
    assert terminal.json("draw", "--disputed")["records"] == [records[1]]


def test_an_answer_is_judged_from_the_keyboard(office, terminal):
    office.answer((GOOD, [RATE]))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    shown = terminal("next", name, typed="p\nc\n")
    assert judged(office) == [(0, "partly"), (None, "complete")]
    assert "e étaye · p étaye en partie" in shown
    assert f"«\u00a0{RATE}\u00a0»" in shown
    assert f">>>{RATE}<<< Ce taux est suivi" in shown
    assert "1 sur 2 (0 jugées)" in shown
    assert "2 sur 2 (1 jugées)" in shown
    assert "Tout est jugé" in shown
    assert "Tout est jugé" in terminal("next", name)


def test_the_keyboard_shows_nothing_of_the_verifier(office, terminal):
    office.answer((BAD, [RATE]), given=False)
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    shown = terminal("next", name, typed="?\ne\n?\nj\n")
    assert judged(office) == [(0, "supports"), (None, "rightly_refused")]
    assert WHY not in shown
    assert "documents ne répondent pas" in shown


def test_one_skips_goes_back_notes_and_stops(office, terminal):
    office.answer((GOOD, [RATE]))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    terminal("next", name, typed="b\nx\nb\nn\nle <b>taux</b> seul\np\nq\n")
    assert judged(office) == [(0, "partly")]
    shown = terminal("next", name, typed="b\nq\n")
    assert "Déjà jugé\u00a0: étaye en partie (le <b>taux</b> seul)" in shown
    assert "1 sur 2 jugées ; la même commande reprend ici." in shown


def test_a_note_without_a_judgement_is_not_lost_in_silence(office, terminal):
    office.answer((GOOD, [RATE]))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    assert "La note n’est pas gardée" in terminal("next", name, typed="n\noubliée\nq\n")


def test_anything_else_is_helped_and_judges_nothing(office, terminal):
    office.answer((GOOD, [RATE]))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    shown = terminal("next", name, typed="\nsupports\nz\n\x1b[A\n?\n")  # and the input ends
    assert judged(office) == []
    assert shown.count("mauvaise source\u00a0:") == 5
    assert "0 sur 2 jugées" in shown


def test_a_long_note_is_refused_and_the_work_stays_there(office, terminal):
    office.answer((GOOD, [RATE]))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    shown = terminal("next", name, typed=f"n\n{'a' * 2001}\np\nn\ncourte\np\nq\n")
    assert "La note dépasse 2000 caractères." in shown
    assert judged(office) == [(0, "partly")]


def test_letters_are_those_of_the_language(office, terminal):
    from assistant.wording import speak

    office.answer((GOOD, [RATE]))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    speak("en")
    try:
        assert "s supports" in terminal("next", name, typed="s\nq\n")
    finally:
        speak("fr")
    assert judged(office) == [(0, "supports")]


def test_two_accounts_judge_compare_and_settle(office, terminal):
    accounts = office.workspace.accounts
    for name in ("Ana", "Bob"):
        accounts.add(name, Role.EVALUATOR, (), "une phrase de passe bien longue")
    for words in ([RATE], [SCHOOLS]):
        office.answer((GOOD, words))
    name = terminal.json("draw", "--size", "2", "--as", "Ana")["sample"]
    terminal("next", name, "--as", "Ana", typed="e\nc\ne\nc\n")
    terminal("next", name, "--as", "Bob", typed="e\nc\nn\npas la même année\nr\nc\n")
    ana, bob = (accounts.named(name).user_id for name in ("Ana", "Bob"))

    found = terminal.json("agreement", name, "--as", "Ana")
    assert (found["citations"]["n"], found["citations"]["raw"]) == (2, 0.5)
    assert found["citations"]["pairs"][0]["kappa"] == 0.0
    assert found["answers"]["alpha"] is None
    shown = terminal("agreement", name, "--as", "Ana")
    assert "accord brut 0,500" in shown
    assert "non défini" in shown

    (one,) = terminal.json("disagreements", name, "--as", "Bob")["disagreements"]
    said = {word["by"]: (word["judgement"], word["note"]) for word in one["judgements"]}
    assert said == {ana: ("supports", ""), bob: ("does_not", "pas la même année")}
    listed = terminal("disagreements", name, "--as", "Bob")
    assert "1 désaccords, 1 à trancher." in listed
    assert "Ana" not in listed

    terminal("settle", name, one["place"], "does_not", "--note", "vu", "--as", "Ana")
    (one,) = terminal.json("disagreements", name, "--as", "Bob")["disagreements"]
    assert (one["settled"]["by"], one["settled"]["judgement"]) == (ana, "does_not")
    assert "à trancher." in terminal("disagreements", name, "--as", "Bob")
    assert office.workspace.audit.verify().ok


def test_with_accounts_one_says_who_one_is_and_has_the_right(office, terminal):
    office.answer((GOOD, [RATE]))
    accounts = office.workspace.accounts
    accounts.add("Agent", Role.AGENT, (), "une phrase de passe bien longue")
    with pytest.raises(AuditError, match="Qui évalue"):
        terminal("draw", "--size", "1")
    with pytest.raises(AuditError, match="n’a pas le droit"):
        terminal("draw", "--size", "1", "--as", "agent")


def test_what_a_group_may_not_read_is_not_drawn_for_it(office, terminal):
    folder = office.workspace.settings.workspace
    (folder / "assistant.toml").write_text('[access.restricted]\nauditions = ["cabinet"]\n')
    office.workspace.accounts.add("Ana", Role.EVALUATOR, (), "une phrase de passe bien longue")
    mine = office.answer((GOOD, [RATE]), evidence=[RATE])
    office.answer((GOOD, [SCHOOLS]), evidence=[SCHOOLS])
    assert terminal.json("draw", "--size", "9", "--as", "Ana")["records"] == [mine]


def test_hostile_words_are_shown_as_words(office, terminal):
    record = office.workspace.audit.open({"question": "Quel\x1b[2J taux ?\u202e", "user": "u-x"})
    from assistant.records import Answer, Claim
    from tests.reviews import closing

    claim = Claim(
        text="\x1b]0;titre\x07Le taux", verdict=GOOD, reason="", citations=(office.cited(RATE),)
    )
    said = Answer(answered=True, reason="", suggestion="", claims=(claim,), evidence=())
    office.workspace.audit.close(record, closing(said))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    shown = terminal("next", name, typed="e\nc\n")
    assert not [c for c in shown if c in "\x1b\x07\u202e"]


@pytest.mark.parametrize("place", ["", "../../etc", "x" * 500])
def test_a_place_that_is_none_is_said(office, terminal, place):
    office.answer((GOOD, [RATE]))
    name = draw(office.workspace, ANA, NOBODY, size=1).sample
    with pytest.raises(AuditError, match="ne désigne rien"):
        terminal("settle", name, place, "supports")


@pytest.mark.parametrize(
    "words",
    [
        ("draw", "--size", "0"),
        ("draw", "--size", "1", "--seed", "-1"),
        ("draw", "--size", "1", "--seed", "x"),
        ("draw", "--size", "1", "--since", "hier"),
        ("draw", "--size", "1", "--strata", "auteur"),
        ("next",),
    ],
)
def test_wrong_usage_is_told_by_the_parser(terminal, words):
    with pytest.raises(SystemExit, match="2"):
        terminal(*words)


def test_a_review_killed_in_the_middle_goes_on_where_it_was(office):
    for _ in range(2):
        office.answer((GOOD, [RATE]))
    folder = office.workspace.settings.workspace
    name = run_json(folder, "audit", "review", "draw", "--size", "2", "--seed", "1")["sample"]
    with subprocess.Popen(
        command(folder, "audit", "review", "next", name),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=REPOSITORY,
        text=True,
    ) as at_work:
        at_work.stdin.write("e\nc\ne\n")
        at_work.stdin.flush()
        deadline = time.monotonic() + 60
        while len(judged(office)) < 3 and time.monotonic() < deadline:
            time.sleep(0.1)
        at_work.send_signal(signal.SIGKILL)
    assert [key for _, key in judged(office)] == ["supports", "complete", "supports"]
    again = run(folder, "audit", "review", "next", name)  # the input ends at once
    assert "4 sur 4 (3 jugées)" in again.stdout
    assert office.workspace.audit.verify().ok


@pytest.mark.embedding
def test_real_answers_are_drawn_and_reviewed(tmp_path, monkeypatch, capsys):
    workspace = Workspace.open(make_workspace(tmp_path / "w", documents=4))
    ingest(workspace)
    asked = [
        list(ask(workspace, Question(text=text, extractive=True)))[-1]
        for text in ("Quelle part des foyers la fibre couvre-t-elle ?", "Combien de lycées ?")
    ]
    workspace.generations.close()
    terminal = Terminal(workspace, monkeypatch, capsys)
    drawn = terminal.json("draw", "--size", "5", "--strata", "collection")
    assert set(drawn["records"]) == {one.record for one in asked}
    cited = sum(len(claim.citations) for one in asked for claim in one.answer.claims)
    assert cited
    (found,) = terminal.json("list")["samples"]
    assert found["progress"] == {"done": 0, "of": cited + 2}
    walk(workspace, sample_of(workspace, drawn["sample"]), LOCAL_USER)
    assert f"Tout est jugé : {cited + 2}." in terminal("next", drawn["sample"])
    assert workspace.audit.verify().ok
