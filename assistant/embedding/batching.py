"""Group texts so that few padding tokens are computed: neighbours in length go together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def batches_by_length(
    lengths: Sequence[int], *, token_budget: int, largest: int = 64
) -> Iterator[list[int]]:
    """Positions of the texts, shortest first, in batches.

    Args:
        lengths: Tokens of each text.
        token_budget: Tokens of a batch, padding included; a longer text goes alone.
        largest: Texts in a batch, at most.

    Yields:
        Positions into ``lengths``; every one exactly once, ties in the order given.
    """
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        # sorted: this text is the longest so far, and sets the width of the batch
        full = (len(batch) + 1) * lengths[position] > token_budget or len(batch) == largest
        if batch and full:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
