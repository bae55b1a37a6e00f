"""A measured machine: what is chosen, what is kept, when it is ignored, and that nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.commands import tune as command_tune
from assistant.language_model import Running, usual
from assistant.processor import physical_cores
from assistant.tuning import (
    FILE_NAME,
    EmbeddingTuned,
    LanguageTuned,
    Tuned,
    keep,
    neighbours,
    standing,
    this_machine,
)
from assistant.tuning.choosing import (
    CLEARLY,
    Trial,
    batches_worth_trying,
    choose,
    gain,
    threads_worth_trying,
    token_budgets_worth_trying,
)
from assistant.tuning.kept import library
from assistant.tuning.neighbours import MachineBusy
from assistant.tuning.rounds import Budget, measured
from assistant.tuning.sample import passages, text_of
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.workspaces import command, make_workspace, run, run_json

SMALL = "qwen2.5-coder-0.5b-instruct-q4_k_m"

# --- which setting is taken ----------------------------------------------------------

rates = st.lists(st.floats(0.5, 500.0), min_size=1, max_size=7).map(tuple)
trials = st.dictionaries(st.integers(0, 9), rates, min_size=1).map(
    lambda found: [Trial(setting, some) for setting, some in found.items()]
)


@given(trials, st.data())
def test_another_setting_is_taken_only_where_it_is_clearly_better(found, data):
    usual_one = data.draw(st.sampled_from(found))

    taken = choose(found, usual_one.setting)

    chosen = next(trial for trial in found if trial.setting == taken)
    if chosen is not usual_one:
        assert gain(usual_one, chosen) >= CLEARLY
        assert gain(usual_one, chosen) > max(usual_one.spread, chosen.spread)
        assert min(len(usual_one.rates), len(chosen.rates)) > 1


@given(trials, st.data(), st.sampled_from([0.25, 2.0, 8.0]))
def test_the_unit_of_the_rates_does_not_matter(found, data, factor):
    usual_one = data.draw(st.sampled_from(found)).setting
    scaled = [Trial(t.setting, tuple(rate * factor for rate in t.rates)) for t in found]

    assert choose(scaled, usual_one) == choose(found, usual_one)


def test_a_gain_within_what_the_rounds_vary_is_none():
    noisy = Trial("b", (11.0, 8.0, 7.5))

    assert choose([Trial("a", (10.0, 9.9, 9.8)), noisy], "a") == "a"
    assert choose([Trial("a", (10.0, 9.9, 9.8)), Trial("b", (11.0, 10.9, 7.0))], "a") == "b"


def test_the_best_of_several_that_are_better_is_taken():
    found = [Trial(n, (r, r)) for n, r in (("a", 10.0), ("b", 11.0), ("c", 12.0), ("d", 10.1))]

    assert choose(found, "a") == "c"


def test_a_setting_that_was_not_tried_or_has_no_rate_is_an_error():
    with pytest.raises(ValueError, match="was not tried"):
        choose([Trial("a", (1.0,))], "b")
    with pytest.raises(ValueError, match="positive"):
        choose([Trial("a", (0.0, 1.0))], "a")


@given(st.integers(1, 128), st.integers(1, 256))
def test_the_usual_number_of_threads_is_among_those_tried(cores, processors):
    found = threads_worth_trying(cores, processors)

    assert cores in found and len(set(found)) == len(found) <= 3 and min(found) >= 1


@given(st.floats(0.5, 1000), st.integers(512, 131_072))
def test_no_batch_is_tried_that_nobody_could_stop(rate, context):
    found = batches_worth_trying(rate, 5.0, context, 128)

    assert 128 in found
    assert all(size <= max(128, rate * 5.0) and size <= context for size in found)


def test_batches_of_passages_that_would_all_be_one_are_not_tried():
    assert token_budgets_worth_trying(1024, 900) == (512, 1024)
    assert token_budgets_worth_trying(1024, 5000) == (512, 1024, 2048, 4096)


# --- in turn, and within a time ------------------------------------------------------


class Clock:
    """Time that passes only where something is run."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.floats(0.0, 60.0), st.lists(st.floats(0.1, 5.0), min_size=1, max_size=4))
def test_rivals_run_in_turn_equally_often_and_keep_to_the_time_but_for_a_round(budget_s, lasting):
    clock, ran = Clock(), []

    def rate(setting: int) -> float:
        ran.append(setting)
        clock.now += lasting[setting]
        return 1 / lasting[setting]

    found = measured(range(len(lasting)), rate, Budget.of(budget_s, clock))

    rounds = len(found[0].rates)
    assert {len(trial.rates) for trial in found} == {rounds}
    assert clock.now <= max(budget_s, sum(lasting)) + 1e-6
    forwards = list(range(len(lasting)))
    whole = [setting for n in range(rounds) for setting in (forwards, forwards[::-1])[n % 2]]
    assert ran == whole


def test_passages_differ_and_a_text_is_as_long_as_asked():
    some = passages(16)

    assert len(set(some)) == len(some) == 16
    assert len({len(text.split()) for text in some}) > 4
    assert len(text_of(250).split()) == 250


# --- the file ------------------------------------------------------------------------


