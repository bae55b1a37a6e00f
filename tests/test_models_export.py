"""An administrator's own embedding model: a small real one, made here, exported and checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding import open_embedder
from assistant.errors import ModelCorrupt, ModelFetchFailed
from assistant.model_files import sha256_of
from assistant.model_manifest import is_installed, load_manifest, path_of, verify
from assistant.provisioning import add, fetch, onnx_export
from assistant.provisioning.probe_texts import PROBE_TEXTS

pytestmark = pytest.mark.embedding

PAD = 3


@pytest.fixture(scope="module")
def home_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A RoBERTa of two layers with CLS pooling: other inputs and other padding than e5."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import RobertaConfig, RobertaModel

    folder = tmp_path_factory.mktemp("home") / "Maison"
    words = sorted({word for text in PROBE_TEXTS for word in text.split()})
    vocabulary = {"<s>": 0, "</s>": 1, "<unk>": 2, "<pad>": PAD} | {
        word: number for number, word in enumerate(words, start=4)
    }
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    torch.manual_seed(7)
    config = RobertaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=140,
        pad_token_id=PAD,
        type_vocab_size=1,
    )
    RobertaModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    contents = {
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "model_max_length": 128,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": 32,
            "pooling_mode_cls_token": True,
            "pooling_mode_mean_tokens": False,
        },
    }
    (folder / "1_Pooling").mkdir()
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "evil.py").write_text("raise SystemExit", encoding="utf-8")
    return folder


def test_a_folder_is_taken_in_exported_and_served_by_both_engines(home_made, tmp_path):
    models = tmp_path / "models"

    model = add(home_made, models)

    assert load_manifest(models).get("maison") == model
    verify(model, models)
    folder = path_of(model, models)
    assert not (folder / "evil.py").exists()
    onnx = open_embedder(folder)
    reference = open_embedder(folder, "sentence-transformers")
    assert onnx.sha256 == reference.sha256 == model.sha256
    assert onnx.dimensions == reference.dimensions == 32
    assert onnx.max_tokens == 128
    ours, theirs = onnx.embed_passages(PROBE_TEXTS), reference.embed_passages(PROBE_TEXTS)
    assert np.sum(ours * theirs, axis=1).min() > 0.9999
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)  # it has no Normalize

    damaged = bytearray((folder / "onnx" / "model.onnx").read_bytes())
    damaged[-1] ^= 1
    (folder / "onnx" / "model.onnx").write_bytes(damaged)
    with pytest.raises(ModelCorrupt):
        verify(model, models)


def test_a_lost_export_is_made_again_and_the_linked_model_is_left_as_it_is(home_made, tmp_path):
    models = tmp_path / "models"
    before = sha256_of(home_made)
    model = add(home_made, models, link=True)
    folder = path_of(model, models)
    assert (folder / "model.safetensors").is_symlink()
    shutil.rmtree(folder / "onnx")
    assert not is_installed(model, models)

    fetch(model, models)

    verify(model, models)
    assert sha256_of(home_made) == before
    assert not (home_made / "onnx").exists()


def test_an_export_that_is_not_faithful_is_refused_and_leaves_nothing(
    home_made, tmp_path, monkeypatch
):
    monkeypatch.setattr(onnx_export, "LEAST_COSINE", 1.1)  # no export can be that good

    with pytest.raises(ModelFetchFailed, match="fidèle"):
        add(home_made, tmp_path / "models")

    assert load_manifest(tmp_path / "models").models == load_manifest(tmp_path).models
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".parts"]
