"""A corpus of any size: French-like texts, and vectors around common topics. Fixed seeds.

The words are those of the gold files with their elisions, figures and capitals, the commonest
first, drawn by the Zipf-Mandelbrot law; so a question finds its own words, rare and common ones,
in passages of which none answers it. Each document is drawn from its own number: a corpus of
10,000 passages is the beginning of one of a million.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from assistant.records import Block, Document, DocumentKind, Locator, Passage, Role
from benchmarks.sheets import HERE

Vectors = NDArray[np.float32]

D, PER_DOCUMENT = 384, 50
_TOPICS = 400
_SEED = 7
_SENTENCES = (3, 8)  # of a passage, end exclusive: 5 on average
_WORDS = 30  # of a sentence
_SHIFT = 2.7  # Mandelbrot's: the first ranks are less far apart than Zipf has them
_KINDS = (
    *(DocumentKind.HEARING, DocumentKind.MINUTES, DocumentKind.REPORT, DocumentKind.NOTE),
    *(DocumentKind.REPORT, DocumentKind.HEARING, DocumentKind.DELIBERATION, DocumentKind.OPINION),
)
_PROSE = ("question", "quote", "claim", "sentence")


def topics(generator: np.random.Generator) -> Vectors:
    """400 of them, float32[400, 384], in no way normalised."""
    return generator.standard_normal((_TOPICS, D), dtype=np.float32)


def around(generator: np.random.Generator, centres: Vectors, some: int) -> Vectors:
    """Unit vectors, float32[some, 384], each near a topic drawn for it."""
    noise = generator.standard_normal((some, D), dtype=np.float32)
    return _unit(centres[generator.integers(0, len(centres), some)] + 0.8 * noise)


def synthetic(
    generator: np.random.Generator, count: int, questions: int
) -> tuple[Vectors, Vectors]:
    """Passages and questions as unit vectors around common topics, float32[n, 384]."""
    centres = topics(generator)
    return around(generator, centres, count), around(generator, centres, questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A document as its reading, cutting and embedding would give it.

    ``vectors`` is float32[n, 384], ``sentences`` one float32[s, 384] for each of the n passages.
    """

    document: Document
    text: str
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors
    sentences: tuple[Vectors, ...]


def metadata(number: int, title: str) -> Document:
    """The metadata of a document: five collections, seven kinds, ten years."""
    name = f"document-{number}"
    return Document(
        document_id=name,
        path=f"{name}.md",
        sha256=name,
        format="markdown",
        title=title,
        date=date(2016, 1, 1) + timedelta(days=number * 37 % 3650),
        kind=_KINDS[number % len(_KINDS)],
        collection=f"collection-{number * 7 // 3 % 5}",
    )


def speaker_of(number: int) -> str | None:
    """Who speaks in a document: one of 200 people, in hearings only."""
    hearing = _KINDS[number % len(_KINDS)] is DocumentKind.HEARING
    return f"Intervenant {number % 200}" if hearing else None


def vocabulary() -> list[str]:
    """The words of the gold files, the commonest first: 6,900 of them."""
    counts: Counter[str] = Counter()
    for path in sorted((HERE / "gold").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts = [row[name] for name in _PROSE if isinstance(row.get(name), str)]
            for text in (*texts, *row.get("quotes", ())):
                counts.update(word.strip("«».,;:!?()") for word in text.split())
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in ranked if any(map(str.isalnum, word))]


def corpus(passages: int) -> Iterator[Written]:
    """Documents of 50 passages of about 150 words; the last one may have fewer."""
    words = np.array(vocabulary(), dtype=object)
    law = np.cumsum(1 / (np.arange(len(words)) + 1 + _SHIFT))
    centres = topics(np.random.default_rng(_SEED))
    for number in range(-(-passages // PER_DOCUMENT)):
        generator = np.random.default_rng((_SEED, number))
        lengths = generator.integers(*_SENTENCES, PER_DOCUMENT)
        drawn = generator.random((int(lengths.sum()), _WORDS))
        said = [" ".join(line) + "." for line in words[np.searchsorted(law / law[-1], drawn)]]
        vectors = around(generator, centres, PER_DOCUMENT)
        noise = generator.standard_normal((len(said), D), dtype=np.float32)
        parts = _unit(np.repeat(vectors, lengths, axis=0) + 0.5 / D**0.5 * noise)
        ends = np.cumsum(lengths)[: passages - number * PER_DOCUMENT].tolist()
        yield _written(number, said, ends, vectors, parts)


def _written(
    number: int, said: list[str], ends: list[int], vectors: Vectors, parts: Vectors
) -> Written:
    """A document whose passages are the sentences up to each end."""
    document = metadata(number, " ".join(said[0].split()[:6]))
    begins = [0, *ends[:-1]]
    texts = [" ".join(said[a:b]) for a, b in zip(begins, ends, strict=True)]
    locator = Locator(section=document.title, speaker=speaker_of(number))
    passages, blocks, start = [], [], 0
    for text in texts:
        end = start + len(text)
        blocks.append(Block(start=start, end=end, role=Role.BODY, locator=locator))
        passages.append(
            Passage(
                passage_id=f"{document.document_id}:{start}",
                document_id=document.document_id,
                text=text,
                start=start,
                end=end,
                locator=locator,
                context=f"{document.title}\n{locator.speaker or ''}",
            )
        )
        start = end + 1
    return Written(
        document=document,
        text="\n".join(texts),
        blocks=tuple(blocks),
        passages=tuple(passages),
        vectors=vectors[: len(ends)],
        sentences=tuple(parts[a:b] for a, b in zip(begins, ends, strict=True)),
    )


def _unit(vectors: Vectors) -> Vectors:
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found
