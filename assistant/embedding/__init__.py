"""Texts to vectors: one Protocol, two real engines on the same model.

ONNX Runtime serves in daily use (it starts in about two seconds and needs no torch);
sentence-transformers is the reference that the export is checked against.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.embedding.spans import PassageVectors, Span

Engine = Literal["onnx", "sentence-transformers"]

__all__ = ["Embedder", "Engine", "PassageVectors", "Span", "open_embedder"]


class Embedder(Protocol):
    """Turns texts into unit vectors; the model's own prompts are added inside."""

    @property
    def name(self) -> str:
        """The model's name: that of its folder."""

    @property
    def sha256(self) -> str:
        """The model's hash; the same for both engines, so that either serves one index."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens that the model reads; what exceeds them is cut at the end."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32[n, dimensions], L2-normalised, in the order of ``texts``."""

    def embed_with_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[PassageVectors]:
        """The same vectors, and one for each span of each text, from the same forward pass."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """float32[dimensions], L2-normalised."""

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as a passage: prompt and special tokens included, nothing cut."""


def open_embedder(
    folder: Path,
    engine: Engine = "onnx",
    threads: int | None = None,
    batch_tokens: int | None = None,
) -> Embedder:
    """Load the model of a folder that ``models fetch`` or ``models add`` made.

    Args:
        folder: A sentence-transformers folder with its checked export in ``onnx/``.
        engine: Which of the two runs it.
        threads: How many compute threads; by default the engine decides.
        batch_tokens: Tokens of a batch of passages; by default the engine's own figure, which
            sentence-transformers always takes.

    Raises:
        ModelMissing: The folder or its export is not there, or cannot be loaded.
    """
    if engine == "onnx":
        from assistant.embedding.onnx_engine import TOKEN_BUDGET, OnnxEmbedder

        return OnnxEmbedder(folder, threads=threads, batch_tokens=batch_tokens or TOKEN_BUDGET)
    from assistant.embedding.reference_engine import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(folder, threads=threads)
