"""A sentence's vector is pooled from its own tokens, by both engines alike."""

import numpy as np
import pytest

from assistant.embedding import open_embedder
from assistant.embedding.spans import pool_spans

TEXT = "Le budget est de 3 M€. La commission se réunit en mars à Valmont."
SPANS = [(0, 22), (23, len(TEXT))]


def test_only_the_tokens_wholly_inside_a_span_are_pooled():
    tokens = np.eye(4, dtype=np.float32)
    offsets = [(0, 0), (8, 10), (10, 14), (14, 18)]  # a special token, then three words

    pooled = pool_spans(tokens, offsets, [(0, 6), (6, 10), (20, 30)], shift=8)

    assert np.allclose(pooled[0], [0, 2**-0.5, 2**-0.5, 0])
    assert np.allclose(pooled[1], [0, 0, 0, 1])
    assert not pooled[2].any(), "beyond what the model reads: zero, which is like nothing"


@pytest.mark.embedding
def test_both_engines_give_the_same_vectors_of_sentences(models_dir):
    folder = models_dir / "multilingual-e5-small"
    fast, reference = (
        open_embedder(folder, engine).embed_with_parts([TEXT, TEXT[:22]], [SPANS, SPANS[:1]])
        for engine in ("onnx", "sentence-transformers")
    )

    for mine, theirs in zip(fast, reference, strict=True):
        assert mine.parts.shape == theirs.parts.shape
        assert np.all(np.sum(mine.parts * theirs.parts, axis=1) > 0.9999)
        assert mine.whole @ theirs.whole > 0.9999


@pytest.mark.embedding
def test_the_sentence_that_answers_is_the_nearer_one(models_dir):
    embedder = open_embedder(models_dir / "multilingual-e5-small")
    [vectors] = embedder.embed_with_parts([TEXT], [SPANS])

    money = vectors.parts @ embedder.embed_query("Combien d’argent y a-t-il ?")
    place = vectors.parts @ embedder.embed_query("Où se retrouvent les membres ?")

    assert money[0] > money[1]
    assert place[1] > place[0]
