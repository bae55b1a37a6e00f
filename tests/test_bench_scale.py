"""The benchmark of growth: its corpus, its measures, its page; tiny sizes, no model."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from assistant.settings_sections import RetrievalSettings
from assistant.workspace import Workspace
from benchmarks import filters, results, scale, scale_page
from benchmarks.synthetic import PER_DOCUMENT, corpus

STAGES = {"dense", "lexical", "sentences", "outlines", "texts", "rest"}


class Questions:
    """Stands for the embedding model: any question lies somewhere."""

    def embed_query(self, text: str) -> np.ndarray:
        vector = np.random.default_rng(len(text)).standard_normal(384, dtype=np.float32)
        return vector / np.linalg.norm(vector)


@pytest.fixture
def in_memory() -> Workspace:
    settings = SimpleNamespace(retrieval=RetrievalSettings())
    return SimpleNamespace(settings=settings, embedder=Questions())  # type: ignore[return-value]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    return tmp_path / "results"


def test_a_small_corpus_is_the_beginning_of_a_large_one_and_its_passages_are_slices():
    small, large = list(corpus(70)), list(corpus(170))

    assert [len(w.passages) for w in small] == [PER_DOCUMENT, 20]
    assert [len(w.passages) for w in large] == [PER_DOCUMENT] * 3 + [20]
    for few, many in zip(small, large, strict=False):
        assert many.text.startswith(few.text)
        assert np.array_equal(few.vectors, many.vectors[: len(few.vectors)])
        for passage, parts in zip(few.passages, few.sentences, strict=True):
            assert few.text[passage.start : passage.end] == passage.text
            assert 3 <= len(parts) < 8
            assert np.allclose(np.linalg.norm(parts, axis=1), 1, atol=1e-5)


def test_a_corpus_is_published_and_searched_whole_and_in_one_collection(
    tmp_path: Path, in_memory: Workspace, page: Path
):
    rows = []
    for size in (260, 460):
        folder = tmp_path / str(size)
        built = scale.build(folder, size)
        found = scale.search(folder, ["Quelle est l’enveloppe ?", "Qui préside ?"], in_memory)
        rows.append({"passages": size, **built, **found})
        rows[-1] |= {"embedder_peak_kib": 1024, "search_peak_kib": 2048}
        assert built["disk_bytes"] > size * 384 * 4
        assert found["whole"].keys() >= STAGES
        assert found["collection"].keys() >= {*STAGES, "filter"}
        whole = found["whole"]
        total = sum(whole[stage]["mean_ms"] for stage in (*STAGES, "embed"))
        assert total == pytest.approx(whole["total"]["mean_ms"], abs=0.2)
    for row in reversed(rows):
        scale_page.add(dict(row))
    scale_page.add({"passages": 900, "stopped_s": 60.0, "published_so_far": 300})

    known = json.loads((page / "scale.json").read_text(encoding="utf-8"))
    assert [row["passages"] for row in known["rows"]] == [260, 460, 900]
    text = (page / "scale.md").read_text(encoding="utf-8")
    assert "the vectors of 300 were in the next generation" in text
    svg = (page / "scale.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(svg)
    used, given = (set(re.findall(rule, svg)) for rule in (r"var\((--\w+)\)", r"(--\w+):"))
    assert used <= given, "the drawing asks for colours that only a page would give"


def test_each_aim_is_said_to_be_reached_or_not():
    def row(size: int, beyond: float, total: float) -> dict[str, object]:
        stages = {"beyond": beyond, "embed": 20.0, "total": total}
        whole = {name: {"p95_ms": ms} for name, ms in stages.items()}
        return {"passages": size, "publish_s": size / 500, "whole": whole}

    rows = [row(10_000, 5, 25), row(100_000, 30, 50), row(1_000_000, 40, 60)]
    first, second, third = "".join(scale_page.aims(rows)).splitlines()

    assert "30.0 against 20.0" in first and first.endswith("**not reached.**")
    assert "× 2.4" in second and second.endswith(" reached.")
    assert "2.00 s" in third


def test_a_build_that_takes_too_long_says_how_far_it_got(tmp_path: Path):
    found = scale.measured(tmp_path, 100_000, limit_s=0.01)

    assert found == {"passages": 100_000, "stopped_s": 0.01, "published_so_far": 0}


def test_the_table_of_filters_is_kept_beside_what_it_was_made_on(page: Path):
    one = {"filter": "none", "passages": 9, "recall": 1.0, "p50_ms": 2.0, "p95_ms": 3.0}
    before, after = (
        filters.Under(corpus=corpus, times_unfiltered=1.0, **one) for corpus in ("9", "6")
    )

    text = filters.saved([before, after]).read_text(encoding="utf-8")

    assert "commit:" in text
    assert text.count("| none | 9 | 1.000 | 2.0 | 3.0 | 1.0 |") == 2
    assert len(json.loads((page / "filters.json").read_text(encoding="utf-8"))["rows"]) == 2
