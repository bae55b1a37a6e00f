"""Small real workspaces for tests, and the real command in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

TOPICS = (
    ("fibre", "La fibre optique couvre 87 % des foyers de Valmont au 31 décembre 2025."),
    ("cyber", "Le centre régional de réponse aux incidents a traité 214 signalements en 2025."),
    ("lycées", "Les 62 lycées publics reçoivent 4,5 millions d’euros pour leurs équipements."),
    ("mobilité", "La plateforme de covoiturage compte 18 300 inscrits depuis mars 2025."),
    ("forêt", "L’observatoire de la forêt suit 310 parcelles par images satellites."),
    ("santé", "Le plan contre les déserts médicaux finance 12 cabines de téléconsultation."),
)


def make_workspace(folder: Path, *, documents: int = 6) -> Path:
    """A workspace with a few short documents and the repository's models."""
    (folder / "corpus" / "notes").mkdir(parents=True)
    (folder / "assistant.toml").write_text(
        f'[paths]\nmodels = "{REPOSITORY / "models"}"\n', encoding="utf-8"
    )
    for number in range(documents):
        write_note(folder, number)
    return folder


def write_note(folder: Path, number: int, *, extra: str = "") -> Path:
    """One Markdown note; what it says depends on its number."""
    name, fact = TOPICS[number % len(TOPICS)]
    path = folder / "corpus" / "notes" / f"note-{number:02d}.md"
    path.write_text(
        f"# Note {number} sur le thème {name}\n\nDocument fictif.\n\n## Situation\n\n{fact} "
        f"Ce chiffre est suivi par la direction du numérique, dossier {number}.\n\n"
        f"## Suites\n\nUn point sera fait en commission le {number + 1} mars 2026. {extra}\n",
        encoding="utf-8",
    )
    return path


def command(workspace: Path, *arguments: str) -> list[str]:
    """The command line of ``assistant`` on a workspace."""
    return [sys.executable, "-m", "assistant.cli", *arguments, "--workspace", str(workspace)]


def run(
    workspace: Path, *arguments: str, prefix: tuple[str, ...] = (), expect: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run the real command; its exit code is checked."""
    done = subprocess.run(
        [*prefix, *command(workspace, *arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )
    assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def run_json(workspace: Path, *arguments: str, expect: int = 0) -> dict[str, Any]:
    """Run the real command with ``--json``; stdout is one object and nothing else."""
    found: dict[str, Any] = json.loads(run(workspace, *arguments, "--json", expect=expect).stdout)
    return found
