"""The energy of an answer: codecarbon's figure, shared fairly, found without a delay or a trace."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant import energy
from assistant.energy import Board, Machine
from assistant.records import Energy
from assistant.wording import Words
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def machine() -> Machine:
    found = energy.detect()
    assert isinstance(found, Machine), f"codecarbon does not know this machine: {found}"
    return found


@pytest.fixture
def fresh_codecarbon(machine):
    """codecarbon remembers a machine for the whole process; a test that changes it must not."""
    from codecarbon.core.hardware_cache import clear_cache

    clear_cache()
    yield
    clear_cache()


def compute(cpu_s: float) -> None:
    """Real work in native code that lets other threads run: ``cpu_s`` CPU seconds of this one."""
    end = time.thread_time() + cpu_s
    while time.thread_time() < end:
        hashlib.pbkdf2_hmac("sha256", b"un mot", b"de passe", 5_000)


def known(board: Board) -> Board:
    """The board once its detection is over."""
    with board.metering() as meter:
        pass
    meter.reason  # noqa: B018 - waits
    return board


def price(machine: Machine, cpu_s: float, wall_s: float) -> float:
    """Watt-hours of a stretch of time, by codecarbon's model of one process."""
    memory_watts = machine.memory.total_power().W
    return (machine.core_watts * cpu_s + memory_watts * wall_s) / 3600.0


def test_the_figure_is_the_one_that_codecarbon_gives(machine):
    from codecarbon import OfflineEmissionsTracker

    if machine.counter is not None:
        pytest.skip("two readers of one counter do not read at the same instant")
    tracker = OfflineEmissionsTracker(
        country_iso_code="FRA", tracking_mode="process", output_methods=[], allow_multiple_runs=True
    )
    board = known(Board(lambda: machine))

    tracker.start_task("work")
    with board.metering() as meter:
        compute(0.6)
    theirs = tracker.stop_task()

    assert meter.reading is not None
    assert meter.reading.wh == pytest.approx(1000 * theirs.energy_consumed, rel=0.05)
    assert machine.core_watts * meter.cpu_s / 3600 == pytest.approx(
        1000 * theirs.cpu_energy, rel=0.08
    )


def test_answers_computed_at_once_share_what_the_process_took(machine):
    board = known(Board(lambda: machine))
    meters = {}

    def answer(name: str, wait_s: float, cpu_s: float) -> None:
        time.sleep(wait_s)
        with board.metering() as meters[name]:
            compute(cpu_s)

    threads = [
        threading.Thread(target=answer, args=work)
        for work in (("first", 0.0, 0.5), ("second", 0.1, 0.3), ("third", 0.2, 0.4))
    ]
    wall, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu

    parts = [meter.reading.wh for meter in meters.values()]
    assert sum(parts) == pytest.approx(price(machine, cpu, wall), rel=0.03)
    assert sum(meter.cpu_s for meter in meters.values()) == pytest.approx(cpu, rel=0.03)
    assert max(parts) < 0.7 * sum(parts), "nobody pays for the others"


def test_what_one_answer_took_does_not_depend_on_the_answers_before(machine):
    board = known(Board(lambda: machine))
    with board.metering():
        compute(0.2)

    with board.metering() as idle:
        time.sleep(0.05)

    assert idle.cpu_s < 0.03
    assert idle.reading == idle.reading, "a closed meter does not move"


def test_an_answer_begun_before_the_machine_is_known_is_counted_from_its_beginning(machine):
    gate = threading.Event()

    def slow() -> Machine:
        gate.wait(10)
        return machine

    board = Board(slow)
    entered = time.perf_counter()
    with board.metering() as meter:
        entered = time.perf_counter() - entered
        cpu, wall = time.process_time(), time.perf_counter()
        compute(0.2)
        gate.set()
        compute(0.1)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall

    assert entered < 0.5, "the start does not wait for the detection"
    assert meter.reading.wh == pytest.approx(price(machine, cpu, wall), rel=0.05)


def test_a_detection_that_hangs_costs_the_figure_and_not_the_answer(machine, monkeypatch):
    monkeypatch.setattr(energy, "_DETECTION_S", 0.05)
    gate = threading.Event()

    def hung() -> Machine:
        gate.wait(10)
        return machine

    board = Board(hung)
    with board.metering() as meter:
        compute(0.05)

    assert meter.reading is None
    assert str(meter.reason) == "machine pas encore reconnue"
    gate.set()
    monkeypatch.setattr(energy, "_DETECTION_S", 10.0)
    assert meter.reading is not None, "nothing of what was metered is lost"
    assert meter.reason is None


