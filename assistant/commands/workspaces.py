"""``assistant init`` and ``assistant doctor``."""

from __future__ import annotations

import argparse
import importlib.metadata
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import egress
from assistant.errors import AssistantError
from assistant.terminal import say, say_json
from assistant.wording import Words

EXIT_UNWELL = 3


def register(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the two commands."""
    init = commands.add_parser(
        "init", parents=[shared], help=str(Words("créer un espace de travail", "make a workspace"))
    )
    init.add_argument("folder", type=Path, metavar=str(Words("DOSSIER", "DIR")))
    init.add_argument(
        "--models",
        type=Path,
        metavar=str(Words("DOSSIER", "DIR")),
        help=str(
            Words(
                "partager les modèles de ce dossier (défaut : ceux de l’espace courant)",
                "share the models of this folder (default: those of the present workspace)",
            )
        ),
    )
    init.set_defaults(run=_init, needs_workspace=False)
    doctor = commands.add_parser(
        "doctor",
        parents=[shared],
        help=str(Words("vérifier l’installation", "check the installation")),
    )
    doctor.add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )
    doctor.add_argument(
        "--tune",
        action="store_true",
        help=str(
            Words(
                "mesurer ce que cette machine fait de mieux (2 min), et s’y tenir",
                "measure what this machine does best (2 min), and keep to it",
            )
        ),
    )
    doctor.add_argument(
        "--even-busy",
        action="store_true",
        help=str(
            Words(
                "avec --tune : retenir la mesure d’une machine qui fait autre chose",
                "with --tune: keep what is measured on a busy machine",
            )
        ),
    )
    doctor.set_defaults(run=_doctor)


def _init(options: argparse.Namespace) -> int:
    from assistant.settings import write_default
    from assistant.workspace import Workspace

    folder: Path = options.folder
    models: Path | None = options.models
    if models is None:
        try:
            models = Workspace.open(options.workspace).settings.models_folder
        except AssistantError:
            models = None
    folder.mkdir(parents=True, exist_ok=True)
    write_default(folder, models)
    for name in ("corpus", "index", *(() if models else ("models",))):
        (folder / name).mkdir(exist_ok=True)
    say(
        Words(
            f"Espace de travail créé : {folder}. Déposez vos documents dans {folder / 'corpus'}, "
            f"puis : assistant --workspace {folder} ingest",
            f"Workspace made: {folder}. Put your documents in {folder / 'corpus'}, "
            f"then: assistant --workspace {folder} ingest",
        )
    )
    return 0


@dataclass(frozen=True, slots=True)
class _Finding:
    """One thing looked at: is it well, what was found, and what to do if not."""

    name: Words
    well: bool
    found: str
    remedy: Words | None = None
    needed: bool = True


def _doctor(options: argparse.Namespace) -> int:
    if options.tune:
        from assistant.commands.tune import tune
        from assistant.workspace import Workspace

        workspace = Workspace.open(options.workspace)
        return tune(workspace, as_json=options.json, even_busy=options.even_busy)
    findings = list(_examine(options.workspace))
    unwell = [f for f in findings if not f.well and f.needed]
    if options.json:
        say_json(
            {
                "well": not unwell,
                "findings": [
                    {
                        "name": f.name.en,
                        "well": f.well,
                        "needed": f.needed,
                        "found": f.found,
                        "remedy": str(f.remedy) if f.remedy and not f.well else None,
                    }
                    for f in findings
                ],
            }
        )
        return EXIT_UNWELL if unwell else 0
    for finding in findings:
        mark = "✓" if finding.well else ("✗" if finding.needed else "–")
        say(f"{mark} {finding.name} : {finding.found}")
        if not finding.well and finding.remedy is not None:
            say(f"    → {finding.remedy}")
    return EXIT_UNWELL if unwell else 0


def _examine(folder: Path | None) -> Iterator[_Finding]:
    from assistant.workspace import Workspace

    workspace = Workspace.open(folder)
    yield _Finding(Words("Espace de travail", "Workspace"), True, str(workspace.settings.workspace))
    yield from _libraries()
    yield _ocr()
    yield from _models(workspace)
    yield _tuning(workspace)
    yield from _language_server(workspace)
    yield from _vector_server(workspace)
    yield from _index(workspace)
    yield _Finding(
        Words("Garde réseau", "Network guard"),
        egress.installed(),
        str(Words("active : rien ne sort", "on: nothing leaves")),
        Words("Lancez le programme par « assistant ».", "Start the program as `assistant`."),
    )
    verified = workspace.audit.verify()
    yield _Finding(
        Words("Journal d’audit", "Audit log"),
        verified.ok,
        str(verified.message),
        Words("Conservez-le tel quel ; prévenez l’évaluateur.", "Keep it; tell the evaluator."),
    )


def _libraries() -> Iterator[_Finding]:
    for name in ("llama-cpp-python", "onnxruntime", "chromadb", "tantivy", "pypdfium2", "gradio"):
        try:
            found, well = importlib.metadata.version(name), True
        except importlib.metadata.PackageNotFoundError:
            found, well = str(Words("absent", "missing")), False
        yield _Finding(
            Words(f"Bibliothèque {name}", f"Library {name}"),
            well,
            found,
            Words("Lancez « make install ».", "Run `make install`."),
        )


def _ocr() -> _Finding:
    found = shutil.which("tesseract")
    return _Finding(
        Words("Reconnaissance de caractères (facultative)", "Character recognition (optional)"),
        found is not None,
        found or str(Words("absente", "missing")),
        Words(
            "Pour lire les PDF numérisés : apt install tesseract-ocr tesseract-ocr-fra",
            "To read scanned PDFs: apt install tesseract-ocr tesseract-ocr-fra",
        ),
        needed=False,
    )


def _models(workspace: Any) -> Iterator[_Finding]:
    manifest = workspace.manifest
    chosen = workspace.settings.models
    served = workspace.settings.language_address is not None
    for name in (chosen.embedding, *(() if served else (chosen.language,))):
        here = workspace.ready(name)
        yield _Finding(
            Words(f"Modèle {name}", f"Model {name}"),
            here,
            f"sha256 {manifest.get(name).sha256[:16]}…"
            if here
            else str(Words("absent", "missing")),
            Words(f"assistant models fetch {name}", f"assistant models fetch {name}"),
        )


def _tuning(workspace: Any) -> _Finding:
    from assistant.commands.tune import describe

    name = Words("Réglages mesurés sur cette machine", "Settings measured on this machine")
    measure = Words(
        "« assistant doctor --tune » les mesure en deux minutes.",
        "`assistant doctor --tune` measures them in two minutes.",
    )
    standing = workspace.tuning
    if standing.ignored:
        why = "; ".join(map(str, standing.ignored))
        ignored = Words(f"ignorés : {why}", f"ignored: {why}")
        return _Finding(name, False, str(ignored), measure, needed=False)
    if standing.measured is None:
        usual = Words("non, réglages courants", "no, the usual settings")
        return _Finding(name, False, str(usual), measure, needed=False)
    return _Finding(name, True, describe(standing))


def _language_server(workspace: Any) -> Iterator[_Finding]:
    address = workspace.settings.language_address
    if address is None:
        return
    from assistant.language_model.server_check import check

    name = Words("Serveur du modèle de langue", "Language model's server")
    try:
        found = check(address, workspace.settings.language_server)
    except AssistantError as error:
        yield _Finding(name, False, str(error), error.remedy)
        return
    answers = Words(f"{address} répond : {found.model}", f"{address} answers: {found.model}")
    yield _Finding(name, True, str(answers))
    yield _Finding(
        Words("Jugement des phrases par ce serveur", "Sentences judged by this server"),
        found.judges,
        str(
            Words("oui (logprobs)", "yes (logprobs)")
            if found.judges
            else Words("non : il ne donne pas les logprobs", "no: it gives no logprobs")
        ),
        Words(
            "Activez-les sur le serveur (llama_cpp.server : --logits_all true) ; sans elles, "
            "l’assistant refuse moins bien.",
            "Turn them on at the server (llama_cpp.server: --logits_all true); without them the "
            "assistant refuses less well.",
        ),
        needed=False,
    )


def _vector_server(workspace: Any) -> Iterator[_Finding]:
    if not workspace.settings.retrieval.vector_store:
        return
    server = workspace.graph_keeper
    name = Words("Serveur de vecteurs", "Vector server")
    try:
        version = server.version()
    except AssistantError as error:
        yield _Finding(name, False, str(error), error.remedy)
    else:
        answers = Words(
            f"{server.address} répond (interface Chroma {version})",
            f"{server.address} answers (Chroma interface {version})",
        )
        yield _Finding(name, True, str(answers))


def _index(workspace: Any) -> Iterator[_Finding]:
    catalogue = workspace.catalogue
    number = catalogue.generation
    documents = len(catalogue.documents(number))
    name = Words("Index", "Index")
    if not documents:
        yield _Finding(
            name,
            False,
            str(Words("vide", "empty")),
            Words(
                "Placez des documents dans corpus/ puis « assistant ingest ».",
                "Put documents in corpus/, then `assistant ingest`.",
            ),
        )
        return
    try:
        sound = workspace.generations.sound(number)
    except AssistantError as error:
        yield _Finding(name, False, str(error), error.remedy)
        return
    yield _Finding(
        name,
        sound,
        str(
            Words(
                f"{documents} document(s), génération {number}",
                f"{documents} document(s), generation {number}",
            )
        ),
        Words("« assistant ingest » le reconstruit.", "`assistant ingest` rebuilds it."),
    )
