"""How the in-process engine computes: threads, batches, attention.

Threads change how fast a reply comes and not one bit of it. The other three change the order of
additions, and so the last digits of the log-odds: they are recorded with an answer, and a kept
state of the context belongs to them (DECISIONS.md, « What a machine does best is measured »).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

USUAL_BATCH = 128
"""Tokens evaluated between two chances to stop, unless this machine was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The settings of the engine that belong to the machine.

    ``threads`` write, ``prefill_threads`` read. ``batch_tokens`` are evaluated between two chances
    to stop, ``micro_batch_tokens`` of them at once. ``flash_attention`` lets llama.cpp use it.
    """

    threads: int
    prefill_threads: int
    batch_tokens: int = USUAL_BATCH
    micro_batch_tokens: int = USUAL_BATCH
    flash_attention: bool = True

    @property
    def numerics(self) -> dict[str, int | bool]:
        """What the last digits of a result depend on."""
        return {
            "batch_tokens": self.batch_tokens,
            "micro_batch_tokens": self.micro_batch_tokens,
            "flash_attention": self.flash_attention,
        }

    def computing_as(self, recorded: Mapping[str, Any] | None) -> Running:
        """Results as a record says they were computed, with these threads.

        Args:
            recorded: What `as_json` gave; ``None`` in records of before a machine was measured,
                when all computed as usual.
        """
        kept = {} if recorded is None else recorded
        former = usual(self.threads)
        return replace(
            self,
            batch_tokens=int(kept.get("batch_tokens", former.batch_tokens)),
            micro_batch_tokens=int(kept.get("micro_batch_tokens", former.micro_batch_tokens)),
            flash_attention=bool(kept.get("flash_attention", former.flash_attention)),
        )

    def as_json(self) -> dict[str, int | bool]:
        """As records keep it."""
        return asdict(self)


def usual(threads: int) -> Running:
    """The settings on a machine that was not measured."""
    return Running(threads=threads, prefill_threads=threads)
