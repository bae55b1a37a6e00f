"""What a sentence-transformers folder says of its model: prompts, limits, hash."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelMissing
from assistant.model_files import EXPORT_DIR, EXPORT_NOTE, sha256_of

_LONGEST_PIECE = 64  # characters; a token that long is no word of any language


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingFolder:
    """The facts that both engines share, so that they read the same tokens."""

    path: Path
    name: str
    sha256: str
    query_prompt: str
    passage_prompt: str
    max_tokens: int
    pad_token: str | None
    mean_pooling: bool

    def as_query(self, text: str) -> str:
        """The question as the model reads it."""
        return self.query_prompt + self._bounded(text)

    def as_passage(self, text: str) -> str:
        """The passage as the model reads it."""
        return self.passage_prompt + self._bounded(text)

    def _bounded(self, text: str) -> str:
        """Well-formed text, no longer than what could matter (a megabyte of it costs seconds)."""
        return valid_unicode(text[: self.max_tokens * _LONGEST_PIECE])


def valid_unicode(text: str) -> str:
    """``text`` with lone surrogates replaced: a tokenizer refuses them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_folder(path: Path) -> EmbeddingFolder:
    """Read the folder's configuration; its hash comes from the export's note when there is one.

    Raises:
        ModelMissing: The folder is not there, or is no sentence-transformers folder.
    """
    if not (path / "modules.json").is_file():
        raise ModelMissing(path.name)
    prompts = _object(path / "config_sentence_transformers.json").get("prompts")
    if not isinstance(prompts, dict):
        prompts = {}
    tokenizer = _object(path / "tokenizer_config.json")
    limit = _object(path / "sentence_bert_config.json").get("max_seq_length")
    limit = limit or tokenizer.get("model_max_length")
    pad = tokenizer.get("pad_token")
    if isinstance(pad, dict):
        pad = pad.get("content")
    noted = _object(path / EXPORT_DIR / EXPORT_NOTE).get("source_sha256")
    return EmbeddingFolder(
        path=path,
        name=path.name,
        sha256=noted if isinstance(noted, str) else sha256_of(path),
        query_prompt=str(prompts.get("query", "")),
        passage_prompt=str(prompts.get("passage", prompts.get("document", ""))),
        max_tokens=limit if isinstance(limit, int) and 8 <= limit <= 32_768 else 512,
        pad_token=pad if isinstance(pad, str) else None,
        mean_pooling=_pools_by_mean(path),
    )


def _pools_by_mean(path: Path) -> bool:
    """True when a text's vector is the mean of its tokens' vectors, so that a part has one too."""
    for config in path.glob("*_Pooling/config.json"):
        said = _object(config)
        return said.get("pooling_mode") == "mean" or said.get("pooling_mode_mean_tokens") is True
    return False


def _object(path: Path) -> dict[str, object]:
    """A JSON object; empty when the file is absent or holds something else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
