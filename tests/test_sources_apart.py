"""Native libraries meet hostile bytes in a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import DocumentNotFound, EgressRefused, UnreadableDocument
from assistant.reading.pdf.apart import in_process_apart
from assistant.reading.pdf.page import page_image
from assistant.wording import Words
from tests.conftest import REPOSITORY


def crash(path: Path, code: int) -> None:
    os._exit(code)


def segfault() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def stall() -> None:
    while True:
        pass


def stall_in_native_code() -> None:
    import ctypes

    ctypes.PyDLL(None).sleep(60)  # keeps the interpreter's lock, as a library may


def swell() -> None:
    bytearray(8 << 30)


def refuse() -> None:
    raise DocumentNotFound(Words("rien", "nothing"), remedy=Words("cherchez", "look"))


def call_out() -> None:
    import socket

    socket.create_connection(("198.51.100.7", 80), timeout=1)


def heavy_modules() -> list[str]:
    heavy = ("torch", "transformers", "gradio", "chromadb", "assistant.workspace", "onnxruntime")
    return [name for name in heavy if name in sys.modules]


def asleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def here() -> int:
    return in_process_apart(os.getpid, timeout_s=10)


def test_calls_share_one_warm_process_that_is_not_ours() -> None:
    first, began = here(), time.monotonic()

    assert here() == first != os.getpid()
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("code", [1, 9, 139])
def test_a_crash_is_a_document_error_and_the_next_call_works(code: int) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        in_process_apart(crash, Path("/corpus/délib.pdf"), code, timeout_s=10)

    assert "délib.pdf" in caught.value.message.fr
    assert "/corpus" not in caught.value.message.fr
    assert caught.value.remedy.fr
    assert here() != os.getpid()


def test_a_segmentation_fault_is_a_document_error() -> None:
    with pytest.raises(UnreadableDocument):
        in_process_apart(segfault, timeout_s=10)
    assert here()


@pytest.mark.parametrize("endless", [stall, stall_in_native_code])
def test_what_never_ends_is_stopped_and_the_next_call_works(endless: object) -> None:
    here()
    began = time.monotonic()
    with pytest.raises(UnreadableDocument) as caught:
        in_process_apart(endless, timeout_s=0.5)  # type: ignore[arg-type]

    assert time.monotonic() - began < 3
    assert "arrêté" in caught.value.message.fr
    assert here()


def test_memory_is_bounded() -> None:
    with pytest.raises(UnreadableDocument, match="mémoire"):
        in_process_apart(swell, timeout_s=10)
    assert here()


def test_an_error_of_the_program_comes_back_as_it_is() -> None:
    process = here()
    with pytest.raises(DocumentNotFound) as caught:
        in_process_apart(refuse, timeout_s=10)

    assert caught.value.remedy.fr == "cherchez"
    assert here() == process


def test_nothing_leaves_from_there() -> None:
    with pytest.raises(EgressRefused):
        in_process_apart(call_out, timeout_s=10)


def test_it_stays_light() -> None:
    assert in_process_apart(heavy_modules, timeout_s=10) == []


def test_a_process_that_was_killed_while_idle_is_replaced() -> None:
    process = here()
    os.kill(process, signal.SIGKILL)
    time.sleep(0.5)

    assert here() != process


def test_threads_take_turns() -> None:
    here()
    done: list[float] = []
    threads = [
        threading.Thread(target=lambda: done.append(in_process_apart(asleep, 0.3, timeout_s=0.8)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done == [0.3] * 4  # the last one waited longer than its own time, for its turn


def test_a_picture_comes_back_whole() -> None:
    path = REPOSITORY / "corpus" / "notes" / "note-budget-srdia-2025-09.pdf"

    apart = in_process_apart(page_image, path, 1, 0.5, timeout_s=20)

    assert apart.tobytes() == page_image(path, 1, 0.5).tobytes()


_PROGRAM = """
import multiprocessing, os, sys, threading, time
from assistant.reading.pdf.apart import in_process_apart
from tests.test_sources_apart import stall

if __name__ == "__main__":
    assert multiprocessing.active_children() == []
    print(in_process_apart(os.getpid, timeout_s=10), flush=True)
    if "busy" in sys.argv:
        call = lambda: in_process_apart(stall, timeout_s=300)
        threading.Thread(target=call, daemon=True).start()
        time.sleep(0.5)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_it_starts_at_its_first_use_and_ends_with_the_program(tmp_path: Path, state: str) -> None:
    (tmp_path / "program.py").write_text(_PROGRAM, encoding="utf-8")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py"), state],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )

    assert time.monotonic() - began < 10
    assert not alive(int(done.stdout))


def alive(process: int) -> bool:
    """True when a process runs; one that ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return False
    return state[0] != "Z"


def test_importing_it_starts_nothing() -> None:
    code = "import assistant.reading.pdf.apart, multiprocessing as m, threading as t; "
    code += "assert not m.active_children() and t.active_count() == 1"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30, cwd=REPOSITORY)