def test_codecarbon_that_fails_leaves_a_reason_and_no_figure():
    def broken() -> Machine:
        raise OSError("no /proc here")

    board = Board(broken)
    with board.metering() as meter:
        pass

    assert meter.reading is None
    assert meter.reason == Words("codecarbon ne fonctionne pas ici", "codecarbon fails here")


def test_a_processor_that_codecarbon_does_not_know_gets_no_invented_figure(
    fresh_codecarbon, monkeypatch
):
    monkeypatch.setattr("codecarbon.core.cpu.detect_cpu_model", lambda: None)
    monkeypatch.setattr("codecarbon.core.cpu.is_rapl_available", lambda: False)

    board = Board(energy.detect)
    with board.metering() as meter:
        pass

    assert meter.reading is None
    assert str(meter.reason) == "processeur inconnu de codecarbon"


def test_a_processor_of_the_list_is_taken_at_its_own_power_whatever_the_environment_says(
    fresh_codecarbon, monkeypatch
):
    from codecarbon.core.util import count_cpus, count_physical_cpus

    monkeypatch.setattr("codecarbon.core.cpu.detect_cpu_model", lambda: "AMD EPYC 4124P")
    monkeypatch.setattr("codecarbon.core.cpu.is_rapl_available", lambda: False)
    monkeypatch.setenv("CODECARBON_FORCE_CPU_POWER", "99999")

    found = energy.detect()

    assert found.core_watts == 65.0 * count_physical_cpus() / count_cpus()
    assert found.how.fr.endswith("par cœur (AMD EPYC 4124P)")


def test_an_estimate_says_so_and_with_which_power(machine):
    if machine.counter is not None:
        pytest.skip("this machine has a counter")
    board = known(Board(lambda: machine))
    with board.metering() as meter:
        compute(0.02)

    found = meter.reading
    assert isinstance(found, Energy)
    assert not found.measured
    assert found.how.fr.startswith("estimée d’après le temps de calcul, à ")
    assert f"{machine.core_watts:.3g}\u00a0W par cœur".replace(".", ",") in found.how.fr
    assert "\u00a0W pour la mémoire" in found.how.fr
    assert found.how.en.startswith("estimated from CPU time, at ")


def test_a_program_started_by_an_ingestion_is_counted_while_it_lives_and_after(machine):
    board = known(Board(lambda: machine))
    code = (
        "import sys, time\nwhile time.process_time() < .3: pass\nprint('done', flush=True)\ninput()"
    )
    with board.metering() as meter:
        own = time.process_time()
        with subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            child.stdout.readline()
            assert meter.reading is not None
            living = meter.cpu_s
            child.communicate("\n")
        own = time.process_time() - own

    assert living > 0.25
    assert 0.28 < meter.cpu_s - own < 0.5, "once, not twice"


def test_a_program_that_came_and_went_between_two_looks_is_counted(machine):
    board = known(Board(lambda: machine))
    with board.metering() as meter:
        own = time.process_time()
        code = "import time\nwhile time.process_time() < .2: pass"
        subprocess.run([sys.executable, "-c", code], check=True)
        own = time.process_time() - own

    assert 0.18 < meter.cpu_s - own < 0.4


def test_an_answer_that_fails_is_metered_to_its_end(machine):
    board = known(Board(lambda: machine))
    with pytest.raises(ValueError), board.metering() as meter:
        compute(0.05)
        raise ValueError

    assert meter.cpu_s >= 0.05
    before = meter.cpu_s
    compute(0.05)
    assert meter.reading is not None and meter.cpu_s == before


