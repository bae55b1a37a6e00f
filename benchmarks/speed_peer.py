"""Lines of `speed` against LlamaIndex CitationQueryEngine: answers and ingestion, in turns.

The peer runs in an environment of its own (`peers/requirements.txt`), with the same weights, the
same embedding model, Chroma, the same questions and the same documents, which it is given as the
canonical text that ``assistant text`` prints: it has no file to read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from assistant.answering import AnswerReady, DraftPiece, EvidenceReady, Question, ask, search
from assistant.model_manifest import ensure_verified
from assistant.records import Filters
from assistant.workspace import Workspace
from benchmarks.packages import CACHE
from benchmarks.sheets import HERE
from benchmarks.speed_ingestion import ingested, passages_of
from benchmarks.speed_page import Goal, Json, Line, ratio
from benchmarks.speed_workspaces import demo, larger, questions, texts

PYTHON = CACHE / "peers-venv" / "bin" / "python"
_SCRIPT = HERE / "peers" / "llamaindex.py"
_OFFLINE = {
    **dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"), "1"),
    "ANONYMIZED_TELEMETRY": "False",
}
_ASKED = 5
_LIMIT_S = 1200.0  # for one answer of the peer
_SEARCHED = 20
_ROUNDS = 2
_OPENING = "["  # our engine writes it before the model has chosen anything


class Peer:
    """The peer's process: one order at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, what: str, **order: object) -> Json:
        """Have it do something; what came of it.

        Raises:
            SystemExit: The process ended; what it said is on stderr.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps({"do": what, **order}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the peer ended while it was to {what}")
        found: Json = json.loads(line)
        return found


@contextmanager
def peer(workspace: Workspace, *, language: bool) -> Iterator[tuple[Peer, Json]]:
    """The peer with its models loaded, and the versions of its parts; it ends with the block."""
    if not PYTHON.is_file():
        raise SystemExit("no environment for the peer: make bench makes it")
    settings, models = workspace.settings, workspace.settings.models_folder
    language_path, embedding_path = (
        ensure_verified(workspace.manifest.get(name), models)
        for name in (settings.models.language, settings.models.embedding)
    )
    with subprocess.Popen(
        [str(PYTHON), str(_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **_OFFLINE},
    ) as process:
        try:
            asked = Peer(process)
            versions = asked.do(
                "load",
                embedding=str(embedding_path),
                language=str(language_path) if language else None,
                threads=settings.answer.thread_count,
            )
            yield asked, versions
        finally:
            process.terminate()


# --- answers --------------------------------------------------------------------------


def answers() -> list[Json]:
    """The same questions to both, one after the other, everything loaded."""
    workspace = Workspace.open(demo())
    some = questions(answerable=True)
    # far apart in the gold file: neighbours ask the same document, whose text the peer's
    # llama.cpp then finds in its context from the question before
    asked = some[:: len(some) // _ASKED][:_ASKED]
    _ = workspace.language_model
    _answered(workspace, some[-1])  # the fixed prefixes are evaluated, if they never were
    with TemporaryDirectory(prefix="speed-") as made, peer(workspace, language=True) as (it, known):
        it.do("ingest", folder=made, documents=texts(workspace))
        searches = [_searches(workspace, it, question) for question in some[:_SEARCHED]]
        laps = []
        for question in asked:
            theirs = it.do("ask", question=question, limit_s=_LIMIT_S)
            laps.append({"question": question, "ours": _answered(workspace, question)})
            laps[-1]["peer"] = theirs
    return [line.as_json() for line in answer_lines(laps, searches, known)]


def _answered(workspace: Workspace, question: str) -> Json:
    """Seconds until the first evidence, the first token of the model and the whole answer."""
    begin = time.perf_counter()
    found: Json = {"first_token_s": None}
    pieces = ""
    for event in ask(workspace, Question(text=question)):
        now = time.perf_counter() - begin
        match event:
            case EvidenceReady():
                found["evidence_s"] = now
            case DraftPiece(text):
                pieces += text
                if found["first_token_s"] is None and pieces.removeprefix(_OPENING):
                    found["first_token_s"] = now
            case AnswerReady():
                said = event.as_json()
                found |= {"total_s": now, "status": said["status"], "tokens": said["tokens"]}
                found["claims"] = [
                    {
                        "text": claim["text"],
                        "verdict": claim["verdict"],
                        "cites": len(claim["citations"]),
                    }
                    for claim in said["claims"]
                ]
    return found


def _searches(workspace: Workspace, it: Peer, question: str) -> tuple[float, float]:
    """Seconds of one search, ours and the peer's; the quicker of two."""
    ours, theirs = [], []
    for _ in range(2):
        begin = time.perf_counter()
        search(workspace, question, filters=Filters())
        ours.append(time.perf_counter() - begin)
        theirs.append(it.do("retrieve", question=question)["seconds"])
    return min(ours), min(theirs)


