"""One warm process in which native libraries meet hostile bytes, for whoever shows a page.

Showing a page must be quick, and pdfium must not take the interface down with it.
So one confined process starts at the first call, stays for the life of the program,
and is replaced when it dies or exceeds its time.
"""

from __future__ import annotations

import atexit
import multiprocessing
import signal
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from pebble import ProcessExpired, ProcessPool

from assistant.errors import AssistantError, UnreadableDocument
from assistant.reading.isolated import confine
from assistant.reading.pdf.opening import shown_name
from assistant.wording import Words

_START_S = 60.0  # for the process to start, on a machine that is busy
_GRACE_S = 5.0

_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")


def in_process_apart(
    function: Callable[[*_Arguments], _Result],
    *args: *_Arguments,
    timeout_s: float,
) -> _Result:
    """Call ``function(*args)`` in the process apart; calls of several threads take turns.

    Args:
        function: Found by its module and name; arguments and result can be pickled.
        args: Its arguments; a ``Path`` among them names the document in errors.
        timeout_s: For this call, from its turn on; the start of the process comes on top.

    Raises:
        AssistantError: What the function itself raised.
        UnreadableDocument: The process crashed, needed too much memory, or was stopped
            after ``timeout_s`` seconds; the next call gets a new process.
    """
    try:
        return _process.call(function, args, timeout_s)
    except AssistantError:
        raise
    except FutureTimeout:
        why = Words(f"arrêté après {timeout_s:.0f} s", f"stopped after {timeout_s:.0f} s")
    except (ProcessExpired, BrokenProcessPool) as error:
        code = getattr(error, "exitcode", "?")
        why = Words(f"arrêt brutal du lecteur (code {code})", f"the reader crashed (code {code})")
    except MemoryError:
        why = Words("trop de mémoire nécessaire", "too much memory needed")
    except OSError as error:
        why = Words(f"fichier illisible ({error.strerror})", f"cannot be read ({error.strerror})")
    name = next((shown_name(one) for one in args if isinstance(one, Path)), function.__name__)
    raise UnreadableDocument(
        Words(f"« {name} » : {why.fr}.", f"{name!r}: {why.en}."),
        remedy=Words(
            "Réessayez ; si cela se répète, ouvrez le fichier et enregistrez-le à nouveau, "
            "ou retirez-le du corpus.",
            "Try again; if it happens again, open the file and save it again, or take it out "
            "of the corpus.",
        ),
    )


class _Process:
    """The process, and whose turn it is."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._pool: ProcessPool | None = None

    def call(
        self,
        function: Callable[[*_Arguments], _Result],
        args: tuple[*_Arguments],
        timeout_s: float,
    ) -> _Result:
        with self._turn:
            future = self._ready().schedule(
                _within, args=(timeout_s + _GRACE_S, function, args), timeout=timeout_s
            )
            try:
                result: _Result = future.result(timeout=_START_S + timeout_s + 2 * _GRACE_S)
            except BrokenProcessPool:
                self.stop()
                raise
            finally:
                if not future.done():
                    self.stop()
            return result

    def _ready(self) -> ProcessPool:
        if self._pool is not None and not self._pool.active:
            self.stop()  # the process was killed while it had nothing to do
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPool(max_workers=1, context=context, initializer=_prepare)
        return self._pool

    def stop(self) -> None:
        """End the process; the next call starts another."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()


def _prepare() -> None:
    confine()
    # Native code that never comes back to Python would not hear a Python signal handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _within(seconds: float, function: Callable[..., _Result], args: tuple[object, ...]) -> _Result:
    """Call it under an alarm: the process ends itself if nobody is left to end it."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


_process = _Process()
atexit.register(_process.stop)
