"""What the machines send back, as it comes, for a caller that may stop at any moment."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from typing import Any

from assistant.cluster.refusals import broke_off, no_worker

_LOOK_S = 0.2
_HEARTBEAT = 25  # looks between two questions whether machines are left: 5 s
_AHEAD = 2
_END = object()


def rows_of(
    dataset: Any, stop: Callable[[], bool], manned: Callable[[], bool]
) -> Generator[dict[str, Any]]:
    """Run a Ray Data pipeline and yield its rows in the order they are done.

    Ray Data waits for ever for machines to come back; here, that some are left is asked now
    and then while nothing comes.

    Args:
        dataset: The pipeline; each of its blocks holds one row.
        stop: Asked while waiting; once true, nothing more is yielded.
        manned: Whether machines are left to do the work.

    Raises:
        ClusterError: No machine is left, or Ray gave up.
    """
    arrived: queue.Queue[Any] = queue.Queue(maxsize=_AHEAD)
    left = threading.Event()
    threading.Thread(target=_pump, args=(dataset, arrived, left), daemon=True).start()
    looks = 0
    try:
        while not stop():
            try:
                row = arrived.get(timeout=_LOOK_S)
            except queue.Empty:
                looks += 1
                if looks % _HEARTBEAT == 0 and not manned():
                    raise no_worker() from None
                continue
            if row is _END:
                return
            if isinstance(row, Exception):
                raise broke_off(_why(row)) from row
            yield row
    finally:
        left.set()


def _pump(dataset: Any, arrived: queue.Queue[Any], left: threading.Event) -> None:
    """Rows of the pipeline into the queue, until the caller has left."""
    try:
        for batch in dataset.iter_batches(
            batch_size=None, batch_format="pyarrow", prefetch_batches=0
        ):
            for row in batch.to_pylist():
                if not _handed_over(row, arrived, left):
                    return
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
        _handed_over(error, arrived, left)
    else:
        _handed_over(_END, arrived, left)


def _handed_over(thing: object, arrived: queue.Queue[Any], left: threading.Event) -> bool:
    while not left.is_set():
        try:
            arrived.put(thing, timeout=_LOOK_S)
        except queue.Full:
            continue
        return True
    return False


def _why(error: BaseException) -> str:
    """The first cause that says something, in one line: Ray wraps it several times."""
    while (inner := getattr(error, "cause", None) or error.__cause__) is not None and str(inner):
        error = inner
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}, {lines[-1][:200]}" if lines else type(error).__name__
