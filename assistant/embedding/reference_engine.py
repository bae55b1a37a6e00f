"""The reference: sentence-transformers on torch, from a local folder and never from a network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.embedding.batching import batches_by_length
from assistant.embedding.folder import read_folder, valid_unicode
from assistant.embedding.spans import PassageVectors, Span, pool_spans

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TOKEN_BUDGET = 1024  # passages per CPU second here: 6.9, against 6.7 at 2048 and 6.1 at 4096


class SentenceTransformersEmbedder:
    """Runs the folder itself; slow to start, needs torch, uses a GPU where there is one.

    Args:
        folder: A sentence-transformers folder with safetensors weights.
        threads: torch's compute threads, which are those of the whole process.

    Raises:
        ModelMissing: The folder is not there.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self._folder = read_folder(folder)
        if threads:
            import torch

            torch.set_num_threads(threads)
        self.model = load_reference(folder)
        self.model.max_seq_length = self._folder.max_tokens
        self._dimensions = int(self._encode([self._folder.as_query("?")]).shape[1])

    @property
    def name(self) -> str:
        """The model's name."""
        return self._folder.name

    @property
    def sha256(self) -> str:
        """The folder's hash."""
        return self._folder.sha256

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._dimensions

    @property
    def max_tokens(self) -> int:
        """Tokens that the model reads."""
        return self._folder.max_tokens

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32[n, dimensions], L2-normalised, in the order of ``texts``."""
        vectors = np.empty((len(texts), self._dimensions), dtype=np.float32)
        prompted = [self._folder.as_passage(text) for text in texts]
        lengths = [min(self._count(text), self.max_tokens) for text in prompted]
        for batch in batches_by_length(lengths, token_budget=TOKEN_BUDGET):
            vectors[batch] = self._encode([prompted[position] for position in batch])
        return vectors

    def embed_with_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[PassageVectors]:
        """Vectors of texts and of their spans; see `Embedder.embed_with_parts`."""
        wholes = self.embed_passages(texts)
        if not self._folder.mean_pooling:
            none = np.empty((0, self._dimensions), dtype=np.float32)
            return [PassageVectors(whole, none) for whole in wholes]
        shift = len(self._folder.passage_prompt)
        found = []
        for text, whole, some in zip(texts, wholes, spans, strict=True):
            prompted = self._folder.as_passage(text)
            offsets = self.model.tokenizer(
                prompted, truncation=True, max_length=self.max_tokens, return_offsets_mapping=True
            )["offset_mapping"]
            tokens = self.model.encode(
                prompted, output_value="token_embeddings", show_progress_bar=False
            )
            parts = pool_spans(tokens.float().cpu().numpy(), offsets, some, shift)
            found.append(PassageVectors(whole, parts))
        return found

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """float32[dimensions], L2-normalised."""
        vector: NDArray[np.float32] = self._encode([self._folder.as_query(text)])[0]
        return vector

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as a passage: prompt and special tokens included, nothing cut."""
        return self._count(self._folder.passage_prompt + valid_unicode(text))

    def _count(self, text: str) -> int:
        return len(self.model.tokenizer(text, truncation=False, verbose=False)["input_ids"])

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self.model.encode(
            list(texts),
            batch_size=len(texts),
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def load_reference(folder: Path) -> SentenceTransformer:
    """Load a folder offline and quietly; the libraries read these variables when imported."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"):
        os.environ[variable] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()  # an encoder without its unused pooler is reported at length
    logging.disable_progress_bar()
    model = SentenceTransformer(
        str(folder),
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True},
    )
    return model.eval()
