"""People who ask and search at once, for minutes, on one real server that is stopped and killed.

For each number of people: first everybody searches and nobody asks (the idle searches); then
everybody asks, one question after the other, and searches beside it. Meanwhile the server is
stopped once (SIGTERM) and killed once (SIGKILL), and starts again each time. Afterwards what
everybody was shown is compared with the log (`load_checks`).

    python -m benchmarks.load [--people 1 5 20] [--minutes 5] [--model NAME] [--workspace DIR]

A tenth of the minutes are idle. Searches begun within 10 seconds of a start are not counted.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation.gold import read_gold
from assistant.workspace import Workspace
from benchmarks.load_checks import Checked, checked
from benchmarks.load_people import Asked, Person
from benchmarks.load_server import Server
from benchmarks.results import lined, made_with, save_page
from benchmarks.sheets import HERE
from tests.served import add_user

PEOPLE = (1, 5, 20)
REACH = 3.0  # searches while answers are generated against idle ones, at the 95th percentile
_IDLE_SHARE, _IDLE_LEAST_S = 0.1, 20.0
_STOPPED_AT, _KILLED_AT = 0.4, 0.7  # of the time in which people ask
_QUERIES = 3  # of each person
_SEED = 20261124
_FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One number of people: figures by name, and what was wrong."""

    figures: dict[str, Any]
    faults: tuple[str, ...]