def tuned(**changed) -> Tuned:
    language = {
        "model": SMALL,
        "sha256": "a" * 64,
        "library": library("llama-cpp-python"),
        "threads": 3,
        "prefill_threads": 5,
        "batch_tokens": 256,
        "micro_batch_tokens": 256,
        "flash_attention": False,
        "prefill_before": 50.0,
        "prefill_after": 60.0,
        "decode_before": 10.0,
        "decode_after": 11.5,
    }
    embedding = {
        "model": "e5",
        "sha256": "b" * 64,
        "library": library("onnxruntime"),
        "threads": 7,
        "batch_tokens": 2048,
        "passages_before": 7.0,
        "passages_after": 7.5,
    }
    return Tuned(
        measured="2026-11-24T18:00:00+00:00",
        machine=changed.pop("machine", this_machine()),
        language=LanguageTuned(**{**language, **changed}),
        embedding=EmbeddingTuned(**embedding),
    )


def stands(folder: Path, machine=None, language="a" * 64, embedding="b" * 64):
    return standing(
        folder,
        machine or this_machine(),
        language_sha256=language,
        embedding_sha256=embedding,
    )


@given(st.text(min_size=1, max_size=40), st.floats(0.01, 1e6), st.booleans())
def test_what_is_kept_is_what_is_read(tmp_path_factory, name, rate, flash):
    folder = tmp_path_factory.mktemp("kept")
    written = tuned(model=name, prefill_after=rate, flash_attention=flash)

    keep(folder, written)

    found = stands(folder)
    assert (found.language, found.embedding) == (written.language, written.embedding)
    assert found.ignored == () and found.measured == written.measured


def test_nothing_measured_is_no_fault(tmp_path):
    found = stands(tmp_path)

    assert (found.language, found.embedding, found.ignored, found.measured) == (
        None,
        None,
        (),
        None,
    )


def test_another_machine_ignores_all_of_it(tmp_path):
    elsewhere = this_machine().model_copy(update={"processor": "Zilog Z80"})
    keep(tmp_path, tuned(machine=elsewhere))

    found = stands(tmp_path)

    assert (found.language, found.embedding) == (None, None)
    assert "autre machine (Zilog Z80" in found.ignored[0].fr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"language": "c" * 64}, f"avec un autre modèle ({SMALL})"),
        ({"embedding": "c" * 64}, "avec un autre modèle (e5)"),
    ],
)
def test_another_model_ignores_its_own_part(tmp_path, changed, said):
    keep(tmp_path, tuned())

    found = stands(tmp_path, **changed)

    assert said in found.ignored[0].fr and len(found.ignored) == 1
    assert (found.language is None) is ("language" in changed)
    assert (found.embedding is None) is ("embedding" in changed)


def test_another_version_of_the_library_ignores_its_part(tmp_path):
    keep(tmp_path, tuned(library="llama-cpp-python 0.1"))

    found = stands(tmp_path)

    assert found.language is None and found.embedding is not None
    assert "llama-cpp-python 0.1 ; llama-cpp-python" in found.ignored[0].fr


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"format = 1\nmeasured = ",
        b"format = 2\n",
        b"x" * 200_000,
        b'format = 1\nmeasured = "x"\nsurprise = 1\n',
    ],
)
def test_a_damaged_file_is_ignored_and_said(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)

    found = stands(tmp_path)

    assert (found.language, found.embedding) == (None, None)
    assert f"le fichier {FILE_NAME} est illisible" in found.ignored[0].fr


@pytest.mark.parametrize(
    ("key", "value"),
    [("threads", "0"), ("batch_tokens", "-1"), ("threads", "true"), ("prefill_after", "nan")],
)
def test_a_value_out_of_bounds_is_never_taken(tmp_path, key, value):
    file = keep(tmp_path, tuned())
    lines = file.read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(f"{key} = "))
    lines[at] = f"{key} = {value}"
    file.write_text("\n".join(lines), "utf-8")

    found = stands(tmp_path)

    assert found.language is None and f"language.{key}" in found.ignored[0].fr


