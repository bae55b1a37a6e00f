"""LlamaIndex CitationQueryEngine, run by `benchmarks.speed_peer` in an environment of its own.

One JSON object a line on stdin says what to do, one a line on stdout what came of it. The
language model, the embedding model and the vector store are those of the assistant, all else is
LlamaIndex's default; what departs from it favours LlamaIndex: as many threads as the assistant
(llama-cpp-python takes half the cores) and the model's own chat template.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from types import FrameType
from typing import Any

import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.llms.llama_cpp import LlamaCPP
from llama_index.vector_stores.chroma import ChromaVectorStore

_CITED = re.compile(r"\[\d+\]")
_PACKAGES = ("llama-index-core", "llama-cpp-python", "sentence-transformers", "torch", "chromadb")
_OUTSIDE = ("socket.connect", "socket.getaddrinfo")


class Peer:
    """The models loaded; an index once `ingest` was asked for."""

    def __init__(self, embedding: str, language: str | None, threads: int) -> None:
        self._embedding = HuggingFaceEmbedding(
            model_name=embedding,
            device="cpu",
            query_instruction="query: ",
            text_instruction="passage: ",
        )
        self._embedding.get_query_embedding("échauffement")
        self._language = None if language is None else _language_model(language, threads)
        self._index: VectorStoreIndex | None = None

    def ingest(self, folder: str, documents: Sequence[dict[str, str]]) -> dict[str, Any]:
        """Texts to an index in a new folder; reading the files is not in, they come as text."""
        client = chromadb.PersistentClient(
            path=folder, settings=chromadb.Settings(anonymized_telemetry=False)
        )
        texts = [Document(text=d["text"], metadata={"file_name": d["path"]}) for d in documents]
        begin, cpu_s = time.perf_counter(), time.process_time()
        collection = client.create_collection("peer")
        store = ChromaVectorStore(chroma_collection=collection)
        self._index = VectorStoreIndex.from_documents(
            texts,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=self._embedding,
        )
        seconds, cpu_s = time.perf_counter() - begin, time.process_time() - cpu_s
        chunks = collection.get(include=["documents"])["documents"] or []
        return {
            "seconds": seconds,
            "cpu_s": cpu_s,
            "chunks": len(chunks),
            "characters": sum(map(len, chunks)),
            "read_characters": sum(map(self._read, chunks)),
        }

    def retrieve(self, question: str) -> dict[str, Any]:
        """Seconds of its default retriever."""
        begin = time.perf_counter()
        self._asked().as_retriever().retrieve(question)
        return {"seconds": time.perf_counter() - begin}

    def ask(self, question: str, limit_s: float) -> dict[str, Any]:
        """One answer, streamed; what was written until then when it takes too long."""
        engine = CitationQueryEngine.from_args(self._asked(), llm=self._language, streaming=True)
        found: dict[str, Any] = {"first_token_s": None, "stopped": False}
        pieces: list[str] = []
        signal.setitimer(signal.ITIMER_REAL, limit_s)
        begin = time.perf_counter()
        try:
            response = engine.query(question)
            for piece in response.response_gen:
                if piece and found["first_token_s"] is None:
                    found["first_token_s"] = time.perf_counter() - begin
                pieces.append(piece)
        except TimeoutError:
            found["stopped"] = True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        text = "".join(pieces).strip()
        evaluated = self._language._model.n_tokens if self._language is not None else 0
        return {
            **found,
            "total_s": time.perf_counter() - begin,
            "text": text,
            "marks": len(_CITED.findall(text)),
            "generated": len(pieces),
            "context_tokens": evaluated,  # prompt and reply
        }

    def _asked(self) -> VectorStoreIndex:
        if self._index is None:
            raise RuntimeError("nothing is ingested")
        return self._index

    def _read(self, text: str) -> int:
        """Characters of a chunk that the embedding model reads before it cuts."""
        model = self._embedding._model
        shift = len("passage: ")
        offsets = model.tokenizer(
            f"passage: {text}",
            truncation=True,
            max_length=model.max_seq_length,
            return_offsets_mapping=True,
        )["offset_mapping"]
        return max(end for _, end in offsets) - shift


def _language_model(path: str, threads: int) -> LlamaCPP:
    def whole(text: str) -> str:
        return f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"

    model = LlamaCPP(
        model_path=path,
        completion_to_prompt=whole,
        messages_to_prompt=lambda messages: whole("\n".join(str(m.content) for m in messages)),
        model_kwargs={"n_threads": threads, "n_threads_batch": threads, "seed": 0},
        verbose=False,
    )
    model._model(prompt="Bonjour", max_tokens=1)  # the weights are in memory
    return model


def _no_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _OUTSIDE:
        raise PermissionError(f"no network here: {event}")


def _too_long(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError


def main() -> int:
    """Answer orders until stdin ends; libraries that print do so on stderr."""
    sys.addaudithook(_no_network)
    signal.signal(signal.SIGALRM, _too_long)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    peer: Peer | None = None
    for line in sys.stdin:
        order = json.loads(line)
        do = order.pop("do")
        if do == "load":
            peer = Peer(**order)
            found: dict[str, Any] = {name: version(name) for name in _PACKAGES}
        else:
            found = getattr(peer, do)(**order)
        print(json.dumps(found, ensure_ascii=False), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
