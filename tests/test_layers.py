"""The house has floors, and a module imports only from below."""

import ast
from pathlib import Path

from tests.conftest import REPOSITORY

# Top to bottom. A package stands for all that is in it, and may import within itself.
FLOORS = (
    ("assistant.cli",),
    ("assistant.commands",),
    ("ui.server",),
    ("ui.app", "ui.login", "ui.files", "ui.theme", "ui.localised"),
    ("ui.ask_tab", "ui.excerpts_tab", "ui.corpus_tab", "ui.audit_tab", "ui.gate"),
    ("ui.review_tab",),
    ("ui.filters", "ui.handlers", "ui.live"),
    ("assistant.terminal", "ui.render", "ui.site"),
    ("ui.background",),
    ("assistant.reporting",),
    ("assistant.evaluation", "assistant.auditing", "assistant.review", "assistant.replaying"),
    ("assistant.cluster",),
    ("assistant.answering", "assistant.ingestion", "assistant.provisioning"),
    ("assistant.backup", "assistant.bundling"),
    ("assistant.excerpts", "assistant.sources", "assistant.uploads"),
    ("assistant.corpus_scope", "assistant.collection_picture"),
    ("assistant.workspace",),
    ("assistant.retrieval", "assistant.evidence", "assistant.drafting"),
    ("assistant.contradiction", "assistant.followup"),
    ("assistant.verification", "assistant.answerability"),
    ("assistant.generations", "assistant.tuning"),
    ("assistant.generation_folders",),
    ("assistant.catalogue", "assistant.lexical_index", "assistant.vector_index", "assistant.audit"),
    ("assistant.accounts", "assistant.desk"),
    ("assistant.embedding", "assistant.language_model", "assistant.reading", "assistant.passages"),
    ("assistant.metadata", "assistant.energy"),
    ("assistant.model_manifest", "assistant.settings", "assistant.egress", "assistant.contract"),
    ("assistant.recorded", "assistant.references", "assistant.figures"),
    ("assistant.settings_access",),
    ("assistant.settings_sections",),
    (
        "assistant.model_files",
        "assistant.settings_errors",
        "assistant.processor",
        "assistant.hosts",
        "assistant.french",
    ),
    ("assistant.sqlite_file", "assistant.scratch", "assistant.turns", "assistant.underway"),
    ("assistant.row_sets",),
    ("assistant.records",),
    ("assistant.errors",),
    ("assistant.wording",),
)
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def modules():
    for folder in ("assistant", "ui"):
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            parts = path.relative_to(REPOSITORY).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            if name not in ("assistant", "ui"):
                yield name, path


def room_of(module: str) -> str:
    """The room a module stands in: itself, or the package the floors name."""
    parts = module.split(".")
    for length in (2, 3):
        if (room := ".".join(parts[:length])) in FLOOR_OF:
            return room
    raise AssertionError(f"{module} stands on no floor: add it to FLOORS, and say why")


def imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if node.module in ("ui", "assistant") else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_every_module_imports_only_from_below():
    wrong = []
    for module, path in modules():
        for target in imported(path):
            if not target.startswith(("assistant.", "ui.")):
                continue
            here, there = room_of(module), room_of(target)
            if here != there and FLOOR_OF[there] <= FLOOR_OF[here]:
                wrong.append(f"{module} imports {target}")
    assert wrong == []


def test_the_way_to_the_first_evidence_imports_no_torch():
    import subprocess
    import sys

    heavy = "('torch', 'transformers', 'sentence_transformers', 'gradio', 'chromadb')"
    code = (
        "import sys, assistant.answering, assistant.commands.questions\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "[]"