def answer_lines(
    laps: Sequence[Json], searches: Sequence[tuple[float, float]], versions: Json
) -> list[Line]:
    """First token, whole answer, search; a question that one side left out does not count."""
    both = [lap for lap in laps if lap["ours"]["first_token_s"] and lap["peer"]["first_token_s"]]
    silent = len(laps) - len(both)
    cited = [_is_cited(lap["ours"]) for lap in laps]
    stopped = sum(lap["peer"]["stopped"] for lap in laps)
    parts = ", ".join(f"{name} {number}" for name, number in versions.items())
    marked = sum(lap["peer"]["marks"] > 0 for lap in laps)
    read = median(lap["peer"]["context_tokens"] - lap["peer"]["generated"] for lap in laps)
    found, theirs = (1000 * median(side) for side in zip(*searches, strict=True))
    return [
        Line(
            key="first-token",
            what="first token of the model",
            **_medians(both, "first_token_s"),
            goal=Goal("≥", 10, "× sooner"),
            note=f"Median ratio of {len(both)} questions; {silent} where one side wrote nothing. "
            f"The peer has {read:.0f} tokens to read. {parts}; its defaults, but for the threads "
            "(as many as ours) and the model's own chat template.",
            figures={"laps": list(laps)},
        ),
        Line(
            key="whole-answer",
            what="whole answer",
            **_medians(laps, "total_s"),
            goal=Goal("≥", 5, "× sooner"),
            note=f"Of our {len(laps)}, {sum(cited)} were answered, every sentence cited and its "
            f"quotation re-read, {sum(_abstained(lap['ours']) for lap in laps)} abstained; of "
            f"the peer's, {marked} hold a mark like [1], which nothing verifies, {stopped} were "
            f"stopped after {_LIMIT_S / 60:.0f} minutes.",
        ),
        Line(
            key="search",
            what="search, warm",
            ours=f"{found:.1f} ms",
            against="LlamaIndex's default retriever",
            other=f"{theirs:.1f} ms",
            figure=ratio(theirs, found),
            note=f"{len(searches)} questions; no goal. Ours searches words and meaning for ten "
            "passages, the peer meaning alone for two.",
        ),
    ]


def _medians(laps: Sequence[Json], name: str) -> dict[str, Any]:
    """Both medians as they are shown, and the median of the ratios."""
    against = "LlamaIndex CitationQueryEngine"
    if not laps:
        return {"ours": "–", "against": against, "other": "–", "figure": None}
    ours, theirs = ([lap[side][name] for lap in laps] for side in ("ours", "peer"))
    return {
        "ours": f"{median(ours):.1f} s",
        "against": against,
        "other": f"{median(theirs):.1f} s",
        "figure": median(other / mine for mine, other in zip(ours, theirs, strict=True)),
    }


def _is_cited(answer: Json) -> bool:
    return answer["status"] == "answered" and all(claim["cites"] for claim in answer["claims"])


def _abstained(answer: Json) -> bool:
    return bool(answer["status"] != "answered")


# --- ingestion ------------------------------------------------------------------------


def ingestion() -> list[Json]:
    """Ours from the files, the peer's from their texts, in turns."""
    folder = larger()
    workspace, _ = ingested(folder)
    documents = texts(workspace)
    laps = []
    with peer(workspace, language=False) as (it, versions):
        for _ in range(_ROUNDS):
            with TemporaryDirectory(prefix="speed-") as made:
                theirs = it.do("ingest", folder=made, documents=documents)
            workspace, ours = ingested(folder)
            laps.append({"ours": {**ours, "chunks": len(passages_of(workspace))}, "peer": theirs})
    shutil.rmtree(folder / "index", ignore_errors=True)
    characters = sum(len(document["text"]) for document in documents)
    return [line.as_json() for line in ingestion_lines(laps, characters, versions)]


def ingestion_lines(laps: Sequence[Json], characters: int, versions: Json) -> list[Line]:
    """By the text that went in, and by the text that the embedding model read of it."""
    ours, theirs = (
        min((lap[side] for lap in laps), key=lambda found: found["seconds"])
        for side in ("ours", "peer")
    )
    read = characters * theirs["read_characters"] / theirs["characters"]
    mine = characters / ours["seconds"]
    against = "LlamaIndex, same embedding model, Chroma"
    passages = ", ".join(
        f"{who} {found['chunks']} in {found['seconds']:.0f} s "
        f"({found['chunks'] / found['seconds']:.1f} a second; {found['cpu_s']:.0f} CPU seconds)"
        for who, found in (("ours", ours), ("the peer", theirs))
    )
    parts = ", ".join(f"{name} {number}" for name, number in versions.items())
    lines = []
    for key, what, amount in (
        ("ingestion-peer", "ingestion, 1,000 characters that went in", characters),
        ("ingestion-peer-read", "ingestion, 1,000 characters that the model read", read),
    ):
        other = amount / theirs["seconds"]
        lines.append(
            Line(
                key=key,
                what=what,
                ours=f"{mine / 1000:.2f} a second",
                against=against,
                other=f"{other / 1000:.2f} a second",
                figure=ratio(mine, other),
                goal=Goal("≥", 1.3),
                note=f"Passages: {passages}. The peer's chunks of 1,024 tokens are cut by the "
                f"model at 512 of its own: it reads {read / characters:.0%} of the text. Ours "
                "reads files, embeds every sentence and indexes words besides. Quickest of "
                f"{len(laps)} rounds in turns. {parts}.",
                figures={"laps": list(laps)} if key == "ingestion-peer" else {},
            )
        )
    return lines
