"""The demo corpus in a workspace of its own, with an account of every role."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.served import add_user
from tests.workspaces import make_workspace, run_json

AGENT = "claire.morel"
RAPPORTEUR = "yann.tanguy"
EVALUATOR = "ines.caradec"
ADMIN = "paul.riou"
PEOPLE = {AGENT: "agent", RAPPORTEUR: "rapporteur", EVALUATOR: "evaluator", ADMIN: "admin"}

ENVELOPE = "Quelle est l’enveloppe de la SRDIA pour 2026-2028 ?"
"""Answered by the corpus: 12,4 M€, where an older note says 9,8."""


def make_demo(folder: Path) -> Path:
    """The workspace, not ingested yet."""
    make_workspace(folder, documents=0)
    shutil.copytree(
        REPOSITORY / "corpus",
        folder / "corpus",
        ignore=shutil.ignore_patterns("_sources", "README.md"),
        dirs_exist_ok=True,
    )
    for name, role in PEOPLE.items():
        add_user(folder, name, role)
    return folder


def take_in(folder: Path) -> None:
    """Ingest all of it: about a minute."""
    assert run_json(folder, "ingest")["failed"] == []
