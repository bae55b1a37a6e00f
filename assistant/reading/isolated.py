"""Readers in a process of their own: a file that crashes or stalls one harms no other.

PDF and image libraries are native code fed with hostile bytes. The process is
replaced when it dies or exceeds its time, and the file is reported; while the
caller embeds one document, the next are already being read.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent import futures
from concurrent.futures import TimeoutError as FutureTimeout
from itertools import islice
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from assistant import egress
from assistant.errors import DocumentError, UnreadableDocument
from assistant.reading.dispatch import read
from assistant.records import Reading
from assistant.wording import Words

_AHEAD = 4
_MEMORY_BYTES = 4 << 30
_LOOK_S = 0.2


def read_each(
    files: Iterable[Path], *, timeout_s: float, stop: Callable[[], bool] = lambda: False
) -> Generator[tuple[Path, Reading | DocumentError], None, None]:
    """Read files in order, ahead of the caller.

    Args:
        files: Any number; only a few are held at once.
        timeout_s: For one file.
        stop: Asked while a file is being read; once true, the process is ended and no
            further file is given.

    Yields:
        (file, what was read), or (file, why it could not be).
    """
    waiting = iter(files)
    with IsolatedReader(timeout_s=timeout_s) as reader:
        under_way: deque[tuple[Path, ProcessFuture]] = deque()
        while True:
            for file in islice(waiting, _AHEAD - len(under_way)):
                under_way.append((file, reader.begin(file)))
            if not under_way:
                return
            file, future = under_way.popleft()
            if not _waited(future, stop):
                return
            yield file, reader.outcome(file, future)


class IsolatedReader:
    """The process that reads, one file after the other; started with the first of them.

    Args:
        timeout_s: For one file.
    """

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=1, context=context, initializer=confine)

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process at once, whatever it reads."""
        self._pool.stop()
        self._pool.join()

    def read(self, file: Path) -> Reading | DocumentError:
        """What was read, or why it could not be."""
        return self.outcome(file, self.begin(file))

    def begin(self, file: Path) -> ProcessFuture:
        """Read a file once those before it are read."""
        return self._pool.schedule(read, args=(file,), timeout=self._timeout_s)

    def outcome(self, file: Path, future: ProcessFuture) -> Reading | DocumentError:
        """Wait for one reading that was begun."""
        return _outcome(file, future, self._timeout_s)


def confine() -> None:
    """No network and bounded memory for a reader: its file may be a bomb."""
    egress.install()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _waited(future: ProcessFuture, stop: Callable[[], bool]) -> bool:
    """Wait for one reading; False when it is not wanted any more."""
    while not futures.wait([future], timeout=_LOOK_S).done:
        if stop():
            return False
    return True


def _outcome(file: Path, future: ProcessFuture, timeout_s: float) -> Reading | DocumentError:
    try:
        reading: Reading = future.result()
    except DocumentError as error:
        return error
    except FutureTimeout:
        why = Words(
            f"lecture interrompue après {timeout_s:.0f} s", f"no end after {timeout_s:.0f} s"
        )
    except ProcessExpired as error:
        why = Words(
            f"le lecteur s’est arrêté brutalement (code {error.exitcode})",
            f"the reader crashed (code {error.exitcode})",
        )
    except MemoryError:
        why = Words("trop de mémoire nécessaire", "too much memory needed")
    except OSError as error:
        why = Words(f"fichier illisible ({error.strerror})", f"cannot be read ({error.strerror})")
    else:
        return reading
    return UnreadableDocument(
        Words(f"« {file.name} » : {why.fr}.", f"{file.name!r}: {why.en}."),
        remedy=Words(
            "Ouvrez-le et enregistrez-le à nouveau, ou retirez-le du corpus.",
            "Open it and save it again, or take it out of the corpus.",
        ),
    )
