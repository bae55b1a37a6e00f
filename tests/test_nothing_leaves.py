"""Ingestion, search and an answer of the real model, in a network namespace with no network."""

import shutil
import subprocess

import pytest

from tests.workspaces import make_workspace, run

pytestmark = [pytest.mark.embedding, pytest.mark.model]


def test_ingesting_and_asking_need_no_network(tmp_path):
    isolated = ("unshare", "--net", "--map-root-user")
    assert shutil.which("unshare"), "util-linux is needed"
    probe = [*isolated, "cat", "/proc/net/route"]
    routes = subprocess.run(probe, capture_output=True, text=True, check=True).stdout
    assert len(routes.splitlines()) <= 1, "the namespace must have no route"
    folder = make_workspace(tmp_path / "ws", documents=3)

    run(folder, "ingest", prefix=isolated)
    answer = run(folder, "ask", "Combien de lycées reçoivent des équipements ?", prefix=isolated)

    assert "62 lycées" in answer.stdout
    assert not (folder / "index" / "egress.log").exists(), "nothing even tried to leave"