# --- in a workspace ------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> Path:
    made = make_workspace(tmp_path / "ws", documents=0)
    with (made / "assistant.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[models]\nlanguage = "{SMALL}"\n')
    return made


def kept_for(folder: Path, **changed) -> Tuned:
    """As if this machine had been measured with the models in use."""
    workspace = Workspace.open(folder)
    language = workspace.manifest.get(SMALL).sha256
    written = tuned(sha256=language, **changed)
    used = workspace.manifest.get(workspace.settings.models.embedding).sha256
    assert written.embedding is not None
    embedding = written.embedding.model_copy(update={"sha256": used})
    written = written.model_copy(update={"embedding": embedding})
    keep(workspace.settings.index_folder, written)
    return written


def test_an_unmeasured_machine_runs_as_usual(folder):
    assert Workspace.open(folder).running == usual(physical_cores())


def test_the_engine_runs_as_was_measured(folder):
    kept_for(folder)

    assert Workspace.open(folder).running == Running(
        threads=3,
        prefill_threads=5,
        batch_tokens=256,
        micro_batch_tokens=256,
        flash_attention=False,
    )


def test_what_a_person_sets_stands_above_what_was_measured(folder):
    kept_for(folder)
    with (folder / "assistant.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[answer]\nthreads = 2\n")

    running = Workspace.open(folder).running

    assert (running.threads, running.prefill_threads, running.batch_tokens) == (2, 2, 256)


def test_a_file_for_other_models_changes_nothing(folder):
    keep(folder / "index", tuned())

    assert Workspace.open(folder).running == usual(physical_cores())


def doctors_word(folder: Path) -> dict[str, object]:
    found = run_json(folder, "doctor", expect=3)["findings"]
    return next(f for f in found if f["name"] == "Settings measured on this machine")


def test_doctor_says_what_was_measured_what_is_ignored_and_never_stops_at_it(folder):
    missing = doctors_word(folder)
    kept_for(folder)
    there = doctors_word(folder)
    (folder / "index" / FILE_NAME).write_text("]", "utf-8")
    damaged = doctors_word(folder)

    assert (missing["well"], missing["needed"]) == (False, False)
    assert "--tune" in str(missing["remedy"])
    assert there["well"] and "5 fil(s) pour lire, 3 pour écrire" in str(there["found"])
    assert (damaged["well"], damaged["needed"]) == (False, False)
    assert "illisible" in str(damaged["found"])


def test_an_interruption_leaves_the_former_file(folder, monkeypatch):
    kept_for(folder)
    file = folder / "index" / FILE_NAME
    before = file.read_bytes()

    def interrupted(*_args, **_said):
        raise KeyboardInterrupt

    monkeypatch.setattr(command_tune, "_language", interrupted)
    monkeypatch.setattr(command_tune, "_embedding", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        command_tune.tune(Workspace.open(folder), as_json=True, about_s=1.0, even_busy=True)

    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir() if "tuning" in path.name] == [FILE_NAME]


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_busy_machine_keeps_nothing_unless_it_always_is(folder, monkeypatch, when):
    monkeypatch.setattr(command_tune, "measure", lambda *_: tuned())
    shares = {"before": 0.4 if when == "before" else 0.0, "meanwhile": 0.4}
    monkeypatch.setattr(neighbours, "share_now", lambda: shares["before"])
    monkeypatch.setattr(neighbours.Neighbours, "share", lambda _: shares["meanwhile"])
    file = folder / "index" / FILE_NAME

    with pytest.raises(MachineBusy, match="40"):
        command_tune.tune(Workspace.open(folder), as_json=True)
    assert not file.exists()
    command_tune.tune(Workspace.open(folder), as_json=True, even_busy=True)
    assert file.exists()


def test_what_this_process_computes_is_not_what_others_do(monkeypatch):
    readings = iter([(0.0, 10.0, 1.0), (10.0, 18.0, 7.0)])  # moment, all busy, own; seconds
    monkeypatch.setattr(neighbours, "_read", lambda: neighbours._Reading(*next(readings)))
    monkeypatch.setattr(neighbours.psutil, "cpu_count", lambda: 2)

    assert neighbours.Neighbours().share() == pytest.approx(0.1)


# --- for real, with the small model --------------------------------------------------


@pytest.mark.model
def test_ctrl_c_ends_the_command_and_leaves_the_former_file(folder):
    kept_for(folder)
    file = folder / "index" / FILE_NAME
    before = file.read_bytes()
    with subprocess.Popen(
        command(folder, "doctor", "--tune", "--even-busy"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    ) as measuring:
        assert measuring.stdout is not None
        assert "Ctrl-C" in measuring.stdout.readline().decode()
        time.sleep(1.5)
        measuring.send_signal(signal.SIGINT)
        measuring.communicate(timeout=60)

    assert measuring.returncode == 130
    assert file.read_bytes() == before


@pytest.mark.model
@pytest.mark.embedding
def test_a_short_run_measures_both_engines_and_is_read_back(folder, capsys):
    workspace = Workspace.open(folder)

    assert command_tune.tune(workspace, as_json=True, about_s=3.0, even_busy=True) == 0

    said = json.loads(capsys.readouterr().out)
    assert said["language"]["prefill_after"] > said["language"]["decode_after"] > 0
    assert said["embedding"]["passages_after"] > 0
    again = Workspace.open(folder)
    assert again.tuning.ignored == ()
    assert again.running.as_json() == {name: said["language"][name] for name in usual(1).as_json()}
    assert again.tuning.embedding is not None
    assert again.tuning.embedding.threads == said["embedding"]["threads"]
    assert run(folder, "doctor", expect=3).stdout.count("Réglages mesurés") == 1


def test_before_and_after_are_shown_as_a_table(folder, capsys, monkeypatch):
    monkeypatch.setattr(command_tune, "measure", lambda *_: tuned())

    command_tune.tune(Workspace.open(folder), as_json=False, even_busy=True)

    lines = capsys.readouterr().out.splitlines()
    assert any(line.split() == ["lecture,", "jetons/s", "50.0", "60.0", "+20%"] for line in lines)
    assert any("lots de 256 jetons, attention simple" in line for line in lines)
