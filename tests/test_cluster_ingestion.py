"""Several machines read and embed, one process writes: the index is that of one process."""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from assistant.cluster.equipment import Equipment
from assistant.cluster.joining import _workforce
from assistant.errors import AssistantError
from assistant.ingestion import ingest
from assistant.ingestion.report import EMBEDDING
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.ray_clusters import running_cluster
from tests.test_ingestion_killed import state_of
from tests.workspaces import command, make_workspace

pytestmark = pytest.mark.embedding

# One document's batches differ from those of a run across documents, and with them the order of
# floating-point sums; measured: at most 7.5e-8.
SAME = 1e-5


@pytest.fixture(scope="module")
def cluster():
    with running_cluster() as started:
        yield started


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The same corpus, taken in by one process."""
    folder = corpus(tmp_path_factory.mktemp("alone") / "ws")
    assert ingest(Workspace.open(folder)).failed[0].path == "notes/casse.pdf"
    return state_of(folder)


def corpus(folder: Path) -> Path:
    """Notes, a note described beside it, real documents of the demo, and a damaged file."""
    make_workspace(folder, documents=14)
    notes = folder / "corpus" / "notes"
    (notes / "note-00.md.toml").write_text('title = "Fibre à Valmont"\nkind = "audition"\n')
    (notes / "collection.toml").write_text('commission = "Commission numérique"\n')
    (notes / "casse.pdf").write_bytes(b"%PDF-1.4 damaged")
    for suffix in (".docx", ".srt"):
        some = next(f for f in sorted((REPOSITORY / "corpus").rglob(f"*{suffix}")))
        shutil.copy(some, notes)
    return folder


def on(cluster, folder: Path, more: str = "") -> Path:
    with (folder / "assistant.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'\n[cluster]\naddress = "{cluster.address}"\n{more}')
    return folder


def begin(cluster, folder: Path, *options: str) -> subprocess.Popen:
    return subprocess.Popen(
        command(folder, "ingest", "--cluster", *options),
        env=cluster.environment,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen, timeout_s: float = 120) -> tuple[int, str, str]:
    try:
        out, err = process.communicate(timeout=timeout_s)
    finally:
        process.kill()
    return process.returncode, out, err


def embedded(folder: Path) -> int:
    """Passages that have their vector, as the writer keeps them."""
    try:
        with sqlite3.connect(folder / "index" / "catalogue.sqlite3") as db:
            return db.execute("SELECT count(vector) FROM passages").fetchone()[0]
    except sqlite3.Error:
        return 0


def wait_for_vectors(process: subprocess.Popen, folder: Path, more_than: int = 0) -> None:
    while process.poll() is None and embedded(folder) <= more_than:
        time.sleep(0.02)
    assert process.poll() is None, process.communicate()


def one_of(cluster, stage: str, process: subprocess.Popen) -> psutil.Process:
    """A process of the cluster that holds a stage, as soon as there is one."""
    while process.poll() is None:
        if found := cluster.actors(stage):
            return found[0]
        time.sleep(0.02)
    raise AssertionError(process.communicate())


def assert_same(found, expected, tolerance: float = SAME) -> None:
    assert found[0] == expected[0]
    assert found[1].keys() == expected[1].keys()
    for path, vectors in found[1].items():
        assert np.abs(vectors - expected[1][path]).max() <= tolerance, path


def test_two_machines_make_the_index_that_one_process_makes(cluster, alone, tmp_path):
    folder = on(cluster, corpus(tmp_path / "ws"))

    code, out, err = ended(begin(cluster, folder, "--json"))

    assert code == 4, err
    assert out.startswith("{") and out.count("\n") == 1, "one object, whatever Ray prints"
    assert '"added": 16' in out and "casse.pdf" in out
    assert err.splitlines()[0].startswith("Échec : « casse.pdf »"), err
    assert_same(state_of(folder), alone)
    assert not (folder / "index" / "egress.log").exists(), "nothing even tried to leave"


def test_a_killed_process_and_a_killed_machine_change_nothing(cluster, alone, tmp_path):
    folder = on(cluster, corpus(tmp_path / "ws"))
    process = begin(cluster, folder)
    one_of(cluster, "Reader", process).kill()
    wait_for_vectors(process, folder)
    one_of(cluster, "Embedder", process).kill()

    machine = psutil.Process(cluster.machines[-1])
    for lost in (*machine.children(recursive=True), machine):
        with contextlib.suppress(psutil.NoSuchProcess):
            lost.kill()
    assert process.poll() is None, "it must be under way still"
    code, _, err = ended(process)

    assert code == 4, err
    assert_same(state_of(folder), alone)


def test_what_one_process_began_and_machines_went_on_with_is_finished_by_one_process(
    cluster, alone, tmp_path, monkeypatch
):
    folder = on(cluster, corpus(tmp_path / "ws"))
    monkeypatch.setattr("assistant.ingestion.workforce.ThisProcess.at_once", 8)
    embedding = []
    ingest(
        Workspace.open(folder),
        progress=lambda what, *_: embedding.append(what is EMBEDDING),
        stop=lambda: any(embedding),
    )
    begun = len(Workspace.open(folder).catalogue.pending()), embedded(folder)
    process = begin(cluster, folder)
    wait_for_vectors(process, folder, more_than=begun[1])
    process.send_signal(signal.SIGINT)
    code, _, err = ended(process)
    held = embedded(folder)

    report = ingest(Workspace.open(folder))

    assert 0 < begun[0] < 16 and 0 < begun[1] < held < report.passages
    assert code == 130 and err.strip() == "Interrompu ; rien n’est perdu.", err
    assert report.added == 16
    assert_same(state_of(folder), alone)


def test_a_machine_with_another_model_is_refused(cluster, tmp_path):
    name = "multilingual-e5-small"
    models = tmp_path / "models"
    shutil.copytree(REPOSITORY / "models" / name, models / name, copy_function=os.link)
    (models / name / "tokenizer.json").unlink()
    (models / name / "tokenizer.json").write_text("{}")
    folder = on(cluster, make_workspace(tmp_path / "ws"), f'models = "{models}"\n')

    code, _, err = ended(begin(cluster, folder))

    assert code == 3
    assert "127.0.0.1" in err and name in err and "Remède" in err
    assert embedded(folder) == 0


def test_a_cluster_that_knows_another_token_is_refused(cluster, tmp_path):
    folder = on(cluster, make_workspace(tmp_path / "ws"))
    stranger = replace(cluster, environment={**cluster.environment, "RAY_AUTH_TOKEN": "0" * 64})

    code, _, err = ended(begin(stranger, folder))

    assert code == 3 and "jeton" in err


def test_a_cluster_that_is_not_there_is_told_at_once(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    folder = make_workspace(tmp_path / "ws")
    with (folder / "assistant.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'\n[cluster]\naddress = "{address}"\n')

    began = time.monotonic()
    done = run_here(folder)

    assert time.monotonic() - began < 20
    assert done.returncode == 3 and address in done.stderr and "ray start" in done.stderr


def test_a_cluster_that_no_setting_names_is_told(tmp_path):
    done = run_here(make_workspace(tmp_path / "ws"))

    assert done.returncode == 3 and "[cluster] address" in done.stderr


def test_without_ray_the_remedy_is_told(tmp_path):
    folder = make_workspace(tmp_path / "ws")
    with (folder / "assistant.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n[cluster]\naddress = "127.0.0.1:6379"\n')
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "from assistant.cli import main; sys.exit(main(sys.argv[1:]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, "ingest", "--cluster", "--workspace", str(folder)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )

    assert done.returncode == 3
    assert "Ray n’est pas installé ici." in done.stderr and ".[cluster]" in done.stderr


def test_machines_differ_by_what_text_and_vectors_come_from():
    here = Equipment(
        program="0.1.0+aaaa", libraries=("pypdf 6.0",), recognition="-", model="e5 1234"
    )

    def named(there: Equipment) -> list[str]:
        return [what.en for what, *_ in there.differences(here)]

    assert named(here) == []
    assert named(replace(here, program="0.1.0+bbbb")) == ["program"]
    assert named(replace(here, libraries=("pypdf 7.0",))) == ["library"]
    assert named(replace(here, recognition="tesseract 5")) == ["character recognition"]
    assert named(replace(here, model="e5 4321")) == ["embedding model"]


@pytest.mark.parametrize(
    ("address", "allowed", "machine", "told"),
    [
        ("ray://10.0.0.1:10001", '"10.0.0.1"', "", "cluster.address"),
        ("auto", "", "", "cluster.address"),
        ("10.0.0.1:6379", '"10.0.0.2"', "", "cluster.address"),
        ("10.0.0.1:6379", '"10.0.0.1"', "10.0.0.3", "10.0.0.3"),
    ],
)
def test_nothing_is_sent_to_a_machine_that_is_no_allowed_host(
    tmp_path, address, allowed, machine, told
):
    folder = make_workspace(tmp_path / "ws")
    with (folder / "assistant.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'\n[cluster]\naddress = "{address}"\n[network]\nallowed_hosts = [{allowed}]\n')
    here = Equipment(program="", libraries=(), recognition="", model="")
    nodes = [
        {"Alive": True, "NodeManagerAddress": host, "Resources": {"CPU": 4.0}, "NodeID": host}
        for host in ("10.0.0.1", machine)
    ]

    with pytest.raises(AssistantError) as refused:
        workspace = Workspace.open(folder)
        model = workspace.manifest.get(workspace.settings.models.embedding)
        _workforce(SimpleNamespace(nodes=lambda: nodes), workspace.settings, model, here)

    assert told in str(refused.value)


def run_here(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(folder, "ingest", "--cluster"),
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
        timeout=60,
    )