def main() -> int:
    """Measure each number of people; 1 when something crossed, was lost or came too late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=list(PEOPLE))
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--workspace", type=Path, default=HERE / ".cache" / "load")
    parser.add_argument("--model", default="", help="another language model of the manifest")
    parser.add_argument("--no-save", action="store_true", help="print, and leave results/ alone")
    options = parser.parse_args()
    folder = options.workspace.absolute()
    _prepare(folder, options.model)
    runs = []
    for count in options.people:
        run = _run(folder, count, options.minutes * 60)
        runs.append(run)
        print("\n".join(f"{name}: {value}" for name, value in run.figures.items()), flush=True)
        print("\n".join(run.faults[:_FAULTS_SHOWN]), flush=True)
    workspace = Workspace.open(folder)
    made = made_with(
        minutes=options.minutes,
        model=workspace.language_identity.as_json(),
        running=workspace.running.as_json(),
        documents=len(workspace.catalogue.documents(workspace.catalogue.generation)),
    )
    page = _page(runs)
    print(page)
    if not options.no_save:
        rows = [{**run.figures, "faults": list(run.faults)} for run in runs]
        save_page("load", page, rows, made)
    return int(any(run.faults for run in runs))


def _prepare(folder: Path, model: str) -> None:
    """A workspace over the demo corpus and the models of the repository; ingested once."""
    repository = HERE.parent
    folder.mkdir(parents=True, exist_ok=True)
    said = f'[paths]\ncorpus = "{repository / "corpus"}"\nmodels = "{repository / "models"}"\n'
    if model:
        said += f'\n[models]\nlanguage = "{model}"\n'
    (folder / "assistant.toml").write_text(said, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "ingest", "--workspace", str(folder)],
        cwd=repository,
        check=False,
    )
    if done.returncode not in (0, 4):  # 4: some files cannot be read, which the demo shows
        raise SystemExit(done.returncode)


def _run(folder: Path, count: int, lasts_s: float) -> Run:
    for name in ("audit", "underway", "uploads"):
        shutil.rmtree(folder / "index" / name, ignore_errors=True)
    for file in (folder / "index").glob("*.sqlite3*"):
        if file.name.startswith(("accounts", "desks")):
            file.unlink()
    (folder / "serve.log").unlink(missing_ok=True)
    server = Server(folder)
    people = _people(folder, server, count)
    server.start()
    try:
        for person in people:
            person.enter()
            person.keep_an_excerpt()
        kept = {person.name: person.basket() for person in people}
        time.sleep(10)  # the models are loaded, the server is settled
        idle_s = max(_IDLE_LEAST_S, lasts_s * _IDLE_SHARE)
        _together(people, idle_s, asking=False)
        idle = [s for person in people for s in person.searched if s.settled]
        expected = {s.query: s.shown for s in idle}
        for person in people:
            person.searched = []
        began = time.monotonic()
        _begin(people, asking=True)
        for share, sign in ((_STOPPED_AT, signal.SIGTERM), (_KILLED_AT, signal.SIGKILL)):
            time.sleep(max(0.0, began + share * lasts_s - time.monotonic()))
            server.stop(sign)
            server.start()
        time.sleep(max(0.0, began + lasts_s - time.monotonic()))
        _end(people)
        took_s = time.monotonic() - began
        histories = {person.name: person.history() for person in people}
        baskets = {p.name: (kept[p.name], p.basket()) for p in people}
    finally:
        if server.alive:
            server.stop(signal.SIGTERM)
    workspace = Workspace.open(folder)
    found = checked(workspace, people, histories, baskets)
    for person in people:
        for search in person.searched:
            if search.query not in expected or search.shown == expected[search.query]:
                continue
            theirs = {shown for query, shown in expected.items() if query != search.query}
            said = f"{person.name}: another result than when idle for {search.query!r}"
            (found.crossed if search.shown in theirs else found.others).append(said)
    found.others += server.errors
    figures = _figures(people, [s.took_s for s in idle], took_s, server, found)
    return Run(figures, (*_too_slow(figures), *found.faults))


def _people(folder: Path, server: Server, count: int) -> list[Person]:
    """Everybody with questions that nobody else asks, and searches that nobody else makes."""
    gold = read_gold(HERE / "gold" / "demo.jsonl").questions
    texts = list(dict.fromkeys(g.question for g in gold if g.answerable))
    random.Random(_SEED).shuffle(texts)
    queries, questions = texts[: _QUERIES * count], texts[_QUERIES * count :]
    return [
        Person(
            name,
            add_user(folder, name, "rapporteur"),
            server,
            questions[number::count],
            queries[number::count],
        )
        for number in range(count)
        for name in (f"personne{number:02d}",)
    ]


def _together(people: Sequence[Person], seconds: float, *, asking: bool) -> None:
    _begin(people, asking=asking)
    time.sleep(seconds)
    _end(people)


def _begin(people: Sequence[Person], *, asking: bool) -> None:
    for person in people:
        person.begin(asking=asking)


def _end(people: Sequence[Person]) -> None:
    for person in people:
        person.close()
    for person in people:
        person.end()


def _figures(
    people: Sequence[Person], idle: list[float], took_s: float, server: Server, found: Checked
) -> dict[str, Any]:
    asked = [a for person in people for a in person.asked]
    loaded = [s.took_s for person in people for s in person.searched if s.settled]
    whole = [a for a in asked if a.done is not None and not a.error]
    noted = [a for a in asked if a.noted is not None]
    ratio = _at(loaded, 95) / _at(idle, 95) if loaded and idle else None
    return {
        "people": len(people),
        "asked": len(asked),
        "heard": len(noted),
        "answers": len(whole),
        "answers_an_hour": round(3600 * len(whole) / took_s, 1),
        "cut": sum(a.cut for a in asked),
        "left": sum(a.left for a in asked),
        "evidence_p50_s": _at(_excerpts_s(asked, settled=True), 50),
        "evidence_p95_s": _at(_excerpts_s(asked, settled=True), 95),
        "evidence_after_a_start_p50_s": _at(_excerpts_s(asked, settled=False), 50),
        "answer_p50_s": _at([a.done - a.sent for a in whole if a.done], 50),
        "answer_p95_s": _at([a.done - a.sent for a in whole if a.done], 95),
        "told_their_place": sum(bool(a.positions) for a in asked),
        "farthest_place": max((max(a.positions) for a in asked if a.positions), default=0),
        "searches_idle": len(idle),
        "search_idle_p50_s": _at(idle, 50),
        "search_idle_p95_s": _at(idle, 95),
        "searches": len(loaded),
        "search_p50_s": _at(loaded, 50),
        "search_p95_s": _at(loaded, 95),
        "search_p95_ratio": None if ratio is None else round(ratio, 2),
        "stop_s": [round(s, 1) for s in server.stops_s],
        "start_s": [round(s, 1) for s in server.starts_s],
        "crossed": len(found.crossed),
        "lost": len(found.lost),
        "place_not_told": len(found.untold),
        "other_faults": len(found.others),
        "outcomes": dict(found.outcomes),
    }


def _excerpts_s(asked: Sequence[Asked], *, settled: bool) -> list[float]:
    """Until the excerpts were on screen, of questions that found the server so."""
    return [a.evidence - a.sent for a in asked if a.evidence and a.settled is settled]


def _at(values: Sequence[float], percent: int) -> float:
    """A percentile; NaN-free: 0 of nothing."""
    if len(values) < 2:
        return round(values[0], 3) if values else 0.0
    if percent == 50:
        return round(statistics.median(values), 3)
    return round(float(np.percentile(values, percent)), 3)


def _too_slow(figures: dict[str, Any]) -> list[str]:
    ratio = figures["search_p95_ratio"]
    if ratio is None or ratio <= REACH:
        return []
    return [f"searches: {ratio} times the idle p95, more than {REACH:g}"]


def _page(runs: Sequence[Run]) -> str:
    """A table, one line a number of people, and what was wrong."""
    columns = {
        "people": "people",
        "answers": "answers",
        "an hour": "answers_an_hour",
        "excerpts p50 / p95 s": ("evidence_p50_s", "evidence_p95_s"),
        "answer p50 / p95 s": ("answer_p50_s", "answer_p95_s"),
        "farthest place": "farthest_place",
        "search idle p95 s": "search_idle_p95_s",
        "search p95 s": "search_p95_s",
        "ratio (≤ 3)": "search_p95_ratio",
        "crossed": "crossed",
        "lost": "lost",
        "place not told": "place_not_told",
        "stops s": "stop_s",
    }
    rows = [[_cell(run.figures, of) for of in columns.values()] for run in runs]
    said = [lined(list(columns), rows), ""]
    for run in runs:
        count, outcomes = run.figures["people"], run.figures["outcomes"]
        said.append(f"- {count}: {', '.join(f'{n} {name}' for name, n in outcomes.items())}")
        said += [f"    - {fault}" for fault in run.faults[:_FAULTS_SHOWN]]
    said += ["", "One SIGTERM and one SIGKILL in each run; nothing counted within 10 s of a start."]
    return "\n".join(said)


def _cell(figures: dict[str, Any], of: str | tuple[str, ...]) -> str:
    if isinstance(of, tuple):
        return " / ".join(_cell(figures, one) for one in of)
    value = figures[of]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
