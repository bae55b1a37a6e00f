"""The table of speed: its verdicts, what it keeps of former runs, how figures become lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import results, speed, speed_page
from benchmarks.speed_decoding import lines_of as decoding_lines
from benchmarks.speed_ingestion import line_of as ingestion_line
from benchmarks.speed_memory import lines_of as memory_lines
from benchmarks.speed_page import Goal, Line, line_of, merged
from benchmarks.speed_peer import answer_lines, ingestion_lines
from benchmarks.speed_search import growth_of
from benchmarks.speed_tokens import Read
from benchmarks.speed_tokens import lines_of as token_lines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    return tmp_path / "results"


def line(key: str, figure: float | None, goal: Goal | None = None, note: str = "") -> Line:
    return Line(
        key=key, what=f"the {key}", ours="1 s", against="it", other="2 s", figure=figure, goal=goal,
        note=note,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "figure", "verdict"),
    [
        (Goal("≤", 1.5), 1.5, "reached"),
        (Goal("≤", 1.5), 1.51, "**not reached**"),
        (Goal("≥", 0.95), 0.95, "reached"),
        (Goal("≥", 0.95), 0.9, "**not reached**"),
        (Goal("≥", 0.95), None, "not measured"),
        (None, 3.0, "–"),
    ],
)
def test_a_goal_is_said_to_be_reached_or_not_and_never_guessed(goal, figure, verdict):
    assert line("row", figure, goal).verdict == verdict


def test_a_line_comes_back_from_its_json_with_whatever_stands_beside_it():
    one = line("row", 1.25, Goal("≤", 3, "MB more"), "why")

    known = json.loads(json.dumps({**one.as_json(), "made": "2026-01-01", "commit": "abc"}))

    assert line_of(known) == one
    assert line_of(line("row", None).as_json()) == line("row", None)


def test_lines_that_are_not_measured_again_keep_their_figures_date_and_commit(folder: Path):
    order = ("first", "second", "third")
    speed_page.add([line("third", 3.0), line("first", 1.0, note="before")], order, load=0.5)
    file = folder / "speed.json"
    former = json.loads(file.read_text(encoding="utf-8"))
    for row in former["rows"]:
        row |= {"made": "2020-01-01T00:00:00+00:00", "commit": "0123456789"}
    file.write_text(json.dumps(former), encoding="utf-8")

    page = speed_page.add([line("second", 2.0), line("first", 9.0, note="now")], order, load=2)

    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert [(row["key"], row["figure"]) for row in rows] == [
        ("first", 9.0),
        ("second", 2.0),
        ("third", 3.0),
    ]
    assert [row["commit"] == "0123456789" for row in rows] == [False, False, True]
    text = page.read_text(encoding="utf-8")
    assert "2020-01-01, 0123456 |" in text
    assert "now _Load before: 2.0._" in text
    assert "before _Load" not in text


def test_a_line_that_nobody_measures_any_more_leaves_the_table():
    rows = [{"key": "gone"}, {"key": "kept"}]

    assert merged(rows, [{"key": "new"}], ("new", "kept")) == [{"key": "new"}, {"key": "kept"}]


def test_every_line_of_the_table_belongs_to_one_measure():
    assert len(set(speed.ORDER)) == len(speed.ORDER)


def test_tokens_beyond_evidence_and_question_are_told_by_what_they_are_for():
    usual = Read(question=20, sentences=200, judging=255, drafted=120, drafting=127, anew=0, generated=40)  # fmt: skip
    refused = Read(question=20, sentences=200, judging=255, drafted=0, drafting=0, anew=0, generated=0)  # fmt: skip

    whole, drafting, restart = token_lines([refused, usual], usual, usual)

    assert whole.figure == 255 + 127 - 220
    assert "35 are the template's ends" in whole.note
    assert "127 the drafting pass" in whole.note
    assert (drafting.figure, drafting.verdict) == (7, "reached")
    assert (restart.figure, restart.verdict) == (0, "reached")
    assert token_lines([refused], usual, usual)[1].verdict == "not measured"


def test_decoding_is_the_median_of_pairs_and_replies_of_a_few_tokens_do_not_count():
    def lap(write_s: float, bare_s: float, written: int = 20) -> dict[str, float]:
        read = {"read": 100, "read_s": 10.0, "bare_read_s": 8.0}
        return {**read, "written": written, "write_s": write_s, "bare_write_s": bare_s}

    decode, prefill = decoding_lines([lap(2, 1.9), lap(4, 4), lap(2, 1.96), lap(9, 1, written=2)])

    assert decode.figure == pytest.approx(0.98)
    assert decode.verdict == "reached"
    assert prefill.figure == pytest.approx(0.8)
    assert prefill.goal is None


def test_ingestion_says_where_its_seconds_went():
    laps = [
        {"alone_s": 9.0, "alone_cpu_s": 18.0, "seconds": 12.0, "cpu_s": 22.0, "stages": {"x": 9.0}},
        {
            "alone_s": 10.0,
            "alone_cpu_s": 20.0,
            "seconds": 10.0,
            "cpu_s": 21.0,
            "stages": {"x": 9.5},
        },
    ]

    found = ingestion_line(laps, 300, 90_000, "tokens 1024", {"tokens 1024": 33.3})

    assert found.figure == pytest.approx(0.9)
    assert found.verdict == "**not reached**"
    assert "waiting for readers, and the rest 0.5" in found.note
    assert "ours 21, alone 18" in found.note


def test_what_the_peer_did_not_read_of_a_text_is_told():
    peer = {
        "seconds": 50.0,
        "cpu_s": 99.0,
        "chunks": 10,
        "characters": 30_000,
        "read_characters": 15_000,
    }
    laps = [{"ours": {"seconds": 25.0, "cpu_s": 48.0, "chunks": 60}, "peer": peer}]

    given, read = ingestion_lines(laps, 20_000, {"llama-index-core": "0"})

    assert given.figure == pytest.approx(2.0)
    assert read.figure == pytest.approx(4.0)
    assert "reads 50% of the text" in given.note


def lap(ours_s: float | None, total_s: float, status: str = "answered") -> dict[str, object]:
    claims = [{"text": "x", "verdict": "exact", "cites": 1}] if status == "answered" else []
    return {
        "ours": {"first_token_s": ours_s, "total_s": total_s, "status": status, "claims": claims},
        "peer": {"first_token_s": 200.0, "total_s": 250.0, "marks": 2, "stopped": False,
                 "context_tokens": 2100, "generated": 100},
    }  # fmt: skip


def test_an_answer_that_was_refused_has_no_first_token_to_compare():
    laps = [lap(20.0, 50.0), lap(None, 10.0, "abstained"), lap(10.0, 25.0)]

    token, whole, search = answer_lines(laps, [(0.02, 0.05)], {"llama-index-core": "0"})

    assert token.figure == pytest.approx(15.0)
    assert "1 where one side wrote nothing" in token.note
    assert whole.figure == pytest.approx(10.0)
    assert "2 were answered" in whole.note and "1 abstained" in whole.note
    assert search.figure == pytest.approx(2.5)


def test_memory_is_what_is_held_beyond_the_files_and_the_vectors():
    held = {"rss": 2000.0, "peak": 2100.0, "own": 1500.0, "files": 500.0}
    found = {
        **dict.fromkeys(("started", "searched", "answered", "served"), held),
        "files_mb": {"model.gguf": 1100.0, "model.onnx.data": 470.0},
        "status": "abstained",
        "hits": 10,
    }

    without, _ = memory_lines(found, 100_000)

    assert without.figure == pytest.approx(2000 - 1570 - 153.6)
    assert without.verdict == "reached"


def test_growth_is_only_decided_by_a_million_passages():
    def row(size: int, p95_ms: float) -> dict[str, object]:
        whole = {"total": {"p95_ms": p95_ms}}
        return {"passages": size, "whole": whole, "publish_s": size / 500}

    made = {"made": "2026-11-24T10:00", "commit": "abcdef0123"}
    small, large = [row(10_000, 10), row(300_000, 20)], [row(10_000, 10), row(1_000_000, 25)]

    undecided, linear = growth_of(small, made)
    assert (undecided.verdict, linear.verdict) == ("not measured", "reached")
    assert "× 2.00; a million was not measured" in undecided.note
    assert growth_of(large, made)[0].verdict == "reached"
    assert growth_of(small[1:], made) == []
