"""The engine of daily use: ONNX Runtime on the export, tokens by ``tokenizers``; no torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
    RuntimeException,
)
from tokenizers import Encoding, Tokenizer

from assistant.embedding.batching import batches_by_length
from assistant.embedding.folder import read_folder, valid_unicode
from assistant.embedding.spans import PassageVectors, Span, pool_spans
from assistant.errors import ModelError, ModelMissing
from assistant.model_files import EXPORT_DIR, EXPORT_FILE, EXPORT_NOTE
from assistant.wording import Words

TOKEN_BUDGET = 1024  # passages per CPU second here: 7.4, against 6.7 at 2048 and 5.4 at 8192
_TOKENIZED_AT_ONCE = 256
_WHOLE, _TOKENS = "sentence_embedding", "token_embeddings"


class OnnxEmbedder:
    """Runs a folder's export, which holds the whole pipeline: encoder, pooling and what follows.

    Safe to share between threads: neither the session nor the tokenizer is changed by use.

    Args:
        folder: The sentence-transformers folder, with ``onnx/model.onnx``.
        threads: Compute threads; by default one per physical core.
        batch_tokens: Tokens of a batch of passages, padding included.

    Raises:
        ModelMissing: The folder, its tokenizer or its export is not there.
        ModelError: The export is damaged.
    """

    def __init__(
        self, folder: Path, *, threads: int | None = None, batch_tokens: int = TOKEN_BUDGET
    ) -> None:
        self.batch_tokens = batch_tokens
        self._folder = read_folder(folder)
        export = folder / EXPORT_DIR / EXPORT_FILE
        tokenizer = folder / "tokenizer.json"
        if not (
            export.is_file() and tokenizer.is_file() and export.with_name(EXPORT_NOTE).is_file()
        ):
            raise ModelMissing(folder.name)
        with ThreadPoolExecutor(1) as beside:  # a quarter of the start, that needs no Python
            session = beside.submit(_session, export, threads)
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._folder.max_tokens)
        self._special = self._tokenizer.num_special_tokens_to_add(False)
        self._pad_id = self._tokenizer.token_to_id(self._folder.pad_token or "") or 0
        try:
            self._session = session.result()
        except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile, RuntimeException) as error:
            raise _unusable(folder.name, str(error)) from error
        self._inputs = {given.name for given in self._session.get_inputs()}
        outputs = {given.name: given for given in self._session.get_outputs()}
        self._dimensions = int(outputs[_WHOLE].shape[-1])
        self._has_parts = self._folder.mean_pooling and _TOKENS in outputs

    @property
    def name(self) -> str:
        """The model's name."""
        return self._folder.name

    @property
    def sha256(self) -> str:
        """The hash of the folder that the export was made from."""
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
        for rows, encoded in self._batches(texts):
            vectors[rows] = self._run(encoded)
        return vectors

    def embed_with_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[PassageVectors]:
        """Vectors of texts and of their spans; see `Embedder.embed_with_parts`."""
        if not self._has_parts:
            none = np.empty((0, self._dimensions), dtype=np.float32)
            return [PassageVectors(whole, none) for whole in self.embed_passages(texts)]
        found: dict[int, PassageVectors] = {}
        shift = len(self._folder.passage_prompt)
        for rows, encoded in self._batches(texts):
            wholes, tokens = self._outputs(encoded, [_WHOLE, _TOKENS])
            for place, row in enumerate(rows):
                parts = pool_spans(
                    tokens[place][: len(encoded[place].ids)],
                    encoded[place].offsets,
                    spans[row],
                    shift,
                )
                found[row] = PassageVectors(_unit(wholes[place : place + 1])[0], parts)
        return [found[row] for row in range(len(texts))]

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """float32[dimensions], L2-normalised."""
        encoded = self._tokenizer.encode(self._folder.as_query(text))
        vector: NDArray[np.float32] = self._run([encoded])[0]
        return vector

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as a passage: prompt and special tokens included, nothing cut."""
        whole = self._tokenizer.encode(self._folder.passage_prompt + valid_unicode(text))
        return len(whole.ids) + sum(len(rest.ids) - self._special for rest in whole.overflowing)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoding]]]:
        """Positions of texts of like length, and their tokens."""
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            some = texts[start : start + _TOKENIZED_AT_ONCE]
            encoded = self._tokenizer.encode_batch([self._folder.as_passage(t) for t in some])
            lengths = [len(encoding.ids) for encoding in encoded]
            for batch in batches_by_length(lengths, token_budget=self.batch_tokens):
                yield [start + place for place in batch], [encoded[place] for place in batch]

    def _run(self, batch: Sequence[Encoding]) -> NDArray[np.float32]:
        return _unit(self._outputs(batch, [_WHOLE])[0])

    def _outputs(
        self, batch: Sequence[Encoding], names: Sequence[str]
    ) -> list[NDArray[np.float32]]:
        width = max(len(encoding.ids) for encoding in batch)
        ids = np.full((len(batch), width), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.int64)
        for row, encoding in enumerate(batch):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        outputs: list[NDArray[np.float32]] = self._session.run(
            list(names), {name: value for name, value in feed.items() if name in self._inputs}
        )
        return outputs


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """L2-normalised: not every pipeline ends so, and once more costs nothing."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: NDArray[np.float32] = vectors / np.maximum(norms, np.float32(1e-12))
    return result


def _session(export: Path, threads: int | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = threads or 0
    # the language model computes beside it: a thread that spins takes the core it waits for
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = False  # lengths vary: a plan per shape only takes memory
    return onnxruntime.InferenceSession(str(export), options, providers=["CPUExecutionProvider"])


def _unusable(name: str, why: str) -> ModelError:
    return ModelError(
        Words(
            f"L’export du modèle « {name} » ne se charge pas : {why[:200]}",
            f"The export of the model {name!r} does not load: {why[:200]}",
        ),
        remedy=Words(
            f"Supprimez son dossier onnx/ puis lancez « assistant models fetch {name} ».",
            f"Delete its onnx/ folder, then run `assistant models fetch {name}`.",
        ),
    )