class Package:
    """The counter of a processor as Linux shows it, in a folder of our own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "powercap" / "intel-rapl"
        domain = self.folder / "intel-rapl:0"
        domain.mkdir(parents=True)
        (domain / "name").write_text("package-0\n")
        (domain / "max_energy_range_uj").write_text("262143328850\n")
        self._energy = domain / "energy_uj"
        self._microjoules = 5_000_000_000
        self.spend(0)

    def spend(self, joules: float) -> None:
        self._microjoules += int(joules * 1e6)
        self._energy.write_text(f"{self._microjoules}\n")


@pytest.fixture
def package(tmp_path, fresh_codecarbon, monkeypatch) -> Package:
    """A machine whose processor counts: codecarbon itself finds and reads the counter."""
    from codecarbon.core.cpu import IntelRAPL

    made = Package(tmp_path)
    monkeypatch.setattr("codecarbon.core.cpu.is_rapl_available", lambda: True)
    monkeypatch.setattr(
        "codecarbon.external.hardware.IntelRAPL", lambda **_: IntelRAPL(rapl_dir=str(made.folder))
    )
    return made


def test_where_the_processor_counts_the_energy_is_measured(package):
    board = known(Board(energy.detect))
    package.spend(500)  # between two answers: nobody's

    with board.metering() as first:
        package.spend(18)
        with board.metering() as second:
            package.spend(36)

    found = first.reading
    assert found.measured
    assert found.how.fr == "mesurée par le compteur du processeur, avec 10\u00a0W pour la mémoire"
    assert first.counted_wh == pytest.approx((18 + 36 / 2) / 3600)
    assert second.counted_wh == pytest.approx((36 / 2) / 3600)
    memory = 10.0 * first.wall_s / 3600
    assert found.wh == pytest.approx(first.counted_wh + memory)


def test_what_went_by_before_the_counter_was_found_is_said_to_be_extrapolated(package):
    machine = energy.detect()
    gate = threading.Event()

    def slow() -> Machine | Words:
        gate.wait(10)
        return machine

    board = Board(slow)
    with board.metering() as meter:
        time.sleep(0.1)
        package.spend(1_000)  # unseen
        gate.set()
        meter.reason  # noqa: B018 - waits: the counter is read from here
        package.spend(36)
        time.sleep(0.1)

    found = meter.reading
    assert not found.measured
    assert "en partie extrapolée" in found.how.fr
    assert 0 < meter.counted_s < meter.wall_s
    expected = 36 / 3600 * meter.wall_s / meter.counted_s + 10.0 * meter.wall_s / 3600
    assert found.wh == pytest.approx(expected)


def test_a_counter_left_alone_so_long_that_it_may_have_turned_over_is_not_believed(
    package, monkeypatch
):
    board = known(Board(energy.detect))
    with board.metering() as meter:
        package.spend(36)
        assert meter.reading.measured
        monkeypatch.setattr(energy, "_WRAP_S", 0.05)
        package.spend(7)
        time.sleep(0.1)

    assert not meter.reading.measured
    assert meter.counted_wh == pytest.approx(36 / 3600)


def test_an_answer_that_ended_before_the_counter_was_found_has_no_figure(package):
    machine = energy.detect()
    gate = threading.Event()

    def slow() -> Machine | Words:
        gate.wait(10)
        return machine

    board = Board(slow)
    with board.metering() as meter:
        pass
    gate.set()

    assert meter.reading is None
    assert str(meter.reason) == "durée trop brève pour le compteur"


HOSTILE = """[codecarbon]
api_endpoint = http://collector.example.org
emissions_endpoint = http://collector.example.org
save_to_api = true
save_to_file = true
save_to_prometheus = true
output_methods = csv,api
output_dir = /nowhere/at/all
electricitymaps_api_token = token
force_cpu_power = 99999
allow_multiple_runs = false
tracking_mode = machine
log_level = debug
"""

SCRIPT = """
import json, threading
refused = []
from assistant import egress
egress.offline_environment()
egress.install(log=refused.append)
from assistant import energy
energy.prepare()
with energy.metering() as meter:
    sum(range(3_000_000))
found = meter.reading
print(json.dumps({
    "wh": found and found.wh, "reason": str(meter.reason), "how": found and found.how.en,
    "refused": [str(r) for r in refused],
    "threads": [t.name for t in threading.enumerate()],
}))
"""


def test_nothing_is_sent_written_printed_or_left_running(tmp_path, machine):
    folders = {name: tmp_path / name for name in ("home", "tmp", "here")}
    for folder in folders.values():
        folder.mkdir()
    (folders["home"] / ".codecarbon.config").write_text(HOSTILE)
    (folders["here"] / ".codecarbon.config").write_text(HOSTILE)
    environment = {
        **os.environ,
        "HOME": str(folders["home"]),
        "TMPDIR": str(folders["tmp"]),
        "PYTHONPATH": str(REPOSITORY),
    }

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        capture_output=True, text=True, env=environment, cwd=folders["here"], check=False,
    )  # fmt: skip

    assert done.stderr == ""
    told = json.loads(done.stdout)  # one line, and it is ours
    assert told["refused"] == []
    assert told["threads"] == ["MainThread"]
    assert told["wh"] is not None, told["reason"]
    assert f"{machine.core_watts:.3g} W per core" in told["how"], "not the power of a stray file"
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
    assert left == ["here/.codecarbon.config", "home/.codecarbon.config"]


def test_a_program_that_ends_while_the_machine_is_looked_at_ends_quietly():
    for wait_s in (0.0, 0.15):
        code = f"import time\nfrom assistant import energy\nenergy.prepare()\ntime.sleep({wait_s})"
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            capture_output=True, text=True, cwd=REPOSITORY, check=False, timeout=20,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
