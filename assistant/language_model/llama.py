"""llama.cpp through its C interface: only what a cited reply needs.

The high-level class of llama-cpp-python keeps a score matrix of hundreds of
megabytes and cannot keep one sequence's state; the C calls can, so they are
wrapped here, thinly, and nowhere else.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.language_model.reply import Message
from assistant.language_model.running import Running
from assistant.wording import Words

SEQUENCE = 0
_LESS = 5  # steps of niceness: a third of what a search gets, on a processor that both want


class Llama:
    """One GGUF file, loaded, with one context of one sequence. Not safe between threads.

    It computes on a thread of its own, whoever asks, which gives way to the rest of the program: a
    search beside a long answer stays short, and the answer is hardly longer.

    Args:
        path: The GGUF file.
        context_tokens: Size of the context.
        running: Threads, batches, attention.
    """

    running: Running
    length: int  # tokens in the context
    _context: Any
    _memory: Any
    _thread: ThreadPoolExecutor

    def __init__(self, path: Path, *, context_tokens: int, running: Running) -> None:
        _quiet()
        llama_cpp.llama_backend_init()
        self._thread = ThreadPoolExecutor(1, "llama", initializer=_give_way)
        model_params = llama_cpp.llama_model_default_params()
        # read, not mapped: llama.cpp keeps the weights anew, packed for its kernels, and the mapped
        # file would stay in memory beside them (1.8 GB instead of 1.2 with the default model)
        model_params.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
        self._model = llama_cpp.llama_model_load_from_file(bytes(path), model_params)
        if not self._model:
            raise _cannot("charger", "load", path.name)
        self._name = path.name
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._hidden = int(llama_cpp.llama_model_n_embd(self._model))
        self._words = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        self.context_tokens = context_tokens
        self._open(running)

    def renew(self, running: Running) -> None:
        """Begin an empty context with other settings; the weights stay loaded."""
        llama_cpp.llama_free(self._context)
        self._context = None
        self._open(running)

    def _open(self, running: Running) -> None:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = self.context_tokens
        params.n_batch, params.n_ubatch = running.batch_tokens, running.micro_batch_tokens
        params.n_threads, params.n_threads_batch = running.threads, running.prefill_threads
        if not running.flash_attention:  # else llama.cpp's own choice: wherever it has it
            params.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        params.n_seq_max = 1
        params.pooling_type = llama_cpp.LLAMA_POOLING_TYPE_NONE
        self._context = llama_cpp.llama_init_from_model(self._model, params)
        if not self._context:
            raise _cannot("préparer", "prepare", self._name)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self.running = running
        self.length = 0
        self._keeps_hidden = False

    @property
    def batch_tokens(self) -> int:
        """Tokens evaluated between two chances to stop."""
        return self.running.batch_tokens

    def use_threads(self, threads: int, prefill_threads: int) -> None:
        """Compute with so many threads from here on: for writing, and for reading."""
        llama_cpp.llama_set_n_threads(self._context, threads, prefill_threads)

    def tokens(self, text: str, *, control: bool) -> list[int]:
        """Tokenize; control tokens are read as such only where ``control`` is true."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self._vocab, raw, len(raw), buffer, room, False, control)
        return list(buffer[: max(0, count)])

    def piece(self, token: int) -> bytes:
        """The bytes of one token; part of a character at times."""
        buffer = (ctypes.c_char * 256)()
        count = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, 256, 0, False)
        return bytes(buffer.raw[: max(0, count)])

    def ends(self, token: int) -> bool:
        """True for a token that ends a turn."""
        return bool(llama_cpp.llama_vocab_is_eog(self._vocab, token))

    def chat(self, messages: Sequence[Message]) -> str:
        """Render a conversation by the model's own template, ready for the assistant's turn."""
        template = llama_cpp.llama_model_chat_template(self._model, None)
        turns = (llama_cpp.llama_chat_message * len(messages))(
            *(llama_cpp.llama_chat_message(m.role.encode(), m.text.encode()) for m in messages)
        )
        room = 4096 + 4 * sum(len(m.text.encode()) for m in messages)
        buffer = ctypes.create_string_buffer(room)
        count = llama_cpp.llama_chat_apply_template(
            template, turns, len(messages), True, buffer, room
        )
        if not 0 < count <= room:
            raise _cannot("lire le gabarit de dialogue de", "read the chat template of", "GGUF")
        return buffer.raw[:count].decode("utf-8")

    def evaluate(self, tokens: Sequence[int], *, hidden: bool = False) -> None:
        """Append at most ``batch_tokens`` tokens to the context.

        With ``hidden`` the last layer can be read afterwards; llama.cpp then computes the outputs
        of every token instead of the last one's, which takes a sixth longer.
        """
        if hidden is not self._keeps_hidden:
            llama_cpp.llama_set_embeddings(self._context, hidden)
            self._keeps_hidden = hidden
        batch = (llama_cpp.llama_token * len(tokens))(*tokens)
        given = llama_cpp.llama_batch_get_one(batch, len(tokens))
        computed = self._thread.submit(llama_cpp.llama_decode, self._context, given)
        try:
            status = computed.result()
        finally:
            wait((computed,))  # Ctrl-C comes in between: nothing computes on what is changed next
        if status != 0:
            raise _cannot("faire répondre", "get a reply from", f"llama_decode {status}")
        self.length += len(tokens)

    def logits(self) -> NDArray[np.float32]:
        """float32[vocabulary] after the last token evaluated; a view, valid until the next one."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._words,))

    def hidden(self) -> NDArray[np.float32]:
        """float32[d]: a copy of the last hidden layer after the last token, if it was kept."""
        pointer = llama_cpp.llama_get_embeddings_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._hidden,)).copy()

    def forget_after(self, length: int) -> None:
        """Keep only the first ``length`` tokens of the context."""
        llama_cpp.llama_memory_seq_rm(self._memory, SEQUENCE, length, -1)
        self.length = length

    def state(self) -> bytes:
        """The evaluated context, as bytes that ``restore`` takes."""
        size = llama_cpp.llama_state_seq_get_size(self._context, SEQUENCE)
        buffer = (ctypes.c_uint8 * size)()
        written = llama_cpp.llama_state_seq_get_data(self._context, buffer, size, SEQUENCE)
        return bytes(memoryview(buffer)[:written])

    def restore(self, state: bytes, length: int) -> bool:
        """Take a kept state of ``length`` tokens; False when llama.cpp refuses it."""
        self.forget_after(0)
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        taken = llama_cpp.llama_state_seq_set_data(self._context, buffer, len(state), SEQUENCE)
        if not taken:
            self.forget_after(0)
            return False
        self.length = length
        return True

    def close(self) -> None:
        """Free the context and the weights."""
        if self._context:
            llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)
        self._thread.shutdown()


def _give_way() -> None:
    """Ask for less of a processor that others want too; threads that this one starts do so, too."""
    with suppress(OSError, AttributeError):  # not Linux: no thread has a priority of its own
        mine = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, mine, os.getpriority(os.PRIO_PROCESS, mine) + _LESS)


def _cannot(fr: str, en: str, what: str) -> ModelError:
    return ModelError(
        Words(
            f"Impossible de {fr} le modèle de langue : {what}.", f"Cannot {en} the model: {what}."
        ),
        remedy=Words(
            "Lancez « assistant models verify », puis « assistant doctor ».",
            "Run `assistant models verify`, then `assistant doctor`.",
        ),
    )


def _ignore(level: int, text: bytes, data: Any) -> None:
    """llama.cpp writes pages of detail to stderr; errors come back as return values too."""


_IGNORE = llama_cpp.llama_log_callback(_ignore)  # kept alive: C holds no reference to it


def _quiet() -> None:
    llama_cpp.llama_log_set(_IGNORE, ctypes.c_void_p(0))
