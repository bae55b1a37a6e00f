"""An ingestion that goes on while pages come and go: one at a time, watched from any page."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.errors import AssistantError
from assistant.ingestion import IngestionReport, Progress
from assistant.wording import Words

Job = Callable[[Progress, Callable[[], bool]], IngestionReport]
"""Work that tells its progress, and asks whether it is to stop."""

_POLL_S = 0.3
_BEGINNING = Words("Préparation…", "Preparing…")


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the work is; ``report`` or ``error`` once it is over."""

    words: Words = _BEGINNING
    done: int = 0
    total: int = 0
    report: IngestionReport | None = None
    error: AssistantError | None = None

    @property
    def over(self) -> bool:
        """Whether the work has ended."""
        return self.report is not None or self.error is not None


class Background:
    """The one ingestion of a server; safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._now = Moment()

    @property
    def running(self) -> bool:
        """Whether work is under way."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, job: Job) -> bool:
        """Begin, unless something is under way; whether it began is returned."""
        with self._lock:
            if self.running:
                return False
            self._stop.clear()
            self._now = Moment()
            self._thread = threading.Thread(target=self._work, args=(job,), daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """Ask it to stop; what is done is kept."""
        self._stop.set()

    def watch(self) -> Iterator[Moment]:
        """How it goes, until it is over; leaving the iterator stops nothing."""
        seen: Moment | None = None
        while True:
            with self._lock:
                if self._now is seen:
                    self._changed.wait(_POLL_S)
                now, alive = self._now, self.running
            if now is not seen:
                yield now
                seen = now
            if now.over or not alive:
                return

    def _work(self, job: Job) -> None:
        try:
            self._tell(Moment(report=job(self._progress, self._stop.is_set)))
        except AssistantError as error:
            self._tell(Moment(error=error))
        except Exception:
            logging.getLogger("ui").exception("an ingestion failed")
            self._tell(Moment(error=_unexpected()))

    def _progress(self, words: Words, done: int, total: int) -> None:
        self._tell(Moment(words=words, done=done, total=total))

    def _tell(self, moment: Moment) -> None:
        with self._lock:
            self._now = moment
            self._changed.notify_all()


def _unexpected() -> AssistantError:
    return AssistantError(
        Words("Erreur inattendue, notée au journal.", "Unexpected error, logged."),
        remedy=Words(
            "Relancez ; ce qui était fait est gardé.", "Start again; what was done is kept."
        ),
    )
